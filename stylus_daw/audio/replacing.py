"""Another sound in the place of the content, where it has a share of the result.

A gain keeps the content's fine structure: noise stays the same noise, a drum's partials stay where they were. Where the
result has sounds of its own to offer (a style's hits), they supply their share of the wanted power, as far as they have
it, and the content supplies what is left. They take the content's place in the stereo image band by band.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter

from stylus_daw.audio import pre_echo
from stylus_daw.audio.clip import Samples
from stylus_daw.audio.spectrogram import POWER_FLOOR, Image, MelGeometry, MelGrid, Spectrum

MOST_RAISED_DB = 6.0  # dB: the most that the other sound is raised; beyond it the content helps out
AROUND = (5, 5)  # bands and frames over which levels are compared, so that the other sound's own course stays
PLACED = (9, 9)  # the same, over which the content's place in the stereo image is looked up
LEAST = 1e-4  # share of power, -40 dB: less of the content is none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replacement:
    """The other sound in a block.

    Attributes:
        samples: one channel under the windows, with :func:`pre_echo.margins` around it. ``[1, any]``.
        share: of the result's power that is its, 0..1. ``[bands, frames]``.
        wanted_db: level of the result. ``[bands, frames]``.
    """

    samples: Samples
    share: Image
    wanted_db: Image


def replaced(
    other: Replacement, asked_db: Image, spectra: list[Spectrum], grid: MelGrid, bands: MelGeometry, first: int
) -> tuple[Image, Samples]:
    """The gain that is left for the content, dB, and what the other sound adds, not yet divided by the window sum.

    Args:
        other: the other sound.
        asked_db: gain on the content without it. ``[bands, frames]``.
        spectra: of the content's channels.
        grid: of the frames; its transform must be that of ``bands``.
        bands: the geometry of the gain.
        first: index of the first frame in the sound.

    Shape: ``[bands, frames]``, ``[channels, samples]``.
    """
    before, after = pre_echo.margins(grid)
    spectrum = grid.transformed(other.samples[0, before : other.samples.shape[1] - after])
    filters = bands.at(grid.rate)
    there = filters.mel_power(spectrum)
    wanted = np.asarray(10.0 ** (other.wanted_db / 10.0), np.float32)
    asked = _around(wanted * other.share, AROUND) / _around(there, AROUND)
    gain = np.minimum(asked, np.float32(10.0 ** (MOST_RAISED_DB / 10.0)))
    left = np.maximum(1.0 - other.share * (gain / asked), np.float32(LEAST))
    added = []
    for place in _places(spectra, filters):
        own = grid.linear_gain(np.asarray(10.0 * np.log10(gain * place + 1e-12), np.float32), bands)
        part = grid.overlap_add(spectrum * own)[None]
        pre_echo.mend(part, other.samples, own, grid, first, untouched=0.0)
        added.append(part[0])
    return asked_db + np.asarray(10.0 * np.log10(left), np.float32), np.stack(added)


def _places(spectra: list[Spectrum], filters: MelGrid) -> list[Image | float]:
    """Power of each channel re the mean of all. Shape: each ``[bands, frames]``."""
    if len(spectra) == 1:
        return [1.0]
    powers = [_around(filters.mel_power(spectrum), PLACED) for spectrum in spectra]
    mean = sum(powers) / len(powers)
    return [power / mean for power in powers]


def _around(power: Image, size: tuple[int, int]) -> Image:
    """Mean over some bands and frames, never 0."""
    return np.maximum(uniform_filter(power, size, mode="nearest"), np.float32(POWER_FLOOR))  # pyright: ignore[reportArgumentType]
