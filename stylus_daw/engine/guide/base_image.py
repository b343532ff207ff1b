"""The base image of a render: every style's guide and row-matched content, blended; made block by block into a spool.

Whatever net comes on top, :meth:`BaseImage.kept_sounding` then closes the holes that it may have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.columns import Columns, Mapped
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import POWER_FLOOR, Image, frame_powers, gated_level_db
from stylus_daw.audio.spool import Scratch, Spool
from stylus_daw.engine.guide.blending import Bed, Colours, band_groups, blended, firmness
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.kit_sound import KitSound
from stylus_daw.engine.image.values import to_decibels, to_values
from stylus_daw.engine.progress import ReportProgress

Float = NDArray[np.floating]
Rows = Callable[[Image], Image]
"""Row-matched values of content values. Shape kept."""

BLOCK_FRAMES = 1024
STAGE = "playing the notes"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidedStyle:
    """A style as a base image needs it: weight (sum 1), what it plays with, how it matches rows, how soft it may be."""

    weight: float
    instrument: Instrument
    rows: Rows
    bed: Bed


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BaseImage:
    """Guide and rows of all styles.

    Attributes:
        content_db: the content's mel image.
        level: its level, dB.
        values: the base, on the scale of image values, ``[bands, frames]``.
        firmness: of the bed, for all styles together, ``[groups, frames]``.
        styles: of which it was made.
        bed: how soft a result on top of it may become.
        struck: share of the base's power that the styles' hits are, ``[bands, frames]``; None without any.
        kit: those hits as they sound; None without any.
    """

    content_db: Columns
    level: float
    values: Columns
    firmness: Columns
    styles: Sequence[GuidedStyle]
    bed: Bed
    struck: Spool | None = None
    kit: KitSound | None = None

    @property
    def told(self) -> Mapping[str, str]:
        """What of the styles was used, for provenance."""
        notes, hits = (sum(getattr(style.instrument, name) for style in self.styles) for name in ("notes", "hits"))
        return {"style_notes": str(notes), "style_hits": str(hits)}

    def kept_sounding(self, values: Image, first: int) -> Image:
        """The values of a result's frames from ``first``, without holes. Shape kept."""
        span = slice(first, first + values.shape[1])
        content_db, firm = self.content_db[:, span], self.firmness[:, span]
        content, power = _power(content_db), _power(to_decibels(values, self.level))
        rows = sum(np.float32(style.weight) * _rows(style, content_db, self.level) for style in self.styles)
        under = self.bed.under(power, np.asarray(rows), content, np.asarray(firm))
        return np.maximum(values, to_values(_decibels(under), self.level))


def base_image(
    sound: Sound,
    content_db: Columns,
    content: ContentNotes,
    styles: Sequence[GuidedStyle],
    *,
    level: float,
    structure: float,
    scratch: Scratch,
    progress: ReportProgress,
) -> BaseImage:
    """The base of a whole content; its own level is that of the content.

    Args:
        sound: the content.
        content_db: its mel image in dB, ``[bands, frames]``.
        content: what it plays.
        styles: with their weights.
        level: of the content, dB.
        structure: 0..1, from the styles' envelopes to the content's.
        scratch: where the base lies meanwhile.
        progress: told at every block; may raise JobCancelled.
    """
    guides = [Guide.of(content_db, content, style.instrument, structure) for style in styles]
    spool, firm_spool = scratch.spool(content_db.shape[0]), scratch.spool(len(band_groups()))
    hits = scratch.spool(content_db.shape[0]) if any(guide.strokes for guide in guides) else None
    levels, colours = [], Colours(level)
    for first, block, struck, firm in _blocks(content_db, guides, styles, level):
        spool.append(block)
        if hits is not None:
            hits.append(struck)
        firm_spool.append(firm)
        levels.append(frame_powers(block))
        colours.add(_power(content_db[:, first : first + block.shape[1]]), _power(block))
        progress((first + block.shape[1]) / content_db.shape[1], STAGE)
    own = gated_level_db(np.concatenate(levels))
    values = Mapped(image=spool, function=lambda image: to_values(image, own))
    bed = colours.bed(10.0 ** ((level - own) / 10.0))
    weighted = zip((style.weight for style in styles), guides, strict=True)
    return BaseImage(
        content_db=content_db,
        level=level,
        values=values,
        firmness=firm_spool,
        styles=styles,
        bed=bed,
        struck=hits,
        kit=KitSound.of(sound, weighted, 10.0 ** ((level - own) / 20.0)) if hits is not None else None,
    )


def _blocks(
    content_db: Columns, guides: Sequence[Guide], styles: Sequence[GuidedStyle], level: float
) -> Iterator[tuple[int, Image, Float, Float]]:
    """First frame, image in dB, the hits' share of it, and how firm the bed is, ``[groups, any]``."""
    for first in range(0, content_db.shape[1], BLOCK_FRAMES):
        content = content_db[:, first : first + BLOCK_FRAMES]
        power, total = _power(content), np.zeros(content.shape, np.float32)
        struck = np.zeros_like(total)
        firm_of_all = np.zeros((len(band_groups()), content.shape[1]), np.float32)
        for guide, style in zip(guides, styles, strict=True):
            drawn = guide.block(first, content.shape[1])
            rows = _rows(style, content, level)
            firm = firmness(drawn.explained, drawn.replaced, power)
            made = blended(drawn.power, rows, drawn.explained)
            total += np.float32(style.weight) * style.bed.under(made, rows, power, firm)
            struck += np.float32(style.weight) * drawn.explained * drawn.struck
            firm_of_all += np.float32(style.weight) * firm
        yield first, _decibels(total), np.minimum(struck / (total + np.float32(1e-14)), 1.0), firm_of_all


def _rows(style: GuidedStyle, content_db: Image, level: float) -> Float:
    return _power(to_decibels(style.rows(to_values(content_db, level)), level))


def _power(image_db: Image) -> Float:
    return np.asarray(10.0 ** (image_db / 10.0), np.float32)


def _decibels(power: Float) -> Image:
    return np.asarray(10.0 * np.log10(np.maximum(power, POWER_FLOOR)), np.float32)
