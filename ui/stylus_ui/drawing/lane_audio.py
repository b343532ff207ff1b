"""LaneAudio: everything that a lane draws of one file, loaded as it is looked at. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.formats.reading import read
from stylus_ui.drawing.mel_tiles import MelTiles
from stylus_ui.drawing.peak_loader import Opened, PeakLoader
from stylus_ui.drawing.peaks import BASE_BLOCK, STEP, Outline, block_columns, block_outline, sample_outline
from stylus_ui.state.dispatch import Background
from stylus_ui.state.observable import Signal

NEAR_BLOCK = 16
"""Samples in a block of what is in sight, where single samples are too many to look at 60 times a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSources:
    """What lanes load with."""

    loader: PeakLoader
    background: Background


class LaneAudio:
    """One file: peaks at once, samples where somebody looks that closely, mel tiles where they are in sight.

    Args:
        path: the file.
        sources: what it is loaded with.
        is_kept: its peaks are wanted another day.

    Attributes:
        opened: None until the file is open.
        problem: why there is nothing to show.
        changed: there is more to draw than before.
    """

    def __init__(self, path: Path, sources: LaneSources, *, is_kept: bool = True) -> None:
        self.path = path
        self.opened: Opened | None = None
        self.tiles: MelTiles | None = None
        self.problem: Exception | None = None
        self.changed: Signal[()] = Signal()
        self._background = sources.background
        self._near = _NearSamples(path, sources.background, self.changed.emit)
        self._cancel = sources.loader.load(path, grown=self._grow, failed=self._fail, is_kept=is_kept)

    def outline(self, first: float, per_column: float, columns: int) -> Outline | None:
        """What is known of those columns now; more may be on its way. See `Peaks.outline`."""
        if self.opened is None:
            return None
        if per_column < BASE_BLOCK:
            near = self._near.outline(first, per_column, columns, self.opened.audio.frames)
            if near is not None:
                return near
        return self.opened.peaks.outline(first, per_column, columns)

    def close(self) -> None:
        """Load nothing more."""
        self._cancel()
        self._near.close()
        if self.tiles is not None:
            self.tiles.close()

    def _grow(self, opened: Opened) -> None:
        if self.opened is None:
            self.tiles = MelTiles(self.path, opened.audio, self._background, self.changed.emit)
        self.opened = opened
        self.changed.emit()

    def _fail(self, error: Exception) -> None:
        self.problem = error
        self.changed.emit()


class _NearSamples:
    """The samples around what is in sight."""

    def __init__(self, path: Path, background: Background, arrived: Callable[[], object]) -> None:
        self._path, self._background, self._arrived = path, background, arrived
        self._clip: Clip | None = None
        self._blocks: Outline | None = None
        self._first = 0
        self._cancel: Callable[[], None] | None = None
        self._asked = (0, 0)

    def outline(self, first: float, per_column: float, columns: int, frames: int) -> Outline | None:
        begin, end = max(0, int(first) - 1), min(frames, int(first + per_column * columns) + 2)
        if end <= begin:
            return None
        if self._clip is not None and self._first <= begin and end <= self._first + self._clip.length:
            return self._kept_outline(self._clip, first - self._first, per_column, columns)
        self._ask(begin, end, frames)
        return None

    def close(self) -> None:
        if self._cancel is not None:
            self._cancel()

    def _kept_outline(self, clip: Clip, first: float, per_column: float, columns: int) -> Outline:
        if per_column >= NEAR_BLOCK * STEP and self._blocks is not None:
            return block_columns(self._blocks, first / NEAR_BLOCK, per_column / NEAR_BLOCK, columns)
        return sample_outline(clip.samples, first, per_column, columns)

    def _read(self, first: int, length: int | None) -> tuple[Clip, Outline]:
        clip = read(self._path, first=first, length=length)
        return clip, block_outline(clip.samples, NEAR_BLOCK)

    def _ask(self, begin: int, end: int, frames: int) -> None:
        """Read that and as much on both sides, so that small moves need nothing new."""
        if self._asked[0] <= begin and end <= self._asked[1]:
            return
        first, last = max(0, 2 * begin - end), min(frames, 2 * end - begin)
        self.close()
        self._asked = (first, last)
        self._cancel = self._background.run(
            lambda: self._read(first, None if last == frames else last - first),
            done=lambda got: self._keep(first, *got),
            failed=lambda error: None,  # the peaks stay; a file that has gone is told of by whoever renders it
        )

    def _keep(self, first: int, clip: Clip, blocks: Outline) -> None:
        self._first, self._clip, self._blocks, self._cancel = first, clip, blocks, None
        self._arrived()
