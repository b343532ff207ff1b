"""Overtones where the content has nothing that a gain could raise, such as above the upper limit of a dull recording.

The content, overdriven relative to its own level at every moment, has overtones of every pitch that sounds. They are
brought to the wanted level band by band. Where the content itself sounds and a moderate gain is enough, nothing is
added. Decision 0010 says what else was tried.

Every sample depends on 40 ms around it, and every frame only on itself, so blocks of frames add up to the same sound
wherever they are cut.
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

# Chosen by trial on the bandwidth and burst lines of `bench/fidelity/fidelity.md` and on
# `bench/fidelity/reconstructions.md`; not swept.
NOTHING_DB = 8.0  # dB above the floor: a band that stays below has nothing, only noise
MISSED_DB = 6.0  # dB of gain: less than that is not missed
SOUNDING_DB = 24.0  # dB above the floor that some band must reach for the content to count as sounding
WEAK_DB = 40.0  # dB below the loudest band: above that a band keeps its own sound and stereo image
AUDIBLE_DB = 60.0  # dB below the loudest band: anything fainter is masked
AROUND = 8  # frames of 10 ms on either side in which a band must have had nothing
MOST_RAISED_DB = 23.0  # dB: the most that a gain raises; beyond it clicks in empty highs stood out (decision 0010)
DRIVE = 8.0  # gain into the hyperbolic tangent, 18 dB: bright enough to fill up to the highest band
LEVEL_S = 0.010  # s: width of the mean (taken twice) that tells the level at each moment
TINY = 1e-9  # keeps the ratio of two silences at 1
FAINTEST = 1e-5  # amplitude, -100 dBFS: below it the content is not overdriven
MOST_DB = 60.0  # dB: the most by which overtones are raised to the wanted level
LEAST_DB = -80.0  # dB: a gain this low stands for none
NONE = 1.1e-4  # gain: just above LEAST_DB; bins at or below it are set to zero
SPREAD_S = 0.012  # s over which overtones are delayed: at 0 they come as one pulse per period
SWING_HZ = 1300.0  # Hz in which that delay goes up and down once; of 500 to 1300 the flattest peaks for chords
KEPT_SPREADS = 1.5  # spreads of the all-pass's response that are kept; what follows is inaudible


def missing_levels(content_db: Image, gain_db: Image, floor_db: float, *, before: int = 0) -> Image:
    """The level that overtones have to reach where the content has nothing, dB re full scale; ``-inf`` elsewhere.

    A cell is empty if its band stays within 8 dB of the floor for 80 ms on both sides. Overtones fill it if all of
    this holds: more than 6 dB of gain are asked for, the content sounds (24 dB above the floor in some band), and the
    result would be heard (no more than 60 dB below that moment's loudest band). Where the content has little (more than
    40 dB below that band) and the gain exceeds `MOST_RAISED_DB`, overtones supply the power beyond that.

    Args:
        content_db: mel image of the content, with up to `AROUND` extra frames on both sides. ``[bands, any]``.
        gain_db: relative to that image, with everything below the floor raised to it. ``[bands, frames]``.
        floor_db: levels below it are not told apart.
        before: how many of the extra frames come first.

    Returns:
        ``[bands, frames]``.
    """
    frames = slice(before, before + gain_db.shape[1])
    around = maximum_filter1d(content_db, 2 * AROUND + 1, axis=1, mode="nearest")[:, frames]
    heard = np.maximum(content_db[:, frames], np.float32(floor_db))
    loudest = heard.max(axis=0)
    wanted = heard + gain_db
    has_nothing = (around < floor_db + NOTHING_DB) & (gain_db > MISSED_DB)
    beyond = np.maximum(gain_db - MOST_RAISED_DB, np.float32(1e-3))
    rest_db = np.where(has_nothing, 0.0, 10.0 * np.log10(1.0 - 10.0 ** (-0.1 * beyond)))
    is_missing = has_nothing | ((heard < loudest - WEAK_DB) & (gain_db > MOST_RAISED_DB))
    is_heard = (loudest > floor_db + SOUNDING_DB) & (wanted > loudest - AUDIBLE_DB)
    return np.where(is_missing & is_heard, wanted + rest_db, -np.inf).astype(np.float32)


def add_overtones(
    shaped: Samples, samples: Samples, wanted_db: Image, grid: MelGrid, bands: MelGeometry, first: int
) -> None:
    """Add the overtones to a block of shaped sound, in place, with the arguments of :func:`pre_echo.mend`.

    Args:
        shaped: overlap-added frames, not yet divided by the window sum. ``[channels, samples]``.
        samples: the content under the same windows, with :func:`pre_echo.margins` around it. ``[channels, any]``.
        wanted_db: :func:`missing_levels` of the frames. ``[bands, frames]``.
        grid: the grid of the frames; its transform must be that of ``bands``.
        bands: the geometry of ``wanted_db``.
        first: index of the first frame in the sound.
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
    """Delays neighbouring overtones by 0 to 12 ms, or they would come as one pulse per period.

    Shape: ``[channels, samples]``, kept.
    """
    return oaconvolve(driven, _late_response(rate)[None], mode="full", axes=1)[:, : driven.shape[1]]


