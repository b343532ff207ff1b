"""OpenButton: opens audio, or what was open before."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu, QToolButton

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import icon_button
from stylus_ui.presenters.workspace.recent import RecentFile, RecentFiles
from stylus_ui.state.text import Text


class RecentMenu(QMenu):
    """Open…, the last files, and a way to forget them. Its entries follow while it is open."""

    def __init__(self, context: UiContext, recent: RecentFiles, parent: QToolButton) -> None:
        super().__init__(parent)
        self._context, self._recent = context, recent
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(recent.look)
        bind(self, recent.entries, self._fill)

    def _fill(self, entries: tuple[RecentFile, ...]) -> None:
        text, recent = self._context.text, self._recent
        self.clear()
        self.addAction(text("Open audio…"), lambda: self._context.shortcuts.trigger("open"))
        if not entries:
            return
        self.addSeparator()
        for entry in entries:
            action = self.addAction(named(text, entry), lambda path=entry.path: recent.open(path))
            action.setEnabled(entry.is_there)
            action.setToolTip(str(entry.path))
        self.addSeparator()
        self.addAction(text("Clear the list"), recent.clear)


def named(text: Text, entry: RecentFile) -> str:
    """A file as a menu says it: with its folder, or that it is not there any more."""
    if not entry.is_there:
        return text("{name}, not found", name=entry.name)
    return f"{entry.name} · {entry.folder}" if entry.folder else entry.name


def open_button(context: UiContext, recent: RecentFiles) -> QToolButton:
    """A button with the menu."""
    made = icon_button(context, "folder-open", context.text("Open"), lambda: None, action="open")
    made.setMenu(RecentMenu(context, recent, made))
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return made
