"""What this is, under which licence, with what in it, and where the log is."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from stylus_daw import __version__
from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Page, Setting, section, sentence, settings
from stylus_ui.dialogs.reveal import reveal
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.brand import window_icon
from stylus_ui.kit.parts import button, column, label, row
from stylus_ui.presenters.setup.licences import Licence, third_party_licences
from stylus_ui.presenters.setup.settings import SettingsPresenter

ICON = 48
PART_WIDTH, VERSION_WIDTH = 200, 88


class AboutPage(Page):
    """Version, licences, log."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        self._context, text = context, context.text
        self._grid = QGridLayout()
        self._grid.setSpacing(MEASURES.grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnMinimumWidth(1, VERSION_WIDTH)
        self._grid.setColumnStretch(2, 1)
        parts = QWidget()
        parts.setLayout(self._grid)
        log = context.settings.log
        show = button(text("Show the log"), lambda: reveal(log))
        super().__init__(
            text("About"),
            self._head(),
            settings(
                Setting(
                    text("Log"),
                    text("What happened recently; send it along when you report a fault.\n{file}", file=log),
                    show,
                ),
            ),
            section(text("Built with")),
            parts,
            1,
        )
        forget = context.background.run(third_party_licences, done=self._show)
        self.destroyed.connect(lambda _=None: forget())

    def _head(self) -> QWidget:
        text, icon = self._context.text, label("")
        icon.setPixmap(window_icon().pixmap(ICON, ICON))
        version = text("Version {version}, Python {python}", version=__version__, python=platform.python_version())
        licence = text("Free software under the GNU GPL, version 3 or later. It comes without warranty.")
        head = QWidget()
        words = column(label("Stylus", "strong"), sentence(version), sentence(licence), spacing=MEASURES.half)
        line = row(icon, words, spacing=16)
        line.setStretch(1, 1)
        head.setLayout(line)
        return head

    def _show(self, licences: tuple[Licence, ...]) -> None:
        for number, one in enumerate(licences):
            part = sentence(self._context.text(one.part), "")
            part.setMinimumWidth(PART_WIDTH)
            for at, made in enumerate((part, sentence(one.version), sentence(one.licence))):
                self._grid.addWidget(made, number, at, Qt.AlignmentFlag.AlignTop)
