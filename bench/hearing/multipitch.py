"""Which pitches sound when: a plain estimator, the same for every engine.

Each frame's magnitude spectrum is explained as a sum of fixed harmonic combs, one dark and one
bright per semitone, and a few bands of noise, by multiplicative updates of the Kullback-Leibler
divergence (Lee and Seung 2001). A pitch sounds where its two combs together reach a share of the
frame's strongest pitch, stand above both neighbours, and are not low harmonics of a lower pitch.

It makes mistakes (octaves it hears as one note), and makes them alike on two clips that sound alike: that is what
a distance needs. How far it is from the written notes is printed next to the table.
"""

from __future__ import annotations

from functools import lru_cache

import librosa
import numpy as np
from numpy.typing import NDArray

from training.compose import Piece

FFT, HOP = 8192, 2048
LOWEST, HIGHEST = 24, 100
CEILING_HZ = 5_000.0
ROLLOFFS, HARMONICS, NOISE_BANDS = (0.7, 1.7), 24, 8
ITERATIONS = 40
SHARE, GATE_DB = 0.25, 40.0
OVERTONES, OVERTONE_STRENGTH = (12, 19, 24, 28, 31), 1.5

Magnitudes = NDArray[np.float32]
Pitches = NDArray[np.bool_]


def pitch_sets(magnitudes: Magnitudes, rate: int) -> Pitches:
    """Where which pitch sounds.

    Args:
        magnitudes: STFT of ``FFT`` samples, ``[bins, frames]``.
        rate: in Hz.

    Returns:
        ``[HIGHEST - LOWEST + 1, frames]``; row 0 is MIDI pitch ``LOWEST``.

    >>> tone = np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100).astype(np.float32)
    >>> sounding = pitch_sets(np.abs(librosa.stft(tone, n_fft=FFT, hop_length=HOP)), 44_100)
    >>> (np.flatnonzero(sounding[:, 10]) + LOWEST).tolist()
    [69]
    """
    combs = _combs(rate)
    spectrum = magnitudes[: combs.shape[0]]
    weight = _explain(spectrum, combs)[: len(ROLLOFFS) * (HIGHEST - LOWEST + 1)]
    salience = weight.reshape(len(ROLLOFFS), -1, weight.shape[1]).sum(axis=0)
    strongest = salience.max(axis=0)
    sounds = strongest > strongest.max() * 10 ** (-GATE_DB / 20)
    padded = np.pad(salience, ((1, 1), (0, 0)))
    peak = (salience >= padded[:-2]) & (salience > padded[2:])
    return peak & (salience >= SHARE * strongest) & sounds & ~_overtones(salience)


def _overtones(salience: Magnitudes) -> Pitches:
    """Where a pitch is a low harmonic of one below it that is not much weaker."""
    found = np.zeros(salience.shape, np.bool_)
    for interval in OVERTONES:
        found[interval:] |= salience[interval:] < OVERTONE_STRENGTH * salience[:-interval]
    return found


def jaccard_distance(one: Pitches, other: Pitches) -> float:
    """Cells (pitch, frame) in one set but not in both, as a share of those in either: 0 alike, 1 disjoint."""
    either = int((one | other).sum())
    return 1.0 - int((one & other).sum()) / either if either else 0.0


def written_sets(piece: Piece, frames: int, rate: int) -> Pitches:
    """The pitches whose keys are down, on the grid of :func:`pitch_sets`; ring-out is not written."""
    seconds = np.arange(frames) * HOP / rate
    sets = np.zeros((HIGHEST - LOWEST + 1, frames), np.bool_)
    for note in piece.notes:
        if LOWEST <= note.pitch <= HIGHEST:
            sets[note.pitch - LOWEST] |= (seconds >= note.start_s) & (seconds < note.start_s + note.seconds)
    return sets


def _explain(spectrum: Magnitudes, combs: Magnitudes) -> Magnitudes:
    """Non-negative weights of the combs. Shape: ``[bins, frames], [bins, combs] -> [combs, frames]``."""
    spectrum = spectrum / max(float(spectrum.max()), 1e-12)
    weights = np.full((combs.shape[1], spectrum.shape[1]), spectrum.sum(axis=0) / combs.shape[1], np.float32)
    for _ in range(ITERATIONS):
        weights *= combs.T @ (spectrum / (combs @ weights + 1e-9))
    return weights


@lru_cache(maxsize=2)
def _combs(rate: int) -> Magnitudes:
    """Combs of unit sum: all dark ones, all bright ones, noise bands. Shape: ``[bins, combs]``."""
    bins = np.arange(int(CEILING_HZ * FFT / rate))
    fundamentals = librosa.midi_to_hz(np.arange(LOWEST, HIGHEST + 1)) * FFT / rate
    columns = [_comb(bins, f, rolloff) for rolloff in ROLLOFFS for f in fundamentals]
    edges = np.geomspace(4, len(bins) + 4, NOISE_BANDS + 2) - 4
    columns += [np.interp(bins, edges[i : i + 3], [0, 1, 0]) for i in range(NOISE_BANDS)]
    combs = np.stack(columns, axis=1) + 1e-8
    return (combs / combs.sum(axis=0)).astype(np.float32)


def _comb(bins: NDArray[np.int64], fundamental: float, rolloff: float) -> NDArray[np.float64]:
    """Harmonics of amplitude ``h ** -rolloff``, each as wide as a Hann window makes it."""
    harmonics = np.arange(1, HARMONICS + 1)
    away = np.abs(bins[:, None] - harmonics * fundamental)
    lobe = np.where(away < 2, 0.5 * (1 + np.cos(np.pi * np.minimum(away, 2) / 2)), 0)
    return lobe @ harmonics.astype(float) ** -rolloff
