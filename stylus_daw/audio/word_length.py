"""From 32-bit float to 16 or 24 bits: what would be lost, and triangular dither where something would."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.sound import Sound, pieces

Integers = NDArray[np.int32]

_HALF = np.uint64(32)  # bits of a random number that make one of the two summands
_MASK = np.uint64(0xFFFF_FFFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a sound fits into integers of ``bits`` bits.

    Attributes:
        bits: of a sample.
        peak: highest magnitude; 1 = 0 dBFS.
        is_exact: every sample is such an integer: nothing is lost, and nothing may be added.
        seed: from the samples: the same sound is dithered with the same noise.
    """

    bits: int
    peak: float
    is_exact: bool
    seed: int

    @property
    def peak_db(self) -> float:
        """In dBFS; minus infinity for silence."""
        return float(20 * np.log10(self.peak)) if self.peak > 0 else -np.inf


def fit_of(sound: Sound, bits: int) -> Fit:
    """Read all of ``sound`` once, in pieces.

    Args:
        sound: full scale is 1.
        bits: 16 or 24.
    """
    peak, is_exact, digest = 0.0, True, hashlib.sha256()
    for samples in pieces(sound):
        peak = max(peak, float(np.abs(samples).max()))
        is_exact = is_exact and _is_exact(samples, bits)
        digest.update(np.ascontiguousarray(samples.T, dtype="<f4").tobytes())
    return Fit(bits=bits, peak=peak, is_exact=is_exact, seed=int.from_bytes(digest.digest()))


def integers(sound: Sound, fit: Fit) -> Iterator[Integers]:
    """The samples as integers of ``fit.bits`` bits, piece by piece, dithered unless they fit exactly.

    The dither is triangular, 2 steps wide, white and independent in each channel: the error then has the same level
    (half a step RMS, with the rounding) at every moment, whatever the sound. The two steps below full scale
    saturate there. Shape: each ``[channels, up to a block]``.
    """
    scale, highest = 2.0 ** (fit.bits - 1), 2 ** (fit.bits - 1) - 1
    noise = np.random.PCG64(fit.seed)  # its numbers stay from version to version; those of Generator may not
    for samples in pieces(sound):
        steps = samples.astype(np.float64) * scale
        if not fit.is_exact:
            steps += _triangular(noise, samples.shape)
        yield np.clip(np.rint(steps), -highest - 1, highest).astype(np.int32)


def _is_exact(samples: Samples, bits: int) -> bool:
    steps = samples.astype(np.float64) * 2.0 ** (bits - 1)
    return bool((steps == np.rint(steps)).all() and steps.max() < 2.0 ** (bits - 1))


def _triangular(noise: np.random.PCG64, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Differences of two even random numbers, -1..1 steps; frame by frame, so that blocks do not matter.

    Shape: ``[channels, samples]``.
    """
    channels, count = shape
    raw = noise.random_raw(channels * count)
    difference = (raw >> _HALF).astype(np.float64) - (raw & _MASK).astype(np.float64)
    return (difference / 2.0**32).reshape(count, channels).T
