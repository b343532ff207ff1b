"""Loudness estimated from a mel image: by how much a gain changes the LUFS of a clip, without making the clip.

The K-weighting, blocks and gates of ITU-R BS.1770-4, on band powers instead of samples. It is good for differences
between two images of one clip; `bench/controls/controls.md` shows how close they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyloudnorm import IIRfilter

from stylus_daw.audio.spectrogram import Image, MelGeometry, band_edges_hz

_RATE = 48_000  # Hz: BS.1770-4 gives its filters at this rate; any high rate would do for their response
_BLOCK_MS = 400  # ms: BS.1770-4, a gating block
_STEP_MS = 100  # ms: BS.1770-4, blocks overlap by 75 %
_ABSOLUTE_GATE_LUFS = -70.0  # BS.1770-4
_RELATIVE_GATE_LU = -10.0  # BS.1770-4, below the mean of what passes the absolute gate
_OFFSET_LU = -0.691  # BS.1770-4, equation 2: a full-scale 997 Hz sine in one channel measures -3.01 LUFS
_SMALLEST_POWER = 1e-30  # full scale squared, -300 LUFS: keeps the logarithm of silence finite

Powers = NDArray[np.float64]


def frame_powers(mel_db: Image, geometry: MelGeometry) -> Powers:
    """K-weighted power of each frame. Shape: ``[bands, frames] -> [frames]``."""
    return k_weights(geometry) @ (10.0 ** (mel_db.astype(np.float64) / 10.0))


def integrated(powers: Powers, hop_ms: int) -> float:
    """Gated loudness in LUFS, up to a constant; ``-inf`` where nothing passes the gate. Shape: ``[frames]``."""
    blocks = _block_powers(powers, _BLOCK_MS // hop_ms, _STEP_MS // hop_ms)
    heard = blocks[_lufs(blocks) > _ABSOLUTE_GATE_LUFS]
    if not heard.size:
        return -np.inf
    kept = heard[_lufs(heard) > _lufs(heard.mean()) + _RELATIVE_GATE_LU]
    return float(_lufs(kept.mean()))


def k_weights(geometry: MelGeometry) -> Powers:
    """Power gain of the K-weighting at the centre of each band. Shape: ``[bands]``."""
    centres = band_edges_hz(geometry)[1:-1]
    shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, _RATE, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, _RATE, "high_pass")
    delay = np.exp(-2j * np.pi * centres / _RATE)
    return np.prod([np.abs(_response(one, delay)) ** 2 for one in (shelf, high_pass)], axis=0)


def _response(biquad: IIRfilter, delay: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Transfer function where one sample of delay is ``delay``. Shape: ``[frequencies]``, kept."""
    return np.polyval(biquad.b[::-1], delay) / np.polyval(biquad.a[::-1], delay) * biquad.passband_gain


def _block_powers(powers: Powers, width: int, step: int) -> Powers:
    """Mean power of overlapping blocks; a short clip is one block. Shape: ``[frames] -> [blocks]``."""
    if powers.size <= width:
        return powers.mean(keepdims=True)
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    firsts = np.arange(0, powers.size - width + 1, step)
    return np.maximum(sums[firsts + width] - sums[firsts], 0.0) / width


def _lufs(power: Powers | float) -> Powers:
    """Loudness of a weighted power. Shape: kept."""
    return _OFFSET_LU + 10.0 * np.log10(np.maximum(power, _SMALLEST_POWER))
