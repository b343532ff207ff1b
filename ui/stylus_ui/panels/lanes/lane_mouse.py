"""What the mouse, the wheel and the trackpad do in a lane.

Click: playhead. Drag: a new region. Drag an end: move it. Shift and drag: move the region. Alt or the middle
button and drag: pan. Double-click: all of the content is the region. Wheel: zoom; with Shift, or sideways: pan.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from stylus_ui.presenters.lanes.lanes import LanesPresenter

GRAB_PX, DRAG_PX = 6.0, 4.0
WHEEL_STEP = 1.2

_gestures = itertools.count(1)


class Hold(StrEnum):
    """What the mouse has hold of."""

    NOTHING = ""
    FIRST = "first"
    LAST = "last"
    REGION = "region"
    SWEEP = "sweep"
    VIEW = "view"


@dataclass(slots=True)
class _Drag:
    hold: Hold
    from_x: float
    from_s: float
    gesture: str
    grab_s: float = 0.0
    has_moved: bool = False


class LaneMouse:
    """Turns events of a lane (or the ruler) into what the presenter does.

    Args:
        widget: whose events come.
        presenter: of the lanes.
        has_region: whether the region can be changed here.
        hovered: called when another thing is under the mouse.
    """

    def __init__(
        self, widget: QWidget, presenter: LanesPresenter, *, has_region: bool, hovered: Callable[[], object]
    ) -> None:
        self._widget, self._presenter, self._has_region, self._hovered = widget, presenter, has_region, hovered
        self._drag: _Drag | None = None
        self.under = Hold.NOTHING

    def press(self, event: QMouseEvent) -> None:
        """A button went down."""
        view = self._presenter.view.value
        if view is None:
            return
        x = event.position().x()
        seconds = view.seconds_at(x, self._widget.width())
        hold = self._hold_of(event, x)
        region = self._presenter.region_s.value
        grab = seconds - region[0] if region and hold is Hold.REGION else 0.0
        self._drag = _Drag(hold, x, seconds, f"region-{next(_gestures)}", grab)

    def move(self, event: QMouseEvent) -> None:
        """The mouse moved, with or without a button."""
        x = event.position().x()
        if self._drag is None:
            self._hover(self._edge_at(x))
        elif self._drag.has_moved or abs(x - self._drag.from_x) >= DRAG_PX:
            self._drag.has_moved = True
            self._drag_to(self._drag, x)

    def release(self, event: QMouseEvent) -> None:
        """The button was let go: a drag is over, or it was a click."""
        drag, self._drag = self._drag, None
        if drag is None:
            return
        if drag.has_moved:
            self._presenter.end_gesture()
        elif drag.hold is not Hold.VIEW and event.button() is Qt.MouseButton.LeftButton:
            self._presenter.click(drag.from_s)

    def leave(self) -> None:
        """The mouse is elsewhere."""
        if self._drag is None:
            self._hover(Hold.NOTHING)

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom around the mouse, or pan."""
        view = self._presenter.view.value
        if view is None:
            return
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        is_sideways = abs(delta.x()) > abs(delta.y())
        if is_sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            moved = delta.x() if is_sideways else delta.y()
            self._presenter.pan(-moved / self._widget.width() * view.span_s)
        else:
            self._zoom(WHEEL_STEP ** (delta.y() / 120), event.position().x())
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom as two fingers do; returns whether it was that."""
        if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._zoom(1.0 + event.value(), event.position().x())
        return True

    def _zoom(self, factor: float, x: float) -> None:
        view = self._presenter.view.value
        if view is not None and factor > 0:
            self._presenter.zoom(factor, view.seconds_at(x, self._widget.width()))

    def _hold_of(self, event: QMouseEvent, x: float) -> Hold:
        alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
        if event.button() is Qt.MouseButton.MiddleButton or event.modifiers() & alt:
            return Hold.VIEW
        edge = self._edge_at(x)
        if edge is not Hold.NOTHING or not self._has_region:
            return edge
        return Hold.REGION if event.modifiers() & shift else Hold.SWEEP

    def _edge_at(self, x: float) -> Hold:
        view, region = self._presenter.view.value, self._presenter.region_s.value
        if view is None or region is None or not self._has_region:
            return Hold.NOTHING
        first, last = (view.x_of(seconds, self._widget.width()) for seconds in region)
        if abs(x - last) <= GRAB_PX and abs(x - last) <= abs(x - first):
            return Hold.LAST
        return Hold.FIRST if abs(x - first) <= GRAB_PX else Hold.NOTHING

    def _drag_to(self, drag: _Drag, x: float) -> None:
        view = self._presenter.view.value
        if view is None:
            return
        seconds = view.seconds_at(x, self._widget.width())
        if drag.hold in (Hold.FIRST, Hold.LAST):
            self._presenter.move_edge(is_end=drag.hold is Hold.LAST, to_s=seconds, gesture=drag.gesture)
        elif drag.hold is Hold.REGION:
            self._presenter.move_region(seconds - drag.grab_s, gesture=drag.gesture)
        elif drag.hold is Hold.SWEEP:
            self._presenter.select(drag.from_s, seconds, gesture=drag.gesture)
        elif drag.hold is Hold.VIEW:
            self._presenter.pan(view.span_s * (drag.from_x - x) / self._widget.width())
            drag.from_x = x
        else:
            self._presenter.click(seconds)

    def _hover(self, under: Hold) -> None:
        if under is not self.under:
            self.under = under
            shape = Qt.CursorShape.SplitHCursor if under else Qt.CursorShape.ArrowCursor
            self._widget.setCursor(shape)
            self._hovered()
