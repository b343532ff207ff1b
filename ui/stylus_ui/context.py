"""UiContext: everything that a panel is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stylus_daw.settings import Settings
from stylus_ui.drawing.theme import Theme
from stylus_ui.state.dispatch import Background, Dispatcher
from stylus_ui.state.notices import Notice
from stylus_ui.state.observable import Property, Signal
from stylus_ui.state.player import AuditionPlayer
from stylus_ui.state.preferences import Preferences
from stylus_ui.state.shortcuts import Shortcuts
from stylus_ui.state.text import Text
from stylus_ui.workspace.take_notes import TakeNotes
from stylus_ui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from stylus_daw.app import App
    from stylus_ui.presenters.models.models import Models


@dataclass(frozen=True, slots=True, kw_only=True)
class UiContext:
    """What the parts of the window share. Presenters take what they need of it, not all.

    Attributes:
        settings: folders and port of the core.
        preferences: what the window remembers.
        theme: tokens; ``theme.palette`` is observable.
        text: translates.
        workspace: the current job.
        take_notes: names and stars of takes, and which are put away.
        shortcuts: every key of the window.
        notify: shows a notice; any thread.
        dispatcher: to the window's thread.
        background: away from it.
        app_ready: the core; None until it is up (about a second after the window) and after it has stopped.
        core_problem: why the core did not start; empty while all is well.
        presets_changed: emit it after changing the preset library; lists read it again.
        plugins_changed: emit it after a scan and after changing what scans have found; lists read it again.
        player: the sound output; None until the transport has made it.
        models: the checkpoints and their downloads; ask ``stylus_ui.presenters.models.models.models_of`` for it.
    """

    settings: Settings
    preferences: Preferences
    theme: Theme
    text: Text
    workspace: Workspace
    take_notes: TakeNotes
    shortcuts: Shortcuts
    notify: Callable[[Notice], None]
    dispatcher: Dispatcher
    background: Background
    app_ready: Property[App | None] = field(default_factory=lambda: Property(None))
    core_problem: Property[str] = field(default_factory=lambda: Property(""))
    presets_changed: Signal[()] = field(default_factory=Signal)
    plugins_changed: Signal[()] = field(default_factory=Signal)
    player: Property[AuditionPlayer | None] = field(default_factory=lambda: Property(None))
    models: Property[Models | None] = field(default_factory=lambda: Property(None))

    @property
    def app(self) -> App | None:
        """The core, None until it is up: observe ``app_ready`` to hear when."""
        return self.app_ready.value
