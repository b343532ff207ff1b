"""EnvelopePresenter: strength over time as points over the content, drawn, moved and taken away. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stylus_daw.engine.knobs.points import MAX_FACTOR, MAX_POINTS, EnvelopePoints
from stylus_ui.presenters.lanes.curve_points import CurvePoint, CurvePoints
from stylus_ui.state.observable import Property
from stylus_ui.state.text import Text
from stylus_ui.workspace.workpiece import Workpiece
from stylus_ui.workspace.workspace import Workspace

NOBODY = -1
SNAP = 0.04
"""So near to 100 % the mouse takes exactly 100 %."""
SAME_S = 0.002
"""Points of one curve that are nearer in time are one point for the mouse."""


class EnvelopePresenter:
    """The curve of the workspace.

    Attributes:
        is_on: points can be taken hold of; otherwise a curve is only shown.
        points: in their order; empty: the strength is the same all the time.
        chosen: index of the point that the keyboard moves; -1: none.

    Args:
        workspace: whose settings hold the curve.
        text: translates.
    """

    def __init__(self, workspace: Workspace, text: Text) -> None:
        self._workspace, self._text = workspace, text
        self.is_on = Property(False)
        self.points: Property[CurvePoints] = Property(CurvePoints())
        self.chosen = Property(NOBODY)
        self._drawn: tuple[float, EnvelopePoints] = (0.0, ())
        self._forget = workspace.workpiece.observe(self._show)

    def close(self) -> None:
        """Follow nothing more."""
        self._forget()

    @property
    def region_s(self) -> tuple[float, float] | None:
        """Where the region begins and ends, seconds of the content; None: there is none."""
        content, region = self._workspace.workpiece.value.content, self._workspace.workpiece.value.region
        return (region.first / content.rate, region.end / content.rate) if content and region else None

    def factor_at(self, at_s: float) -> float:
        """Height of the curve at a second of the content; 1 where there is none."""
        points = self.points.value
        return float(np.interp(at_s, points.moments, points.heights)) if points else 1.0

    # Edits

    def toggle(self) -> None:
        """Take hold of the curve, or leave it alone."""
        self.is_on.value = not self.is_on.value

    def add(self, at_s: float, factor: float | None = None, *, gesture: str = "") -> None:
        """Add a point within the region, on the curve where no factor is given, and choose it.

        Where there is a point already, that one is chosen.
        """
        region, moments = self.region_s, self.points.value.moments
        if region is None or len(moments) >= MAX_POINTS:
            return
        at_s = min(max(at_s, region[0]), region[1])
        same = np.flatnonzero(np.abs(moments - at_s) < SAME_S)
        place = int(same[0] if len(same) else np.searchsorted(moments, at_s))
        if not len(same):
            height = self.factor_at(at_s) if factor is None else _snapped(factor)
            self._put(place, place, [CurvePoint(at_s=at_s, factor=height)], gesture)
        self.chosen.value = place

    def move(self, index: int, at_s: float, factor: float, *, gesture: str = "") -> None:
        """Move a point, not past its neighbours and the region's ends; near 100 % it takes exactly that."""
        self._move(index, at_s, _snapped(factor), gesture)

    def remove(self, index: int | None = None) -> None:
        """Take a point away: the one of that index, else the chosen one. With the last one, the curve is gone."""
        index = self.chosen.value if index is None else index
        if 0 <= index < len(self.points.value):
            self._workspace.end_gesture()
            self._put(index, index + 1, [], "")
            self.chosen.value = min(index, len(self.points.value) - 1)

    def reset(self) -> None:
        """The same strength all the time."""
        self._workspace.end_gesture()
        self._put(0, len(self.points.value), [], "")

    def let_go(self) -> None:
        """A gesture is over."""
        self._workspace.end_gesture()

    # With the keyboard

    def choose(self, index: int) -> None:
        """Choose a point; what is out of range is brought into it."""
        self.chosen.value = min(max(index, 0), len(self.points.value) - 1)

    def nudge(self, *, by_s: float = 0.0, by: float = 0.0) -> None:
        """Move the chosen point by seconds or by a factor; all nudges until `let_go` are one step of undo."""
        index, points = self.chosen.value, self.points.value
        if 0 <= index < len(points):
            point = points[index]
            self._move(index, point.at_s + by_s, point.factor + by, f"envelope {index}")

    @property
    def said(self) -> str:
        """The chosen point in words, for screen readers."""
        text, points, index = self._text, self.points.value, self.chosen.value
        if not 0 <= index < len(points):
            return text.count("{count} point", "{count} points", len(points))
        point = points[index]
        return text(
            "Point {number} of {count}: {seconds} s, {percent} %",
            number=index + 1,
            count=len(points),
            seconds=text.number(point.at_s, 2),
            percent=round(100 * point.factor),
        )

    # What is kept and shown

    def _move(self, index: int, at_s: float, factor: float, gesture: str) -> None:
        region, points = self.region_s, self.points.value
        if region is None or not 0 <= index < len(points):
            return
        low = points[index - 1].at_s if index else min(region[0], points[index].at_s)
        high = points[index + 1].at_s if index + 1 < len(points) else max(region[1], points[index].at_s)
        moved = CurvePoint(at_s=min(max(at_s, low), high), factor=min(max(factor, 0.0), MAX_FACTOR))
        self._put(index, index + 1, [moved], gesture)
        self.chosen.value = index

    def _put(self, first: int, last: int, points: Sequence[CurvePoint], gesture: str) -> None:
        """Points instead of those from ``first`` to before ``last``; of thousands, the others are not touched."""
        region, curve = self.region_s, self._workspace.workpiece.value.treatment.settings.envelope or ()
        if region is not None:
            fresh = ((round(point.at_s - region[0], 4), round(point.factor, 3)) for point in points)
            kept = (*curve[:first], *fresh, *curve[last:])
            self._workspace.edit_settings(envelope=kept or None, gesture=gesture)

    def _show(self, workpiece: Workpiece) -> None:
        region, curve = self.region_s, workpiece.treatment.settings.envelope or ()
        first, curve = (region[0], curve) if region else (0.0, ())
        if self._drawn[0] == first and self._drawn[1] is curve:
            return
        self._drawn = (first, curve)
        if self.chosen.value >= len(curve):
            self.chosen.value = NOBODY
        self.points.value = CurvePoints(curve, first)


def _snapped(factor: float) -> float:
    return 1.0 if abs(factor - 1.0) < SNAP else min(max(factor, 0.0), MAX_FACTOR)
