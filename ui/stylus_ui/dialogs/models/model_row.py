"""One model of the list."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import SETTING_SPACE, sentence
from stylus_ui.dialogs.reveal import reveal
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import button, column, icon_button, label, row, set_state
from stylus_ui.presenters.models.engine_look import EngineSeen
from stylus_ui.presenters.models.model_library import KnownModel
from stylus_ui.presenters.models.model_words import about_said, is_too_large, trust_said
from stylus_ui.presenters.models.models import Models, Verdict

USE_WIDTH = 88


class ModelRow(QWidget):
    """Name, facts, licence, trust; use it, and a menu for the rest."""

    def __init__(self, context: UiContext, models: Models, model: KnownModel) -> None:
        super().__init__()
        self._context, self._models, self.model, text = context, models, model, context.text
        self.about, self.trust = sentence(""), sentence("", "small")
        self.use: QPushButton = button(text("Use"), lambda: models.use(model.name))
        self.use.setMinimumWidth(USE_WIDTH)
        self.use.setAccessibleName(text("Use {name}", name=model.name))
        self.use.setVisible(model.is_model)
        more = icon_button(context, "ellipsis", text("More about {name}", name=model.name), self._open_menu)
        self._more = more
        terms = text("as Stylus itself, GNU GPL 3 or later") if model.is_embedded else text(model.licence)
        licence = sentence(text("Licence: {licence}", licence=terms), "small")
        problem = sentence(text(model.problem), "")
        set_state(problem, "bad")
        for part, is_seen in ((licence, model.licence), (problem, model.problem)):
            part.setVisible(bool(is_seen))
        words = column(label(model.name, "strong"), self.about, problem, licence, self.trust, spacing=MEASURES.half)
        line = row(words, self.use, more)
        line.setStretch(0, 1)
        line.setContentsMargins(0, SETTING_SPACE, 0, SETTING_SPACE)
        self.setLayout(line)

    def show_memory(self, seen: EngineSeen) -> None:
        """Whether it fits."""
        said = about_said(self._context.text, self.model, seen)
        self.about.setText(said)
        self.about.setVisible(bool(said))
        set_state(self.about, "busy" if is_too_large(seen, self.model.name) else "")

    def show_verdict(self, verdict: Verdict) -> None:
        """Whether its weights are those that were added."""
        said, state = trust_said(self._context.text, self.model, verdict)
        self.trust.setText(said)
        self.trust.setVisible(bool(said))
        set_state(self.trust, state)

    def show_use(self, *, is_in_use: bool) -> None:
        """The current job uses it."""
        self.use.setText(self._context.text("In use") if is_in_use else self._context.text("Use"))
        self.use.setEnabled(not is_in_use and not self.model.problem)

    def menu(self) -> QMenu:
        """What else can be done."""
        text, models, model = self._context.text, self._models, self.model
        made = QMenu(self)
        if model.path:
            made.addAction(text("Show in its folder"), lambda: reveal(Path(model.path)))
        if not model.is_embedded:
            made.addAction(text("Check every byte"), lambda: models.verify(model.name)).setEnabled(not model.problem)
            made.addSeparator()
            made.addAction(text("Remove from the list"), lambda: models.remove(model.name))
        if model.is_download:
            made.addAction(text("Delete its files"), lambda: models.remove(model.name, deletes=True))
        return made

    def _open_menu(self) -> None:
        made = self.menu()
        made.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
