"""Chunks of AIFF, CAF and Wave64, which differ in their heads only. WAV has its own oddities: see `riff`."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from stylus_daw.audio.formats.chunks.riff import MAX_CHUNKS, MAX_POSITION, Chunk

_W64_RIFF = uuid.UUID("66666972-912e-11cf-a5d6-28db04c10000").bytes_le
_W64_TAIL = uuid.UUID("00000000-acf3-11d3-8cd1-00c04f8edb8a").bytes_le[4:]  # after the four letters of a chunk's name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How a container lays out its chunks.

    Attributes:
        first: byte of the first chunk.
        head: name and size, for `struct`.
        even: chunks are filled up to a multiple of so many bytes.
        counted: bytes of the head that the size counts as well.
    """

    first: int
    head: str
    even: int
    counted: int = 0


_AIFF = _Form(first=12, head=">4sI", even=2)
_CAF = _Form(first=8, head=">4sQ", even=1)
_W64 = _Form(first=40, head="<16sQ", even=8, counted=24)


def chunks(stream: BinaryIO) -> Iterator[Chunk]:
    """The chunks of an AIFF, CAF or Wave64 in file order; none for any other file. Stops where the file ends early."""
    form = _form(stream)
    if form is None:
        return
    position, length = form.first, struct.calcsize(form.head)
    for _ in range(MAX_CHUNKS):
        if position >= MAX_POSITION:
            return
        stream.seek(position)
        if len(head := stream.read(length)) < length:
            return
        ident, size = struct.unpack(form.head, head)
        size = max(0, size - form.counted)
        yield Chunk(ident=_name(ident), start=position + length, size=size, is_wide=length > 8)
        position += length + -(-size // form.even) * form.even


def _form(stream: BinaryIO) -> _Form | None:
    stream.seek(0)
    head = stream.read(16)
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return _AIFF
    if head[:4] == b"caff":
        return _CAF
    return _W64 if head == _W64_RIFF else None


def _name(ident: bytes) -> bytes:
    """Four letters; of a Wave64 chunk with a name of its own all 16 bytes."""
    return ident[:4] if ident[4:] in (b"", _W64_TAIL) else ident
