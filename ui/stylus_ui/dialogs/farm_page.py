"""The farm: its address, its keys, and what each worker does now."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from stylus_daw.farm.worker_said import WorkerSaid
from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import (
    CONTROL_WIDTH,
    SETTING_SPACE,
    Page,
    ProblemLine,
    Setting,
    emptied,
    section,
    sentence,
    settings,
)
from stylus_ui.dialogs.reveal import ask_for_folder
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.parts import button, column, hairline, label, row, set_state
from stylus_ui.presenters.setup.farm import Chosen, Farm, FarmSeen
from stylus_ui.presenters.setup.settings import SettingsPresenter
from stylus_ui.state.failures import notice_of
from stylus_ui.state.text import Text

FARM = "farm"  # among what waits for the next start
LOOK_MS = 2_000  # ms between two looks while the page is seen


class FarmPage(Page):
    """Three settings, then the workers."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        self._context, self._presenter, text = context, presenter, context.text
        self.farm = Farm(context)
        self.address = QLineEdit()
        self.address.setFixedWidth(CONTROL_WIDTH)
        self.address.setPlaceholderText(text("This computer renders"))
        self.address.editingFinished.connect(lambda: self.farm.set_address(self.address.text()))
        self.problem = ProblemLine(context)
        self.said = sentence("")
        self._workers = QWidget()
        self._workers.setLayout(column(spacing=0))
        super().__init__(
            text("Farm"),
            settings(
                Setting(text("Scheduler"), text("Its address, such as box.local or box.local:8786."), self.address),
                self._certificates_line(),
                self._shared_line(),
            ),
            self.problem,
            section(text("Workers")),
            self.said,
            self._workers,
            1,
            said=text("Other computers that render for this one. While they are away, this computer renders."),
        )
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.farm.look)
        bind(self, self.farm.chosen, self._show_chosen)
        bind(self, self.farm.seen, self._show_seen)
        bind(self, self.farm.is_changed, self._say_when)
        listen(self, self.farm.problem, self._fail)
        self.destroyed.connect(lambda _=None, farm=self.farm: farm.close())
        self.farm.read()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def _certificates_line(self) -> QWidget:
        text = self._context.text
        choose = button(text("Folder…"), self._ask_certificates)
        choose.setAccessibleName(text("Folder with the certificates"))
        self.no_certificates: QPushButton = button(text("None"), lambda: self.farm.set_certificates(None), role="flat")
        self.no_certificates.setAccessibleName(text("No certificates"))
        self._certificates = Setting(text("Certificates"), " ", self.no_certificates, choose)
        return self._certificates

    def _shared_line(self) -> QWidget:
        text = self._context.text
        choose = button(text("Folder…"), self._ask_shared)
        choose.setAccessibleName(text("Folder that all computers see"))
        self.not_shared: QPushButton = button(text("None"), lambda: self.farm.set_shared(None), role="flat")
        self.not_shared.setAccessibleName(text("No shared folder"))
        self._shared = Setting(text("Shared folder"), " ", self.not_shared, choose)
        return self._shared

    def _ask_certificates(self) -> None:
        ask_for_folder(self, self._context.text("Folder with the certificates"), self.farm.set_certificates)

    def _ask_shared(self) -> None:
        ask_for_folder(self, self._context.text("Folder that all computers see"), self.farm.set_shared)

    def _show_chosen(self, chosen: Chosen) -> None:
        text = self._context.text
        if not self.address.isModified() or self.address.text().strip() == chosen.address:  # nobody types just now
            self.address.setText(chosen.address)
        needs = text("The farm's three files. Needed for every other computer; they encrypt all that travels.")
        self._certificates.say(_place(chosen.certificates) or needs)
        spares = text("A folder that the workers see, too. What lies in it need not travel.")
        self._shared.say(_place(chosen.shared) or spares)
        self.no_certificates.setVisible(chosen.certificates is not None)
        self.not_shared.setVisible(chosen.shared is not None)

    def _show_seen(self, seen: FarmSeen) -> None:
        text = self._context.text
        if seen.is_looking and (seen.workers is not None or seen.problem is not None):
            return  # what was seen before stays, so that nothing flickers
        self.said.setText(self._about(seen))
        self.said.setVisible(bool(self.said.text()))
        set_state(self.said, "bad" if seen.problem else "")
        layout = emptied(self._workers)
        for number, worker in enumerate(seen.workers or ()):
            if number:
                layout.addWidget(hairline())
            layout.addWidget(_worker_row(text, worker))

    def _about(self, seen: FarmSeen) -> str:
        text = self._context.text
        if seen.problem is not None:
            return notice_of(text, seen.problem).text
        if seen.workers == ():
            return text("The farm has no workers. Start one on each computer: stylus-daw farm worker ADDRESS")
        if seen.is_looking:
            return text("Asking the scheduler…")
        return "" if seen.workers else text("No farm is in use.")

    def _say_when(self, is_changed: bool) -> None:
        if is_changed:
            self._presenter.waiting.value |= {FARM}

    def _fail(self, error: Exception | None) -> None:
        self.problem.tell(notice_of(self._context.text, error).text if error else "")


def _worker_row(text: Text, worker: WorkerSaid) -> QWidget:
    """Name and device at the left, what it does at the right."""
    now = sentence(doing(text, worker))
    set_state(now, "bad" if worker.obstacle else "busy" if worker.now else "")
    made = QWidget()
    made.setAccessibleName(f"{worker.name}: {now.text()}")
    line = row(column(label(worker.name, "strong"), label(worker.device, "small"), spacing=MEASURES.half), now)
    line.setStretch(0, 1)
    line.setStretch(1, 2)
    line.setContentsMargins(0, SETTING_SPACE, 0, SETTING_SPACE)
    made.setLayout(line)
    return made


def doing(text: Text, worker: WorkerSaid) -> str:
    """What a worker does now."""
    if worker.obstacle:
        return text(worker.obstacle)
    if not worker.now:
        return text("waits")
    return text("{share} %, {stage}", share=round(100 * worker.now["fraction"]), stage=text(str(worker.now["stage"])))


def _place(folder: Path | None) -> str:
    return "" if folder is None else str(folder)
