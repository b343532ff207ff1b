"""TakeStripView: the takes under the result lane, and the way back to what one of them was made with."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import icon_button, label, row
from stylus_ui.panels.workspace.stem_grip import StemGrip
from stylus_ui.panels.workspace.take_chips import HEIGHT, TakeChips
from stylus_ui.presenters.workspace.take_strip import TakeChip, TakeStrip

ROOMY = 760


class TakeStripView(QWidget):
    """One line; not there while there are no takes."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        text, self._context = context.text, context
        self.presenter = TakeStrip(context)
        self.chips = TakeChips(context, self.presenter)
        name = text("Compare with the take before")
        self._swap = icon_button(context, "diff", name, self.presenter.swap, action="swap_takes")
        name = text("Set styles, controls and chain to what this take was made with")
        self._use = icon_button(context, "sliders-horizontal", name, lambda: self.presenter.use())
        self._use.setText(text("Use these settings"))
        policy = self._use.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._use.setSizePolicy(policy)
        name = text("Export the result…")
        self.export = icon_button(context, "download", name, self._ask_export, action="export")
        self.grip = StemGrip(context)
        parts = label(text("Takes"), "small"), self.chips, self._swap, self._use, self.export, self.grip
        line = row(*parts, spacing=MEASURES.grid)
        line.setStretch(1, 1)
        self.setLayout(line)
        self.setFixedHeight(HEIGHT)
        bind(self, self.presenter.chips, self._show)
        bind(self, self.presenter.can_use, self._use.setVisible)
        self.destroyed.connect(lambda presenter=self.presenter: presenter.close())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the takes have the room of words, which are in the tooltips, too."""
        is_roomy = event.size().width() >= ROOMY
        self.grip.give_room(is_roomy)
        styles = Qt.ToolButtonStyle
        self._use.setToolButtonStyle(styles.ToolButtonTextOnly if is_roomy else styles.ToolButtonIconOnly)
        super().resizeEvent(event)

    def _ask_export(self) -> None:
        """Of the lane's take: Ctrl-E in the list of jobs is of its row."""
        self.chips.setFocus()
        self._context.shortcuts.trigger("export")

    def _show(self, chips: tuple[TakeChip, ...]) -> None:
        self.setVisible(bool(chips))
        self._swap.setVisible(len(chips) > 1)
