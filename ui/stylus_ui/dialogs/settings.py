"""SettingsDialog: a list of pages at the left, the page at the right; never in the way of the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.about_page import AboutPage
from stylus_ui.dialogs.audio_page import AudioPage
from stylus_ui.dialogs.daw_page import DawPage
from stylus_ui.dialogs.engine_page import EnginePage
from stylus_ui.dialogs.farm_page import FarmPage
from stylus_ui.dialogs.form import sentence
from stylus_ui.dialogs.general_page import GeneralPage
from stylus_ui.dialogs.models.models_page import ModelsPage
from stylus_ui.dialogs.plugins_page import PluginsPage
from stylus_ui.dialogs.storage_page import StoragePage
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import icon
from stylus_ui.kit.parts import column, hairline, row
from stylus_ui.presenters.setup.settings import PAGE, SettingsPresenter
from stylus_ui.state.text import later

SIZE = (880, 616)
LEAST = (680, 440)
LIST_WIDTH = 176


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """A page: its name in the list, its icon, and what makes it."""

    title: str
    icon: str
    make: Callable[[UiContext, SettingsPresenter], QWidget]


PAGES: Mapping[str, PageEntry] = {
    "general": PageEntry(title=later("General"), icon="settings", make=GeneralPage),
    "audio": PageEntry(title=later("Audio"), icon="volume-2", make=AudioPage),
    "engine": PageEntry(title=later("Engine"), icon="cpu", make=EnginePage),
    "models": PageEntry(title=later("Models"), icon="box", make=ModelsPage),
    "farm": PageEntry(title=later("Farm"), icon="hard-drive", make=FarmPage),
    "plugins": PageEntry(title=later("Plugins"), icon="plug", make=PluginsPage),
    "storage": PageEntry(title=later("Storage"), icon="folder", make=StoragePage),
    "daw": PageEntry(title=later("DAW"), icon="cable", make=DawPage),
    "about": PageEntry(title=later("About"), icon="info", make=AboutPage),
}


class SettingsDialog(QDialog):
    """Everything takes effect at once, or says when; there is nothing to confirm."""

    def __init__(self, context: UiContext, page: str = "") -> None:
        super().__init__()
        self._context = context
        self.presenter = SettingsPresenter(context)
        self.setWindowTitle(context.text("Settings"))
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        self.list = self._list()
        self.pages = QStackedWidget()
        self._made: dict[str, QWidget] = {}
        side = QWidget()
        side.setProperty("role", "window")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(LIST_WIDTH)
        side.setLayout(column(self.list, self._later_line(), margin=MEASURES.grid))
        self.setLayout(row(side, hairline(is_vertical=True), self.pages, spacing=0))
        self.list.currentRowChanged.connect(lambda at: self.show_page(list(PAGES)[at]))
        wanted = page or self.presenter.page
        self.show_page(wanted if wanted in PAGES else "general")
        self.list.setFocus()

    def show_page(self, name: str) -> None:
        """Turn to a page of `PAGES`; it is made when it is first looked at."""
        if name not in self._made:
            self._made[name] = PAGES[name].make(self._context, self.presenter)
            self.pages.addWidget(self._made[name])
        self.pages.setCurrentWidget(self._made[name])
        self.list.setCurrentRow(list(PAGES).index(name))
        self.presenter.set(PAGE, name)

    def _list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(self._context.text("Pages"))
        made.setIconSize(QSize(MEASURES.icon, MEASURES.icon))
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for entry in PAGES.values():
            item = QListWidgetItem(icon(self._context.theme, entry.icon, "muted"), self._context.text(entry.title))
            item.setSizeHint(QSize(0, MEASURES.row))
            made.addItem(item)
        return made

    def _later_line(self) -> QWidget:
        """Said while something waits for the next start."""
        made = sentence(self._context.text("What you changed takes effect at the next start of Stylus."), "small")
        made.setContentsMargins(MEASURES.grid, 0, MEASURES.grid, MEASURES.grid)
        bind(self, self.presenter.waiting, lambda waiting: made.setVisible(bool(waiting)))
        return made
