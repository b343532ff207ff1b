"""How the window looks and behaves."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Choice, Page, Setting, settings
from stylus_ui.kit.binding import bind
from stylus_ui.kit.look import SCALES
from stylus_ui.presenters.setup.settings import LANGUAGE, SCALE, THEMES, TRAY, SettingsPresenter


class GeneralPage(Page):
    """Theme, scale, language, tray."""

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
            ),
            1,
        )
        bind(self, context.theme.mode, lambda mode: self.theme.offer(themes, mode))
