"""Overtones where the content has nothing that a gain could raise: above the end of a dull recording, say.

The content, overdriven relative to its own level at every moment, has overtones of every pitch that sounds; they are
brought to the wanted level band by band. Where the content sounds itself and a moderate gain will do, nothing is added.

Every sample depends on 30 ms around it and every frame on itself, so blocks of frames add up to the same sound
however it is cut.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import oaconvolve

from stylus_daw.audio import pre_echo
from stylus_daw.audio.clip import Samples
from stylus_daw.audio.spectrogram import POWER_FLOOR, Image, MelGeometry, MelGrid

NOTHING_DB, MISSED_DB, SOUNDING_DB, AUDIBLE_DB = 8.0, 6.0, 24.0, 60.0
AROUND, MOST_RAISED_DB = 8, 23.0
DRIVE, LEVEL_S, FAINTEST = 8.0, 0.010, 1e-5
MOST_DB, LEAST_DB, NONE = 60.0, -80.0, 1.1e-4
SPREAD_S, SWING_HZ, KEPT_SPREADS = 0.012, 700.0, 1.5


def missing_levels(content_db: Image, gain_db: Image, floor_db: float, *, before: int = 0) -> Image:
    """The level that is asked for where the content has nothing, dB re full scale; ``-inf`` elsewhere.

    A cell has nothing where the band stays below 8 dB over the floor for 80 ms on both sides. It is missed where 6 dB
    more are asked for, while the content sounds (24 dB over the floor in some band), and would be heard: 60 dB below
    that moment's loudest band or more. Where the content has something and more than `MOST_RAISED_DB` are asked for,
    the power beyond that is missing.

    Args:
        content_db: mel image of the content, with up to `AROUND` frames more on both sides: ``[bands, any]``.
        gain_db: what it is to be changed by, relative to that image with everything below the floor raised to it.
        floor_db: below it nothing is told apart.
        before: how many of the frames more stand before the first.

    Returns:
        The shape of ``gain_db``, ``[bands, frames]``.
    """
    frames = slice(before, before + gain_db.shape[1])
    around = maximum_filter1d(content_db, 2 * AROUND + 1, axis=1, mode="nearest")[:, frames]
    heard = np.maximum(content_db[:, frames], np.float32(floor_db))
    loudest = heard.max(axis=0)
    wanted = heard + gain_db
    has_nothing = (around < floor_db + NOTHING_DB) & (gain_db > MISSED_DB)
    beyond = np.maximum(gain_db - MOST_RAISED_DB, np.float32(1e-3))
    rest_db = np.where(has_nothing, 0.0, 10.0 * np.log10(1.0 - 10.0 ** (-0.1 * beyond)))
    is_missing = has_nothing | (gain_db > MOST_RAISED_DB)
    is_heard = (loudest > floor_db + SOUNDING_DB) & (wanted > loudest - AUDIBLE_DB)
    return np.where(is_missing & is_heard, wanted + rest_db, -np.inf).astype(np.float32)


def add_overtones(
    shaped: Samples, samples: Samples, wanted_db: Image, grid: MelGrid, bands: MelGeometry, first: int
) -> None:
    """Add the overtones to a block of shaped sound, in place; as :func:`stylus_daw.audio.pre_echo.mend` takes it.

    Args:
        shaped: overlap-added frames, not yet divided by the windows' sum. ``[channels, samples]``.
        samples: the content under the same windows, with :func:`stylus_daw.audio.pre_echo.margins` around it.
        wanted_db: :func:`missing_levels` of the frames.
        grid: the grid of the frames; its transform must be that of ``bands``.
        bands: the geometry of ``wanted_db``.
        first: number of the first frame in the sound.
    """
    driven = _spread_in_time(overdriven(samples, grid.rate), grid.rate)
    before, after = pre_echo.margins(grid)
    spectra = [grid.transformed(channel[before : channel.size - after]) for channel in driven]
    filters = bands.at(grid.rate)
    power = sum(filters.mel_power(spectrum) for spectrum in spectra) / len(spectra)
    level_db = 10.0 * np.log10(np.maximum(power, np.float32(POWER_FLOOR)))
    gain_db = np.clip(wanted_db - level_db, LEAST_DB, MOST_DB).astype(np.float32)
    gain = grid.linear_gain(gain_db, bands)
    gain[gain < NONE] = 0.0
    added = np.stack([grid.overlap_add(spectrum * gain) for spectrum in spectra])
    pre_echo.mend(added, driven, gain, grid, first, untouched=0.0)
    shaped += added


def _spread_in_time(driven: Samples, rate: int) -> Samples:
    """Neighbouring overtones 0 to 12 ms late: together they would come as one pulse a period. Shape: kept."""
    return oaconvolve(driven, _late_response(rate)[None], mode="full", axes=1)[:, : driven.shape[1]].astype(np.float32)


@lru_cache(maxsize=4)
def _late_response(rate: int) -> NDArray[np.float64]:
    """Impulse response of an all-pass whose delay swings with frequency as a cosine does; nothing before 0."""
    size = cast(int, next_fast_len(round(8 * SPREAD_S * rate), real=True))
    hz = np.arange(size // 2 + 1) * rate / size
    seconds = SPREAD_S / 2 * (hz - np.sin(2 * np.pi * hz / SWING_HZ) * SWING_HZ / (2 * np.pi))
    response = np.asarray(irfft(np.exp(-2j * np.pi * seconds), size))
    return response[: round(KEPT_SPREADS * SPREAD_S * rate)]


def overdriven(samples: Samples, rate: int) -> Samples:
    """Bent by a hyperbolic tangent, equally hard at every level: the level is that of the 20 ms around.

    Shape: ``[channels, samples]``, kept.
    """
    size = max(1, round(LEVEL_S * rate))
    power = np.square(samples, dtype=np.float64)
    for _ in range(2):
        power = uniform_filter1d(power, size, axis=1, mode="constant")
    level = np.sqrt(np.maximum(power, FAINTEST**2))
    return (np.tanh(DRIVE * samples / level) * level).astype(np.float32)
