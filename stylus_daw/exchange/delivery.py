"""A stem as WAV or FLAC of a chosen word length: for hosts, stores and people that ask for 16 or 24 bits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import numpy as np

from stylus_daw.audio.files import Provenance, opened_sound, sha256_of
from stylus_daw.audio.formats.chunks import ixml, riff
from stylus_daw.audio.formats.chunks.bext import Bext
from stylus_daw.audio.formats.flac import write_flac
from stylus_daw.audio.sound import Sound, pieces
from stylus_daw.audio.spool import Scratch
from stylus_daw.audio.word_length import Fit, Integers, fit_of, integers
from stylus_daw.errors import RequestError
from stylus_daw.exchange.files import writing
from stylus_daw.exchange.placed import PlacedStem

FLOAT_BITS = 32
"""32 bits are floating point; fewer are integers."""


class Container(StrEnum):
    """The kind of file."""

    WAV = "wav"
    FLAC = "flac"


ALLOWED_BITS = {Container.WAV: (16, 24, FLOAT_BITS), Container.FLAC: (16, 24)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is asked for.

    Attributes:
        container: kind of file.
        bits: of a sample.

    Raises:
        RequestError: ``export.bits``: the container does not hold samples of this length.
    """

    container: Container
    bits: int

    def __post_init__(self) -> None:
        allowed = ALLOWED_BITS[self.container]
        if self.bits not in allowed:
            said = ", ".join(map(str, allowed))
            text = f"{self.bits} bits cannot be written as {self.container.value}; allowed: {said}. Choose one of them."
            raise RequestError("export.bits", text)


def write_delivery(stem: PlacedStem, target: Path, delivery: Delivery, scratch: Scratch | None = None) -> None:
    """Write the stem anew: same rate, channels, length and position. The same stem gives the same file.

    Integers are dithered (:func:`~stylus_daw.audio.word_length.integers`) unless the stem's samples are such
    integers already; those are copied. WAV has its position in ``bext`` and ``iXML``, FLAC in the comment
    ``TIME_REFERENCE``.

    Raises:
        RequestError: ``export.clipped``: the stem goes over 0 dBFS, which integers cannot hold.
        AudioFileError: ``target`` is the stem, or cannot be written; the stem cannot be read.
    """
    with opened_sound(stem.path, scratch or Scratch()) as sound:
        fit = None if delivery.bits == FLOAT_BITS else _fit(stem, sound, delivery.bits)
        with writing(target, stem.path) as stream:
            if delivery.container is Container.WAV:
                _write_wave(stream, stem, sound, fit)
            elif fit is not None:
                _write_flac(stream, stem, sound, fit)


def _fit(stem: PlacedStem, sound: Sound, bits: int) -> Fit:
    fit = fit_of(sound, bits)
    if fit.peak > 1:
        text = (
            f"'{stem.path.name}' would clip: its peak is {fit.peak_db:+.2f} dBFS; {bits} bits hold at most 0 dBFS. "
            "Export it as 32-bit float WAV, or render it quieter."
        )
        raise RequestError("export.clipped", text)
    return fit


def _write_flac(stream: BinaryIO, stem: PlacedStem, sound: Sound, fit: Fit) -> None:
    made_by = stem.provenance or Provenance()
    comments = {"TITLE": stem.title, "TIME_REFERENCE": str(sound.start), "DESCRIPTION": made_by.summary}
    write_flac(stream, integers(sound, fit), comments, channels=sound.channels, rate=sound.rate, bits=fit.bits)


def _write_wave(stream: BinaryIO, stem: PlacedStem, sound: Sound, fit: Fit | None) -> None:
    made_by, bits = stem.provenance or Provenance(), FLOAT_BITS if fit is None else fit.bits
    bext = _bext(stem, made_by, sound, fit)
    extra = [(b"bext", bext.pack()), (b"iXML", ixml.pack(made_by, bext, rate=sound.rate, channels=sound.channels))]
    mask = stem.info.speaker_mask if stem.info.speaker_mask.bit_count() == sound.channels else 0
    shape = {"channels": sound.channels, "rate": sound.rate, "frames": sound.length}
    stream.write(riff.wave_header(**shape, extra=extra, mask=mask, bits=bits))
    size = 0
    for content in _floats(sound) if fit is None else _packed(integers(sound, fit), fit.bits):
        size += stream.write(content)
    stream.write(bytes(size % 2))


def _floats(sound: Sound) -> Iterator[bytes]:
    for samples in pieces(sound):
        yield np.ascontiguousarray(samples.T, dtype="<f4").tobytes()


def _packed(blocks: Iterable[Integers], bits: int) -> Iterator[bytes]:
    """Little-endian frames, the low ``bits`` of each integer."""
    for block in blocks:
        wide = np.ascontiguousarray(block.T, dtype="<i4")
        yield wide.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes()


def _bext(stem: PlacedStem, made_by: Provenance, sound: Sound, fit: Fit | None) -> Bext:
    """Everything from the stem, nothing from the clock."""
    mode = {1: ",M=mono", 2: ",M=stereo"}.get(sound.channels, "")
    kind = f"W={FLOAT_BITS}{mode},T=float" if fit is None else f"W={fit.bits}{mode},T="
    kind += "" if fit is None else "as it was" if fit.is_exact else "TPDF dither"
    return Bext(
        description=made_by.summary,
        originator="stylus-daw",
        reference=sha256_of(stem.path)[:32],
        created=datetime.fromtimestamp(stem.path.stat().st_mtime),
        time_reference=sound.start,
        coding_history=f"A=PCM,F={sound.rate},{kind}\r\n",
    )
