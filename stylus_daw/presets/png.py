"""PNG pictures: writing one from samples, and telling whether one that came from elsewhere is harmless."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stylus_daw.errors import PresetError

MAX_BYTES = 4 << 20  # bytes of a cover
MAX_SIDE = 2_048  # pixels: more would only cost memory
MAX_CHUNKS = 4_096  # a hostile picture must not keep us busy
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by PNG's colour type


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A picture as PNG. Shape of ``pixels``: ``[height, width, 3]``, red, green, blue.

    >>> check_png(png(np.zeros((4, 6, 3), np.uint8)))
    (6, 4)
    """
    height, width, _ = pixels.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 9)
    return _SIGNATURE + b"".join(_chunk(*part) for part in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b"")))


def check_png(content: bytes) -> tuple[int, int]:
    """Width and height of a picture that is whole, of modest size, and no bomb.

    Raises:
        PresetError: ``preset.cover``.
    """
    if not 0 < len(content) <= MAX_BYTES or not content.startswith(_SIGNATURE):
        raise _refusal(f"it is not a PNG of up to {MAX_BYTES >> 20} MB")
    chunks = list(_chunks(content))
    if chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise _refusal("it is not a complete PNG")
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise _refusal(f"it has {width} x {height} pixels; allowed: up to {MAX_SIDE} x {MAX_SIDE}")
    if colour not in _CHANNELS or depth not in (1, 2, 4, 8, 16) or compression or filtering or interlace:
        raise _refusal("its kind is not supported; save it as plain 8-bit RGB without interlacing")
    row = 1 + (width * _CHANNELS[colour] * depth + 7) // 8
    _check_pixels(b"".join(body for ident, body in chunks if ident == b"IDAT"), row * height)
    return width, height


def _check_pixels(packed: bytes, size: int) -> None:
    unpacker = zlib.decompressobj()
    try:
        unpacked = len(unpacker.decompress(packed, size + 1))
    except zlib.error as error:
        raise _refusal("its pixels are damaged") from error
    if unpacked != size or not unpacker.eof:
        raise _refusal("its pixels do not fit its size")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = len(_SIGNATURE)
    for _ in range(MAX_CHUNKS):
        if position + 12 > len(content):
            raise _refusal("it ends early")
        size, ident = struct.unpack_from(">I4s", content, position)
        body = content[position + 8 : position + 8 + size]
        end = position + 12 + size
        if end > len(content) or zlib.crc32(ident + body) != struct.unpack_from(">I", content, end - 4)[0]:
            raise _refusal("it is damaged")
        yield ident, body
        if ident == b"IEND":
            return
        position = end
    raise _refusal("it has too many parts")


def _chunk(ident: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + ident + body + struct.pack(">I", zlib.crc32(ident + body))


def _refusal(reason: str) -> PresetError:
    return PresetError("preset.cover", f"The cover picture cannot be used: {reason}.")
