"""The desktop app: window first, core behind it; one instance; a clean stop.

Nothing here imports torch, and nothing of the core is imported before the window is on the screen.
"""

from __future__ import annotations

import importlib
import logging
import os
import pkgutil
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import stylus_ui.presenters
from stylus_daw.settings import Settings
from stylus_ui.drawing.kept_theme import kept_theme
from stylus_ui.kit.brand import window_icon
from stylus_ui.kit.icons_folder import read_all
from stylus_ui.kit.look import SCALE_VARIABLE, put_on, scale_factor
from stylus_ui.kit.mainthread import MainThread
from stylus_ui.shell.frame.window import MainWindow
from stylus_ui.shell.garbage import GarbageCollection
from stylus_ui.shell.instance import FirstInstance, OpenedByMac, hand_over
from stylus_ui.state.preferences import FILE, Preferences, read_values
from stylus_ui.state.wishes import wished, wished_environment

if TYPE_CHECKING:
    from stylus_ui.shell.running import RunningWindow

NAME = "stylus-daw"
HEAVY = ("stylus_daw.app", "stylus_ui.shell.landings", "stylus_ui.shell.composition", "pedalboard")
SETTLED_MS = 1_500
"""How long after the window was filled its objects count as settled: the cycle collector leaves them out then."""
SIGNAL_MS = 250
"""How often Python checks for signals while Qt waits for events."""

logger = logging.getLogger(__name__)


class DesktopApp:
    """The program from its first window to its last file.

    Args:
        settings: of the core.
        application: of Qt.
        paths: files to begin with.
    """

    def __init__(self, settings: Settings, application: QApplication, paths: Sequence[Path] = ()) -> None:
        self._settings, self._application, self._paths = settings, application, list(paths)
        self._preferences = Preferences(settings.home / FILE)
        self._theme = kept_theme(self._preferences)
        self._garbage = GarbageCollection()
        put_on(application, self._theme)
        self._dispatcher = MainThread()
        self.window = MainWindow(self._preferences.get("layout.window", ""))
        self.window.on_close = self._closing
        self.instance = FirstInstance(settings.home, self._handed_over)
        self.running: RunningWindow | None = None
        if sys.platform == "darwin":
            OpenedByMac(application, self._handed_over)

    def show(self) -> None:
        """Show the window now; whatever takes time is imported afterwards."""
        self.window.show()
        threading.Thread(target=self._import, name="imports", daemon=True).start()

    def quit(self) -> None:
        """End the program without a question; nothing is lost."""
        self.window.close_for_good()
        self._application.quit()

    def stop(self) -> None:
        """Stop everything in reverse order of its start."""
        self._dispatcher.close()
        if self.running is not None:
            self.running.stop()
        self._preferences.close()
        self.instance.close()
        self._garbage.close()

    def _import(self) -> None:
        """Import what needs no Qt on a thread, so that the window can be moved meanwhile."""
        within = stylus_ui.presenters
        presenters = (found.name for found in pkgutil.walk_packages(within.__path__, f"{within.__name__}."))
        for name in (*HEAVY, *presenters):
            _import_early(name)
        read_all()
        self._dispatcher.post(self._fill)

    def _fill(self) -> None:
        from stylus_daw.app import log_to_file
        from stylus_ui.shell.running import RunningWindow

        try:
            log_to_file(self._settings)
        except OSError:
            logger.exception("There is no log")
        self.running = RunningWindow(
            self._settings,
            self.window,
            preferences=self._preferences,
            theme=self._theme,
            dispatcher=self._dispatcher,
            quit_app=self.quit,
        )
        self.running.begin(self._paths)
        QTimer.singleShot(SETTLED_MS, self.window, self._garbage.settle)

    def _handed_over(self, paths: list[Path]) -> None:
        self.window.bring_to_front()
        if self.running is None:
            self._paths += paths
        else:
            self.running.body.intake.take(paths, from_outside=True)

    def _closing(self) -> bool:
        """Where there is a tray, the window only hides: the DAW is served and renders continue."""
        if self.running is None or not self.running.stays_in_tray():
            QTimer.singleShot(0, self.window, self.quit)
        return True


def _import_early(name: str) -> None:
    """One part that is broken leaves its place in the window empty, not the window (see ``shell.frame.places``)."""
    try:
        importlib.import_module(name)
    except Exception:
        logger.exception("%s cannot be imported", name)


def run(settings: Settings, paths: Sequence[Path] = ()) -> int:
    """The window until it is quit; returns the exit code. A second start only brings the first to the front."""
    if hand_over(settings.home, paths):
        return 0
    values = read_values(settings.home / FILE)
    _scale(values)
    for name, value in wished_environment(values).items():
        os.environ.setdefault(name, value)
    application = _application()
    desktop = DesktopApp(wished(settings, values), application, paths)
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


def _scale(values: Mapping[str, Any]) -> None:
    """Apply the user's scale on top of the screen's own; a scale set in the environment wins."""
    percent = values.get("scale_percent", 100)
    if isinstance(percent, int) and percent != 100:
        os.environ.setdefault(SCALE_VARIABLE, scale_factor(percent))


def _hear_signals(desktop: DesktopApp) -> QTimer:
    """Let Ctrl-C and SIGTERM quit as the menu does."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: desktop.quit())
    ticks = QTimer(desktop.window, interval=SIGNAL_MS)
    ticks.timeout.connect(lambda: None)
    ticks.start()
    return ticks
