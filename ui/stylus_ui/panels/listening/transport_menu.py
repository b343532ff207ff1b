"""The transport's small menu: which output, and what may be switched."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from stylus_ui.context import UiContext
from stylus_ui.presenters.listening.transport import Transport
from stylus_ui.presenters.workspace.drafts import Drafts
from stylus_ui.state.observable import Property


class TransportMenu(QMenu):
    """Made anew whenever it opens: outputs come and go."""

    def __init__(self, context: UiContext, transport: Transport, drafts: Drafts, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._transport, self._drafts = context, transport, drafts
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """What there is now."""
        text, transport = self._context.text, self._transport
        self.clear()
        outputs = QActionGroup(self)
        for name in ("", *transport.output.value.names):
            said = name or text("What the system uses")
            choose = partial(transport.choose_device, name)
            outputs.addAction(self._switch(said, name == transport.chosen_device, choose))
        self.addAction(text("Look for outputs again")).triggered.connect(lambda *_: transport.retry())
        self.addSeparator()
        self._property(text("Same loudness for A and B"), transport.audible.matched)
        self._property(text("Render a draft while knobs turn"), self._drafts.enabled)

    def _property(self, said: str, switch: Property[bool]) -> None:
        def turn() -> None:
            switch.value = not switch.value

        self._switch(said, switch.value, turn)

    def _switch(self, said: str, is_on: bool, call: Callable[[], object]):
        action = self.addAction(said)
        action.setCheckable(True)
        action.setChecked(is_on)
        action.triggered.connect(lambda *_: call())
        return action
