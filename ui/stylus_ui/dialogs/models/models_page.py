"""The models: which there are, whether they fit, adding one."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Page, ProblemLine, Setting, emptied, section, sentence
from stylus_ui.dialogs.models.download_box import DownloadBox
from stylus_ui.dialogs.models.model_row import ModelRow
from stylus_ui.dialogs.reveal import ask_for_file, ask_for_folder
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.parts import button, column, hairline, row
from stylus_ui.presenters.models.downloads import SUGGESTED, Download, Step
from stylus_ui.presenters.models.engine_look import EngineSeen
from stylus_ui.presenters.models.model_library import KnownModel
from stylus_ui.presenters.models.models import Verdict, models_of
from stylus_ui.presenters.setup.settings import SettingsPresenter
from stylus_ui.state.failures import notice_of


class ModelsPage(Page):
    """The list, then three ways to add one."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        self._context, text = context, context.text
        self.models = models_of(context)
        self._rows: dict[str, ModelRow] = {}
        self._list = QWidget()
        self._list.setLayout(column(spacing=0))
        self.problem = ProblemLine(context)
        self._unfinished = QWidget()
        self._unfinished.setLayout(column(spacing=MEASURES.grid))
        self.box = DownloadBox(context, self.models.downloads)
        super().__init__(
            text("Models"),
            self._list,
            self.problem,
            section(text("Add a model")),
            self._extra_line(),
            self._hub_line(),
            self.box,
            self._unfinished,
            hairline(),
            self._own_line(),
            1,
            said=text("What turns one sound into another. The current job uses the one that is marked."),
        )
        bind(self, self.models.known, self._show)
        bind(self, self.models.look.seen, self._show_look)
        bind(self, self.models.verdicts, self._show_verdicts)
        bind(self, self.models.downloads.now, self._show_download)
        bind(self, self.models.downloads.unfinished, self._show_unfinished)
        bind(self, self.models.is_adding, self._show_adding)
        bind(self, context.workspace.workpiece, lambda _: self._show_use())
        listen(self, self.models.problem, self._fail)
        self.models.refresh()

    def _extra_line(self) -> QWidget:
        """What Stable Diffusion needs besides its weights, where that is not installed."""
        text, command = self._context.text, self.models.install_command
        self.copy: QPushButton = button(text("Copy the command"), self._copy)
        said = text("Models other than stylus-mini need torch, which is not installed. In a terminal: {it}", it=command)
        line = Setting(text("For other models"), said, self.copy)
        line.setVisible(bool(command))
        return line

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.models.install_command)
        self.copy.setText(self._context.text("Copied"))

    def _hub_line(self) -> QWidget:
        text = self._context.text
        self.hub_id = QLineEdit()
        self.hub_id.setFixedWidth(280)
        self.hub_id.setPlaceholderText(SUGGESTED)
        self.hub_id.setAccessibleName(text("Hub id"))
        self.hub_id.returnPressed.connect(self._ask)
        self.ask: QPushButton = button(text("Look it up"), self._ask)
        said = text("Nothing is downloaded before you have seen its size and licence.")
        return Setting(text("From huggingface.co"), said, self.hub_id, self.ask)

    def _own_line(self) -> QWidget:
        text = self._context.text
        self.folder: QPushButton = button(text("Folder…"), self._ask_folder)
        self.file: QPushButton = button(text("File…"), self._ask_file)
        said = text("A diffusers folder or a .safetensors file. It stays where it is.")
        self._own = Setting(text("From this computer"), said, self.folder, self.file)
        self._own_said = said
        return self._own

    def _ask(self) -> None:
        self.models.downloads.ask(self.hub_id.text() or SUGGESTED)

    def _ask_folder(self) -> None:
        ask_for_folder(self, self._context.text("Choose a model's folder"), self.models.add)

    def _ask_file(self) -> None:
        ask_for_file(self, self._context.text("Choose a model's file"), "*.safetensors", self.models.add)

    # What is shown

    def _show(self, known: tuple[KnownModel, ...] | None) -> None:
        layout = emptied(self._list)
        self._rows = {model.name: ModelRow(self._context, self.models, model) for model in known or ()}
        for number, made in enumerate(self._rows.values()):
            if number:
                layout.addWidget(hairline())
            layout.addWidget(made)
        self._show_look(self.models.look.seen.value)
        self._show_verdicts(self.models.verdicts.value)
        self._show_use()

    def _show_look(self, seen: EngineSeen) -> None:
        for made in self._rows.values():
            made.show_memory(seen)

    def _show_verdicts(self, verdicts: Mapping[str, Verdict]) -> None:
        for name, made in self._rows.items():
            made.show_verdict(verdicts.get(name, Verdict()))

    def _show_use(self) -> None:
        for name, made in self._rows.items():
            made.show_use(is_in_use=name == self.models.in_use)

    def _show_download(self, now: Download) -> None:
        self.ask.setEnabled(not now.is_busy)
        if now.step is Step.CONSENT:
            self.ensureWidgetVisible(self.box)

    def _show_adding(self, is_adding: bool) -> None:
        text = self._context.text
        self._own.say(text("Reading every byte of it once…") if is_adding else self._own_said)
        self.folder.setEnabled(not is_adding)
        self.file.setEnabled(not is_adding)

    def _show_unfinished(self, hub_ids: tuple[str, ...]) -> None:
        layout, text = emptied(self._unfinished), self._context.text
        for hub_id in hub_ids:
            go_on = button(text("Go on"), lambda hub_id=hub_id: self.models.downloads.ask(hub_id))
            delete = button(text("Delete"), lambda hub_id=hub_id: self.models.downloads.throw_away(hub_id), role="flat")
            line = QWidget()
            line.setLayout(row(sentence(text("{id} is not complete.", id=hub_id), ""), delete, go_on))
            layout.addWidget(line)
        self._unfinished.setVisible(bool(hub_ids))

    def _fail(self, error: Exception) -> None:
        notice = notice_of(self._context.text, error)
        self.problem.tell(notice.text, self._context.text("Close"))
