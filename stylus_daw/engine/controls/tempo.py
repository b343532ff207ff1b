"""The tempo of a recording from its mel image, by autocorrelation of the onset strength. numpy only.

It is correct up to a factor of two; the caller folds it to the tempo that is wanted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d, uniform_filter1d

from stylus_daw.audio.spectrogram import Image

# By trial on pieces of known tempo, not swept.
LOWEST_BPM, HIGHEST_BPM = 50.0, 200.0  # bpm: two octaves, so that folding reaches any tempo
USUAL_BPM, SPREAD_OCTAVES = 110.0, 1.0  # bpm and octaves: a broad preference for usual tempos
RANGE_DB = 50.0  # dB below the loudest band: softer onsets do not count
LOCAL_SECONDS = 1.0  # s over which the mean rise is taken, above which an onset must stand
SMOOTHING_FRAMES = 7  # frames of the Hann window that smooths onsets: loose playing within 30 ms still counts
HARMONICS = 4  # beats later at which onsets must be alike
TEMPOS = 2_000  # tried between lowest and highest, 0.07 % apart
CLEAR = 0.15  # clarity, 0..1, below which nobody would tap a foot
MIN_BEATS = 4  # beats that a recording must hold for its tempo to be told

Curve = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A detected beat.

    Attributes:
        bpm: beats per minute.
        clarity: 0..1, how similar the onsets are one, two, three and four beats later.
    """

    bpm: float
    clarity: float

    @property
    def is_clear(self) -> bool:
        return self.clarity >= CLEAR


def heard_beat(mel_db: Image, hop_ms: int) -> Beat:
    """The most likely beat of a recording. Shape: ``[bands, frames]``.

    >>> clicks = np.full((4, 1000), -80.0, np.float32)
    >>> clicks[:, ::50] = 0.0
    >>> beat = heard_beat(clicks, 10)
    >>> round(beat.bpm), beat.is_clear
    (120, True)
    """
    onsets = onset_strength(mel_db, hop_ms)
    likeness = _autocorrelation(onsets)
    per_minute = 60_000.0 / hop_ms
    longest = max(onsets.size / MIN_BEATS, per_minute / HIGHEST_BPM)
    bpm = np.geomspace(max(LOWEST_BPM, per_minute / longest), HIGHEST_BPM, TEMPOS)
    lags = per_minute / bpm
    multiples = np.outer(np.arange(1, HARMONICS + 1), lags)
    comb = np.interp(multiples, np.arange(likeness.size), likeness, right=0.0).mean(axis=0)
    usual = np.exp(-0.5 * (np.log2(bpm / USUAL_BPM) / SPREAD_OCTAVES) ** 2)
    best = int((comb * usual).argmax())
    return Beat(bpm=float(bpm[best]), clarity=float(np.clip(comb[best], 0.0, 1.0)))


def first_beat(mel_db: Image, hop_ms: int, bpm: float) -> int:
    """Frame of the first beat, less than one beat from the start: where a comb of that tempo meets most onsets.

    Shape: ``[bands, frames]``.
    """
    onsets = onset_strength(mel_db, hop_ms)
    period = 60_000.0 / hop_ms / bpm
    shifts = np.arange(min(onsets.size, max(1, round(period))))
    beats = np.arange(0.0, onsets.size, period)
    places = np.add.outer(shifts, beats)
    strength = np.interp(places, np.arange(onsets.size), onsets, right=0.0).sum(axis=1)
    return int(strength.argmax())


def onset_strength(mel_db: Image, hop_ms: int) -> Curve:
    """Mean rise of the bands from frame to frame, above its local mean. Shape: ``[bands, frames] -> [frames]``."""
    heard = np.maximum(mel_db, mel_db.max() - RANGE_DB).astype(np.float64)
    rise = np.maximum(np.diff(heard, axis=1, prepend=heard[:, :1]), 0.0).mean(axis=0)
    rise = convolve1d(rise, _smoothing(), mode="nearest")
    width = round(LOCAL_SECONDS * 1000 / hop_ms)
    return np.maximum(rise - uniform_filter1d(rise, width, mode="nearest"), 0.0)


def _autocorrelation(signal: Curve) -> Curve:
    """Similarity of a signal to itself later, 1 at lag 0; each lag over its own frames. Shape: ``[frames]``, kept."""
    centred = signal - signal.mean()
    size = 2 * signal.size
    spectrum = np.fft.rfft(centred, size)
    sums = np.fft.irfft(np.abs(spectrum) ** 2, size)[: signal.size]
    likeness = sums / np.arange(signal.size, 0, -1)
    return likeness / likeness[0] if likeness[0] > 0 else np.zeros(signal.size)


def _smoothing() -> Curve:
    """A Hann window of unit sum. Shape: ``[SMOOTHING_FRAMES]``."""
    window = np.hanning(SMOOTHING_FRAMES)
    return window / window.sum()
