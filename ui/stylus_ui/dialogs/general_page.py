"""How the window looks and behaves."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Choice, Page, ProblemLine, Setting, settings
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.look import SCALES
from stylus_ui.presenters.setup.settings import LANGUAGE, SCALE, THEMES, TRAY, SettingsPresenter


class GeneralPage(Page):
    """Theme, scale, language, tray, menu."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        text = context.text
        themes = {mode: text(said) for mode, said in THEMES.items()}
        self.theme = Choice(themes, presenter.theme, lambda mode: setattr(presenter, "theme", mode))
        scales = {percent: f"{percent} %" for percent in SCALES}
        self.scale = Choice(scales, presenter.scale_percent, lambda percent: presenter.set(SCALE, percent))
        self.language = Choice(presenter.languages, presenter.language, lambda code: presenter.set(LANGUAGE, code))
        self.tray = QCheckBox()
        self.tray.setChecked(presenter.closes_to_tray)
        self.tray.toggled.connect(lambda is_on: presenter.set(TRAY, is_on))
        self.menu = QCheckBox()
        self.menu.clicked.connect(presenter.put_in_menu)
        in_menu = Setting(
            text("Show Stylus in the desktop's menu"),
            text("A double-click on a preset then opens it here."),
            self.menu,
        )
        problem = ProblemLine(context)
        super().__init__(
            text("General"),
            settings(
                Setting(text("Appearance"), "", self.theme),
                Setting(text("Size of everything"), text("At the next start."), self.scale),
                Setting(text("Language"), text("At the next start."), self.language),
                Setting(
                    text("Keep running in the tray when the window is closed"),
                    text("Your DAW is served and renders continue. Without a tray, closing quits."),
                    self.tray,
                ),
                *([] if presenter.is_in_menu.value is None else [in_menu]),
            ),
            problem,
            1,
        )
        bind(self, presenter.is_in_menu, lambda is_there: self.menu.setChecked(bool(is_there)))
        listen(self, presenter.problem, lambda error: problem.tell(context.text(str(error))))
        listen(self, presenter.problem, lambda _: self.menu.setChecked(bool(presenter.is_in_menu.value)))
        bind(self, context.theme.mode, lambda mode: self.theme.offer(themes, mode))
