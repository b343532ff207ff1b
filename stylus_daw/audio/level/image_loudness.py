"""Loudness as a mel image shows it: how much a gain changes the LUFS of a clip, without making the clip.

The K-weighting, blocks and gates of ITU-R BS.1770-4 on powers of bands instead of samples. Differences between two
images of one clip are what it is good for; `bench/controls.md` tells how near they come.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pyloudnorm import IIRfilter

from stylus_daw.audio.spectrogram import Image, MelGeometry, band_edges_hz

_RATE = 48_000
_BLOCK_MS, _STEP_MS = 400, 100
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU, _OFFSET_LU = -70.0, -10.0, -0.691

Powers = NDArray[np.float64]


def frame_powers(mel_db: Image, geometry: MelGeometry) -> Powers:
    """K-weighted power of each frame. Shape: ``[bands, frames] -> [frames]``."""
    return k_weights(geometry) @ (10.0 ** (mel_db.astype(np.float64) / 10.0))


def integrated(powers: Powers, hop_ms: int) -> float:
    """Gated loudness in LUFS, but for a constant; ``-inf`` where nothing passes the gate. Shape: ``[frames]``."""
    blocks = _block_powers(powers, _BLOCK_MS // hop_ms, _STEP_MS // hop_ms)
    heard = blocks[_lufs(blocks) > _ABSOLUTE_GATE_LUFS]
    if not heard.size:
        return -np.inf
    kept = heard[_lufs(heard) > _lufs(heard.mean()) + _RELATIVE_GATE_LU]
    return float(_lufs(kept.mean()))


def k_weights(geometry: MelGeometry) -> Powers:
    """Gain in power of the K-weighting at the centre of each band. Shape: ``[bands]``."""
    centres = band_edges_hz(geometry)[1:-1]
    shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, _RATE, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, _RATE, "high_pass")
    delay = np.exp(-2j * np.pi * centres / _RATE)
    return np.prod([np.abs(_response(one, delay)) ** 2 for one in (shelf, high_pass)], axis=0)


def _response(biquad: IIRfilter, delay: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Transfer function where one sample of delay is ``delay``."""
    return np.polyval(biquad.b[::-1], delay) / np.polyval(biquad.a[::-1], delay) * biquad.passband_gain


def _block_powers(powers: Powers, width: int, step: int) -> Powers:
    """Mean power of overlapping blocks; a short clip is one block."""
    if powers.size <= width:
        return powers.mean(keepdims=True)
    sums = np.concatenate([[0.0], np.cumsum(powers)])
    firsts = np.arange(0, powers.size - width + 1, step)
    return np.maximum(sums[firsts + width] - sums[firsts], 0.0) / width


def _lufs(power: Powers | float) -> Powers:
    return _OFFSET_LU + 10.0 * np.log10(np.maximum(power, 1e-30))
