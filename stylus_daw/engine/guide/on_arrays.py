"""The base image of two clips whose notes are known: what training and benchmarks need of the guide."""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import Image, level_db
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.guide.base_image import GuidedStyle, base_image
from stylus_daw.engine.guide.blending import Bed
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.image.row_match import RowMatch
from stylus_daw.engine.image.values import GEOMETRY, to_values
from stylus_daw.engine.notes.note import Transcription
from stylus_daw.engine.progress import ignore


def guide_values(
    content: Clip, plays: Transcription, style: Clip, instrument: Instrument, *, structure: float = 0.0
) -> Image:
    """The blended guide as the net sees it. Shape: ``[bands, frames]``, values -1..1.

    Args:
        content: the content.
        plays: what it plays.
        style: the style.
        instrument: ``Instrument.of(style, transcription)``; make it once for several contents.
        structure: 0..1, from the style's envelopes to the content's.
    """
    content_db, style_db = mel_image(content, GEOMETRY), mel_image(style, GEOMETRY)
    level = level_db(content_db)
    values, other = to_values(content_db, level), to_values(style_db, level_db(style_db))
    bed = Bed.of(content_db, level, style_db, level_db(style_db))
    (rows,) = RowMatch.each(values, [other])
    base = base_image(
        content,
        content_db,
        ContentNotes.of(content_db, plays),
        [GuidedStyle(weight=1.0, instrument=instrument, rows=rows, bed=bed)],
        level=level,
        structure=structure,
        scratch=Scratch(),
        progress=ignore,
    )
    return np.asarray(base.values[:, : content_db.shape[1]], np.float32)
