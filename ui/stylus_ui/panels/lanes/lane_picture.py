"""LanePicture: a lane's sound as a picture, drawn once for what is in sight and kept until that changes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from stylus_ui.drawing.colour_map import mel_colours
from stylus_ui.drawing.lane_audio import LaneAudio
from stylus_ui.drawing.mel_tiles import COLUMNS, MelTiles, Tile, TileKey
from stylus_ui.drawing.theme import Palette
from stylus_ui.drawing.wave_picture import Rgba, shades, wave_picture
from stylus_ui.presenters.lanes.time_view import TimeView

KEPT_IMAGES = 96
COARSER = 3
"""Levels between a tile and the one that fills in until it is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What is to be drawn, and on what.

    Attributes:
        view: what is in sight.
        first_s: where the file begins, seconds from the beginning of the content.
        columns, height: pixels of the screen.
        ratio: of those to logical pixels.
        palette: in use.
    """

    view: TimeView
    first_s: float
    columns: int
    height: int
    ratio: float
    palette: Palette

    @classmethod
    def of(cls, widget: QWidget, view: TimeView, first_s: float, palette: Palette) -> Sight:
        """All of a widget."""
        ratio = widget.devicePixelRatioF()
        columns, height = max(1, round(widget.width() * ratio)), max(1, round(widget.height() * ratio))
        return cls(view=view, first_s=first_s, columns=columns, height=height, ratio=ratio, palette=palette)

    def samples(self, rate: int) -> tuple[float, float]:
        """The file's sample at the left edge, and samples per column."""
        return (self.view.first_s - self.first_s) * rate, self.view.span_s * rate / self.columns


class LanePicture:
    """Waveform or mel picture of one :class:`LaneAudio`.

    Args:
        accent: token of the lane's colour.
    """

    def __init__(self, accent: str) -> None:
        self._accent = accent
        self._key: object = None
        self._waves: tuple[QImage, QImage] | None = None
        self._mel: QImage | None = None
        self._tiles: OrderedDict[tuple[int, TileKey], QImage] = OrderedDict()
        self._colours: list[int] = []

    def forget(self) -> None:
        """There is more to draw than before."""
        self._key = None

    def wave(self, audio: LaneAudio, sight: Sight) -> tuple[QImage, QImage] | None:
        """The waveform in the accent, and in grey for what is outside the region; None while nothing is known."""
        if self._is_new(audio, sight, "wave"):
            self._waves = self._draw_waves(audio, sight)
        return self._waves

    def mel(self, audio: LaneAudio, sight: Sight) -> QImage | None:
        """The mel picture, as far as its tiles are there; the missing ones are asked for."""
        if self._is_new(audio, sight, "mel"):
            self._mel = self._draw_mel(audio, sight)
        return self._mel

    def _is_new(self, audio: LaneAudio, sight: Sight, kind: str) -> bool:
        key = (id(audio), sight, kind)
        is_new, self._key = key != self._key, key
        return is_new

    def _draw_waves(self, audio: LaneAudio, sight: Sight) -> tuple[QImage, QImage] | None:
        if audio.opened is None:
            return None
        first, per_column = sight.samples(audio.opened.audio.rate)
        outline = audio.outline(first, per_column, sight.columns)
        if outline is None:
            return None
        picture = np.ascontiguousarray(wave_picture(outline, sight.height, line=max(1.0, sight.ratio)))
        accent, grey = getattr(sight.palette, self._accent), sight.palette.edge
        tables = _wave_table(accent), _wave_table(grey, strength=0.7)
        inside, outside = (_painted(_indexed(picture, table, sight.ratio)) for table in tables)
        return inside, outside

    def _draw_mel(self, audio: LaneAudio, sight: Sight) -> QImage | None:
        if audio.opened is None or audio.tiles is None:
            return None
        self._recolour(sight.palette)
        image = QImage(sight.columns, sight.height, QImage.Format.Format_RGB32)
        image.fill(QColor(sight.palette.sunken))
        first, per_pixel = sight.samples(audio.opened.audio.rate)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for key in self._wanted(audio.tiles, first, per_pixel, sight.columns):
            self._draw_tile(painter, audio.tiles, key, first, per_pixel, sight.height)
        painter.end()
        image.setDevicePixelRatio(sight.ratio)
        return image

    def _wanted(self, tiles: MelTiles, first: float, per_pixel: float, columns: int) -> list[TileKey]:
        """Tiles in the order of drawing: coarse ones are under fine ones. Asks for those that are not there."""
        grid = tiles.grid
        last = first + per_pixel * columns
        level = grid.level_for(per_pixel)
        coarse = min(level + COARSER, grid.top)
        fine = [TileKey(level, index) for index in grid.tiles(level, first, last)]
        under = [TileKey(coarse, index) for index in grid.tiles(coarse, first, last)] if coarse > level else []
        middle = sum(key.index for key in fine) / max(1, len(fine))
        nearest = sorted(fine, key=lambda key: abs(key.index - middle))
        is_slow = not grid.is_seekable or len(fine) < 2
        tiles.want(nearest if is_slow else [*under, *nearest])
        return [*under, *fine]

    def _draw_tile(
        self, painter: QPainter, tiles: MelTiles, key: TileKey, first: float, per_pixel: float, height: int
    ) -> None:
        tile = tiles.get(key)
        if tile is None:
            return
        column = tiles.grid.column(key.level)
        begin = key.index * COLUMNS * column
        left = round((begin - first) / per_pixel)
        right = round((begin + tile.shape[1] * column - first) / per_pixel)
        painter.drawImage(QRect(left, 0, max(1, right - left), height), self._tile_image(tiles, key, tile))

    def _tile_image(self, tiles: MelTiles, key: TileKey, tile: Tile) -> QImage:
        place = (id(tiles), key)
        if place not in self._tiles:
            self._tiles[place] = _indexed(tile, self._colours, 1.0).convertToFormat(QImage.Format.Format_RGB32)
        self._tiles.move_to_end(place)
        while len(self._tiles) > KEPT_IMAGES:
            self._tiles.popitem(last=False)
        return self._tiles[place]

    def _recolour(self, palette: Palette) -> None:
        colours = mel_colours(palette, self._accent)
        if colours is not self._colours:
            self._colours = colours
            self._tiles.clear()


def _indexed(picture: np.ndarray, table: list[int], ratio: float) -> QImage:
    """An image of colour indices. It keeps its own copy: numpy's memory would have to outlive it."""
    height, width = picture.shape
    image = QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_Indexed8).copy()
    image.setColorTable(table)
    image.setDevicePixelRatio(ratio)
    return image


def _painted(image: QImage) -> QImage:
    """In the form that a window takes as it is: an image of indices costs ten times as much at every paint."""
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _wave_table(colour: str, *, strength: float = 1.0) -> list[int]:
    """Peaks pale, RMS full."""
    return shades(_rgba(colour, 0.0), _rgba(colour, 0.45 * strength), _rgba(colour, strength))


def _rgba(colour: str, opacity: float) -> Rgba:
    qt = QColor(colour)
    return qt.red(), qt.green(), qt.blue(), round(255 * opacity)
