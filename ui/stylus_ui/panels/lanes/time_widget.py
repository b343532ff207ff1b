"""TimeWidget: what the lanes and their ruler have in common: time from left to right, under one mouse."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import Palette
from stylus_ui.kit.binding import bind
from stylus_ui.panels.lanes.lane_mouse import LaneMouse
from stylus_ui.presenters.lanes.lanes import LanesPresenter
from stylus_ui.state.observable import Property


class TimeWidget(QWidget):
    """Hands the mouse to :class:`~stylus_ui.panels.lanes.lane_mouse.LaneMouse`.

    Args:
        context: of the window.
        presenter: of the lanes.
        has_region: whether the region can be changed here.
    """

    def __init__(self, context: UiContext, presenter: LanesPresenter, *, has_region: bool) -> None:
        super().__init__()
        self._context, self._presenter = context, presenter
        self._mouse = LaneMouse(self, presenter, has_region=has_region, hovered=self.update)

    @property
    def _palette(self) -> Palette:
        return self._context.theme.palette.value

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._mouse.wheel(event)


def redraw_on(widget: QWidget, *watched: Property[Any]) -> None:
    """Draw a widget again whenever one of these changes."""
    for each in watched:
        bind(widget, each, lambda _: widget.update())
