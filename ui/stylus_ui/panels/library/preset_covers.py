"""Covers: pictures of presets, loaded away from the window's thread while their rows are in sight."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from stylus_ui.context import UiContext
from stylus_ui.drawing.cover_art import COVERS_FOLDER, cover_file
from stylus_ui.presenters.library.preset_shelf import ShelvedPreset
from stylus_ui.state.observable import Signal

KEPT, WAITING = 512, 48
Key = tuple[str, Path, int]


class Covers(QObject):
    """Loads one after the other, what was asked for last first; what has long been scrolled past is forgotten.

    Attributes:
        arrived: emits the id of a preset whose picture has come.

    Args:
        context: of the window.
        owner: that shows them.
    """

    def __init__(self, context: UiContext, owner: QObject) -> None:
        super().__init__(owner)
        self._context = context
        self._folder = context.settings.home / COVERS_FOLDER
        self._kept: OrderedDict[Key, QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[Key, ShelvedPreset] = OrderedDict()
        self._is_loading = False
        self._forget: Callable[[], None] = lambda: None
        self.arrived: Signal[str] = Signal()
        owner.destroyed.connect(lambda: self._forget())

    def get(self, shelved: ShelvedPreset, pixels: int) -> QPixmap | None:
        """The picture, ``pixels`` of the screen wide and high; None until it is there."""
        source = shelved.cover or shelved.style
        if source is None:
            return None
        key = (shelved.id, source, pixels)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        self._wanted[key] = shelved
        self._wanted.move_to_end(key)
        while len(self._wanted) > WAITING:
            self._wanted.popitem(last=False)
        self._load_next()
        return None

    def _load_next(self) -> None:
        if self._is_loading or not self._wanted:
            return
        self._is_loading = True
        key, shelved = self._wanted.popitem()
        self._forget = self._context.background.run(
            lambda: picture(shelved, key[2], self._folder),
            done=lambda image: self._keep(key, image),
            failed=lambda error: self._keep(key, QImage()),
        )

    def _keep(self, key: Key, image: QImage) -> None:
        self._is_loading = False
        self._kept[key] = None if image.isNull() else QPixmap.fromImage(image)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit(key[0])
        self._load_next()


def picture(shelved: ShelvedPreset, pixels: int, folder: Path) -> QImage:
    """A preset's own cover, else one of its style, as a square. Takes a moment.

    Raises:
        AudioFileError, OSError: neither can be read.
    """
    if shelved.cover is not None:
        image = QImage(str(shelved.cover))
    else:
        assert shelved.style is not None
        image = QImage.fromData(cover_file(shelved.id, shelved.style, folder))
    size = QSize(pixels, pixels)
    filled = Qt.AspectRatioMode.KeepAspectRatioByExpanding
    scaled = image.scaled(size, filled, Qt.TransformationMode.SmoothTransformation)
    left, top = (scaled.width() - pixels) // 2, (scaled.height() - pixels) // 2
    return scaled.copy(left, top, pixels, pixels)
