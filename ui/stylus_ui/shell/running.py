"""RunningWindow: the window with everything behind it: context, panels, core, tray."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from stylus_daw.settings import Settings
from stylus_ui.drawing.theme import Theme
from stylus_ui.kit.mainthread import MainThread
from stylus_ui.kit.qt_words import set_qt_language
from stylus_ui.shell.composition import Composition
from stylus_ui.shell.core import Core
from stylus_ui.shell.frame import places
from stylus_ui.shell.frame.body import Body
from stylus_ui.shell.frame.window import MainWindow
from stylus_ui.shell.landings import Landings
from stylus_ui.shell.tray import Tray
from stylus_ui.state.background import ThreadBackground
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.state.preferences import Preferences


class RunningWindow:
    """Fills the window and runs the core.

    Args:
        settings: of the core.
        window: that is shown already.
        preferences, theme: it was shown with.
        dispatcher: to Qt's thread.
        quit_app: ends the program.
    """

    def __init__(
        self,
        settings: Settings,
        window: MainWindow,
        *,
        preferences: Preferences,
        theme: Theme,
        dispatcher: MainThread,
        quit_app: Callable[[], object],
    ) -> None:
        self._window = window
        self._background = ThreadBackground(dispatcher)
        self._composition = Composition(
            settings,
            dispatcher=dispatcher,
            background=self._background,
            notify=self._notify,
            preferences=preferences,
            theme=theme,
        )
        self.context = self._composition.context
        set_qt_language(self.context.text.language)
        self._core = Core(self.context)
        self.body = Body(window, self.context, start_core=self._core.start, quit_app=quit_app)
        self._tray = Tray(self.context, on_show=window.bring_to_front, on_quit=quit_app)
        self._landings = Landings(self.context)

    def begin(self, paths: Sequence[Path]) -> None:
        """Start the core, take the files in, welcome a newcomer."""
        self._core.start()
        self.body.intake.take(paths, from_outside=True)
        if not self.context.preferences.get("first_run.done", False) and places.exists(places.FIRST_RUN):
            self.body.show_dialog(places.FIRST_RUN)

    def stop(self) -> None:
        """Stop the core, then write what waits. Jobs that are not finished continue at the next start."""
        self.body.keep_layout()
        if count := self._unfinished():
            self._say(self._kept(count))
        self._core.stop()
        if (player := self.context.player.value) is not None:
            player.close()
        self._background.close()
        self._composition.close()
        self._tray.close()

    def stays_in_tray(self) -> bool:
        """The user closes the window: whether the program continues, which is said then."""
        self.body.keep_layout()
        preferences, count = self.context.preferences, self._unfinished()
        if not (self._tray.is_available and preferences.get("window.closes_to_tray", True)):
            return False
        if count or not preferences.get("window.told_of_tray", False):
            preferences.set("window.told_of_tray", True)
            self._say(self._farewell(count))
        return True

    def _notify(self, notice: Notice) -> None:
        self.body.show_notice(notice)
        if notice.on_desktop and not self._window.isActiveWindow():
            self._tray.tell(notice)

    def _say(self, said: str) -> None:
        self._tray.tell(Notice(kind=NoticeKind.INFO, text=said))

    def _unfinished(self) -> int:
        """Jobs of the window and of DAWs that run or wait."""
        app = self.context.app
        return len(app.queue.waiting) + len(app.queue.running) if app else 0

    def _farewell(self, count: int) -> str:
        text = self.context.text
        if not count:
            return text("Stylus keeps serving your DAW. Quit it here.")
        return text.count(
            "Stylus continues with {count} render. If you quit, it is kept and continues at the next start.",
            "Stylus continues with {count} renders. If you quit, they are kept and continue at the next start.",
            count,
        )

    def _kept(self, count: int) -> str:
        return self.context.text.count(
            "{count} render is kept and continues at the next start.",
            "{count} renders are kept and continue at the next start.",
            count,
        )
