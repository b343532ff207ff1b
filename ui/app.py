"""The desktop app: window first, core behind it; one instance; a clean stop.

Nothing here imports torch, and nothing of the core is imported before the window is on the screen.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from stylus_daw.settings import Settings
from ui import places
from ui.background import ThreadBackground
from ui.brand import window_icon
from ui.composition import Composition
from ui.core import Core
from ui.instance import FirstInstance, hand_over
from ui.look import SCALE_VARIABLE, put_on, scale_factor
from ui.mainthread import MainThread
from ui.notices import Notice, NoticeKind
from ui.preferences import FILE, read_values
from ui.tray import Tray
from ui.window import MainWindow

NAME = "stylus-daw"
SIGNAL_MS = 250
"""How often Python gets to see a signal while Qt waits."""


class DesktopApp:
    """The running program.

    Args:
        settings: of the core.
        application: of Qt.
        paths: files to begin with.
    """

    def __init__(self, settings: Settings, application: QApplication, paths: Sequence[Path] = ()) -> None:
        self._application = application
        self._dispatcher = MainThread()
        self._background = ThreadBackground(self._dispatcher)
        self._composition = Composition(
            settings, dispatcher=self._dispatcher, background=self._background, notify=self._notify
        )
        self.context = self._composition.context
        self._core = Core(self.context)
        put_on(application, self.context.theme)
        self.window = MainWindow(self.context, on_close=self._closing, start_core=self._core.start)
        self._tray = Tray(self.context, on_show=self.window.bring_to_front, on_quit=self.quit)
        self.instance = FirstInstance(settings.home, self._handed_over)
        self.context.shortcuts.on("quit", self.quit)
        self._paths = list(paths)

    def show(self) -> None:
        """The window now, everything that takes time after it."""
        self.window.show()
        QTimer.singleShot(0, self.window, self._begin)

    def quit(self) -> None:
        """End the program; nothing is asked and nothing is lost."""
        self.window.close_for_good()
        self._application.quit()

    def stop(self) -> None:
        """Stop everything in reverse order of its start."""
        self._core.stop()
        self._background.close()
        self._dispatcher.close()
        self._composition.close()
        self._tray.close()
        self.instance.close()

    def _begin(self) -> None:
        from ui.landings import Landings

        self._landings = Landings(self.context)
        self._core.start()
        self.window.intake.take(self._paths)
        if not self.context.preferences.get("first_run.done", False) and places.exists(places.FIRST_RUN):
            self.window.show_dialog(places.FIRST_RUN)

    def _handed_over(self, paths: list[Path]) -> None:
        self.window.bring_to_front()
        self.window.intake.take(paths)

    def _notify(self, notice: Notice) -> None:
        self.window.show_notice(notice)
        if notice.on_desktop and not self.window.isActiveWindow():
            self._tray.tell(notice)

    def _closing(self) -> bool:
        """Where there is a tray, the window only hides: the DAW is served and renders go on."""
        stays = self._tray.is_available and self.context.preferences.get("window.closes_to_tray", True)
        if not stays:
            self.quit()
            return True
        if not self.context.preferences.get("window.told_of_tray", False) or self.context.workspace.takes.unfinished:
            self.context.preferences.set("window.told_of_tray", True)
            self._tray.tell(Notice(kind=NoticeKind.INFO, text=self._farewell()))
        return True

    def _farewell(self) -> str:
        text, count = self.context.text, len(self.context.workspace.takes.unfinished)
        if not count:
            return text("Stylus goes on serving your DAW. Quit it here.")
        return text.count(
            "Stylus goes on with {count} render. If you quit, it is kept and goes on at the next start.",
            "Stylus goes on with {count} renders. If you quit, they are kept and go on at the next start.",
            count,
        )


def run(settings: Settings, paths: Sequence[Path] = ()) -> int:
    """The window until it is quit; gives the exit code. A second start only brings the first to the front."""
    if hand_over(settings.home, paths):
        return 0
    _scale(settings.home)
    application = _application()
    desktop = DesktopApp(settings, application, paths)
    if not desktop.instance.is_first and hand_over(settings.home, paths):
        return 0
    ticks = _hear_signals(desktop)
    desktop.show()
    code = application.exec()
    ticks.stop()
    desktop.stop()
    return code


def _application() -> QApplication:
    application = QApplication(sys.argv[:1])
    application.setApplicationName(NAME)
    application.setApplicationDisplayName("Stylus")
    application.setDesktopFileName(NAME)
    application.setWindowIcon(window_icon())
    application.setQuitOnLastWindowClosed(False)
    return application


def _scale(home: Path) -> None:
    """The user's scale, besides the screen's own; an environment that says another wins."""
    percent = read_values(home / FILE).get("scale_percent", 100)
    if isinstance(percent, int) and percent != 100:
        os.environ.setdefault(SCALE_VARIABLE, scale_factor(percent))


def _hear_signals(desktop: DesktopApp) -> QTimer:
    """Ctrl-C and SIGTERM quit as the menu does."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: desktop.quit())
    ticks = QTimer(desktop.window, interval=SIGNAL_MS)
    ticks.timeout.connect(lambda: None)
    ticks.start()
    return ticks
