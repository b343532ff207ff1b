"""The style's hits as they sound: cut out of it, each from its own attack to the next one's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from stylus_daw.audio.attacks import BEFORE_STEPS, STEP_S, half_cosine, steepest_rise
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import apply_gain
from stylus_daw.audio.sound import Sound
from stylus_daw.engine.guide.templates.strokes import ATTACK_FRAMES, LONGEST
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.notes.note import HOP_S

Float = NDArray[np.floating]

AROUND_BANDS, AROUND_FRAMES = 5, 3
"""Over which the share of the hits is taken: a finer one would flutter."""
LEAST_DB = -60.0
SEARCHED_S = 0.025
"""How far from where a hit was heard its attack is searched."""
RISE_S, FADE_S = 0.0003, 0.012
"""Over which a hit comes in from its attack on, so that what rang before is not heard; over which it goes out."""
OPPOSED = 0.25
"""Power of the channels' mean re theirs, below which they cancel: then the louder one is taken."""


def struck_alone(style: Clip, struck: Float, power: Float) -> Clip:
    """What the style's hits sound like without the rest; one channel.

    Args:
        style: as it sounds.
        struck: power of its hits, ``[bands, frames]``.
        power: of all of it, the same shape.
    """
    size = (AROUND_BANDS, AROUND_FRAMES)
    smooth = [uniform_filter(np.asarray(image, np.float32), size) for image in (struck, power)]  # pyright: ignore[reportArgumentType] (its stub knows ints only)
    share = np.clip(smooth[0] / (smooth[1] + np.float32(1e-14)), 10.0 ** (LEAST_DB / 10.0), 1.0)
    return apply_gain(_mono(style), np.asarray(10.0 * np.log10(share), np.float32), GEOMETRY)


def hit_sounds(alone: Clip, spans: Sequence[tuple[int, int]]) -> list[Float]:
    """The hits one by one, from their attacks on. Shape: each ``[samples]``.

    Args:
        alone: see :func:`struck_alone`.
        spans: frames at which each of them and its successor begin.
    """
    return [_cut(alone, *span) for span in spans]


def attack_of(sound: Sound, onset: int) -> int:
    """The sample on which the attack of a hit begins that was heard in frame ``onset``."""
    low = max(0, round((onset * HOP_S - SEARCHED_S) * sound.rate))
    end = min(sound.length, round((onset * HOP_S + SEARCHED_S) * sound.rate))
    step = round(STEP_S * sound.rate)
    past = min(low // step, BEFORE_STEPS) * step
    return low + steepest_rise(sound.read(low - past, past + end - low), sound.rate, past) if low < end else low


def _cut(alone: Clip, onset: int, following: int) -> Float:
    rate, heard = alone.rate, alone.samples[0]
    begin = attack_of(alone, onset)
    end = min(round(min(following - ATTACK_FRAMES, onset + LONGEST) * HOP_S * rate), heard.size)
    part = _rung_on(heard[begin:end], round(LONGEST * HOP_S * rate))
    rise, fade = min(round(RISE_S * rate), part.size), min(round(FADE_S * rate), part.size // 2)
    part[:rise] *= half_cosine(rise)
    part[part.size - fade :] *= half_cosine(fade)[::-1]
    return part


def _rung_on(part: Float, length: int) -> Float:
    """Up to that length, its last third back and forth, each time softer. Shape: ``[samples]``."""
    size, missing = part.size // 3, length - part.size
    if missing <= 0 or not size:
        return part[:length].copy()
    last, before = part[part.size - size :], part[: 2 * size]
    fell = np.sqrt((np.square(last).mean() + 1e-12) / (np.square(before).reshape(2, -1).mean(axis=1).max() + 1e-12))
    factor = np.clip(fell, 0.02, 0.8) ** (np.arange(1, missing + 1) / (1.5 * size))
    there_and_back = np.concatenate([last[::-1], last])
    walks = -(-missing // there_and_back.size)
    return np.concatenate([part, np.tile(there_and_back, walks)[:missing] * factor.astype(np.float32)])


def _mono(style: Clip) -> Clip:
    mean = style.samples.mean(axis=0, keepdims=True)
    powers = np.square(style.samples, dtype=np.float64).mean(axis=1)
    if np.square(mean, dtype=np.float64).mean() < OPPOSED * powers.mean():
        loudest = int(powers.argmax())
        mean = style.samples[loudest : loudest + 1]
    return Clip(samples=np.ascontiguousarray(mean), rate=style.rate)
