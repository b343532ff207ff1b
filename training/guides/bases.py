"""The image that the net starts from, as the engine makes it: guide where notes and hits explain, rows elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import level_db
from stylus_daw.engine.checkpoints import mini_image
from stylus_daw.engine.checkpoints.mini import _RowMatch
from stylus_daw.engine.guide import blending
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.notes.note import Transcription

Values = NDArray[np.float32]


def values_of(clip: Clip) -> Values:
    """A clip as the net sees it. Shape: ``[bands, frames]``."""
    image = mel_image(clip, mini_image.GEOMETRY)
    return mini_image.to_values(image, level_db(image))


def base_values(content: Clip, style: Clip, instrument: Instrument, heard: Transcription) -> Values:
    """Guide and row-matched content, blended, at the level of a clip. Shape: ``[bands, frames]``."""
    own = mel_image(content, mini_image.GEOMETRY)
    level = level_db(own)
    rows = _rows(mini_image.to_values(own, level), values_of(style), level)
    drawing = Guide.of(own, ContentNotes.of(own, heard), instrument, 0.0).block(0, own.shape[1])
    decibels = 10 * np.log10(np.maximum(blending.blended(drawing.power, rows, drawing.explained), 1e-12))
    return mini_image.to_values(decibels.astype(np.float32), level_db(decibels))


def _rows(content: Values, style: Values, level: float) -> Values:
    """Power of the row-matched content. Shape: ``[bands, frames]``."""
    matched = _RowMatch.of(content, [(1.0, style)])(content)
    return np.asarray(10 ** (mini_image.to_decibels(matched, level) / 10), np.float32)
