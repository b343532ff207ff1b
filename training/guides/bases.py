"""The image that the net starts from, as the engine makes it: guide where notes and hits explain, rows elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import level_db
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.checkpoints import mini_image
from stylus_daw.engine.checkpoints.row_match import RowMatch
from stylus_daw.engine.guide.base_image import GuidedStyle, base_image
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.notes.note import Transcription
from stylus_daw.engine.progress import ignore

Values = NDArray[np.float32]


def values_of(clip: Clip) -> Values:
    """A clip as the net sees it. Shape: ``[bands, frames]``."""
    image = mel_image(clip, mini_image.GEOMETRY)
    return mini_image.to_values(image, level_db(image))


def base_values(content: Clip, style: Values, instrument: Instrument, heard: Transcription) -> Values:
    """Guide and row-matched content, blended. Shape: ``[bands, frames]``.

    Args:
        content: as it sounds.
        style: its values.
        instrument: the style's.
        heard: what the content plays.
    """
    own = mel_image(content, mini_image.GEOMETRY)
    level = level_db(own)
    rows = RowMatch.each(mini_image.to_values(own, level), [style])[0]
    base = base_image(
        own,
        ContentNotes.of(own, heard),
        [GuidedStyle(weight=1.0, instrument=instrument, rows=rows)],
        level=level,
        structure=0.0,
        scratch=Scratch(),
        progress=ignore,
    )
    return base.values[:, 0 : own.shape[1]]
