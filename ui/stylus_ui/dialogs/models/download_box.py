"""DownloadBox: a model from a hub: asked for, agreed to, fetched, stopped, resumed."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import sentence
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import button, column, label, row, set_state
from stylus_ui.presenters.models.download_words import download_said
from stylus_ui.presenters.models.downloads import Download, Downloads, Step

STEPS = 1000
STATES = {Step.FAILED: "bad", Step.DONE: "good"}
MARGIN = 12


class DownloadBox(QFrame):
    """Seen while there is something to say; nothing is fetched before the button for it is pressed."""

    def __init__(self, context: UiContext, downloads: Downloads) -> None:
        super().__init__()
        self._context, self._downloads, text = context, downloads, context.text
        self.setProperty("role", "card")
        self.title: QLabel = label("", "strong")
        self.said = sentence("", "")
        self.progress = QProgressBar()
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(text("Download"))
        self.yes: QPushButton = button("", downloads.agree)
        self.no: QPushButton = button("", self._decline)
        buttons = row(1, self.no, self.yes)
        self.setLayout(column(self.title, self.said, self.progress, buttons, margin=MARGIN))
        bind(self, downloads.now, self._show)

    def _show(self, now: Download) -> None:
        words = download_said(self._context.text, now)
        self.setVisible(now.step is not Step.NONE)
        set_state(self, STATES.get(now.step, ""))
        self.title.setText(words.title)
        self.title.setVisible(bool(words.title))
        self.said.setText(words.said)
        self.progress.setVisible(now.step in (Step.LOADING, Step.CHECKING, Step.STOPPED))
        self.progress.setValue(round(now.fraction * STEPS))
        for made, said in ((self.yes, words.yes), (self.no, words.no)):
            made.setText(said)
            made.setVisible(bool(said))

    def _decline(self) -> None:
        if self._downloads.now.value.step is Step.LOADING:
            self._downloads.stop()
        else:
            self._downloads.dismiss()
