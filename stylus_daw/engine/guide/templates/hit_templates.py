"""The style's hits, and which of them plays a hit of the content. numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.guide.templates.drums import drums_of
from stylus_daw.engine.guide.templates.hit_sounds import hit_sounds
from stylus_daw.engine.guide.templates.strokes import ATTACK_FRAMES, LONGEST, PEAK_FRAMES, spans, stroke
from stylus_daw.engine.notes.note import Hit

Float = NDArray[np.floating]

GROUPS = 16
"""Groups of bands in which hits are compared."""
RANGE_DB = 40.0
"""Below its loudest group a hit has no colour."""
SHORTEST = 8
"""80 ms: a template that is cut sooner by its successor tells nothing of its decay."""
MOST = 64
PURE_FRAMES = 8
MIXED, PURE = 0.6, 0.9
"""Share of a hit's first 60 ms that is its own: of one that drowns in notes, and of one that is alone."""
SLOWEST_DB, FASTEST_DB = -0.15, -2.0
"""What a cut template loses per frame, dB."""
DRUM_COST_DB = np.array([20.0, 20.0, 10.0, 6.0, 8.0, 8.0])
"""What it costs that a drum (of `DRUMS`) is in one of two hits only."""
RANK_COST_DB, LEVEL_COST = 4.0, 0.3
ALIKE_DB, STRANGE_DB = 16.0, 25.0
"""Mean distance of two colours: of hits that may replace each other, and of hits that have nothing in common."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Colour:
    """What a hit sounds like.

    Attributes:
        profile_db: power in ``GROUPS`` groups of bands re its loudest.
        level_db: of the hit.
        drums: how surely each of `DRUMS` is part of it, 0..1.
    """

    profile_db: Float
    level_db: float
    drums: Float

    @classmethod
    def each(cls, images: Sequence[Float]) -> list[Colour]:
        """From their own mel power, ``[bands, any]`` each, from two frames before the onset."""
        return [cls.of(image, drums) for image, drums in zip(images, drums_of(images), strict=True)]

    @classmethod
    def of(cls, image: Float, drums: Float) -> Colour:
        """Of a hit whose drums are known."""
        early = image[:, : ATTACK_FRAMES + PEAK_FRAMES + 2].mean(axis=1)
        groups = early.reshape(GROUPS, -1).sum(axis=1) + 1e-12
        profile = 10.0 * np.log10(groups / groups.max())
        level_db = float(10.0 * np.log10(early.sum() + 1e-12))
        return cls(profile_db=np.maximum(profile, -RANGE_DB), level_db=level_db, drums=drums)

    @property
    def brightness(self) -> float:
        """Centre of its power, in groups."""
        weights = 10.0 ** (self.profile_db / 10.0)
        return float((weights * np.arange(GROUPS)).sum() / weights.sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HitTemplate:
    """One hit of the style.

    Attributes:
        image: its own mel power from two frames before its onset, ``[bands, frames]``.
        colour: of it.
        sound: of it, at the style's rate, from its attack on. ``[samples]``.
        purity: 0..1, how far nothing else sounds with it.
    """

    image: Float
    colour: Colour
    sound: Float
    purity: float

    def played(self, first: int, count: int) -> Float:
        """``count`` frames from ``first``, 0 being its onset; zeros outside. Shape: ``[bands, count]``."""
        out = np.zeros((len(self.image), count), np.float32)
        begin = first + ATTACK_FRAMES
        low, high = max(0, begin), min(begin + count, self.image.shape[1])
        if low < high:
            out[:, low - begin : high - begin] = self.image[:, low:high]
        return out


def hit_templates(power: Float, whole: Float, alone: Clip, hits: Sequence[Hit]) -> list[HitTemplate]:
    """The style's usable hits, at most 64, spread over it.

    Args:
        power: mel power without the notes, ``[bands, frames]``.
        whole: with them, the same shape.
        alone: what the hits sound like (`hit_sounds.struck_alone`).
        hits: of it.
    """
    usable = [span for span in spans(hits, power.shape[1]) if span[1] - span[0] >= SHORTEST]
    if len(usable) > MOST:
        usable = [usable[i] for i in np.linspace(0, len(usable) - 1, MOST).round().astype(int)]
    images = [stroke(power, *span) for span in usable]
    starts = [max(0, onset - ATTACK_FRAMES) for onset, _ in usable]
    pure = [_purity(image, whole[:, start:]) for image, start in zip(images, starts, strict=True)]
    made = zip(images, Colour.each(images), hit_sounds(alone, usable), pure, strict=True)
    return [HitTemplate(image=_ringing(i), colour=c, sound=s, purity=p) for i, c, s, p in made if i.max() > 0.0]


def _purity(own: Float, there: Float) -> float:
    """How far a hit is alone while it is loudest, 0..1. Shape: ``[bands, frames]``, and at least as many frames."""
    frames = min(PURE_FRAMES, own.shape[1])
    share = float(own[:, :frames].sum() / (there[:, :frames].sum() + 1e-12))
    return float(np.clip((share - MIXED) / (PURE - MIXED), 0.0, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kit:
    """All hit templates of a style, ready to be chosen from."""

    templates: Sequence[HitTemplate]
    rate: int

    def chosen(self, colours: Sequence[Colour]) -> list[tuple[int, float]]:
        """For each hit of the content the index of the most similar template, and how well it may stand for it, 0..1.

        One that sounds together with notes brings their sound along, so the content keeps its own.
        """
        if not colours:
            return []
        ours, theirs = list(colours), [template.colour for template in self.templates]
        apart = np.abs(_profiles(ours)[:, None] - _profiles(theirs)[None]).mean(axis=2)
        drums = (DRUM_COST_DB * np.abs(_drums(ours)[:, None] - _drums(theirs)[None])).sum(axis=2)
        ranks = np.abs(_ranks(ours)[:, None] - _ranks(theirs)[None])
        levels = np.abs(_levels(ours)[:, None] - _levels(theirs)[None])
        best = (drums + apart + RANK_COST_DB * ranks + LEVEL_COST * levels).argmin(axis=1)
        likeness = np.clip((STRANGE_DB - apart[np.arange(len(best)), best]) / (STRANGE_DB - ALIKE_DB), 0.0, 1.0)
        likeness *= np.array([template.purity for template in self.templates])[best]
        return list(zip(best.tolist(), likeness.tolist(), strict=True))


def _profiles(colours: Sequence[Colour]) -> Float:
    return np.stack([colour.profile_db for colour in colours])


def _drums(colours: Sequence[Colour]) -> Float:
    return np.stack([colour.drums for colour in colours])


def _ranks(colours: Sequence[Colour]) -> NDArray[np.float64]:
    """Share of hits that are darker, 0..1."""
    brightness = np.array([colour.brightness for colour in colours])
    return (brightness[:, None] > brightness[None] + 0.25).mean(axis=1)


def _levels(colours: Sequence[Colour]) -> NDArray[np.float64]:
    """Re the median of all, dB."""
    levels = np.array([colour.level_db for colour in colours])
    return levels - np.median(levels)


def _ringing(image: Float) -> Float:
    """A template that its successor cut goes on falling as it fell."""
    frames = image.shape[1]
    missing = LONGEST - frames
    if missing <= 0:
        return image
    peak = min(frames - 1, ATTACK_FRAMES + PEAK_FRAMES)
    fell = 10.0 * np.log10((image[:, -3:].mean(axis=1) + 1e-12) / (image[:, : peak + 1].max(axis=1) + 1e-12))
    slope = np.clip(fell / max(1, frames - peak), FASTEST_DB, SLOWEST_DB)
    tail = image[:, -3:].mean(axis=1, keepdims=True) * 10.0 ** (slope[:, None] * np.arange(1, missing + 1) / 10.0)
    return np.concatenate([image, tail.astype(np.float32)], axis=1)
