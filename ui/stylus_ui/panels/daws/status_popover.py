"""StatusPopover: DAWs and their scripts, the alignment test, the OSC log, and where hosts find the port."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.parts import button, column, hairline, heading, icon_button, label, row
from stylus_ui.panels.daws.daw_row import DawRow, ToldView
from stylus_ui.panels.daws.osc_log import OscLogView
from stylus_ui.presenters.daws.daw_scripts import DawLine, ScriptState
from stylus_ui.presenters.daws.status import Bridge, DawStatus, Told
from stylus_ui.presenters.daws.status_words import sentence

WIDTH, SIDE = 440, 16


class StatusPopover(QFrame):
    """Goes when something else is clicked; what it has begun continues and is told when it is opened again."""

    def __init__(self, context: UiContext, presenter: DawStatus, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self._context, self._text, self._presenter = context, context.text, presenter
        self._rows: dict[str, DawRow] = {}
        self.setProperty("role", "popover")
        self.setAccessibleName(context.text("DAW status"))
        self.setFixedWidth(WIDTH)
        self._lay_out()
        bind(self, presenter.bridge, self._show_bridge)
        bind(self, presenter.daws, self._show_daws)
        bind(self, presenter.told, self._show_told)
        bind(self, presenter.alignment, self._show_alignment)

    def fit(self) -> None:
        """As high as its text needs."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))

    def showEvent(self, event: QShowEvent) -> None:
        self.log.follow(is_shown=True)
        self.fit()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self.log.follow(is_shown=False)
        super().hideEvent(event)

    # Layout

    def _lay_out(self) -> None:
        self._sentence = label("", "muted")
        self._sentence.setWordWrap(True)
        self._daws = QVBoxLayout()
        self._daws.setSpacing(MEASURES.grid)
        self.log = OscLogView(self._context, self._fit_soon)
        parts = (
            column(self._sentence, self._token_line(), spacing=0),
            hairline(),
            heading(self._text("DAWs")),
            self._daws,
            hairline(),
            self._alignment(),
            hairline(),
            self.log,
        )
        layout = column(*parts, spacing=MEASURES.grid + MEASURES.half)
        layout.setContentsMargins(SIDE, SIDE, SIDE, SIDE)
        self.setLayout(layout)

    def _token_line(self) -> QWidget:
        context, text, path = self._context, self._text, self._presenter.token_file
        place = Elided(str(path))
        place.setProperty("role", "small")
        place.setToolTip(text("Hosts find port and token here: {path}", path=path))
        place.setAccessibleName(text("Hosts find port and token here: {path}", path=path))
        copy = icon_button(context, "copy", text("Copy the path"), lambda: _copy(str(path)))
        shows = icon_button(context, "folder-open", text("Show in its folder"), lambda: _open(path.parent))
        line = QWidget()
        line.setLayout(row(place, copy, shows, spacing=MEASURES.half))
        return line

    def _alignment(self) -> QVBoxLayout:
        text = self._text
        about = label(text("Does a stem land on the exact sample?"), "small")
        self.test = button(text("Test"), self._presenter.test_alignment)
        self.test.setAccessibleName(text("Alignment test"))
        self.aligned = ToldView()
        line = row(column(label(text("Alignment test"), "strong"), about, spacing=0), 1, self.test)
        return column(line, self.aligned, spacing=MEASURES.half)

    # What is shown

    def _show_bridge(self, bridge: Bridge) -> None:
        self._sentence.setText(sentence(self._text, bridge))
        self.test.setEnabled(self._presenter.may_test)
        self._fit_soon()

    def _show_daws(self, lines: tuple[DawLine, ...]) -> None:
        for line in lines:
            if line.name not in self._rows:
                self._rows[line.name] = made = DawRow(self._context, self._install)
                self._daws.addWidget(made)
            self._rows[line.name].show_line(line)
        self._fit_soon()

    def _show_told(self, told: dict[str, Told]) -> None:
        for name, made in self._rows.items():
            made.show_told(told.get(name, Told()))
        self._fit_soon()

    def _show_alignment(self, told: Told) -> None:
        self.aligned.show_told(told)
        self.test.setEnabled(self._presenter.may_test)
        self._fit_soon()

    def _fit_soon(self) -> None:
        if self.isVisible():
            QTimer.singleShot(0, self, self.fit)

    def _install(self, line: DawLine) -> None:
        """Where its DAW was not found, into a folder of the user's choice."""
        if line.scripts is not ScriptState.NO_DAW:
            self._presenter.install(line.name)
            return
        title = self._text("Folder for the scripts of {daw}", daw=line.title)
        dialog = QFileDialog(self.parentWidget(), title)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda name: self._presenter.install(line.name, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _copy(said: str) -> None:
    QGuiApplication.clipboard().setText(said)


def _open(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
