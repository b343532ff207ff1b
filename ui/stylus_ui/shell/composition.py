"""Puts the parts of the window together. No Qt: with other threads and a folder of its own, a test does the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from stylus_daw.settings import Settings
from stylus_ui.context import UiContext
from stylus_ui.drawing.kept_theme import kept_theme
from stylus_ui.drawing.theme import Theme
from stylus_ui.state.autosave import Autosave
from stylus_ui.state.dispatch import Background, Dispatcher
from stylus_ui.state.notices import Notice
from stylus_ui.state.preferences import FILE as PREFERENCES_FILE
from stylus_ui.state.preferences import Preferences
from stylus_ui.state.shortcuts import Shortcuts
from stylus_ui.state.text import Text, system_language
from stylus_ui.workspace.take_notes import FILE as TAKES_FILE
from stylus_ui.workspace.take_notes import TakeNotes
from stylus_ui.workspace.workpiece import Workpiece
from stylus_ui.workspace.workpiece_file import FILE as WORKPIECE_FILE
from stylus_ui.workspace.workpiece_file import read_workpiece, workpiece_to_json
from stylus_ui.workspace.workspace import Workspace


class Composition:
    """The context of a window, and what has to be closed with it.

    Args:
        settings: of the core.
        dispatcher: to the window's thread.
        background: away from it.
        notify: shows a notice.
        language: instead of the user's choice and the system's.
        preferences, theme: those that the window was opened with.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        dispatcher: Dispatcher,
        background: Background,
        notify: Callable[[Notice], None],
        language: str | None = None,
        preferences: Preferences | None = None,
        theme: Theme | None = None,
    ) -> None:
        self._preferences = preferences or Preferences(settings.home / PREFERENCES_FILE)
        self._autosave = Autosave(settings.home / WORKPIECE_FILE)
        self._take_notes = TakeNotes(settings.home / TAKES_FILE)
        chosen = language or self._preferences.get("language", "") or system_language()
        workpiece = read_workpiece(settings.home / WORKPIECE_FILE)
        self.context = UiContext(
            settings=settings,
            preferences=self._preferences,
            theme=theme or kept_theme(self._preferences),
            text=Text(chosen),
            workspace=Workspace(settings, background, workpiece=workpiece, save=self._save),
            take_notes=self._take_notes,
            shortcuts=Shortcuts(),
            notify=lambda notice: dispatcher.post(lambda: notify(notice)),
            dispatcher=dispatcher,
            background=background,
        )

    def _save(self, workpiece: Workpiece) -> None:
        """A curve of thousands of points takes a few frames to write down: not while it is dragged."""
        self._autosave.put(partial(workpiece_to_json, workpiece))

    def close(self) -> None:
        """Close everything; what was waiting to be written is on the disk afterwards."""
        self._autosave.close()
        self._take_notes.close()
        self._preferences.close()
