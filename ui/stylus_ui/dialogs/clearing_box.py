"""ClearingBox: what would go, file by file, and the two answers."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QCheckBox, QFrame, QListView

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import SETTING_SPACE, sentence
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import button, column, label, row
from stylus_ui.presenters.setup.storage import Asked, Storage
from stylus_ui.presenters.setup.storage_words import asked_said, file_said, remove_said, title_said

MOST_ROWS = 6


class ClearingBox(QFrame):
    """Hidden while nothing is asked. Stems need a tick that says that no session plays them."""

    def __init__(self, context: UiContext, storage: Storage) -> None:
        super().__init__()
        self._context, self._storage, text = context, storage, context.text
        self.setProperty("role", "notice")
        self.title, self.said = label("", "strong"), sentence("", "")
        self._names = QStringListModel(self)
        self.list = QListView()
        self.list.setModel(self._names)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(text("What would go"))
        self.word = QCheckBox(text("No session plays these stems"))
        self.word.toggled.connect(lambda _: self._allow())
        self.keep = button(text("Keep all"), storage.leave)
        self.remove = button(text("Remove"), storage.clear, role="danger")
        self.setLayout(
            column(self.title, self.said, self.list, self.word, row(1, self.keep, self.remove), margin=SETTING_SPACE)
        )
        bind(self, storage.asked, self._show)

    def _show(self, asked: Asked | None) -> None:
        self.setVisible(asked is not None)
        if asked is None:
            return
        text = self._context.text
        self.title.setText(title_said(text, asked))
        self.said.setText(asked_said(text, asked))
        self._names.setStringList([file_said(text, one) for one in asked.files])
        shown = min(len(asked.files), MOST_ROWS)
        self.list.setFixedHeight(shown * max(1, self.list.sizeHintForRow(0)) + MEASURES.grid)
        self.list.setVisible(bool(asked.files))
        self.word.setChecked(False)
        self.word.setVisible(asked.needs_word and bool(asked.files))
        self.remove.setText(remove_said(text, asked))
        self.remove.setVisible(bool(asked.files))
        self._allow()
        (self.list if asked.files else self.keep).setFocus()

    def _allow(self) -> None:
        """A tick is asked for where sessions may refer to the files."""
        asked = self._storage.asked.value
        self.remove.setEnabled(asked is not None and (self.word.isChecked() or not asked.needs_word))
