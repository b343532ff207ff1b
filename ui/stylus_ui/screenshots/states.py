"""The states of the window that are looked at: each a function that brings a Studio into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QThread
from PySide6.QtWidgets import QApplication, QWidget

from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.settings import Settings
from stylus_ui.context import UiContext
from stylus_ui.kit.mainthread import MainThread
from stylus_ui.screenshots import dialogs as dialog_states
from stylus_ui.screenshots import jobs as screenshot_jobs
from stylus_ui.screenshots import side_states
from stylus_ui.screenshots import work as screenshot_work
from stylus_ui.screenshots.core import HandWorker, hand_core
from stylus_ui.shell.composition import Composition
from stylus_ui.shell.frame.body import Body
from stylus_ui.shell.frame.key_sheet import KeySheet
from stylus_ui.shell.frame.window import MainWindow
from stylus_ui.state.background import ThreadBackground
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind

SETTLE_ROUNDS = 30
SIZE = (1360, 840)


class Studio:
    """A window with a state folder of its own and without a core."""

    def __init__(self, home: Path, *, language: str = "en") -> None:
        dispatcher = MainThread()
        self._background = ThreadBackground(dispatcher)
        self._composition = Composition(
            Settings(home=home, port=0),
            dispatcher=dispatcher,
            background=self._background,
            language=language,
            notify=lambda notice: self.body.show_notice(notice),
        )
        self.home = home
        self._core = ExitStack()
        self.window: MainWindow
        self.body: Body

    def __enter__(self) -> Studio:
        self.window = MainWindow()
        self.body = Body(self.window, self.context)
        self.window.resize(*SIZE)
        self.window.show()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.window.close_for_good()
        self.window.deleteLater()
        self.settle()
        self._core.close()
        self._background.close()
        self._composition.close()

    @property
    def context(self) -> UiContext:
        return self._composition.context

    def start_core(self, fill: Callable[[Journal], object] = id) -> HandWorker:
        """A core without a model, with what its journal knows already."""
        worker = HandWorker()
        settings = self.context.settings
        self.context.app_ready.value = self._core.enter_context(hand_core(settings, worker, fill=fill))
        self._core.callback(setattr, self.context.app_ready, "value", None)
        return worker

    def settle(self) -> None:
        """Let everything arrive that is on its way."""
        for _ in range(SETTLE_ROUNDS):
            self._background.run(lambda: None)
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            QApplication.processEvents()
            QThread.msleep(10)


def empty(studio: Studio) -> None:
    """Just opened."""


def told(studio: Studio) -> None:
    """Something landed, and something went wrong."""
    screenshot_work.dropped(studio)
    studio.settle()
    studio.body.show_notice(Notice(kind=NoticeKind.GOOD, text="Gtr · Warm Strings landed in REAPER."))
    action = NoticeAction(label="Choose another folder", call=lambda: None)
    said = "The stem could not be written: no space is left on the disk. Free some, or choose another folder."
    studio.body.show_notice(Notice(kind=NoticeKind.BAD, text=said, action=action, stays=True))


def keys(studio: Studio) -> QWidget:
    """The sheet under "?"."""
    sheet = KeySheet(studio.context, studio.window)
    sheet.show()
    return sheet


STATES: Mapping[str, Callable[[Studio], QWidget | None]] = {
    "empty": empty,
    "told": told,
    "keys": keys,
    **screenshot_work.STATES,
    **side_states.STATES,
    **dialog_states.STATES,
    **screenshot_jobs.STATES,
}
"""By the name of the picture."""