@lru_cache(maxsize=4)
def _late_response(rate: int) -> NDArray[np.float32]:
    """Impulse response of a causal all-pass whose delay follows a cosine over frequency. Shape: ``[samples]``."""
    size = cast(int, next_fast_len(round(8 * SPREAD_S * rate), real=True))
    hz = np.arange(size // 2 + 1) * rate / size
    seconds = SPREAD_S / 2 * (hz - np.sin(2 * np.pi * hz / SWING_HZ) * SWING_HZ / (2 * np.pi))
    response = np.asarray(irfft(np.exp(-2j * np.pi * seconds), size))
    return response[: round(KEPT_SPREADS * SPREAD_S * rate)].astype(np.float32)


def overdriven(samples: Samples, rate: int) -> Samples:
    """The content through a hyperbolic tangent, driven equally hard at every level (that of the surrounding 20 ms).

    Shape: ``[channels, samples]``, kept.
    """
    size = max(1, round(LEVEL_S * rate))
    level = np.sqrt(np.maximum(_around(np.square(samples, dtype=np.float64), size), FAINTEST**2)).astype(np.float32)
    evened = samples / level
    driven = np.tanh(np.float32(DRIVE) * evened)
    return (driven if len(samples) == 1 else _as_alike(driven, evened, size)) * level


def _as_alike(driven: Samples, evened: Samples, size: int) -> Samples:
    """Overtones no less alike between the channels than the sound that they are made of.

    Each channel overdriven by itself, the highs would have hardly anything in common: what channels share of the
    highs is set beside what they share of the whole sound.

    Shape: ``[channels, samples]`` both; both of one level at every moment and in every channel.
    """
    common, apart = _common_and_apart(driven)
    there = [_power_around(np.diff(np.pad(part, ((0, 0), (2, 0)), "edge"), 2), size) for part in (common, apart)]
    wanted = [_power_around(part, size) for part in _common_and_apart(evened)]
    ratio = there[0] / there[1] * wanted[1] / wanted[0]
    kept = np.asarray(np.sqrt(np.clip(ratio, 0.0, 1.0)), np.float32)
    return np.asarray(common + apart * kept, np.float32)


def _common_and_apart(channels: Samples) -> tuple[Samples, Samples]:
    """Their mean and what each has besides. Shape: ``[channels, samples] -> [1, samples], [channels, samples]``."""
    common = channels.mean(axis=0, keepdims=True)
    return common, channels - common


def _power_around(part: Samples, size: int) -> NDArray[np.float64]:
    """Mean over the channels of the power around each sample, never 0. Shape: ``[channels, samples] -> [samples]``."""
    return _around(np.square(part, dtype=np.float64), size).mean(axis=0) + TINY


def _around(values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Mean over ``size`` samples, taken twice. Shape kept."""
    for _ in range(2):
        values = uniform_filter1d(values, size, axis=1, mode="constant")
    return np.maximum(values, 0.0)
