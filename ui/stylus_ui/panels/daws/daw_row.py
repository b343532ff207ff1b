"""DawRow: a DAW, how its scripts stand, and the button that installs them; ToldView: what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import button, column, label, row, set_state
from stylus_ui.presenters.daws.daw_scripts import DawLine
from stylus_ui.presenters.daws.status import Told
from stylus_ui.presenters.daws.status_words import daw_words, install_words


class ToldView(QWidget):
    """A sentence and, after it, what is to be done; nothing while there is nothing to tell."""

    def __init__(self) -> None:
        super().__init__()
        self._said, self._steps = label("", "small"), label("", "small")
        for part in (self._said, self._steps):
            part.setWordWrap(True)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setLayout(column(self._said, self._steps, spacing=MEASURES.half))
        self.hide()

    def show_told(self, told: Told) -> None:
        """Say it."""
        self._said.setText(told.text)
        set_state(self._said, "" if told.is_running else "good" if told.is_good else "bad")
        self._steps.setText("\n".join(f"{number}. {step}" for number, step in enumerate(told.steps, 1)))
        self._steps.setVisible(bool(told.steps))
        self.setVisible(bool(told.text))

    @property
    def text(self) -> str:
        return "\n".join(part for part in (self._said.text(), self._steps.text()) if part)


class DawRow(QWidget):
    """One DAW."""

    def __init__(self, context: UiContext, install: Callable[[DawLine], object]) -> None:
        super().__init__()
        self._text = context.text
        self._line: DawLine | None = None
        self._title, self._about = label("", "strong"), label("", "small")
        self.button = button("", lambda: install(self._line) if self._line else None)
        self.told = ToldView()
        line = row(column(self._title, self._about, spacing=0), 1, self.button)
        self.setLayout(column(line, self.told, spacing=MEASURES.half))

    def show_line(self, line: DawLine) -> None:
        """What is known of it now."""
        self._line = line
        self._title.setText(line.title)
        self._about.setText(daw_words(self._text, line, datetime.now()))
        self.button.setText(install_words(self._text, line))
        self.button.setAccessibleName(f"{line.title}: {install_words(self._text, line)}")
        self.button.setVisible(line.has_installer)

    def show_told(self, told: Told) -> None:
        """What its installation did."""
        self.told.show_told(told)
        self.button.setEnabled(not told.is_running)
