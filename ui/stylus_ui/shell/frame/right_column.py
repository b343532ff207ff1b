"""RightColumn: controls above the chain; where the window is too low for both, one of them and the other's heading."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.panels.shared.section import Section
from stylus_ui.presenters.sound.side import CHAIN, CONTROLS, SideColumn

ENOUGH = 720
"""Logical pixels: the controls to their fold, and five effects."""
CHAIN_HEIGHT, LEAST = 320, 120


class RightColumn(QSplitter):
    """Two parts, of which one or both are unfolded.

    Args:
        context: of the window.
        controls, chain: the panels; one that could not be made, and has no heading, stays unfolded.
    """

    def __init__(self, context: UiContext, controls: QWidget, chain: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self.presenter = SideColumn(context)
        self._parts = {CONTROLS: controls, CHAIN: chain}
        self.setHandleWidth(MEASURES.hairline)
        self.setChildrenCollapsible(False)
        for name, part in self._parts.items():
            self.addWidget(part)
            self.setStretchFactor(self.indexOf(part), int(name == CONTROLS))
            if isinstance(part, Section):
                part.asked.connect(lambda name=name: self.presenter.toggle(name))
        bind(self, self.presenter.open, self._show)
        self.destroyed.connect(lambda presenter=self.presenter: presenter.close())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.presenter.give_room(self.height() >= ENOUGH)
        self._share()

    def _show(self, unfolded: frozenset[str]) -> None:
        for name, part in self._parts.items():
            if isinstance(part, Section):
                part.show_open(name in unfolded)
        self._share()

    def _share(self) -> None:
        """A part that was folded gets its height again, and gives it up when it is folded."""
        unfolded, height = self.presenter.open.value, self.height()
        if len(unfolded) == 1:
            self.setSizes([height if name in unfolded else 0 for name in self._parts])
        elif min(self.sizes()) < LEAST < height - CHAIN_HEIGHT:
            self.setSizes([height - CHAIN_HEIGHT, CHAIN_HEIGHT])
