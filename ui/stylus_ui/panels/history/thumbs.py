"""StemThumbs: small waveforms of stems, outlined away from the window's thread while their rows are in sight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QImage

from stylus_daw.audio.formats.reading import probe
from stylus_ui.context import UiContext
from stylus_ui.drawing.peak_cache import PeakCache
from stylus_ui.drawing.peak_loader import scan
from stylus_ui.drawing.peaks import Outline
from stylus_ui.drawing.theme import Theme, blended
from stylus_ui.drawing.wave_picture import Rgba, shades, wave_picture
from stylus_ui.state.observable import Signal

KEPT, WAITING = 512, 24
COLUMNS = 160
LONGEST_S = 600.0
"""Of longer stems only those are drawn whose peaks are known already: a small picture is not worth the scan."""


class StemThumbs(QObject):
    """One after the other, what was asked for last first.

    Attributes:
        arrived: another outline is there.
    """

    def __init__(self, context: UiContext, owner: QObject) -> None:
        super().__init__(owner)
        self._context = context
        self._cache = PeakCache.in_home(context.settings.home)
        self._kept: OrderedDict[Path, Outline | None] = OrderedDict()
        self._drawn: OrderedDict[tuple[Path, int, str], QImage] = OrderedDict()
        self._wanted: OrderedDict[Path, None] = OrderedDict()
        self._is_loading = False
        self._closed = threading.Event()
        self.arrived: Signal[()] = Signal()
        closed = self._closed
        owner.destroyed.connect(lambda *_: closed.set())

    def get(self, stem: Path) -> Outline | None:
        """What is known of it; more may be on its way. Shape: ``[3, COLUMNS]``."""
        if stem in self._kept:
            self._kept.move_to_end(stem)
            return self._kept[stem]
        self._wanted[stem] = None
        self._wanted.move_to_end(stem)
        while len(self._wanted) > WAITING:
            self._wanted.popitem(last=False)
        self._load_next()
        return None

    def picture(self, stem: Path, height: int) -> QImage | None:
        """The outline as a picture in the theme's colours, ``height`` in pixels of the screen; None until known."""
        outline = self.get(stem)
        if outline is None:
            return None
        key = stem, height, self._context.theme.colour("style")
        if key not in self._drawn:
            self._drawn[key] = thumb_image(outline, height, self._context.theme)
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        return self._drawn[key]

    def _load_next(self) -> None:
        if self._is_loading or not self._wanted or self._closed.is_set():
            return
        self._is_loading = True
        stem, _ = self._wanted.popitem()
        self._context.background.run(
            lambda: outline_of(stem, self._cache, self._closed),
            done=lambda outline: self._keep(stem, outline),
            failed=lambda error: self._keep(stem, None),  # a stem that is gone has no picture
        )

    def _keep(self, stem: Path, outline: Outline | None) -> None:
        if self._closed.is_set():
            return
        self._is_loading = False
        self._kept[stem] = outline
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.arrived.emit()
        self._load_next()


def outline_of(stem: Path, cache: PeakCache, closed: threading.Event) -> Outline | None:
    """All of a stem in few columns, as loud as a picture needs it; None: too long, or not wanted any more.

    Raises:
        AudioFileError: it cannot be read.
    """
    if probe(stem).seconds > LONGEST_S and cache.load(stem) is None:
        return None
    peaks = scan(stem, cache, tell=lambda opened: None, is_cancelled=closed.is_set)
    if peaks is None:
        return None
    outline = peaks.outline(0, peaks.frames / COLUMNS, COLUMNS)
    loudest = float(np.nanmax(np.abs(outline))) if np.isfinite(outline).any() else 0.0
    return outline / loudest if loudest > 0 else outline


def thumb_image(outline: Outline, height: int, theme: Theme) -> QImage:
    """The picture in the colours of the theme; ``height`` in pixels of the screen."""
    picture = np.ascontiguousarray(wave_picture(outline, height))
    rows, columns = picture.shape
    image = QImage(picture.data, columns, rows, columns, QImage.Format.Format_Indexed8)
    ground, core = theme.colour("sunken"), theme.colour("style")
    image.setColorTable(shades(_rgba(ground), _rgba(blended(ground, core, 0.55)), _rgba(core)))
    return image.copy()


def _rgba(colour: str) -> Rgba:
    made = QColor(colour)
    return made.red(), made.green(), made.blue(), 255
