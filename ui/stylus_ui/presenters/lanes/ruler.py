"""Ticks of the time ruler: at round seconds, or at bars where the tempo is known. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stylus_ui.presenters.lanes.time_view import TimeView

LABEL_PX = 88
"""Room that a label needs."""

_STEPS_S = (
    0.001,
    0.002,
    0.005,
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
)
_MINUTE_PARTS: dict[float, int] = {15: 3, 30: 6, 60: 6, 120: 4, 900: 3, 1800: 6, 3600: 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Bars of the session.

    Attributes:
        bpm: quarters per minute.
        beats: of a bar. unit: 4 for quarters, 8 for eighths.
        first_bar_s: where bar ``first_bar`` begins, seconds from the beginning of the content (may be negative).
        first_bar: its number.
    """

    bpm: float
    beats: int = 4
    unit: int = 4
    first_bar_s: float = 0.0
    first_bar: int = 1

    @property
    def bar_s(self) -> float:
        return 240.0 / self.bpm * self.beats / self.unit


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark at a moment; small ones have no label."""

    seconds: float
    label: str = ""


def ticks(view: TimeView, width: float, tempo: Tempo | None = None) -> tuple[Tick, ...]:
    """What the ruler shows, from left to right.

    >>> [tick.label for tick in ticks(TimeView.all_of(3600.0), 1000) if tick.label]
    ['0:00', '10:00', '20:00', '30:00', '40:00', '50:00', '1:00:00']
    """
    if tempo is not None:
        return _bars(view, width, tempo)
    least = view.span_s * LABEL_PX / width
    step = next((each for each in _STEPS_S if each >= least), math.ceil(least / 3600) * 3600)
    small = step / _parts(step)
    first, last = math.ceil(view.first_s / small - 1e-9), math.floor(view.last_s / small + 1e-9)
    return tuple(_second(number, small, _parts(step), step) for number in range(first, last + 1))


def clock(seconds: float, decimals: int = 0) -> str:
    """Time as people write it.

    >>> clock(75.25, 2), clock(3661), clock(0.005, 3)
    ('1:15.25', '1:01:01', '0:00.005')
    """
    ten = 10**decimals
    total = round(seconds * ten)
    whole, part = divmod(total, ten)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    tail = f".{part:0{decimals}d}" if decimals else ""
    return (f"{hours}:{minute:02d}" if hours else f"{minute}") + f":{second:02d}{tail}"


def _second(number: int, small: float, parts: int, step: float) -> Tick:
    seconds = number * small
    return Tick(seconds, clock(seconds, max(0, -math.floor(math.log10(step) + 1e-9))) if number % parts == 0 else "")


def _parts(step: float) -> int:
    """Small ticks in a large one: as people divide."""
    return _MINUTE_PARTS.get(step) or (4 if f"{step:e}".startswith("2") else 5)


def _bars(view: TimeView, width: float, tempo: Tempo) -> tuple[Tick, ...]:
    least = view.span_s * LABEL_PX / width / tempo.bar_s
    step = 1 if least <= 1 else 2 ** math.ceil(math.log2(least))
    parts = tempo.beats if step == 1 else min(step, 4)
    small = tempo.bar_s * step / parts
    zero = tempo.first_bar_s - tempo.first_bar * tempo.bar_s
    first, last = math.ceil((view.first_s - zero) / small - 1e-9), math.floor((view.last_s - zero) / small + 1e-9)
    return tuple(
        Tick(zero + number * small, str(number // parts * step) if number % parts == 0 else "")
        for number in range(first, last + 1)
    )
