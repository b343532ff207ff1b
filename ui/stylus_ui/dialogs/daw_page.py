"""How DAWs find Stylus, and which of their files it may read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Page, Setting, emptied, settings
from stylus_ui.dialogs.reveal import ask_for_folder, reveal
from stylus_ui.kit.binding import bind
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.parts import button, column, icon_button, row
from stylus_ui.presenters.setup.settings import PORT, SettingsPresenter

PORT_WIDTH = 88
MOST_PORT = 65_535


class DawPage(Page):
    """Port, folders, state folder."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        self._context, self._presenter, text = context, presenter, context.text
        self.port = QLineEdit(str(presenter.port))
        self.port.setValidator(QIntValidator(0, MOST_PORT, self.port))
        self.port.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.port.setFixedWidth(PORT_WIDTH)
        self.port.editingFinished.connect(self._set_port)
        self.port_line = Setting(text("Port"), "", self.port)
        self.folders = QWidget()
        self.folders.setLayout(column(spacing=0))
        add = button(text("Add a folder…"), self._ask)
        home = context.settings.home
        show = button(text("Show"), lambda: reveal(home))
        show.setAccessibleName(text("Show the state folder"))
        super().__init__(
            text("DAW"),
            settings(
                self.port_line,
                Setting(
                    text("Allowed folders"),
                    text("Besides its own folder for jobs, Stylus reads sources only from these. At the next start."),
                    add,
                ),
            ),
            self.folders,
            settings(
                Setting(
                    text("State folder"),
                    text(
                        "{folder}\nJobs, presets, models and the log. {variable} moves it.",
                        folder=home,
                        variable=presenter.home_variable,
                    ),
                    show,
                ),
            ),
            1,
        )
        bind(self, context.app_ready, lambda _: self._show_port())
        self._show_folders()

    def _show_port(self) -> None:
        text, port = self._context.text, self._presenter.port_in_use
        said = text("Scripts find it by themselves; 0 takes any that is free. At the next start.")
        self.port_line.say(f"{text('In use: {name}', name=port)}. {said}" if port else said)

    def _set_port(self) -> None:
        self._presenter.set(PORT, int(self.port.text()))

    def _ask(self) -> None:
        ask_for_folder(self, self._context.text("Choose a folder that DAWs may use"), self._add)

    def _add(self, folder) -> None:
        self._presenter.add_folder(folder)
        self._show_folders()

    def _remove(self, folder) -> None:
        self._presenter.remove_folder(folder)
        self._show_folders()

    def _show_folders(self) -> None:
        layout, text = emptied(self.folders), self._context.text
        for folder in self._presenter.folders:
            name = text("Remove {folder}", folder=folder)
            remove = icon_button(self._context, "x", name, partial(self._remove, folder))
            line = QWidget()
            line.setLayout(row(Elided(str(folder)), 1, remove))
            layout.addWidget(line)
        self.folders.setVisible(bool(self._presenter.folders))
