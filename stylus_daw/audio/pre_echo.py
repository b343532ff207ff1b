"""Keeps attacks from sounding before they begin.

A gain that varies from band to band rings. With zero phase it rings as long before an attack as after it: 40 ms at
100 Hz, a few dB below the attack itself. So what the sound from an attack onwards sends ahead of it is taken away.
It may fade in for a third of the time that the content's own attack takes, at most 3 ms, which the ear does not notice.

A hard attack, complete within half a millisecond and out of silence, begins exactly on its sample. Its first
milliseconds go through a filter that sends nothing ahead; the same for all channels, so the stereo image stays:

* the later half of the gain's impulse response, which keeps the peak on its sample;
* or the gain with minimum phase, where that half would leak much into bands that the gain holds down (a kick whose
  highs are raised). Minimum phase is not late where it brightens.

Only the bands that the attack raises are touched; what sounds on underneath stays. Every frame is treated by itself,
so blocks of frames add up to the same sound wherever they are cut. Decision 0008 says what else was tried.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from stylus_daw.audio.attacks import FADE_S, FAINT, Onset, Real, Segment, half_cosine, onset_of, segments
from stylus_daw.audio.clip import Samples
from stylus_daw.audio.spectrogram import Image, MelGrid, Spectrum

# Chosen by trial on the pre-echo and stereo level lines of `bench/fidelity/fidelity.md`; not swept.
BALANCE_S = 0.020  # s on either side of an attack whose spectra are compared: one period of 50 Hz
QUIET_RISE_DB = 6.0  # dB: a band that rises by less belongs to what sounds on and is left alone
CLEAR_RISE_DB = 18.0  # dB: a band that rises by more belongs to the attack alone
SMOOTH_HZ = 200.0  # Hz over which those spectra are smoothed, so that single partials do not decide
HEAD_S = 0.004  # s of a hard attack that go through the filter with nothing ahead, and as long again to fade it out
MOST_LEAK = 0.3  # of the heard power: -5 dB, the most that half a response may leak before minimum phase takes over
INAUDIBLE_DB = -35.0  # dB below the loudest bin: there minimum phase would only make darkened clicks late
INAUDIBLE_FADE_DB = 10.0  # dB over which minimum phase comes in above that
SMALLEST_POWER = 1e-12  # full scale squared: keeps the ratio of two silences finite
BEFORE_S = 0.160  # s of sound before a block in which its attacks are searched: three windows, by trial
AFTER_S = 0.030  # s after it: the steps that the search looks ahead, and the head of an attack


def margins(grid: MelGrid) -> tuple[int, int]:
    """Samples that :func:`mend` needs before and after those under the windows; the first is a whole number of hops."""
    return -(-round(BEFORE_S * grid.rate) // grid.hop) * grid.hop, round(AFTER_S * grid.rate)


def mend(
    shaped: Samples,
    samples: Samples,
    gain: Image,
    grid: MelGrid,
    first: int,
    *,
    untouched: float = 1.0,
    most_fade_s: float = FADE_S,
) -> None:
    """Take away, in place, what the attacks in a block of shaped sound send ahead of themselves.

    Args:
        shaped: overlap-added frames, not yet divided by the window sum. ``[channels, samples]``.
        samples: the content under the same windows, with :func:`margins` around it. ``[channels, more samples]``.
        gain: linear gain of the frames. ``[bins, frames]``.
        grid: the grid of the frames.
        first: index of the first frame in the sound; attacks are searched on a raster that belongs to the sound.
        untouched: the gain that sends nothing ahead: 1 where ``shaped`` is the sound itself, 0 where it is added to it.
        most_fade_s: over which attacks may fade in at most.
    """
    before, after = margins(grid)
    origin = first * grid.hop - grid.window // 2 - before
    for segment in segments(samples, grid.rate, origin):
        frames = _reached(segment, grid, before, gain.shape[1])
        if not frames:
            continue
        share = _share(samples, segment.begin, grid)[:, None]
        change = (gain[:, frames.start : frames.stop] - np.float32(untouched)) * share
        onsets = [_within(onset_of(channel, segment.begin, grid.rate), most_fade_s, grid.rate) for channel in samples]
        turned = window = None
        if any(onset.is_hard for onset in onsets):
            window = _head(samples.shape[1], segment.begin, grid.rate)
            heads = (samples * window)[:, segment.begin :]
            turned = _sent_ahead(gain[:, frames.start : frames.stop], change, share, heads, grid)
        for target, channel, onset in zip(shaped, samples, onsets, strict=True):
            part = _faded(channel, segment, grid.rate)[before : channel.shape[0] - after]
            if turned is not None and window is not None:
                head = part * window[before : window.size - after]
                _add_changed(target, head, turned, grid, frames)
                _take_away(target, head, change + turned, grid, frames, onset, before)
                part = np.subtract(part, head, dtype=np.float32)
            _take_away(target, part, change, grid, frames, onset, before)


def _within(onset: Onset, most_fade_s: float, rate: int) -> Onset:
    return replace(onset, fade=min(onset.fade, round(most_fade_s * rate)))


def _reached(segment: Segment, grid: MelGrid, before: int, count: int) -> range:
    """Frames of a block of ``count`` whose windows reach across the attack."""
    place = segment.begin - before
    return range(max(0, (place - grid.window) // grid.hop + 1), min(count, place // grid.hop + 1))


def _share(samples: Samples, place: int, grid: MelGrid) -> Real:
    """How clearly the attack raises each bin: 0 up to 6 dB, 1 from 18 dB on.

    Shape: ``[channels, samples] -> [bins]``.
    """
    size = round(BALANCE_S * grid.rate)
    low = max(0, place - size)
    before = samples[:, low:place] * np.hanning(size)[size - (place - low) :]
    after = samples[:, place : place + size]
    after = after * np.hanning(2 * size)[size : size + after.shape[1]]
    width = max(1, round(SMOOTH_HZ * grid.transform / grid.rate))
    old, new = (_power(part, grid.transform, width) for part in (before, after))
    rise_db = 10.0 * np.log10(new / old)
    return np.clip((rise_db - QUIET_RISE_DB) / (CLEAR_RISE_DB - QUIET_RISE_DB), 0.0, 1.0).astype(np.float32)


def _power(part: NDArray[np.float64], transform: int, width: int) -> NDArray[np.float64]:
    """Power of all channels together, smoothed over ``width`` bins. Shape: ``[channels, samples] -> [bins]``."""
    power = (np.abs(np.asarray(scipy.fft.rfft(part, transform, axis=1))) ** 2).sum(axis=0)
    return np.maximum(uniform_filter1d(power, width), 0.0) + SMALLEST_POWER


def _faded(channel: Real, segment: Segment, rate: int) -> Real:
    """The segment alone, faded at its edges, so that what sounds on does not click. Shape: ``[samples]``, kept."""
    part = channel * 0.0
    part[segment.begin : segment.end] = channel[segment.begin : segment.end]
    ramp = _ramp(rate)
    low = max(0, segment.begin - ramp.size)
    part[low : segment.begin] = channel[low : segment.begin] * ramp[ramp.size - (segment.begin - low) :]
    if segment.end < channel.size:
        part[segment.end - ramp.size : segment.end] *= 1.0 - ramp
    return part


def _ramp(rate: int) -> Real:
    """Half a cosine from 0 to 1, over 3 ms. Shape: ``[samples]``."""
    return half_cosine(round(FADE_S * rate))


def _sent_ahead(gain: Image, change: Image, share: Image, head: Samples, grid: MelGrid) -> Spectrum:
    """What to add to the change of gain so that the head of an attack sends nothing ahead.

    The later half of the impulse response; or minimum phase where that half would leak too much of the head into bands
    that the gain holds down.

    Args:
        gain: linear. ``[bins, frames]``.
        change: what the gain changes, weighted by ``share``. ``[bins, frames]``.
        share: see :func:`_share`. ``[bins, 1]``.
        head: the attack's first milliseconds. ``[channels, samples]``.
        grid: the grid of the frames.

    Returns:
        ``[bins, frames]``, complex.
    """
    power = (np.abs(np.asarray(scipy.fft.rfft(head, grid.transform, axis=1))) ** 2).sum(axis=0)
    leaking = (0.5 * gain.mean(axis=0)) ** 2 * power.sum()
    heard = (power[:, None] * gain**2).sum(axis=0)
    if leaking.sum() < MOST_LEAK * heard.sum():
        return _halve(change, grid)
    return _turn(gain, grid) * share


def _turn(gain: Image, grid: MelGrid) -> Spectrum:
    """What to add to a gain of zero phase to give it minimum phase. Shape: ``[bins, frames]``, kept.

    From the folded cepstrum (Oppenheim and Schafer). Bins 35 dB below the loudest stay as they are: their phase would
    only make darkened clicks late.
    """
    cepstrum = np.asarray(scipy.fft.irfft(np.log(np.maximum(gain, FAINT)), grid.transform, axis=0))
    cepstrum[1 : (grid.transform + 1) // 2] *= 2.0
    cepstrum[grid.transform // 2 + 1 :] = 0.0
    phase = np.imag(np.asarray(scipy.fft.rfft(cepstrum, axis=0)))
    below_db = 20.0 * np.log10(np.maximum(gain, FAINT) / np.maximum(gain.max(axis=0), FAINT))
    phase *= np.clip((below_db - INAUDIBLE_DB) / INAUDIBLE_FADE_DB, 0.0, 1.0)
    return (gain * (np.exp(1j * phase) - 1.0)).astype(np.complex64)


def _halve(change: Image, grid: MelGrid) -> Spectrum:
    """What to add to a change of gain to take away what it sends ahead. Shape: ``[bins, frames]``, kept."""
    response = np.asarray(scipy.fft.irfft(change, grid.transform, axis=0))
    response[: grid.transform // 2] = 0.0
    return -np.asarray(scipy.fft.rfft(response, axis=0)).astype(np.complex64)


def _head(size: int, begin: int, rate: int) -> Real:
    """1 for 4 ms from ``begin`` on, then down to 0 within another 4 ms; 0 elsewhere. Shape: ``[size]``."""
    flat = fade = round(HEAD_S * rate)
    shape = np.concatenate([np.ones(flat, np.float32), 1.0 - half_cosine(fade)])
    head = np.zeros(size, np.float32)
    low, high = max(0, begin), min(size, begin + shape.size)
    if low < high:
        head[low:high] = shape[low - begin : high - begin]
    return head


def _add_changed(target: Real, part: Real, change: Spectrum, grid: MelGrid, frames: range) -> None:
    """Add to ``target``, in place, what a change of gain makes of a part.

    Shapes: ``[samples]``, ``[samples]``, ``[bins, frames]``.
    """
    begin, span = frames.start * grid.hop, (len(frames) - 1) * grid.hop + grid.window
    target[begin : begin + span] += grid.overlap_add(grid.transformed(part[begin : begin + span]) * change)


def _take_away(
    target: Real, part: Real, change: Spectrum | Image, grid: MelGrid, frames: range, onset: Onset, before: int
) -> None:
    """Subtract, in place, what the change of gain adds to the target before the attack; a ramp leads up to it.

    Shapes: ``[samples]``, ``[samples]``, ``[bins, frames]``.
    """
    begin, span = frames.start * grid.hop, (len(frames) - 1) * grid.hop + grid.window
    count = max(0, onset.place - before - begin)
    early = grid.overlap_add(grid.transformed(part[begin : begin + span]) * change)[:count]
    fade = min(onset.fade, early.size)
    early[early.size - fade :] *= 1.0 - half_cosine(onset.fade)[onset.fade - fade :]
    target[begin : begin + early.size] -= early
