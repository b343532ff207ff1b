"""The icon's files are the drawing that the window shows."""

from __future__ import annotations

import struct

import pytest

from release.icons import FOLDER, LARGEST, SIZES, ico
from tests.support.needs import need_module

need_module("PySide6")


def test_the_svg_is_the_drawing() -> None:
    from stylus_ui.kit.brand import icon_svg

    assert (FOLDER / "stylus-daw.svg").read_text("utf-8") == icon_svg(), "make it anew: python -m release.icons"


def test_the_svg_looks_like_the_windows_icon(qapp: object) -> None:
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    from stylus_ui.kit.brand import icon_picture

    drawn = icon_picture(LARGEST).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    shown = QImage(LARGEST, LARGEST, QImage.Format.Format_ARGB32)
    shown.fill(0)
    painter = QPainter(shown)
    QSvgRenderer(str(FOLDER / "stylus-daw.svg")).render(painter)
    painter.end()
    points = [(x, y) for x in range(0, LARGEST, 8) for y in range(0, LARGEST, 8)]
    different = [at for at in points if drawn.pixelColor(*at) != shown.pixelColor(*at)]
    assert len(different) < len(points) / 50, different


def test_windows_finds_every_size() -> None:
    content = (FOLDER / "stylus-daw.ico").read_bytes()
    zero, kind, count = struct.unpack_from("<HHH", content)
    assert (zero, kind, count) == (0, 1, len(SIZES))
    for number in range(count):
        width, *_, size, at = struct.unpack_from("<BBBBHHII", content, 6 + 16 * number)
        assert width == SIZES[number] % 256
        assert content[at : at + 8] == b"\x89PNG\r\n\x1a\n"
        assert at + size <= len(content)


def test_macos_finds_an_icon() -> None:
    content = (FOLDER / "stylus-daw.icns").read_bytes()
    assert content[:4] == b"icns"
    assert struct.unpack_from(">I", content, 4) == (len(content),)


@pytest.mark.parametrize("sizes", [(16,), (16, 256)])
def test_an_ico_says_where_each_picture_lies(sizes: tuple[int, ...]) -> None:
    pictures = {size: bytes([number]) * size for number, size in enumerate(sizes)}
    made = ico(pictures)
    for number, picture in enumerate(pictures.values()):
        size, at = struct.unpack_from("<II", made, 6 + 16 * number + 8)
        assert made[at : at + size] == picture
