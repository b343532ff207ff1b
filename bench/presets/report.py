"""What the audition of the factory presets found, and what would be wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.presets.preset import Preset

QUIETEST_LUFS, LOUDEST_PEAK_DB = -40.0, -1.0
ROUNDING_DB = 0.05


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audition:
    """One preset.

    Attributes:
        lufs: loudness of each stem.
        true_peak_db: of the loudest stem.
        centroid_hz: mean over the stems.
        from_input: mean timbre distance of the stems to their contents.
        timbres: by content; shape of each: ``[38]``.
    """

    preset: Preset
    lufs: tuple[float, ...]
    true_peak_db: float
    centroid_hz: float
    from_input: float
    timbres: dict[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PresetReport:
    """All presets.

    Attributes:
        auditions: in the order for menus.
        distances: mean timbre distance of each two. Shape: ``[presets, presets]``.
        threshold: below it two presets count as the same sound, and a preset as no effect.
        seconds: length of each content.
        contents: names.
        model: name and hash of the weights.
    """

    auditions: tuple[Audition, ...]
    distances: NDArray[np.float64]
    threshold: float
    seconds: float
    contents: tuple[str, ...]
    model: str

    def nearest(self, index: int) -> tuple[int, float]:
        """The preset most like this one, and its distance."""
        others = np.where(np.arange(len(self.auditions)) == index, np.inf, self.distances[index])
        return int(others.argmin()), float(others.min())


def failures(report: PresetReport) -> tuple[str, ...]:
    """One sentence for each thing that must not be: silent, clipped, without effect, or another preset again."""
    return tuple(_failures(report))


def _failures(report: PresetReport) -> Iterator[str]:
    for index, found in enumerate(report.auditions):
        other, distance = report.nearest(index)
        name = found.preset.id
        if min(found.lufs) < QUIETEST_LUFS:
            yield f"{name} is silent: {min(found.lufs):.1f} LUFS."
        if found.true_peak_db > LOUDEST_PEAK_DB + ROUNDING_DB:
            yield f"{name} clips: {found.true_peak_db:.2f} dBTP."
        if found.from_input < report.threshold:
            yield f"{name} leaves its input as it is: {found.from_input:.1f}."
        if distance < report.threshold:
            yield f"{name} sounds like {report.auditions[other].preset.id}: {distance:.1f}."
