"""What lies on the disk, what of it may go, and where stems lie that leave the window."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from stylus_daw.housekeeping.policy import Kind
from stylus_ui.context import UiContext
from stylus_ui.dialogs.clearing_box import ClearingBox
from stylus_ui.dialogs.form import Choice, Page, ProblemLine, Setting, section, settings
from stylus_ui.dialogs.reveal import ask_for_folder, reveal
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.parts import button, row
from stylus_ui.presenters.setup.settings import SettingsPresenter
from stylus_ui.presenters.setup.storage import AGES, StemsPlace, Storage, Taken
from stylus_ui.presenters.setup.storage_words import KIND_WORDS, place_said, taken_said
from stylus_ui.state.failures import notice_of


class StoragePage(Page):
    """The stems folder, the kinds with what they take, and the list of what would go."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        self._context, text = context, context.text
        self.storage = Storage(context)
        self._lines = {kind: self._line(kind) for kind in Kind}
        ages = {days: text(said) for days, said in AGES.items()}
        self.age = Choice(ages, self.storage.days, self._set_days)
        self.problem = ProblemLine(context)
        self.box = ClearingBox(context, self.storage)
        self.place, buttons = self._place_line()
        super().__init__(
            text("Storage"),
            self.place,
            buttons,
            section(text("On the disk")),
            settings(
                Setting(
                    text("Clear what is older than"),
                    text("Whatever is younger stays, and so does what is open here, waits or is starred."),
                    self.age,
                ),
                *(line for line, _ in self._lines.values()),
            ),
            self.problem,
            self.box,
            1,
        )
        bind(self, self.storage.taken, self._show_taken)
        bind(self, self.storage.place, self._show_place)
        self.keep_in_sight(self.box)
        listen(self, self.storage.problem, self._fail)
        self.storage.look()

    def _place_line(self) -> tuple[Setting, QWidget]:
        text = self._context.text
        self.choose = button(text("Choose…"), self._ask)
        self.choose.setAccessibleName(text("Choose a folder for stems"))
        self.usual = button(text("Use the usual one"), lambda: self.storage.choose(None))
        show = button(text("Show"), lambda: reveal(self.storage.place.value.folder))
        show.setAccessibleName(text("Show the stems folder"))
        self.show_place = show
        buttons = QWidget()
        buttons.setLayout(row(1, self.usual, show, self.choose))
        return Setting(text("Stems that you drag or copy out"), " "), buttons

    def _line(self, kind: Kind) -> tuple[Setting, QPushButton]:
        text = self._context.text
        name = text(KIND_WORDS[kind].title)
        clear = button(text("Clear…"), partial(self.storage.ask, kind))
        clear.setAccessibleName(text("Clear: {name}", name=name))
        return Setting(name, " ", clear), clear

    def _set_days(self, days: int) -> None:
        self.storage.days = days

    def _ask(self) -> None:
        ask_for_folder(self, self._context.text("Choose a folder for stems"), self.storage.choose)

    def _show_taken(self, taken: tuple[Taken, ...]) -> None:
        for one in taken:
            line, clear = self._lines[one.kind]
            line.say(taken_said(self._context.text, one))
            clear.setEnabled(bool(one.files))

    def _show_place(self, place: StemsPlace) -> None:
        is_away = place.files < 0
        self.place.say(place_said(self._context.text, place), "bad" if is_away else "")
        self.usual.setVisible(place.is_own)
        self.show_place.setEnabled(place.is_there)

    def _fail(self, error: Exception) -> None:
        self.problem.tell(
            notice_of(self._context.text, error).text, self._context.text("Look again"), self.storage.look
        )
