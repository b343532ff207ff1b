"""Where a file should have ended: an interrupted copy or a full disk leaves less than the header announces.

What is there is used, so it has to be told how much is not. Of uncompressed files the header says how many bytes the
samples fill; of an Ogg, the page that is cut says how far it was to reach.
"""

from __future__ import annotations

import itertools
import os
import struct
from typing import BinaryIO

from stylus_daw.audio.formats.chunks import iff, riff
from stylus_daw.audio.formats.chunks.riff import Chunk

_UNKNOWN, _UNKNOWN_WIDE = 0x7FFF_F000, 1 << 62  # from here on, sizes are placeholders of writers to pipes (SoX, ffmpeg)
_BYTES = {
    "PCM_S8": 1,
    "PCM_U8": 1,
    "ULAW": 1,
    "ALAW": 1,
    "PCM_16": 2,
    "PCM_24": 3,
    "PCM_32": 4,
    "FLOAT": 4,
    "DOUBLE": 8,
}
_CAF_EDITS = 4  # bytes before the samples of a CAF: an edit count
_PAGE_BYTES, _PAGE_WITHIN = 27, 1 << 17  # an Ogg page has at most 65,307 bytes (RFC 3533)
_OPUS_RATE = 48_000  # Hz, of positions in Ogg Opus (RFC 7845)


def missing_frames(stream: BinaryIO, *, subtype: str, rate: int, channels: int, frames: int) -> int | None:
    """How many samples per channel a file announces beyond its end.

    Args:
        stream: the file.
        subtype, rate, channels: of its samples, as libsndfile names them.
        frames: samples per channel that it holds.

    Returns:
        None: nothing is missing, or the file does not say.
    """
    stream.seek(0)
    if stream.read(4) == b"OggS":
        return _missing_of_ogg(stream, rate, frames)
    announced, end = _announced(stream), os.fstat(stream.fileno()).st_size
    if announced is None or announced.start + announced.size <= end:
        return None
    held = max(0, end - announced.start)
    if (width := _BYTES.get(subtype, 0) * channels) > 0:
        return announced.size // width - held // width or None
    return round(frames * (announced.size / held - 1)) or None if held else None  # blocks of one size: ADPCM, GSM


def _announced(stream: BinaryIO) -> Chunk | None:
    """The samples, as long as the header says; None where it does not."""
    for chunk in itertools.chain(riff.chunks(stream), iff.chunks(stream)):
        if chunk.ident in (b"data", b"SSND"):
            is_known = chunk.size < (_UNKNOWN_WIDE if chunk.is_wide else _UNKNOWN)
            return _without_preface(stream, chunk) if is_known else None
    return None


def _without_preface(stream: BinaryIO, chunk: Chunk) -> Chunk:
    """An AIFF says first where its samples are aligned, a CAF how often it was edited."""
    stream.seek(0)
    container = stream.read(4)
    preface = _CAF_EDITS if container == b"caff" else 0
    if container == b"FORM":
        stream.seek(chunk.start)
        preface = 8 + int.from_bytes(stream.read(4), "big")
    return Chunk(ident=chunk.ident, start=chunk.start + preface, size=max(0, chunk.size - preface))


def _missing_of_ogg(stream: BinaryIO, rate: int, frames: int) -> int | None:
    stream.seek(0)
    is_opus = b"OpusHead" in stream.read(2 * _PAGE_BYTES)
    stream.seek(max(0, os.fstat(stream.fileno()).st_size - _PAGE_WITHIN))
    tail = stream.read(_PAGE_WITHIN)
    page = tail[max(0, tail.rfind(b"OggS")) :]
    if len(page) < _PAGE_BYTES:
        return None
    lengths = page[_PAGE_BYTES : _PAGE_BYTES + page[26]]
    if len(lengths) == page[26] and _PAGE_BYTES + page[26] + sum(lengths) <= len(page):
        return None
    position = struct.unpack_from("<q", page, 6)[0]
    reached = position * rate // _OPUS_RATE if is_opus else position
    return reached - frames if reached > frames else None
