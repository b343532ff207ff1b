"""Guide and row-matched content in one image, without a seam and without a hole. numpy only.

A hole is a moment in which the content sounds and the result hardly does: a note that was not heard, a template that
decays under a long note. In no group of bands may the result lie much lower, against the content, than the style does
on the whole. Where it would, the row-matched content comes up from below, as softly as is just enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.columns import Columns, column_blocks
from stylus_daw.audio.spectrogram import Image, band_edges_hz
from stylus_daw.engine.image.values import GEOMETRY, STATISTICS_FRAMES

Float = NDArray[np.floating]

GROUP_EDGES_HZ = (250.0, 1_000.0, 4_000.0)
"""Between lows, lower and upper mids, highs: in none of them may a sounding content fall silent."""
BED_DB, SURE_BED_DB = -13.0, -16.0
"""What the result keeps at least, re the content in the style's colour: where nothing is explained, and where all is,
so that a style's own decay is heard. `bench.hearing.holes` counts from -20."""
SOUNDING_DB, SILENT_DB = -40.0, -46.0
"""Re the content's level: where a group of bands sounds, and where it does not."""


def blended(guide: Float, rows: Float, explained: Float) -> Float:
    """Power of guide and row-matched content, each by its share. Shape: ``[bands, frames]`` all."""
    return explained * guide + (1.0 - explained) * rows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bed:
    """How soft the result may become.

    Attributes:
        level: the content's, as power.
        colour: power that the style has in each group of bands against the content, at most 1. Shape: ``[groups, 1]``.
    """

    level: float
    colour: Float

    @classmethod
    def of(cls, content: Image | Columns, level_db: float, style: Image, style_level_db: float) -> Bed:
        """From mel images in dB and their levels; reads the content block by block."""
        ours = _mean_groups(content, level_db)
        theirs = _mean_groups(style, style_level_db)
        return cls(level=10.0 ** (level_db / 10.0), colour=np.minimum(theirs / ours, 1.0))

    def under(self, power: Float, rows: Float, content: Float, firmness: Float) -> Float:
        """The power with the bed under it. Shape: ``[bands, frames]``.

        Args:
            power: the result. Shape: ``[bands, frames]``.
            rows: the row-matched content, of which the bed is made. The same shape.
            content: power of the content. The same shape.
            firmness: see :func:`firmness`. Shape: ``[groups, frames]``.
        """
        groups = band_groups()
        there, sounds = groups @ power, groups @ content
        share = np.clip((_db(sounds / self.level) - SILENT_DB) / (SOUNDING_DB - SILENT_DB), 0.0, 1.0)
        least = sounds * self.colour * share * firmness
        missing = np.maximum(least - there, 0.0) / np.maximum(groups @ rows, 1e-14)
        return power + (groups.T @ missing.astype(np.float32)) * rows


def firmness(explained: Float, replaced: Float, content: Float) -> Float:
    """How much of the content's power the bed keeps. Shape: ``[bands, frames]`` all -> ``[groups, frames]``.

    Hits need none: how long a drum rings is the style's to say.

    Args:
        explained: share of the content in each band.
        replaced: that of the hits alone.
        content: power of the content.
    """
    groups = band_groups()
    whole = groups @ content + np.float32(1e-14)
    sure, struck = groups @ (explained * content) / whole, groups @ (replaced * content) / whole
    kept = 10.0 ** ((BED_DB + (SURE_BED_DB - BED_DB) * sure) / 10.0) * (1.0 - np.minimum(struck, 1.0))
    return kept.astype(np.float32)


class Colours:
    """Listens to a content and a result, block by block, and gives the bed of that result.

    Args:
        level_db: the content's.
    """

    def __init__(self, level_db: float) -> None:
        self._level = 10.0 ** (level_db / 10.0)
        self._content, self._result = (np.zeros((len(band_groups()), 1)) for _ in range(2))

    def add(self, content: Float, result: Float) -> None:
        """Power of both. Shape: ``[bands, frames]``."""
        ours, theirs = band_groups() @ content, band_groups() @ result
        sounds = ours > self._level * 10.0 ** (SOUNDING_DB / 10.0)
        self._content += (ours * sounds).sum(axis=1, keepdims=True)
        self._result += (theirs * sounds).sum(axis=1, keepdims=True)

    def bed(self, factor: float) -> Bed:
        """For the result at ``factor`` times its power."""
        share = factor * self._result / np.maximum(self._content, 1e-20)
        return Bed(level=self._level, colour=np.minimum(share, 1.0).astype(np.float32))


@lru_cache(maxsize=1)
def band_groups() -> Float:
    """Which band belongs to which group. Shape: ``[groups, bands]``, one 1 in each column."""
    group = np.searchsorted(GROUP_EDGES_HZ, band_edges_hz(GEOMETRY)[1:-1], side="right")
    return np.eye(len(GROUP_EDGES_HZ) + 1, dtype=np.float32)[:, group]


def _mean_groups(image_db: Image | Columns, level_db: float) -> Float:
    """Mean power of each group over the frames that sound, re the level. Shape: ``[groups, 1]``."""
    total, count = np.zeros((len(band_groups()), 1)), 0
    for block in column_blocks(image_db, STATISTICS_FRAMES):
        power = 10.0 ** ((block - level_db) / 10.0)
        heard = power[:, power.sum(axis=0) > 10.0 ** (SOUNDING_DB / 10.0)]
        total += (band_groups() @ heard).sum(axis=1, keepdims=True)
        count += heard.shape[1]
    return (total / max(1, count) + 1e-9).astype(np.float32)


def _db(power: Float) -> Float:
    return 10.0 * np.log10(power + 1e-14)
