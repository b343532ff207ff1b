"""What must hold for any stem, as figures: each measure takes clips and gives a number with a meaning of its own."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import resample_poly, welch

from bench.quality.metrics import lag
from stylus_daw.audio.attacks import FADE_S
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.level.loudness import integrated_lufs, match_loudness
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import MelGeometry

EDGE_S = 0.020
LATE_STEP_S, LATE_SHARE = 0.00025, 0.01  # s, and a share of power: when a hit is there
SILENCE_DB, GATE_LUFS = -200.0, -70.0
OCTAVES_HZ = tuple(31.25 * 2**k for k in range(10))
STEREO_RANGE_DB = 50.0
BRIGHT_HZ = 10_000.0
LOCAL_S = 0.005

Array = NDArray[np.float64]


def loudness_difference(result: Clip, content: Clip) -> float:
    """Absolute difference in LU; what is below the gate of -70 LUFS counts as lying on it."""
    one, other = (max(GATE_LUFS, integrated_lufs(clip)) for clip in (result, content))
    return abs(one - other)


def lag_samples(result: Clip, content: Clip) -> float:
    """Largest lag of any channel: the peak of the whitened cross-correlation."""
    channels = zip(result.samples, content.samples, strict=True)
    return max(abs(float(lag(one, other, content.rate))) for one, other in channels)


def pre_echo_db(result: Clip, place: int, *, fade_s: float = FADE_S) -> float:
    """Mean power of the 20 ms before an attack, but for the last, relative to the 20 ms from it on, dB.

    Args:
        result: what to measure.
        place: the attack's sample.
        fade_s: how much before the attack is left out; a render lets attacks fade in over 3 ms.
    """
    reach, fade = round(EDGE_S * result.rate), round(fade_s * result.rate)
    power = np.square(result.samples, dtype=np.float64).sum(axis=0)
    before, after = power[max(0, place - reach) : place - fade].mean(), power[place : place + reach].mean()
    return max(SILENCE_DB, 10 * math.log10(max(before, 1e-30) / max(after, 1e-30)))


def late_ms(result: Clip, place: int) -> float:
    """How long after an attack's sample the result comes within 20 dB of the loudest quarter of a millisecond, ms."""
    step = round(LATE_STEP_S * result.rate)
    reach = round(EDGE_S / LATE_STEP_S) * step
    power = np.square(result.samples[:, place : place + reach], dtype=np.float64).sum(axis=0)
    steps = power[: power.size // step * step].reshape(-1, step).mean(axis=1)
    return 1000.0 * LATE_STEP_S * float(np.argmax(steps > LATE_SHARE * steps.max()))


def step_ratio(result: Clip, content: Clip) -> float:
    """Largest difference of neighbouring samples, as a multiple of the content's largest."""
    return _largest_step(result) / max(_largest_step(content), 1e-9)


def step_ratio_with(result: Clip, content: Clip, *others: Clip) -> float:
    """The same as a multiple of the largest of the content's and the others', which are taken at its loudness.

    What is brighter than the content has larger steps by right.
    """
    as_loud = (match_loudness(_at_rate(other, content.rate), integrated_lufs(content)) for other in others)
    return _largest_step(result) / max(_largest_step(content), *map(_largest_step, as_loud), 1e-9)


def step_burst(result: Clip) -> float:
    """How far a step of the signal stands out of the steps around it: the largest ratio to their RMS over 5 ms.

    Sound with attacks reaches 5 to 10; a click in quiet sound reaches the square root of the window's samples.
    """
    steps = np.diff(result.samples.astype(np.float64), axis=1)
    size = round(LOCAL_S * result.rate)
    local = np.sqrt(np.maximum(uniform_filter1d(steps**2, size, axis=1), 0.0))
    audible = np.abs(steps) > 1e-3
    return float((np.abs(steps) / np.maximum(local, 1e-9))[audible].max(initial=0.0)) / math.sqrt(size)


def brightness_shortfall_db(result: Clip, style: Clip) -> float:
    """By how much the share of energy above 10 kHz is below the style's, dB; 0 if it is not."""
    return max(0.0, brightness_db(style) - brightness_db(result))


def brightness_db(clip: Clip) -> float:
    """Power from 10 to 16 kHz relative to all power, dB."""
    hz, power = welch(clip.samples.astype(np.float64), clip.rate, nperseg=4096)
    total = power.sum(axis=0)
    share = total[(hz >= BRIGHT_HZ) & (hz < 16_000)].sum() / max(total.sum(), 1e-30)
    return 10 * math.log10(max(share, 1e-20))


def stereo_change(result: Clip, content: Clip) -> tuple[float, float]:
    """Largest change over the octaves of the level between the channels (dB) and of their correlation.

    Every cell of time and frequency weighs as much as it does in the content, so that only what happens
    between the channels counts, not that a gain favours one source over another that is panned elsewhere.
    Octaves more than 50 dB below the loudest do not count.
    """
    before, after = _covariances(content), _covariances(result)
    cells = before[0] + before[1]
    weight = cells / np.maximum(after[0] + after[1], 1e-20)
    weight[after[0] + after[1] < 1e-9 * (after[0] + after[1]).max()] = 0.0
    masks = _octave_masks(content.rate, cells.shape[0])
    changes = [_change(before * (weight > 0), after * weight, mask) for mask in masks if _is_heard(cells, mask)]
    return max(c[0] for c in changes), max(c[1] for c in changes)


def seam_flux(result: Clip, content: Clip, borders: NDArray[np.bool_]) -> tuple[float, float]:
    """Flux of the gain (change of result less content from frame to frame) where tiles cross-fade.

    Returns:
        The median flux there as a share of the 95th percentile elsewhere, and the percentage of frames above it
        there (5 is what chance gives).
    """
    geometry = MelGeometry()
    gain = np.maximum(mel_image(result, geometry), -80.0) - np.maximum(mel_image(content, geometry), -80.0)
    flux = np.abs(np.diff(gain, axis=1)).mean(axis=0)
    inside = borders[1 : flux.size + 1]
    usual = float(np.percentile(flux[~inside], 95))
    return float(np.median(flux[inside])) / usual, 100 * float((flux[inside] > usual).mean())


def _at_rate(clip: Clip, rate: int) -> Clip:
    if clip.rate == rate:
        return clip
    common = math.gcd(clip.rate, rate)
    samples = resample_poly(clip.samples.astype(np.float64), rate // common, clip.rate // common, axis=1)
    return Clip(samples=samples.astype(np.float32), rate=rate)


def _largest_step(clip: Clip) -> float:
    return float(np.abs(np.diff(clip.samples.astype(np.float64), axis=1)).max(initial=0.0))


def _covariances(clip: Clip) -> Array:
    """Left power, right power and real cross power. Shape: ``[3, bins, frames]``."""
    grid = MelGeometry(hop_ms=20, window_ms=40, fft_ms=40).at(clip.rate)
    left, right = (grid.stft(channel).astype(np.complex128) for channel in clip.samples[:2])
    return np.stack([np.abs(left) ** 2, np.abs(right) ** 2, (left * right.conj()).real])


def _octave_masks(rate: int, bins: int) -> list[NDArray[np.bool_]]:
    hz = np.linspace(0, rate / 2, bins)
    masks = [(hz >= low) & (hz < 2 * low) for low in OCTAVES_HZ]
    return [mask for mask in masks if mask.any()]


def _is_heard(cells: Array, mask: NDArray[np.bool_]) -> bool:
    return bool(cells[mask].sum() > cells.sum() * 10 ** (-STEREO_RANGE_DB / 10))


def _change(before: Array, after: Array, mask: NDArray[np.bool_]) -> tuple[float, float]:
    levels, likenesses = [], []
    for covariance in (before, after):
        left, right, cross = (part[mask].sum() for part in covariance)
        levels.append(10 * math.log10(max(left, 1e-20) / max(right, 1e-20)))
        likenesses.append(cross / math.sqrt(max(left * right, 1e-30)))
    return abs(levels[0] - levels[1]), abs(likenesses[0] - likenesses[1])
