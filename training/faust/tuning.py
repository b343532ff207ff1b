"""Tunes a model: its strings and tubes are a little too long, which a note that is listened to tells."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

WINDOW = 4096
"""Samples that are compared with themselves; more than two periods of A0 at 44.1 kHz."""
PERIODIC = 0.15
"""Below this normalised difference (YIN, de Cheveigné and Kawahara 2002) a lag is a period."""
DEEPEST = 0.03
"""Dips so near to the deepest are as good, and the first of them is the period: weak odd partials are no octave."""
NEAR_CENTS, MOST_STEPS = 4.0, 6
LOWEST_HZ, HIGHEST_HZ = 8.0, 20_000.0
"""What a model may be asked for."""
SHORTEST = 8
"""Samples that a period has at least: 5.5 kHz at 44.1 kHz."""

Float = NDArray[np.floating]


def in_tune(play: Callable[[float], Float], hz: float, rate: int) -> float | None:
    """What to ask the model for so that it plays ``hz``; None if it does not come near.

    Args:
        play: what is asked for in Hz to a note of at least half a second. Shape: ``[samples]``.
        hz: the pitch that it should have.
        rate: samples per second.
    """
    asked, slope, before = hz, 1.0, (0.0, 0.0)
    for step in range(MOST_STEPS):
        heard = fundamental(play(asked), rate)
        if heard is None:
            return None
        if abs(1200 * np.log2(heard / hz)) < NEAR_CENTS:
            return asked
        here = (1 / asked, 1 / heard)
        if step and here[1] != before[1]:
            slope = float(np.clip((here[0] - before[0]) / (here[1] - before[1]), 0.3, 4))
        before = here
        asked = 1 / float(np.clip(here[0] + slope * (1 / hz - here[1]), 1 / HIGHEST_HZ, 1 / LOWEST_HZ))
    return None


def fundamental(note: Float, rate: int) -> float | None:
    """In Hz, where the note is loudest after its attack; None where nothing repeats. Shape: ``[samples]``."""
    difference = _difference(_loudest(np.asarray(note, np.float64)[round(0.05 * rate) :]))
    if difference is None:
        return None
    here = difference[SHORTEST:-1]
    dips = np.flatnonzero((here <= difference[SHORTEST - 1 : -2]) & (here < difference[SHORTEST + 1 :])) + SHORTEST
    if not len(dips) or difference[dips].min() > PERIODIC:
        return None
    return rate / _refined(difference, int(dips[difference[dips] <= difference[dips].min() + DEEPEST][0]))


def _loudest(sound: Float) -> Float:
    """The stretch of two windows with the most energy."""
    energy = np.concatenate([[0], np.cumsum(sound**2)])
    starts = np.arange(0, max(1, len(sound) - 2 * WINDOW), 512)
    ends = np.minimum(starts + 2 * WINDOW, len(sound))
    first = starts[np.argmax(energy[ends] - energy[starts])]
    return sound[first : first + 2 * WINDOW]


def _difference(sound: Float) -> Float | None:
    """YIN's cumulative mean normalised difference of every lag; None for silence. Shape: ``[lags]``."""
    if len(sound) < 2 * WINDOW or not np.isfinite(sound).all() or not sound.any():
        return None
    head = np.fft.rfft(sound[:WINDOW], 4 * WINDOW)
    products = np.fft.irfft(np.conj(head) * np.fft.rfft(sound, 4 * WINDOW))[:WINDOW]
    energy = np.concatenate([[0], np.cumsum(sound**2)])
    power = energy[WINDOW : 2 * WINDOW] - energy[:WINDOW]
    raw = np.maximum(power[0] + power - 2 * products, 0)
    mean = np.cumsum(raw[1:]) / np.arange(1, WINDOW)
    return np.concatenate([[1], raw[1:] / np.maximum(mean, 1e-12)])


def _refined(difference: Float, lag: int) -> float:
    """The period between samples: from its multiples, as far as the sound repeats itself."""
    period, count = _vertex(difference, lag), 1
    while (count + 1) * period < len(difference) - 2:
        near = round((count + 1) * period)
        reach = max(1, min(round(0.1 * period), 8))
        part = difference[near - reach : min(near + reach + 1, len(difference) - 1)]
        best = near - reach + int(np.argmin(part))
        if difference[best] > PERIODIC or not 0 < best < len(difference) - 1:
            break
        count += 1
        period = _vertex(difference, best) / count
    return period


def _vertex(difference: Float, lag: int) -> float:
    """Of the parabola through a dip and its neighbours."""
    before, here, after = difference[lag - 1 : lag + 2]
    bend = before - 2 * here + after
    return lag + (float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5)) if bend > 0 else 0.0)
