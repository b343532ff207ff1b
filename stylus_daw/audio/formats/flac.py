"""Writing FLAC with comments of any name (RFC 9639): libsndfile writes the samples, but only comments that it knows."""

from __future__ import annotations

import shutil
import struct
import tempfile
from collections.abc import Iterable, Mapping
from typing import BinaryIO, cast

import numpy as np
import soundfile

from stylus_daw.atomic import PREFIX, SUFFIX
from stylus_daw.audio.spool import MEMORY_BYTES
from stylus_daw.audio.word_length import Integers

_STREAMINFO, _COMMENT, _LAST = 0, 4, 0x80  # types of metadata blocks, and the mark of the last one
_VENDOR = b"stylus-daw"


def write_flac(
    stream: BinaryIO, blocks: Iterable[Integers], comments: Mapping[str, str], *, channels: int, rate: int, bits: int
) -> None:
    """Write ``blocks`` as FLAC, with ``comments`` as its Vorbis comments.

    Args:
        stream: gets the file.
        blocks: integers of ``bits`` bits, each ``[channels, samples]``.
        comments: by name.
        channels: 1 to 8.
        rate: samples per second.
        bits: 16 or 24.

    Raises:
        OSError: a disk is full.
    """
    with tempfile.SpooledTemporaryFile(max_size=MEMORY_BYTES, prefix=PREFIX, suffix=SUFFIX) as encoded:
        telling = _Telling(cast("BinaryIO", encoded))
        with soundfile.SoundFile(cast("BinaryIO", telling), "w", rate, channels, f"PCM_{bits}", format="FLAC") as file:
            for block in blocks:
                file.write(np.left_shift(block.T, 32 - bits))
                telling.tell_faults()
        telling.tell_faults()
        _copy(cast("BinaryIO", encoded), stream, _comment_block(comments))


class _Telling:
    """A stream for libsndfile, which swallows errors: they are kept, to be raised behind its back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._fault = stream, cast("OSError | None", None)

    def seek(self, offset: int, whence: int = 0) -> int:
        self._stream.seek(offset, whence)
        return self._stream.tell()

    def tell(self) -> int:
        return self._stream.tell()

    def write(self, content: bytes) -> int:
        try:
            return self._stream.write(content)
        except OSError as error:
            self._fault = error
            return 0

    def tell_faults(self) -> None:
        if self._fault is not None:
            raise self._fault


def _copy(encoded: BinaryIO, stream: BinaryIO, comment: bytes) -> None:
    """The stream info, our comments in place of libsndfile's, the frames."""
    encoded.seek(4)
    is_last, info = False, b""
    while not is_last:
        head = encoded.read(4)
        is_last, kind = bool(head[0] & _LAST), head[0] & ~_LAST
        content = encoded.read(int.from_bytes(head[1:], "big"))
        info = content if kind == _STREAMINFO else info
    stream.write(b"fLaC" + _block(_STREAMINFO, info) + _block(_COMMENT | _LAST, comment))
    shutil.copyfileobj(encoded, stream, 1 << 20)


def _block(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + len(content).to_bytes(3, "big") + content


def _comment_block(comments: Mapping[str, str]) -> bytes:
    said = [f"{name}={text}".encode("utf-8", "replace") for name, text in comments.items()]
    counted = [struct.pack("<I", len(one)) + one for one in (_VENDOR, *said)]
    return counted[0] + struct.pack("<I", len(said)) + b"".join(counted[1:])
