"""StylePreviews: hear a style or a preset's demo for a few seconds. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stylus_daw.audio.clip import Samples
from stylus_daw.jobs.style_part import StylePart
from stylus_ui.audition.feed import Feed, Heard
from stylus_ui.audition.previewing import Preview, load_preview
from stylus_ui.state.dispatch import Background
from stylus_ui.state.observable import Forget, Property, Signal


class StylePreviews:
    """One at a time; the next takes the place of the last.

    Attributes:
        file: what sounds or is about to; None: nothing.
        problem: emits what could not be read.
    """

    def __init__(self, feed: Feed, background: Background, wake: Callable[[], object]) -> None:
        self._feed, self._background, self._wake = feed, background, wake
        self._is_loading = False
        self._forget: Forget = lambda: None
        self.file: Property[Path | None] = Property(None)
        self.problem: Signal[Exception] = Signal()

    def play(self, path: Path, rate: int, part: StylePart | None = None) -> None:
        """Load a file's first seconds, or those of a part, at the mixer's rate, and play them."""
        self._forget()
        self._is_loading = True
        self.file.value = path
        self._forget = self._background.run(
            lambda: load_preview(path, rate, part=part),
            done=lambda samples: self._loaded(samples, rate),
            failed=self._failed,
        )

    def stop(self) -> None:
        """It fades out; one that is still loading never sounds."""
        self._forget()
        self._is_loading = False
        self.file.value = None
        self._feed.command(lambda mixer: mixer.stop_preview())
        self._wake()

    def follow(self, heard: Heard) -> None:
        """What sounds now: a preview that is over is forgotten."""
        if not heard.is_previewing and not self._is_loading:
            self.file.value = None

    def _loaded(self, samples: Samples, rate: int) -> None:
        self._is_loading = False
        self._feed.command(lambda mixer: mixer.preview(Preview(samples, rate)) if mixer.rate == rate else None)
        self._wake()

    def _failed(self, error: Exception) -> None:
        self.stop()
        self.problem.emit(error)
