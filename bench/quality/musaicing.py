"""NMF musaicing after "Let it Bee" (Driedger, Prätzlich, Müller, ISMIR 2015), as an anchor.

The content's magnitude spectrogram is explained by the style's own frames; the activations are
pushed towards few repetitions, few frames at once, and runs of consecutive frames.
"""

from __future__ import annotations

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from stylus_daw.audio.clip import Clip

FFT, HOP = 4096, 1024
ITERATIONS, REPETITION, POLYPHONY, CONTINUITY = 20, 3, 10, 3

Array = NDArray[np.float32]


def musaic(content: Clip, style: Clip) -> Clip:
    """The content retold in grains of the style. Needs as many channels in the style as in the content."""
    wanted = np.abs(librosa.stft(content.mid(), n_fft=FFT, hop_length=HOP))
    activations = activate(wanted, np.abs(librosa.stft(style.mid(), n_fft=FFT, hop_length=HOP)))
    grains = librosa.stft(style.samples, n_fft=FFT, hop_length=HOP)
    mosaic = librosa.istft(grains @ activations, n_fft=FFT, hop_length=HOP, length=content.length)
    return content.with_samples(mosaic)


def activate(wanted: Array, grains: Array) -> Array:
    """How much of each grain each frame takes. Shape: ``[bins, frames], [bins, grains] -> [grains, frames]``."""
    scale = max(float(wanted.max()), 1e-12)
    wanted, grains = wanted / scale + 1e-7, grains / max(float(grains.max()), 1e-12) + 1e-7
    rng = np.random.default_rng(0)
    activations = rng.random((grains.shape[1], wanted.shape[1]), dtype=np.float32)
    total = grains.sum(axis=0)[:, None]
    for iteration in range(ITERATIONS):
        sparse = _sparse(activations, np.float32(1 - (iteration + 1) / ITERATIONS))
        activations = sparse * (grains.T @ (wanted / (grains @ sparse + 1e-9))) / total
    return activations


def _sparse(activations: Array, keep: np.float32) -> Array:
    """What is repeated too soon or too much at once, turned down to ``keep``; what continues diagonally, up."""
    first = activations >= maximum_filter1d(activations, 2 * REPETITION + 1, axis=1)
    once = np.where(first, activations, keep * activations)
    bound = np.partition(once, -POLYPHONY, axis=0)[-POLYPHONY] if once.shape[0] > POLYPHONY else 0.0
    few = np.where(once >= bound, once, keep * once)
    padded = np.pad(few, CONTINUITY)
    rows, columns = few.shape
    return sum((padded[k : k + rows, k : k + columns] for k in range(2 * CONTINUITY + 1)), np.zeros_like(few))
