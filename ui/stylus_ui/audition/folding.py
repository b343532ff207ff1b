"""Folding: any channel count onto the one or two loudspeakers that audition uses."""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.clip import Samples

_HALF = float(np.sqrt(0.5))
_TO_STEREO = {
    1: ((1.0,), (1.0,)),
    2: ((1.0, 0.0), (0.0, 1.0)),
    3: ((1, 0, _HALF), (0, 1, _HALF)),
    4: ((1, 0, _HALF, 0), (0, 1, 0, _HALF)),
    5: ((1, 0, _HALF, _HALF, 0), (0, 1, _HALF, 0, _HALF)),
    6: ((1, 0, _HALF, 0, _HALF, 0), (0, 1, _HALF, 0, 0, _HALF)),
    7: ((1, 0, _HALF, 0, _HALF / 2, _HALF, 0), (0, 1, _HALF, 0, _HALF / 2, 0, _HALF)),
    8: ((1, 0, _HALF, 0, _HALF, 0, _HALF, 0), (0, 1, _HALF, 0, 0, _HALF, 0, _HALF)),
}
"""Rows left and right, by channel count in WAVE order (ITU-R BS.775-3, annex 4: surrounds at -3 dB, no LFE)."""


def to_stereo(samples: Samples) -> Samples:
    """Left and right; stereo stays bit for bit. Shape: ``[1 to 8, frames]`` to ``[2, frames]``.

    >>> to_stereo(np.ones((1, 4), np.float32)).shape
    (2, 4)
    """
    channels = samples.shape[0]
    if channels == 2:
        return samples
    if channels == 1:
        return np.repeat(samples, 2, axis=0)
    return np.array(_TO_STEREO[channels], np.float32) @ samples


def to_device(stereo: Samples, channels: int) -> Samples:
    """What a device with so many channels gets: their mean on one, silence beyond two.

    Shape: ``[2, frames]`` to ``[channels, frames]``.
    """
    if channels == 1:
        return stereo.mean(axis=0, keepdims=True, dtype=np.float32)
    if channels == 2:
        return stereo
    return np.concatenate([stereo, np.zeros((channels - 2, stereo.shape[1]), np.float32)])
