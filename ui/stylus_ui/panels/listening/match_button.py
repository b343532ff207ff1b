"""MatchButton: how A and B are brought to the same loudness, in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind
from stylus_ui.presenters.listening.transport import Transport
from stylus_ui.presenters.listening.transport_words import match_said

ANY = 10_000  # pixels: more than any line has


class MatchButton(QToolButton):
    """How much one side is turned down to be as loud as the other; a click hears both as they are.

    Args:
        context: of the window.
        transport: whose loudness it is.
    """

    def __init__(self, context: UiContext, transport: Transport) -> None:
        super().__init__()
        self._text, self._transport, self._room = context.text, transport, ANY
        self.setProperty("role", "match")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(context.text("Same loudness for A and B"))
        matched = transport.audible.matched
        self.clicked.connect(lambda: setattr(matched, "value", not matched.value))
        bind(self, matched, lambda _: self._show())
        bind(self, transport.audible.loudness, lambda _: self._show())
        bind(self, transport.has_result, lambda _: self._show())

    def give_room(self, room: int) -> None:
        """In a narrow line, with fewer pixels than it takes, it gives way."""
        self._room = room
        self._show()

    def _show(self) -> None:
        audible = self._transport.audible
        said, meant = match_said(self._text, audible.loudness.value, is_matched=audible.matched.value)
        self.setText(said)
        self.setMinimumWidth(self.sizeHint().width())  # in a narrow line, too: half of a figure says nothing
        self.setToolTip(meant)
        self.setAccessibleDescription(meant)
        self.setChecked(audible.matched.value)
        has_room = self.sizeHint().width() <= self._room
        self.setVisible(bool(said) and self._transport.has_result.value and has_room)
