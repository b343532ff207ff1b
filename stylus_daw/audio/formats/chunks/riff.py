"""Chunks of WAV files, 32-bit (RIFF) and 64-bit (RF64, EBU Tech 3306).

soundfile reads and writes the samples of a WAV, but drops the chunks around them, which hold the
position and the provenance of a stem.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

INTEGER_TAG, _FLOAT_TAG, EXTENSIBLE_TAG = 0x0001, 0x0003, 0xFFFE  # WAVE_FORMAT_PCM, …_IEEE_FLOAT, …_EXTENSIBLE
_GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")  # KSDATAFORMAT_SUBTYPE_…, after the tag
_MASK_AT = 20  # byte in the fmt chunk of WAVE_FORMAT_EXTENSIBLE
_FLOAT_BITS = 32
_TAG_HEAD = 10  # bytes: ID3v2, with a size of four times 7 bits at its end
_MAX_32 = 0xFFFF_FFFF  # bytes; also the placeholder of a size that ds64 holds
DS64_BYTES = 28  # EBU Tech 3306, without a table
MAX_CHUNKS = 10_000  # a hostile file must not keep us busy
MAX_POSITION = 1 << 62  # bytes: beyond lies nothing, and no seek reaches it
_MAX_CHUNK_BYTES = 1 << 24  # bytes, 16 MiB: far more than any bext or iXML, and harmless in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Where a chunk's content is in its file, in bytes. A wide one has its size from ``ds64``."""

    ident: bytes
    start: int
    size: int
    is_wide: bool = False


def chunks(stream: BinaryIO) -> Iterator[Chunk]:
    """The chunks of a WAV in file order; none for any other file. Stops where the file ends early."""
    begin = tag_size(stream)
    stream.seek(begin)
    form = stream.read(12)
    if form[:4] not in (b"RIFF", b"RF64", b"BW64") or form[8:] != b"WAVE":
        return
    position, data_size = begin + 12, None
    for _ in range(MAX_CHUNKS):
        if position >= MAX_POSITION:
            return
        stream.seek(position)
        head = stream.read(8)
        if len(head) < 8 or head[:4] == b"\0\0\0\0":
            return
        ident, size = struct.unpack("<4sI", head)
        if ident == b"ds64":
            data_size = _ds64_data_size(stream.read(DS64_BYTES))
        is_wide = ident == b"data" and size == _MAX_32 and data_size is not None
        size = min(data_size, MAX_POSITION) if is_wide and data_size is not None else size
        yield Chunk(ident=ident, start=position + 8, size=size, is_wide=is_wide)
        position = _after(stream, position + 8 + size) if size % 2 else position + 8 + size


def tag_size(stream: BinaryIO) -> int:
    """Bytes of an ID3v2 tag that a tagger of MP3 files has put in front of the file; 0 without one."""
    stream.seek(0)
    head = stream.read(_TAG_HEAD)
    if len(head) < _TAG_HEAD or head[:3] != b"ID3" or any(byte > 0x7F for byte in head[6:]):
        return 0
    return _TAG_HEAD + sum(byte << 7 * place for place, byte in enumerate(reversed(head[6:])))


def _after(stream: BinaryIO, end: int) -> int:
    """Where the chunk after one of odd size begins: behind a pad byte of 0, which some writers leave out."""
    stream.seek(end)
    return end if _is_name(stream.read(4)) else end + 1


def _is_name(ident: bytes) -> bool:
    """Chunk names are four letters, digits, dashes or spaces."""
    return re.fullmatch(rb"[A-Za-z0-9_-][A-Za-z0-9 _-]{3}", ident) is not None


def read_chunk(stream: BinaryIO, ident: bytes) -> bytes | None:
    """Content of the first chunk of that name; None if the file has none, or one over 16 MiB."""
    for chunk in chunks(stream):
        if chunk.ident == ident:
            stream.seek(chunk.start)
            return stream.read(chunk.size) if chunk.size <= _MAX_CHUNK_BYTES else None
    return None


def speaker_mask(stream: BinaryIO) -> int:
    """Which channel goes to which loudspeaker, as WAVE_FORMAT_EXTENSIBLE says; 0 where nothing is said."""
    form = read_chunk(stream, b"fmt ")
    if form is None or len(form) < _MASK_AT + 4 or struct.unpack_from("<H", form)[0] != EXTENSIBLE_TAG:
        return 0
    mask, channels = struct.unpack_from("<I", form, _MASK_AT)[0], struct.unpack_from("<H", form, 2)[0]
    return mask if mask.bit_count() == channels else 0


def wave_header(
    *,
    channels: int,
    rate: int,
    frames: int,
    extra: Sequence[tuple[bytes, bytes]] = (),
    mask: int = 0,
    bits: int = _FLOAT_BITS,
) -> bytes:
    """Everything that comes before the samples of a WAV. If they fill an odd number of bytes, one of 0 follows them.

    RIFF up to 4 GiB, RF64 beyond. More than two channels get WAVE_FORMAT_EXTENSIBLE with the speaker mask of
    their source, or an empty one: then the channels are numbered, not assigned to speakers.

    Args:
        channels: 1..65535.
        rate: samples per second.
        frames: samples per channel.
        extra: names and contents of further chunks, which come before ``data``.
        mask: speaker mask; as many bits as channels, or 0.
        bits: 16 or 24 for integers, 32 for floating point.

    >>> len(wave_header(channels=2, rate=48_000, frames=10))
    58
    """
    fact = struct.pack("<I", min(frames, _MAX_32))
    parts = [(b"fmt ", _format(channels, rate, mask, bits)), (b"fact", fact), *extra]
    body = b"".join(_chunk(ident, content) for ident, content in parts)
    data_size = frames * channels * bits // 8
    riff_size = 4 + len(body) + 8 + data_size + data_size % 2
    if riff_size <= _MAX_32:
        return b"RIFF" + struct.pack("<I", riff_size) + b"WAVE" + body + b"data" + struct.pack("<I", data_size)
    ds64 = struct.pack("<QQQI", riff_size + 8 + DS64_BYTES, data_size, frames, 0)
    unknown = struct.pack("<I", _MAX_32)
    return b"RF64" + unknown + b"WAVE" + _chunk(b"ds64", ds64) + body + b"data" + unknown


def _chunk(ident: bytes, content: bytes) -> bytes:
    """The pad byte counts as content, because libsndfile does not skip it in RF64."""
    even = content + b"\0" * (len(content) % 2)
    return ident + struct.pack("<I", len(even)) + even


def _format(channels: int, rate: int, mask: int, bits: int) -> bytes:
    align, tag = channels * bits // 8, _FLOAT_TAG if bits == _FLOAT_BITS else INTEGER_TAG
    if channels <= 2 and not mask:
        return struct.pack("<HHIIHHH", tag, channels, rate, rate * align, align, bits, 0)
    common = struct.pack("<HHIIHH", EXTENSIBLE_TAG, channels, rate, rate * align, align, bits)
    return common + struct.pack("<HHIH", 22, bits, mask, tag) + _GUID_TAIL


def _ds64_data_size(content: bytes) -> int | None:
    return struct.unpack_from("<Q", content, 8)[0] if len(content) >= 16 else None
