"""The program's icon as files for menus and file types, from the drawing in ``stylus_ui.kit.brand``.

python -m release.icons
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import stylus_daw.desktop

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

FOLDER = Path(stylus_daw.desktop.__file__).parent / "icons"
LARGEST = 256  # pixels: what Windows and macOS show at most
SIZES = (16, 32, 48, LARGEST)  # pixels: lists, task bar, folders, large icons of Windows


def main() -> None:
    """Write all three: SVG (Linux), ICO (Windows), ICNS (macOS)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from stylus_ui.kit.brand import icon_picture, icon_svg

    application = QGuiApplication([])
    (FOLDER / "stylus-daw.svg").write_text(icon_svg(), "utf-8")
    pictures = {size: _written(icon_picture(size), "PNG") for size in SIZES}
    (FOLDER / "stylus-daw.ico").write_bytes(ico(pictures))
    (FOLDER / "stylus-daw.icns").write_bytes(_written(icon_picture(LARGEST), "ICNS"))
    application.quit()


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """PNGs by size in pixels as one ICO; Qt's own would hold bitmaps, 40 times as large."""
    head, at = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, png in pictures.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(png), at)
        at += len(png)
    return head + b"".join(pictures.values())


def _written(picture: QPixmap, form: str) -> bytes:
    from PySide6.QtCore import QBuffer

    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    if not picture.save(buffer, form):
        raise SystemExit(f"Qt cannot write {form}.")
    return bytes(buffer.data().data())


if __name__ == "__main__":
    main()
