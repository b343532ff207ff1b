"""Where the samples of a WAV really lie, when its header does not say it or says it wrongly.

Recorders that were switched off leave a data size of 0; files over 4 GiB leave what is left of their size after
dividing by 4 GiB; BW64 (ITU-R BS.2088) is a name that libsndfile does not know; integers that are narrower than the
bytes they lie in (24 bits in 4 bytes) are noise to it, and behind an ID3v2 tag it loses the end. The samples are all
there: a view of the file puts a true RF64 header in front of them.
"""

from __future__ import annotations

import io
import os
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

from stylus_daw.audio.formats.chunks.riff import (
    DS64_BYTES,
    EXTENSIBLE_TAG,
    INTEGER_TAG,
    MAX_POSITION,
    Chunk,
    chunks,
    tag_size,
)

_WRAP = 1 << 32  # bytes: RIFF sizes have 32 bits
_STREAMED = 0xFFFF_FFFF  # size of a chunk whose writer did not know it
_LEAST_FORMAT_BYTES, _MAX_FORMAT_BYTES = 14, 4096  # bytes; a fmt chunk has 16 to 40, and 14 without its bits
_BITS_AT, _SUBFORMAT_AT = 14, 24  # bytes in the fmt chunk


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveData:
    """The samples of a WAV: content of its ``fmt`` chunk, first byte, number of bytes."""

    format: bytes
    start: int
    size: int

    def view(self, stream: BinaryIO) -> io.RawIOBase:
        """The file as if its header had been written after its last sample."""
        body = struct.pack("<4sI", b"fmt ", len(self.format)) + self.format
        frame_bytes = max(1, struct.unpack_from("<H", self.format, 12)[0])
        whole = self.size - self.size % frame_bytes
        riff_size = 4 + 8 + DS64_BYTES + len(body) + 8 + whole
        ds64 = struct.pack("<QQQI", riff_size, whole, whole // frame_bytes, 0)
        head = struct.pack("<4sI4s", b"RF64", _STREAMED, b"WAVE") + struct.pack("<4sI", b"ds64", DS64_BYTES) + ds64
        return _View(head + body + struct.pack("<4sI", b"data", _STREAMED), stream, self.start, whole)


def misstated(stream: BinaryIO) -> WaveData | None:
    """The true place of the samples where the header is wrong about it or of a form that libsndfile refuses.

    None for files that are not WAV, and for those whose header is right.
    """
    size = os.fstat(stream.fileno()).st_size
    if (both := _format_and_data(stream)) is None:
        return None
    form, data = both
    true_size = _true_size(stream, data, size)
    stream.seek(form.start)
    stated = stream.read(form.size)
    told = _with_true_bits(stated)
    is_right = told == stated and true_size == min(data.size, size - data.start)
    if is_right and data.size < MAX_POSITION and _is_readable(stream):
        return None
    return WaveData(format=told, start=data.start, size=true_size)


def _is_readable(stream: BinaryIO) -> bool:
    """Whether libsndfile knows the form, and finds it in front: behind a tag it loses the last samples."""
    if tag_size(stream):
        return False
    stream.seek(0)
    return stream.read(4) != b"BW64"


def _with_true_bits(form: bytes) -> bytes:
    """Integers as wide as the bytes they lie in: they lie at the upper end, so they keep their value."""
    tag, channels, _, _, align = struct.unpack_from("<HHIIH", form)
    if tag == EXTENSIBLE_TAG and len(form) >= _SUBFORMAT_AT + 2:
        tag = struct.unpack_from("<H", form, _SUBFORMAT_AT)[0]
    width, over = divmod(align, max(1, channels))
    is_whole = tag == INTEGER_TAG and not over and 1 <= width <= 4
    if is_whole and (
        len(form) < _BITS_AT + 2 or (width == 4 and 16 < struct.unpack_from("<H", form, _BITS_AT)[0] <= 24)
    ):
        return form[:_BITS_AT] + struct.pack("<H", 8 * width) + form[_BITS_AT + 2 :]
    return form


def _format_and_data(stream: BinaryIO) -> tuple[Chunk, Chunk] | None:
    found: dict[bytes, Chunk] = {}
    for chunk in chunks(stream):
        found.setdefault(chunk.ident, chunk)
        if chunk.ident == b"data":
            break
    form, data = found.get(b"fmt "), found.get(b"data")
    if data is None or form is None or not _LEAST_FORMAT_BYTES <= form.size <= _MAX_FORMAT_BYTES:
        return None
    return form, data


def _true_size(stream: BinaryIO, data: Chunk, file_size: int) -> int:
    left = file_size - data.start
    if data.size == 0 and left > 0 and not _only_chunks(stream, data.start, file_size):
        return left
    if data.size >= left or data.is_wide:
        return left
    return data.size + (left - data.size) // _WRAP * _WRAP


def _only_chunks(stream: BinaryIO, position: int, file_size: int) -> bool:
    """Whether chunks fill the file from ``position`` to its end: the data chunk before them is truly empty."""
    while position + 8 <= file_size:
        stream.seek(position)
        ident, size = struct.unpack("<4sI", stream.read(8))
        if not all(0x20 <= byte < 0x7F for byte in ident):
            return False
        position += 8 + size + size % 2
    return position in (file_size, file_size + 1)


class _View(io.RawIOBase):
    """A header from memory, then a stretch of a file."""

    def __init__(self, head: bytes, stream: BinaryIO, start: int, size: int) -> None:
        self._head, self._stream, self._start = head, stream, start
        self._length, self._at = len(head) + size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        self._at = min(max(0, base + offset), self._length)
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        got = self._part(len(buffer))
        buffer[: len(got)] = got
        self._at += len(got)
        return len(got)

    def _part(self, count: int) -> bytes:
        if self._at < len(self._head):
            return self._head[self._at : self._at + count]
        inside = self._at - len(self._head)
        self._stream.seek(self._start + inside)
        return self._stream.read(min(count, self._length - self._at))
