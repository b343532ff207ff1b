"""A region and its styles as a checkpoint finds them when it makes a guide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.columns import Columns
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.share import Shared


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeardStyle:
    """A style.

    Attributes:
        weight: its share of the blend; sum 1.
        clip: as it sounds, at its own tempo.
        values: its image values, in time with the session where that is asked for, ``[bands, any]``.
    """

    weight: float
    clip: Clip
    values: Image


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeardRegion:
    """A content.

    Attributes:
        content: as it sounds.
        content_db: its mel image, ``[bands, frames]``.
        level: of that image on the checkpoint's scale, dB.
        styles: in the order of the request.
        heard: what other machines heard of it already.
    """

    content: Sound
    content_db: Columns
    level: float
    styles: Sequence[HeardStyle]
    heard: Shared | None = None
