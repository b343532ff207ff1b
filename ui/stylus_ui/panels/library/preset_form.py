"""PresetFormView: name and tags asked for in place, under the list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import button, column, label, row
from stylus_ui.presenters.library.preset_saving import AskedFor, PresetForm

MAX_NAME, MAX_TAGS = 80, 400


class PresetFormView(QWidget):
    """Seen while the form is open; Enter answers it, Escape closes it."""

    def __init__(self, context: UiContext, presenter: PresetForm) -> None:
        super().__init__()
        self._text, self._presenter = context.text, presenter
        text = context.text
        self._title = label("", "strong")
        self._name = self._field(text("Name"), MAX_NAME)
        self._tags = self._field(text("Tags, with commas"), MAX_TAGS)
        self._replace = button("", lambda: self._answer(replaces=True))
        self._save = button("", lambda: self._answer(replaces=False))
        cancel = button(text("Cancel"), presenter.close, role="flat")
        buttons = row(1, cancel, self._save)
        self.setLayout(column(self._title, self._name, self._tags, self._replace, buttons))
        self._name.textChanged.connect(lambda said: self._save.setEnabled(bool(said.strip())))
        bind(self, presenter.open, self._show)

    def _field(self, name: str, most: int) -> QLineEdit:
        field = QLineEdit()
        field.setPlaceholderText(name)
        field.setAccessibleName(name)
        field.setMaxLength(most)
        field.returnPressed.connect(lambda: self._answer(replaces=False))
        return field

    def _show(self, asked: AskedFor | None) -> None:
        self.setVisible(asked is not None)
        if asked is None:
            return
        text = self._text
        self._title.setText(text("Rename and tag") if asked.renames else text("Save as a preset"))
        self._save.setText(text("Rename") if asked.renames else text("Save"))
        self._replace.setVisible(bool(asked.replaces))
        self._replace.setText(text("Save over {name}", name=_short(asked.replaces)))
        self._name.setText(asked.name)
        self._tags.setText(asked.tags)
        self._name.selectAll()
        self._name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, *, replaces: bool) -> None:
        asked = self._presenter.open.value
        if asked is not None:
            name = asked.replaces if replaces else self._name.text()
            self._presenter.answer(name, self._tags.text(), replaces=replaces)

    def event(self, event: QEvent) -> bool:
        """Escape closes the form instead of cancelling a render."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self._presenter.close()
                return True
        return super().event(event)


def _short(name: str) -> str:
    most = MEASURES.grid * 3
    return name if len(name) <= most else f"{name[: most - 1]}…"
