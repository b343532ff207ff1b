"""Where a file's first sample lies in its session: samples since midnight, wherever the format keeps it.

``bext`` in WAV and Wave64, ``iXML`` where there is no ``bext``, the Vorbis comment ``TIME_REFERENCE`` and foreign RIFF
metadata in FLAC.
"""

from __future__ import annotations

import logging
import re
from typing import BinaryIO

from stylus_daw.audio.formats.chunks import bext, iff, ixml, riff

_MAX_BLOCK_BYTES = 1 << 24  # bytes, 16 MiB: the most that a FLAC metadata block can hold, and plenty for a W64 chunk
_MAX_BLOCKS = 1000  # a hostile file must not keep us busy
_FLAC_APPLICATION, _FLAC_COMMENT = 2, 4  # types of metadata blocks (RFC 9639, section 8)
_COMMENT = re.compile(rb"TIME_?REFERENCE=(\d{1,20})", re.IGNORECASE)

logger = logging.getLogger(__name__)


def time_reference(stream: BinaryIO) -> int | None:
    """Samples since midnight of the first sample; None where the file does not say, or says nonsense."""
    stream.seek(0)
    head = stream.read(4)
    if head == b"fLaC":
        found = _in_flac(stream)
    elif head == b"riff":
        found = _in_w64(stream)
    else:
        found = _in_wave(stream)
    if found is not None and found > bext.MAX_TIME_REFERENCE:
        logger.warning("A time reference of %d samples is ignored: it is later than any session", found)
        return None
    return found


def _in_wave(stream: BinaryIO) -> int | None:
    content = riff.read_chunk(stream, b"bext")
    found = bext.time_reference(content) if content else None
    if found:
        return found
    content = riff.read_chunk(stream, b"iXML")
    said = ixml.time_reference(content) if content else None
    return said if said is not None else found


def _in_w64(stream: BinaryIO) -> int | None:
    for chunk in iff.chunks(stream):
        if chunk.ident == b"bext":
            stream.seek(chunk.start)
            return bext.time_reference(stream.read(min(chunk.size, _MAX_BLOCK_BYTES)))
    return None


def _in_flac(stream: BinaryIO) -> int | None:
    position, said, foreign = 4, None, None
    for _ in range(_MAX_BLOCKS):
        stream.seek(position)
        head = stream.read(4)
        if len(head) < 4:
            break
        kind, size = head[0] & 0x7F, int.from_bytes(head[1:], "big")
        if kind == _FLAC_COMMENT and (match := _COMMENT.search(stream.read(size))):
            said = int(match.group(1))
        if kind == _FLAC_APPLICATION:
            foreign = _foreign(stream.read(size)) or foreign
        position += 4 + size
        if head[0] & 0x80:
            break
    return said if said is not None else foreign


def _foreign(block: bytes) -> int | None:
    """``flac --keep-foreign-metadata``: an application id, then one chunk of the WAV as it stood."""
    return bext.time_reference(block[12:]) if block[:8] == b"riffbext" else None
