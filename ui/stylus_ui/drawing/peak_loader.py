"""PeakLoader: gets the peaks of a file, from the cache or by scanning it in the background. No Qt.

The file is read in chunks of about 20 s; what is known so far can be drawn at once. A scan that is
forgotten stops at the next chunk.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.formats.reading import AudioInfo, probe, read
from stylus_ui.drawing.peak_cache import PeakCache
from stylus_ui.drawing.peaks import CHUNK, Peaks
from stylus_ui.state.dispatch import Background, Dispatcher

TELL_EVERY_S = 1 / 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that turned out to be audio, and its peaks, which may still be growing."""

    path: Path
    audio: AudioInfo
    peaks: Peaks


class PeakLoader:
    """Loads peaks; listeners are called on the window's thread.

    Args:
        cache: where complete peaks are kept.
        background: runs the scans.
        dispatcher: brings what they find to the window.
    """

    def __init__(self, cache: PeakCache, background: Background, dispatcher: Dispatcher) -> None:
        self._cache = cache
        self._background = background
        self._dispatcher = dispatcher

    def load(
        self,
        path: Path,
        *,
        grown: Callable[[Opened], object],
        failed: Callable[[Exception], object],
        is_kept: bool = True,
    ) -> Callable[[], None]:
        """Begin; ``grown`` is called as soon as the file is open, while it is scanned, and when it is done.

        The result cancels: no call comes after it. ``is_kept``: the peaks may be wanted another day.
        """
        forgotten = threading.Event()

        def tell(opened: Opened) -> None:
            self._dispatcher.post(lambda: None if forgotten.is_set() else grown(opened), key=("peaks", id(forgotten)))

        forget = self._background.run(
            lambda: scan(path, self._cache if is_kept else None, tell=tell, is_cancelled=forgotten.is_set),
            failed=failed,
        )

        def cancel() -> None:
            forgotten.set()
            forget()

        return cancel


def scan(
    path: Path, cache: PeakCache | None, *, tell: Callable[[Opened], object], is_cancelled: Callable[[], bool]
) -> Peaks | None:
    """The file's peaks, told of while they grow; None if cancelled.

    Raises:
        AudioFileError: see :func:`~stylus_daw.audio.formats.reading.read`.
    """
    audio = probe(path)
    kept = cache.load(path) if cache else None
    peaks = kept or Peaks(rate=audio.rate, frames=audio.frames)
    opened = Opened(path=path, audio=audio, peaks=peaks)
    tell(opened)
    if kept is None and not _fill(opened, tell, is_cancelled):
        return None
    if kept is None:
        if cache is not None:
            cache.store(path, peaks)
        tell(opened)
    return peaks


def _fill(opened: Opened, tell: Callable[[Opened], object], is_cancelled: Callable[[], bool]) -> bool:
    """Scan all of it; False if cancelled."""
    told = time.monotonic()
    for samples in _chunks(opened.path, opened.audio.frames):
        if is_cancelled():
            return False
        opened.peaks.add(samples)
        if time.monotonic() - told >= TELL_EVERY_S:
            told = time.monotonic()
            tell(opened)
    opened.peaks.end()
    return True


def _chunks(path: Path, frames: int) -> Iterator[Samples]:
    for first in range(0, frames, CHUNK):
        is_last = first + CHUNK >= frames
        yield read(path, first=first, length=None if is_last else CHUNK).samples
