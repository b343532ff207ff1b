"""EnvelopePresenter: strength over time as points over the content, drawn, moved and taken away. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stylus_daw.engine.knobs.points import MAX_FACTOR, MAX_POINTS
from stylus_ui.state.observable import Property
from stylus_ui.state.text import Text
from stylus_ui.workspace.workpiece import Workpiece
from stylus_ui.workspace.workspace import Workspace

NOBODY = -1
SNAP = 0.04
"""So near to 100 % the mouse takes exactly 100 %."""
SAME_S = 0.002
"""Points of one curve that are nearer in time are one point for the mouse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """A point: second of the content, and the factor of the strength there, 0..2."""

    at_s: float
    factor: float


class EnvelopePresenter:
    """The curve of the workspace.

    Attributes:
        is_on: points can be taken hold of; otherwise a curve is only shown.
        points: in their order; empty: the strength is the same all the time.
        moments, heights: the same as arrays: seconds of the content and factors. Shape: (points,).
        chosen: index of the point that the keyboard moves; -1: none.

    Args:
        workspace: whose settings hold the curve.
        text: translates.
    """

    def __init__(self, workspace: Workspace, text: Text) -> None:
        self._workspace, self._text = workspace, text
        self.is_on = Property(False)
        self.points: Property[tuple[CurvePoint, ...]] = Property(())
        self.moments, self.heights = np.zeros(0), np.zeros(0)
        self.chosen = Property(NOBODY)
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
        return float(np.interp(at_s, self.moments, self.heights)) if len(self.moments) else 1.0

    # Edits

    def toggle(self) -> None:
        """Take hold of the curve, or leave it alone."""
        self.is_on.value = not self.is_on.value

    def add(self, at_s: float, factor: float | None = None, *, gesture: str = "") -> None:
        """Add a point within the region, on the curve where no factor is given, and choose it.

        Where there is a point already, that one is chosen.
        """
        region, points = self.region_s, list(self.points.value)
        if region is None or len(points) >= MAX_POINTS:
            return
        at_s = min(max(at_s, region[0]), region[1])
        near = next((at for at, one in enumerate(points) if abs(one.at_s - at_s) < SAME_S), NOBODY)
        if near == NOBODY:
            height = self.factor_at(at_s) if factor is None else _snapped(factor)
            near = sum(one.at_s < at_s for one in points)
            points.insert(near, CurvePoint(at_s=at_s, factor=height))
            self._set(points, gesture)
        self.chosen.value = near

    def move(self, index: int, at_s: float, factor: float, *, gesture: str = "") -> None:
        """Move a point, not past its neighbours and the region's ends; near 100 % it takes exactly that."""
        self._move(index, at_s, _snapped(factor), gesture)

    def remove(self, index: int | None = None) -> None:
        """Take a point away: the one of that index, else the chosen one. With the last one, the curve is gone."""
        index, points = self.chosen.value if index is None else index, list(self.points.value)
        if 0 <= index < len(points):
            del points[index]
            self._workspace.end_gesture()
            self._set(points, "")
            self.chosen.value = min(index, len(points) - 1)

    def reset(self) -> None:
        """The same strength all the time."""
        self._workspace.end_gesture()
        self._set([], "")

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
        region, points = self.region_s, list(self.points.value)
        if region is None or not 0 <= index < len(points):
            return
        low = points[index - 1].at_s if index else min(region[0], points[index].at_s)
        high = points[index + 1].at_s if index + 1 < len(points) else max(region[1], points[index].at_s)
        points[index] = CurvePoint(at_s=min(max(at_s, low), high), factor=min(max(factor, 0.0), MAX_FACTOR))
        self._set(points, gesture)
        self.chosen.value = index

    def _set(self, points: Sequence[CurvePoint], gesture: str) -> None:
        region = self.region_s
        if region is not None:
            kept = tuple((round(point.at_s - region[0], 4), round(point.factor, 3)) for point in points)
            self._workspace.edit_settings(envelope=kept or None, gesture=gesture)

    def _show(self, workpiece: Workpiece) -> None:
        region, curve = self.region_s, workpiece.treatment.settings.envelope or ()
        first = region[0] if region else 0.0
        shown = tuple(CurvePoint(at_s=first + moment, factor=factor) for moment, factor in curve) if region else ()
        if self.chosen.value >= len(shown):
            self.chosen.value = NOBODY
        self.moments = np.array([point.at_s for point in shown])
        self.heights = np.array([point.factor for point in shown])
        self.points.value = shown


def _snapped(factor: float) -> float:
    return 1.0 if abs(factor - 1.0) < SNAP else min(max(factor, 0.0), MAX_FACTOR)
