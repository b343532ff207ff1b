"""Cover pictures: made of the sound, and checked when they come from elsewhere."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.errors import PresetError
from stylus_daw.presets.cover import cover_picture
from stylus_daw.presets.library.library import PresetLibrary, factory_folder
from stylus_daw.presets.png import MAX_SIDE, check_png, png

PICTURE = png(np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3))


def chunk(ident: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + ident + body + struct.pack(">I", zlib.crc32(ident + body))


def picture(width: int, height: int, rows: bytes, *, kind: tuple[int, ...] = (8, 2, 0, 0, 0)) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, *kind)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def test_pixels_come_back() -> None:
    at = PICTURE.index(b"IDAT") + 4
    size = struct.unpack(">I", PICTURE[at - 8 : at - 4])[0]
    rows = np.frombuffer(zlib.decompress(PICTURE[at : at + size]), np.uint8).reshape(4, 19)
    np.testing.assert_array_equal(rows[:, 1:].ravel(), np.arange(72))
    assert check_png(PICTURE) == (6, 4)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not a PNG"),
        (b"GIF89a" + PICTURE, "not a PNG"),
        (PICTURE[:-1], "damaged|ends early"),
        (PICTURE[:40], "ends early|damaged"),
        (PICTURE[:50] + b"!" + PICTURE[51:], "damaged"),
        (picture(2, 2, bytes(10_000_000)), "do not fit"),
        (picture(2, 2, bytes(3)), "do not fit"),
        (picture(MAX_SIDE + 1, 1, bytes(3 * MAX_SIDE + 4)), "pixels; allowed"),
        (picture(0, 0, b""), "pixels; allowed"),
        (picture(2, 2, bytes(14), kind=(8, 2, 0, 0, 1)), "kind is not supported"),
        (picture(2, 2, bytes(14), kind=(7, 9, 0, 0, 0)), "kind is not supported"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"") * 5_000, "too many parts"),
        (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "not a complete PNG"),
    ],
)
def test_what_is_no_harmless_picture_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(PresetError, match=reason) as caught:
        check_png(content)
    assert caught.value.code == "preset.cover"


def test_presets_look_like_their_sound() -> None:
    styles = factory_folder() / "styles"
    made = cover_picture("choir", styles / "choir.flac")
    assert check_png(made) == (512, 512)
    assert made == cover_picture("choir", styles / "choir.flac")
    assert made != cover_picture("choir", styles / "flute.flac")
    assert made != cover_picture("other", styles / "choir.flac")


def test_a_preset_without_a_picture_says_so(tmp_path: Path) -> None:
    assert PresetLibrary(user_folder=tmp_path).cover("choir-pad") is None
