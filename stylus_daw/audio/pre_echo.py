"""Keeps attacks from sounding before they begin.

A gain that varies from band to band rings, and with zero phase it rings as long before an attack as after it: 40 ms
at 100 Hz, a few dB below the attack itself. So what the sound from an attack on sends ahead of it is taken away, and
the attack's peak stays on its sample. It fades in as long as the content's own attack takes, at most 3 ms, which the
ear does not hear. What is there at once, out of silence, begins on its sample: its first milliseconds go through a
filter that sends nothing ahead, the same for all channels, so that what stands between them stays: the later half of
the gain's impulse response, which keeps the peak on its sample, or, where that half would leak much into bands that
the gain holds down (a kick whose highs are raised), the gain with minimum phase, which is not late when it brightens.
Only the bands that the attack raises are touched: what sounds on underneath stays.

Every frame is treated by itself, so blocks of frames add up to the same sound however it is cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import scipy.fft
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.spectrogram import Image, MelGrid, Spectrum

Real = NDArray[np.float32]

STEP_S, PAST_STEPS, COMING_STEPS, REFINED_STEPS = 0.001, 30, 5, 10
RISE = 10.0 ** (15.0 / 20.0)
FAINT = 1e-5
ONSET_SHARE, ABOVE_PAST = 0.02, 2.0
APART_S = 0.005

FADE_S, BALANCE_S = 0.003, 0.020
RISEN_SHARE, LATEST_ONSET_S, HARD_S = 0.5, 0.002, 0.0005
HEAD_S, MOST_LEAK = 0.004, 0.3
INAUDIBLE_DB, INAUDIBLE_FADE_DB = -35.0, 10.0
QUIET_RISE_DB, CLEAR_RISE_DB, SMOOTH_HZ = 6.0, 18.0, 200.0
SMALLEST_POWER = 1e-12

BEFORE_S, AFTER_S = 0.160, 0.030
"""How much sound around the frames of a block decides what happens in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """The sound from an attack to the next one, in samples of the stretch that was searched."""

    begin: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """Where a channel's own attack begins.

    Attributes:
        place: in samples of the stretch that was searched.
        fade: over how many samples before that it may fade in.
        is_hard: it is there at once, out of silence.
    """

    place: int
    fade: int
    is_hard: bool = False


