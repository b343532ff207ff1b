"""Finds attacks in a sound: where they begin, and how each channel enters.

The search is a raster of steps that belongs to the sound, so blocks find the same attacks however the sound is cut.
The figures are chosen by trial on `bench/fidelity/fidelity.md` (drums, plucks, clicks); they have not been swept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from stylus_daw.audio.clip import Samples

Real = NDArray[np.float32]

STEP_S = 0.001  # raster of the search, s: shorter than the fastest musical rise
PAST_STEPS = 30  # ms that an attack must stand out from: longer than a period of 40 Hz, so its waves are not attacks
BEFORE_STEPS = 10  # ms that the steepest rise of a stretch is compared with
BEGUN_SHARE = 0.15  # of the highest level of that rise: where it begins
OVER_PAST, LATEST_SHARE = 1.5, 0.5  # or 3.5 dB over the highest level before it, but no later than at half its own
COMING_STEPS = 5  # ms within which the rise must be complete
REFINED_STEPS = 10  # ms in which the exact onset is then looked for
RISE = 10.0 ** (15.0 / 20.0)  # amplitude: 15 dB over the past is an attack; vibrato and beating stay below
FAINT = 1e-5  # amplitude, -100 dBFS: below it there is nothing to tell apart
ONSET_SHARE = 0.02  # of the highest level: -34 dB, where an attack begins to be heard
ABOVE_PAST = 2.0  # amplitude: an onset is 6 dB above what sounded before
APART_S = 0.005  # s: two rises closer than this are one attack
FADE_S = 0.003  # s: a rise no longer than this is heard as part of the attack; `bench/fidelity` measures up to it
RISEN_SHARE = 0.5  # of the highest level: -6 dB, where a rise counts as complete
LATEST_ONSET_S = 0.002  # s that a channel may enter after the attack of all and still have its own onset
FADE_PART = 3  # of the rise, one such part may sound ahead: with all of it, -35 dB stood before the attacks of a pad
HARD_S = 0.0005  # s: a rise that is faster than this is there at once


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
        fade: number of samples before that over which it may fade in.
        is_hard: complete at once, out of silence.
    """

    place: int
    fade: int
    is_hard: bool = False


def attacks(samples: Samples, rate: int, origin: int = 0) -> list[int]:
    """Samples on which the sound, or its upper part, rises by 15 dB over everything in the 30 ms before.

    The upper part is the sound differentiated once and twice.

    Args:
        samples: ``[channels, samples]``.
        rate: samples per second.
        origin: position of the first sample in the sound.
    """
    sharp, found = samples, set()
    for _ in range(3):
        found |= set(_rises(np.abs(sharp).max(axis=0), rate, origin))
        sharp = np.diff(sharp, axis=1, prepend=np.float32(0.0))
    places = sorted(found)
    return places[:1] + [place for before, place in pairwise(places) if place - before > APART_S * rate]


def _rises(level: Real, rate: int, origin: int) -> Iterator[int]:
    """Samples on which a rise begins. Shape of ``level``: ``[samples]``."""
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
    """Maximum of the steps before each; silence before the first. Shape: ``[steps]``, kept."""
    padded = np.concatenate([np.zeros(PAST_STEPS, np.float32), peaks])
    return sliding_window_view(padded[:-1], PAST_STEPS).max(axis=1)


def segments(samples: Samples, rate: int, origin: int) -> Iterator[Segment]:
    """The sound from each attack to the next. Shape of ``samples``: ``[channels, samples]``."""
    places = attacks(samples, rate, origin)
    for begin, end in pairwise([*places, samples.shape[1]]):
        yield Segment(begin=begin, end=end)


def onset_of(channel: Real, begin: int, rate: int) -> Onset:
    """The channel's own onset near an attack of all channels; where the channel sounded before, it fades in over 3 ms.

    Shape of ``channel``: ``[samples]``.
    """
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
    return Onset(place=begin + late, fade=min(rise // FADE_PART, longest), is_hard=rise < HARD_S * rate)


def steepest_rise(samples: Samples, rate: int, past: int = 0) -> int:
    """The sample on which the steepest rise of a stretch begins, whatever sounds on underneath; 0 of silence.

    The sound differentiated once, so that a beater counts for more than what it moves.

    Args:
        samples: the stretch, and before it what sounded until then. ``[channels, samples]``.
        rate: samples per second.
        past: number of samples before the stretch, whole steps of :data:`STEP_S`; before them there was silence.
    """
    already = samples[:, :1] if past else np.float32(0.0)
    sharp = np.abs(np.diff(samples, axis=1, prepend=already)).max(axis=0, initial=0.0)
    step = round(STEP_S * rate)
    power = np.square(sharp[: sharp.size // step * step].reshape(-1, step), dtype=np.float64).mean(axis=1)
    if power.size * step <= past or np.abs(samples[:, past:]).max() < FAINT:
        return 0
    total = np.concatenate([np.zeros(BEFORE_STEPS + 1), np.cumsum(power), np.full(COMING_STEPS, power.sum())])
    here = np.arange(past // step, power.size) + BEFORE_STEPS
    coming = (total[here + COMING_STEPS] - total[here]) / COMING_STEPS
    before = (total[here] - total[here - BEFORE_STEPS]) / BEFORE_STEPS
    first = int(np.argmax(np.sqrt(np.maximum(coming, 0.0)) - np.sqrt(np.maximum(before, 0.0)))) * step
    begin = past + first
    stretch, sounding = sharp[begin : begin + COMING_STEPS * step], sharp[max(0, begin - BEFORE_STEPS * step) : begin]
    highest = stretch.max()
    least = np.clip(OVER_PAST * sounding.max(initial=0.0), BEGUN_SHARE * highest, LATEST_SHARE * highest)
    return first + int(np.argmax(stretch > least))


def half_cosine(size: int) -> Real:
    """Half a cosine from 0 to 1. Shape: ``[size]``."""
    return (0.5 - 0.5 * np.cos(np.pi * (np.arange(size) + 0.5) / max(1, size))).astype(np.float32)
