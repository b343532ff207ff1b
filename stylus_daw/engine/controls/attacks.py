"""The transients control: the gain holds still at the content's attacks, so that they keep their shape.

A gain that moves with an attack blurs it. Around each attack, band by band, the gain is pulled from what the
model asks for towards its own slow course, in which loud moments count most: the tone stays the style's, the
rise the content's (decision 0013). Works on blocks; see `CONTEXT_FRAMES`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d, maximum_filter1d

from stylus_daw.audio.spectrogram import Image

# By trial, not swept (decision 0013); `bench/controls/controls.md` measures what the control does.
FLUX_FRAMES = 3  # frames of 10 ms over which a rise is measured: the window of 50 ms spreads it over about that
QUIET_DB = 4.0  # dB of rise within `FLUX_FRAMES` that is not an attack at all
CLEAR_DB = 12.0  # dB of rise that is fully one
RANGE_DB = 60.0  # dB below the region's loudest band: softer sound does not count
BEFORE_FRAMES, AFTER_FRAMES = 2, 5  # frames around a rise in which the gain holds: 20 ms before, 50 ms after
EDGE = np.array([0.25, 0.5, 0.25], np.float32)  # smooths over neighbouring bands and frames
SLOW_FRAMES = 30  # frames on either side of the slow course: 600 ms (decision 0013)
CONTEXT_FRAMES = SLOW_FRAMES + BEFORE_FRAMES + AFTER_FRAMES + FLUX_FRAMES
"""Frames on each side of a block on which its inner frames depend."""


def attacks(content_db: Image, loudest_db: float) -> Image:
    """How clearly a frame is at an attack, 0..1, held from 20 ms before to 50 ms after a rise, with soft edges.

    Shape: ``[bands, frames]``, kept; frames of 10 ms.

    Args:
        content_db: mel image.
        loudest_db: highest level of the whole region; levels more than 60 dB below it are ignored.
    """
    heard = np.maximum(content_db, np.float32(loudest_db - RANGE_DB))
    before = np.pad(heard, ((0, 0), (FLUX_FRAMES, 0)), mode="edge")[:, : heard.shape[1]]
    rise = convolve1d(heard - before, EDGE, axis=0, mode="nearest")
    surely = np.clip((rise - QUIET_DB) / (CLEAR_DB - QUIET_DB), 0.0, 1.0).astype(np.float32)
    width = BEFORE_FRAMES + AFTER_FRAMES + 1
    # scipy centres an even window half a frame late; a positive origin moves it to the past
    held = maximum_filter1d(surely, width, axis=1, mode="constant", origin=AFTER_FRAMES - width // 2)
    return np.asarray(convolve1d(held, EDGE, axis=1, mode="nearest"), np.float32)


def steadied(gain_db: Image, content_db: Image, amount: float, loudest_db: float) -> Image:
    """The gain, pulled towards its slow course at attacks. Shape: ``[bands, frames]`` all.

    Args:
        gain_db, content_db: of the same frames.
        amount: 0..1.
        loudest_db: see `attacks`.
    """
    pull = np.float32(amount) * attacks(content_db, loudest_db)
    return np.asarray(gain_db + pull * (slow_course(gain_db, content_db, loudest_db) - gain_db), np.float32)


def slow_course(gain_db: Image, content_db: Image, loudest_db: float) -> Image:
    """Mean of the gain over 600 ms, weighted by each frame's amplitude. Shape: ``[bands, frames]`` all."""
    weight = 10.0 ** (np.maximum(content_db - loudest_db, -RANGE_DB) / 20.0)
    window = _window()
    total = convolve1d(weight * gain_db, window, axis=1, mode="constant")
    return (total / convolve1d(weight, window, axis=1, mode="constant")).astype(np.float32)


def _window() -> NDArray[np.float32]:
    """Hann. Shape: ``[2 * SLOW_FRAMES + 1]``."""
    return np.hanning(2 * SLOW_FRAMES + 3)[1:-1].astype(np.float32)
