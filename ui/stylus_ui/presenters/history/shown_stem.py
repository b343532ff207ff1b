"""ShownStem: the stem in the result lane, as a file to be dragged out or copied. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from stylus_ui.context import UiContext
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.stem_files import StemFiles
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.state.observable import Property
from stylus_ui.workspace.takes import Take


class ShownStem:
    """Follows the lane.

    Attributes:
        is_there: the lane shows a take that has a stem.
    """

    def __init__(self, context: UiContext) -> None:
        self._context, self._files = context, StemFiles(context)
        self.is_there = Property(False)
        self._forget = context.workspace.takes.shown.observe(self._show)

    def close(self) -> None:
        """Follow nothing more."""
        self._forget()

    def hand_out(self, done: Callable[[Path], object]) -> None:
        """Make the copy that leaves the window, under its own name; ``done`` gets it."""
        take = self._context.workspace.takes.shown.value
        if take is not None and take.stem is not None:
            entry = HistoryEntry(number=0, take=take, note=self._context.take_notes.of(take.job))
            self._files.hand_out(entry, done)

    def tell_copied(self, stem: Path) -> None:
        """It is on the clipboard."""
        said = self._context.text("{name} is on the clipboard. Paste it into your DAW.", name=stem.name)
        self._context.notify(Notice(kind=NoticeKind.INFO, text=said, key="copied"))

    def _show(self, take: Take | None) -> None:
        self.is_there.value = take is not None and take.stem is not None