def margins(grid: MelGrid) -> tuple[int, int]:
    """Samples to hand to :func:`mend` before and after those under the windows; the first is whole hops."""
    return -(-round(BEFORE_S * grid.rate) // grid.hop) * grid.hop, round(AFTER_S * grid.rate)


def mend(shaped: Samples, samples: Samples, gain: Image, grid: MelGrid, first: int, *, untouched: float = 1.0) -> None:
    """Take out of a block of shaped sound, in place, what its attacks send before themselves.

    Args:
        shaped: overlap-added frames, not yet divided by the windows' sum. ``[channels, samples]``.
        samples: the content under the same windows, with :func:`margins` around it.
        gain: linear, of the frames. ``[bins, frames]``.
        grid: the grid of the frames.
        first: number of the first frame in the sound; attacks are searched on a raster that belongs to the sound.
        untouched: the gain that sends nothing ahead: 1 where ``shaped`` is the sound itself, 0 where it is added to it.
    """
    before, after = margins(grid)
    origin = first * grid.hop - grid.window // 2 - before
    for segment in _segments(samples, grid.rate, origin):
        frames = _reached(segment, grid, before, gain.shape[1])
        if not frames:
            continue
        share = _share(samples, segment.begin, grid)[:, None]
        change = (gain[:, frames.start : frames.stop] - np.float32(untouched)) * share
        onsets = [_onset(channel, segment.begin, grid.rate) for channel in samples]
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


def attacks(samples: Samples, rate: int, origin: int = 0) -> list[int]:
    """Where the sound, or its upper part, rises by 15 dB over all of the 30 ms before.

    Args:
        samples: ``[channels, samples]``.
        rate: samples per second.
        origin: place of the first sample in the sound.
    """
    sharp, found = samples, set()
    for _ in range(3):
        found |= set(_rises(np.abs(sharp).max(axis=0), rate, origin))
        sharp = np.diff(sharp, axis=1, prepend=np.float32(0.0))
    places = sorted(found)
    return places[:1] + [place for before, place in pairwise(places) if place - before > APART_S * rate]


def _rises(level: Real, rate: int, origin: int) -> Iterator[int]:
    """Samples on which a rise of the level begins."""
    step = round(STEP_S * rate)
    skipped = -origin % step
    peaks = level[skipped : skipped + (level.size - skipped) // step * step].reshape(-1, step).max(axis=1)
    past = np.maximum(_highest_before(peaks), FAINT)
    coming = maximum_filter1d(peaks, COMING_STEPS, origin=-(COMING_STEPS // 2), mode="constant")
    rising = coming > RISE * past
    for index in np.flatnonzero(rising[1:] & ~rising[:-1]) + 1:
        begin = skipped + index * step
        stretch = level[begin : begin + REFINED_STEPS * step]
        above = np.flatnonzero(stretch > max(ABOVE_PAST * past[index], ONSET_SHARE * stretch.max()))
        if above.size:
            yield int(begin + above[0])


def _highest_before(peaks: Real) -> Real:
    """Maximum of the steps before each; silence before the first."""
    padded = np.concatenate([np.zeros(PAST_STEPS, np.float32), peaks])
    return sliding_window_view(padded[:-1], PAST_STEPS).max(axis=1)


def _segments(samples: Samples, rate: int, origin: int) -> Iterator[Segment]:
    places = attacks(samples, rate, origin)
    for begin, end in pairwise([*places, samples.shape[1]]):
        yield Segment(begin=begin, end=end)


def _reached(segment: Segment, grid: MelGrid, before: int, count: int) -> range:
    """Frames of the block whose window reaches over the attack."""
    place = segment.begin - before
    return range(max(0, (place - grid.window) // grid.hop + 1), min(count, place // grid.hop + 1))


def _share(samples: Samples, place: int, grid: MelGrid) -> Real:
    """How far the attack raises each bin: 0 up to 6 dB, 1 from 18 dB on. Shape: ``[bins]``."""
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
    power = (np.abs(np.asarray(scipy.fft.rfft(part, transform, axis=1))) ** 2).sum(axis=0)
    return np.maximum(uniform_filter1d(power, width), 0.0) + SMALLEST_POWER


def _faded(channel: Real, segment: Segment, rate: int) -> Real:
    """The segment alone; a short fade across its edges, so that what sounds on is cut without a click."""
    part = channel * 0.0
    part[segment.begin : segment.end] = channel[segment.begin : segment.end]
    ramp = _ramp(rate)
    low = max(0, segment.begin - ramp.size)
    part[low : segment.begin] = channel[low : segment.begin] * ramp[ramp.size - (segment.begin - low) :]
    if segment.end < channel.size:
        part[segment.end - ramp.size : segment.end] *= 1.0 - ramp
    return part


def _onset(channel: Real, begin: int, rate: int) -> Onset:
    """The channel's onset near an attack of all channels; out of a channel that sounds on it fades in over 3 ms."""
    longest, step = round(FADE_S * rate), round(STEP_S * rate)
    coming = np.abs(channel[begin : begin + REFINED_STEPS * step])
    past = np.abs(channel[max(0, begin - PAST_STEPS * step) : begin]).max(initial=0.0)
    highest = coming.max(initial=0.0)
    if past > ONSET_SHARE * highest or highest < FAINT:
        return Onset(place=begin, fade=longest)
    late = int(np.argmax(coming > ONSET_SHARE * highest))
    if late > LATEST_ONSET_S * rate:
        return Onset(place=begin, fade=longest)
    rise = int(np.argmax(coming > RISEN_SHARE * highest)) - late
    return Onset(place=begin + late, fade=min(rise, longest), is_hard=rise < HARD_S * rate)


def _ramp(rate: int) -> Real:
    """From 0 to 1 along half a cosine, over 3 ms."""
    return _half_cosine(round(FADE_S * rate))


def _half_cosine(size: int) -> Real:
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(size) + 0.5) / max(1, size))).astype(np.float32)


def _sent_ahead(gain: Image, change: Image, share: Image, head: Samples, grid: MelGrid) -> Spectrum:
    """What to add to the change of gain so that the head of an attack sends nothing ahead. Shape: ``[bins, frames]``.

    The later half of the impulse response, or minimum phase where that half would leak too much of the head into bands
    that the gain holds down.
    """
    power = (np.abs(np.asarray(scipy.fft.rfft(head, grid.transform, axis=1))) ** 2).sum(axis=0)
    leaking = (0.5 * gain.mean(axis=0)) ** 2 * power.sum()
    heard = (power[:, None] * gain**2).sum(axis=0)
    if leaking.sum() < MOST_LEAK * heard.sum():
        return _halve(change, grid)
    return _turn(gain, grid) * share


def _turn(gain: Image, grid: MelGrid) -> Spectrum:
    """What to add to a gain of zero phase to make it one of minimum phase. Shape: ``[bins, frames]``.

    Bins that are 35 dB below the loudest stay as they are: their phase would only put darkened clicks late.
    """
    cepstrum = np.asarray(scipy.fft.irfft(np.log(np.maximum(gain, FAINT)), grid.transform, axis=0))
    cepstrum[1 : (grid.transform + 1) // 2] *= 2.0
    cepstrum[grid.transform // 2 + 1 :] = 0.0
    phase = np.imag(np.asarray(scipy.fft.rfft(cepstrum, axis=0)))
    below_db = 20.0 * np.log10(np.maximum(gain, FAINT) / np.maximum(gain.max(axis=0), FAINT))
    phase *= np.clip((below_db - INAUDIBLE_DB) / INAUDIBLE_FADE_DB, 0.0, 1.0)
    return (gain * (np.exp(1j * phase) - 1.0)).astype(np.complex64)


def _halve(change: Image, grid: MelGrid) -> Spectrum:
    """What to add to a change of gain to take away what it sends ahead. Shape: ``[bins, frames]``."""
    response = np.asarray(scipy.fft.irfft(change, grid.transform, axis=0))
    response[: grid.transform // 2] = 0.0
    return -np.asarray(scipy.fft.rfft(response, axis=0)).astype(np.complex64)


def _head(size: int, begin: int, rate: int) -> Real:
    """1 for 4 ms from ``begin`` on, then down to 0 within 4 ms more; 0 elsewhere. Shape: ``[size]``."""
    flat = fade = round(HEAD_S * rate)
    shape = np.concatenate([np.ones(flat, np.float32), 1.0 - _half_cosine(fade)])
    head = np.zeros(size, np.float32)
    low, high = max(0, begin), min(size, begin + shape.size)
    if low < high:
        head[low:high] = shape[low - begin : high - begin]
    return head


def _add_changed(target: Real, part: Real, change: Spectrum, grid: MelGrid, frames: range) -> None:
    """Add what a change of gain makes of a part."""
    begin, span = frames.start * grid.hop, (len(frames) - 1) * grid.hop + grid.window
    target[begin : begin + span] += grid.overlap_add(grid.transformed(part[begin : begin + span]) * change)


def _take_away(
    target: Real, part: Real, change: Spectrum | Image, grid: MelGrid, frames: range, onset: Onset, before: int
) -> None:
    """Subtract what the change of gain adds to the target before the attack; a ramp leads up to it."""
    begin, span = frames.start * grid.hop, (len(frames) - 1) * grid.hop + grid.window
    count = max(0, onset.place - before - begin)
    early = grid.overlap_add(grid.transformed(part[begin : begin + span]) * change)[:count]
    fade = min(onset.fade, early.size)
    early[early.size - fade :] *= 1.0 - _half_cosine(onset.fade)[onset.fade - fade :]
    target[begin : begin + early.size] -= early
