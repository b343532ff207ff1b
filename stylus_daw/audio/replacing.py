"""Another sound in the place of the content, where it has a share of the result.

A gain keeps the content's fine structure: noise stays the same noise, a drum's partials stay where they were. Where the
result has sounds of its own to offer (a style's hits), they supply their share of the wanted power, as far as they have
it, and the content supplies what is left. They take the content's place in the stereo image band by band.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from stylus_daw.audio import pre_echo
from stylus_daw.audio.clip import Samples
from stylus_daw.audio.spectrogram import POWER_FLOOR, Image, MelGeometry, MelGrid, Spectrum

MOST_RAISED_DB = 6.0  # dB: the most that the other sound is raised; beyond it the content helps out
AROUND = (5, 5)  # bands and frames over which levels are compared, so that the other sound's own course stays
PLACED = (9, 9)  # the same, over which the content's place in the stereo image is looked up
CONTEXT_FRAMES = max(AROUND[1], PLACED[1]) // 2  # frames on each side of a block that these look at
ALL_BANDS = 1e-6  # weight, -60 dB, of all bands in the place of one: the content may have nothing there
NOTHING = 1e-12  # power, -120 dB: a gain that leaves nothing
TINY = 1e-20  # full scale squared: less is rounding
RISE_S = 0.0003  # s over which an attack of the other sound may fade in: it has its own from its first sample on
LEAST = 1e-4  # share of power, -40 dB: less of the content is none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replacement:
    """The other sound in a block and in the frames around it that levels are compared over.

    Attributes:
        samples: one channel under the windows, with :func:`pre_echo.margins` around it. ``[1, any]``.
        content: under the same windows, without margins. ``[channels, any]``.
        share: of the result's power that is its, 0..1. ``[bands, frames]``.
        wanted_db: level of the result. ``[bands, frames]``.
        before: number of those frames that lie before the block.
    """

    samples: Samples
    content: Samples
    share: Image
    wanted_db: Image
    before: int


def replaced(
    other: Replacement, asked_db: Image, spectra: list[Spectrum], grid: MelGrid, bands: MelGeometry, first: int
) -> tuple[Image, Samples]:
    """The gain that is left for the content, dB, and what the other sound adds, not yet divided by the window sum.

    Args:
        other: the other sound.
        asked_db: gain on the content without it, in the block. ``[bands, frames]``.
        spectra: of the content's channels, in all of the other sound's frames.
        grid: of the frames; its transform must be that of ``bands``.
        bands: the geometry of the gain.
        first: index of the block's first frame in the sound.

    Shape: ``[bands, frames]``, ``[channels, samples]``.
    """
    before, after = pre_echo.margins(grid)
    block = slice(other.before, other.before + asked_db.shape[1])
    spectrum = grid.transformed(other.samples[0, before : other.samples.shape[1] - after])
    filters = bands.at(grid.rate)
    there = filters.mel_power(spectrum)
    wanted = np.asarray(10.0 ** (other.wanted_db / 10.0), np.float32)
    most = np.float32(10.0 ** (MOST_RAISED_DB / 10.0))
    asked = (_around(wanted * other.share, AROUND) / np.maximum(_around(there, AROUND), np.float32(POWER_FLOOR)))[
        :, block
    ]
    gain = np.minimum(asked, most)
    supplied = np.minimum(most / np.maximum(asked, np.float32(TINY)), 1.0)
    left = np.maximum(1.0 - other.share[:, block] * supplied, np.float32(LEAST))
    places = [place[:, block] for place in _places(spectra, filters)]
    under, inner = _under(other, asked_db.shape[1], grid), spectrum[:, block]
    parts = [_placed(under, inner, gain * place, grid, bands, first) for place in places]
    return asked_db + np.asarray(10.0 * np.log10(left), np.float32), np.stack(parts)


def _under(other: Replacement, count: int, grid: MelGrid) -> Samples:
    """The samples of a block of ``count`` frames, with their margins. Shape: ``[1, any]``."""
    low = other.before * grid.hop
    return other.samples[:, low : low + sum(pre_echo.margins(grid)) + (count - 1) * grid.hop + grid.window]


def _placed(
    samples: Samples, spectrum: Spectrum, power: Image, grid: MelGrid, bands: MelGeometry, first: int
) -> NDArray[np.float32]:
    """The other sound under a gain of power, in one channel; nothing in frames where that is 0. Shape: ``[any]``."""
    audible = power.max(axis=0) > NOTHING
    if not audible.any():
        return np.zeros((spectrum.shape[1] - 1) * grid.hop + grid.window, np.float32)
    own = grid.linear_gain(np.asarray(10.0 * np.log10(power + NOTHING), np.float32), bands) * audible
    part = grid.overlap_add(spectrum * own)[None]
    pre_echo.mend(part, samples, own, grid, first, untouched=0.0, most_fade_s=RISE_S)
    return part[0]


def _places(spectra: list[Spectrum], filters: MelGrid) -> list[Image]:
    """Power of each channel re the mean of all; in bands in which none sounds, that of all bands.

    Shape: each ``[bands, frames]``.
    """
    powers = [_placing(filters.mel_power(spectrum) - np.float32(POWER_FLOOR)) for spectrum in spectra]
    mean = sum(powers) / len(powers)
    unknown = [np.float32(spectrum.any()) for spectrum in spectra]  # a silent channel stays silent
    return [
        np.where(mean > 0.0, power / np.maximum(mean, np.float32(TINY)), other)
        for power, other in zip(powers, unknown, strict=True)
    ]


def _placing(power: Image) -> Image:
    """Shape: ``[bands, frames]``, kept; 0 where nothing sounds in any band."""
    near = _around(power, PLACED)
    whole = near + np.float32(ALL_BANDS) * near.mean(axis=0)
    return np.where(whole > TINY, whole, np.float32(0.0))


def _around(power: Image, size: tuple[int, int]) -> Image:
    """Mean over some bands and frames. Shape: ``[bands, frames]``, kept."""
    return np.maximum(uniform_filter(power, size, mode="nearest"), np.float32(0.0))  # pyright: ignore[reportArgumentType]
