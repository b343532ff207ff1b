"""Mel tiles: the picture that the model sees, at any zoom, computed only where somebody looks. No Qt.

A tile is 256 columns of one level; a column of level L stands for ``5 ms * 2**L``. Columns up to 50 ms
apart are frames of an STFT with a 50 ms window; farther apart, a column is the mean power of up to four
windows spread over it, so that an hour costs no more than what is drawn of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.formats.reading import AudioInfo, read
from stylus_daw.audio.spectrogram import Image, MelGeometry, MelGrid
from stylus_ui.state.dispatch import Background

COLUMNS = 256
COLUMN_MS = 5
WINDOWS = 4
LOW_DB, HIGH_DB = -84.0, -12.0
KEPT_TILES = 512
"""Tiles in memory: 16 MB."""

# Hop = window, so that frames are windows laid side by side, wherever they were taken from.
GEOMETRY = MelGeometry(hop_ms=50, window_ms=50, fft_ms=100)
_READ_AT_ONCE = 2**20
_BATCH = 64

Tile = NDArray[np.uint8]
"""Levels 0..255 of ``LOW_DB`` to ``HIGH_DB``, highest band first. Shape: ``[bands, columns]``."""


@dataclass(frozen=True, slots=True)
class TileKey:
    """Which tile: columns ``index * 256`` to ``(index + 1) * 256`` of a level."""

    level: int
    index: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TileGrid:
    """Where the tiles of a file are. Positions in samples.

    ``is_seekable``: far columns cost no more than near ones, so a coarse picture of all may come first.

    >>> grid = TileGrid(rate=48_000, frames=480_000)
    >>> grid.level_for(240), grid.level_for(1000), grid.column(1), grid.tiles(0, 0, 480_000)
    (0, 2, 480, range(0, 8))
    """

    rate: int
    frames: int
    is_seekable: bool = True

    @classmethod
    def of(cls, audio: AudioInfo) -> TileGrid:
        return cls(rate=audio.rate, frames=audio.frames, is_seekable=_is_seekable(audio))

    def column(self, level: int) -> int:
        """Samples that a column stands for."""
        return round(self.rate * COLUMN_MS / 1000) << level

    @property
    def top(self) -> int:
        """The coarsest level: one tile for the whole file."""
        return max(0, (-(-self.frames // (self.column(0) * COLUMNS)) - 1).bit_length())

    def level_for(self, per_pixel: float) -> int:
        """The coarsest level whose columns are at most a pixel wide; 0 where even that is wider."""
        level = 0
        while level < self.top and self.column(level + 1) <= per_pixel:
            level += 1
        return level

    def tiles(self, level: int, first: float, last: float) -> range:
        """Indices of the tiles that show samples ``first`` to ``last``."""
        width = self.column(level) * COLUMNS
        end = min(last, self.frames)
        return range(max(0, int(first // width)), max(0, int(-(-end // width))))


class MelTiles:
    """The tiles of one file, computed in the background, newest wish first.

    Args:
        path: the audio.
        audio: what it is.
        background: computes; one tile at a time per file.
        arrived: called on the window's thread after each.
    """

    def __init__(self, path: Path, audio: AudioInfo, background: Background, arrived: Callable[[], object]) -> None:
        self.grid = TileGrid.of(audio)
        self._path = path
        self._audio = audio
        self._background = background
        self._arrived = arrived
        self._kept: OrderedDict[TileKey, Tile] = OrderedDict()
        self._wanted: list[TileKey] = []
        self._running: TileKey | None = None
        self._stop: Callable[[], None] = lambda: None
        self._closed = threading.Event()
        self.error: Exception | None = None

    def get(self, key: TileKey) -> Tile | None:
        """The tile if it is there."""
        tile = self._kept.get(key)
        if tile is not None:
            self._kept.move_to_end(key)
        return tile

    def want(self, keys: list[TileKey]) -> None:
        """What is in sight now, most important first; wishes from before are forgotten."""
        self._wanted = [key for key in keys if key not in self._kept and key != self._running]
        self._next()

    @property
    def is_busy(self) -> bool:
        return self._running is not None

    @property
    def count(self) -> int:
        """Tiles in memory."""
        return len(self._kept)

    def close(self) -> None:
        """Compute nothing more."""
        self._closed.set()
        self._wanted.clear()
        self._stop()

    def _next(self) -> None:
        if self._running or not self._wanted or self._closed.is_set() or self.error:
            return
        self._running = key = self._wanted.pop(0)
        self._stop = self._background.run(
            lambda: compute(self._path, self._audio, key, is_cancelled=self._closed.is_set),
            done=lambda tile: self._keep(key, tile),
            failed=self._fail,
        )

    def _keep(self, key: TileKey, tile: Tile) -> None:
        self._running = None
        self._kept[key] = tile
        while len(self._kept) > KEPT_TILES:
            self._kept.popitem(last=False)
        self._arrived()
        self._next()

    def _fail(self, error: Exception) -> None:
        self._running, self.error = None, error
        self._arrived()


def compute(path: Path, audio: AudioInfo, key: TileKey, *, is_cancelled: Callable[[], bool] = lambda: False) -> Tile:
    """One tile; columns behind the end of the file are left out.

    Raises:
        AudioFileError: the file has gone or changed.
    """
    column = TileGrid.of(audio).column(key.level)
    begin = key.index * COLUMNS
    count = min(COLUMNS, -(-audio.frames // column) - begin)
    grid = GEOMETRY.at(audio.rate)
    windows = max(1, min(WINDOWS, column // grid.window))
    centres = ((np.arange(count * windows) + 0.5) * (column / windows) + begin * column).astype(np.int64)
    parts = _batches(_windows(path, audio, centres, grid.window))
    power = [_power(part, grid) for part in parts if not is_cancelled()]
    if is_cancelled():
        return np.zeros((GEOMETRY.bands, count), np.uint8)
    image = np.concatenate(power, axis=1).reshape(GEOMETRY.bands, count, windows).mean(axis=2)
    return as_levels(image)


def as_levels(power: Image) -> Tile:
    """Mel power as levels of the colour map, highest band first. Shape: ``[bands, columns]``."""
    share = (10.0 * np.log10(power) - LOW_DB) / (HIGH_DB - LOW_DB)
    return np.ascontiguousarray((np.clip(share, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)[::-1])


def _is_seekable(audio: AudioInfo) -> bool:
    """Whether jumping about in the file costs next to nothing."""
    return audio.format != "FLAC" and audio.subtype.startswith(("PCM", "FLOAT", "DOUBLE"))


def _windows(path: Path, audio: AudioInfo, centres: NDArray[np.int64], window: int) -> Iterator[NDArray[np.float32]]:
    """Samples around the centres, zeros outside the file. Shape of each: ``[channels, windows, window]``."""
    for group in _groups(centres, window, is_seekable=_is_seekable(audio)):
        begin = int(group[0]) - window // 2
        end = int(group[-1]) - window // 2 + window
        samples = _read_around(path, audio, begin, end)
        offsets = group - group[0]
        yield samples[:, offsets[:, None] + np.arange(window)]


def _batches(parts: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    """The same windows, about 64 at a time: transforms of single ones cost ten times as much."""
    waiting: list[NDArray[np.float32]] = []
    for part in parts:
        waiting.append(part)
        if sum(each.shape[1] for each in waiting) >= _BATCH:
            yield np.concatenate(waiting, axis=1)
            waiting = []
    if waiting:
        yield np.concatenate(waiting, axis=1)


def _groups(centres: NDArray[np.int64], window: int, *, is_seekable: bool) -> Iterator[NDArray[np.int64]]:
    """Centres that are read in one go: only far jumps in files that seek at once are worth a read of their own."""
    step = int(centres[1] - centres[0]) if len(centres) > 1 else 1
    size = 1 if is_seekable and step > 8 * window else max(1, min(_BATCH, _READ_AT_ONCE // step))
    for first in range(0, len(centres), size):
        yield centres[first : first + size]


def _read_around(path: Path, audio: AudioInfo, begin: int, end: int) -> Samples:
    """Samples ``begin`` to ``end``, zeros outside the file. Shape: ``[channels, end - begin]``."""
    first, last = max(0, begin), min(end, audio.frames)
    if last <= first:
        return np.zeros((audio.channels, end - begin), np.float32)
    samples = read(path, first=first, length=None if last == audio.frames else last - first).samples
    return np.pad(samples, ((0, 0), (first - begin, max(0, end - first - samples.shape[1]))))


def _power(windows: NDArray[np.float32], grid: MelGrid) -> Image:
    """Mel power, mean over the channels. Shape: ``[channels, windows, window] -> [bands, windows]``."""
    channels, count, window = windows.shape
    before = np.zeros((channels, window - window // 2), np.float32)
    lined_up = np.concatenate([before, windows.reshape(channels, -1)], axis=1)
    power = sum(grid.mel_power(grid.stft(channel, 1, count)) for channel in lined_up)
    return np.asarray(power / channels, np.float32)
