"""FirstRunDialog: greets a newcomer once; may be skipped at any moment and is never in the way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QPushButton, QStackedWidget, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.first_run.demo import DemoStepPage
from stylus_ui.dialogs.first_run.pages import DawStep, DeviceStep, ModelStep, SoundStep, WelcomeStep
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import icon
from stylus_ui.kit.parts import button, column, hairline, row, set_role
from stylus_ui.presenters.setup.first_run import STEPS, FirstRun

SIZE = (760, 480)
LIST_WIDTH = 152
PAGES = {
    "welcome": WelcomeStep,
    "device": DeviceStep,
    "model": ModelStep,
    "sound": SoundStep,
    "daw": DawStep,
    "demo": DemoStepPage,
}
BUTTON_WIDTH = 104


class FirstRunDialog(QDialog):
    """Steps at the left, one of them at the right; nothing has to be answered, and it comes only once."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context, self._was_waiting = context, False
        self.presenter = FirstRun(context)
        self.setWindowTitle(context.text("Welcome"))
        self.setMinimumSize(*SIZE)
        self.list = self._list()
        self.pages = QStackedWidget()
        for step in STEPS:
            self.pages.addWidget(PAGES[step.name](context, self.presenter))
        side = QWidget()
        side.setProperty("role", "window")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(LIST_WIDTH)
        side.setLayout(column(self.list, margin=MEASURES.grid))
        right = column(self.pages, hairline(), self._buttons(), spacing=0)
        right.setStretch(0, 1)
        line = row(side, hairline(is_vertical=True), spacing=0)
        line.addLayout(right, 1)
        self.setLayout(line)
        self.list.currentRowChanged.connect(lambda at: self.presenter.go_to(STEPS[at].name))
        bind(self, self.presenter.at, self._show)
        bind(self, self.presenter.demo.look, lambda _: self._show_primary())
        self.finished.connect(lambda _: self.presenter.finish())
        self.next.setFocus()
        self.presenter.begin()

    def _list(self) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(self._context.text("Steps"))
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setIconSize(QSize(MEASURES.icon, MEASURES.icon))
        for step in STEPS:
            item = QListWidgetItem(self._context.text(step.short))
            item.setSizeHint(QSize(0, MEASURES.row))
            made.addItem(item)
        return made

    def _buttons(self) -> QWidget:
        text = self._context.text
        self.skip: QPushButton = button(text("Skip all of it"), self.close, role="flat")
        self.back: QPushButton = button(text("Back"), lambda: self.presenter.go(-1))
        self.next: QPushButton = button("", self._go_on, role="primary")
        self.next.setDefault(True)
        for made in (self.back, self.next):
            made.setMinimumWidth(BUTTON_WIDTH)
        policy = self.skip.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # the foot keeps its height
        self.skip.setSizePolicy(policy)
        foot = QWidget()
        foot.setLayout(row(self.skip, 1, self.back, self.next, margin=16))
        return foot

    def _show(self, at: int) -> None:
        text = self._context.text
        self.pages.setCurrentIndex(at)
        self.list.setCurrentRow(at)
        for number in range(self.list.count()):
            name = "circle-check" if number < at else "circle-dot" if number == at else "circle"
            self.list.item(number).setIcon(icon(self._context.theme, name, "style" if number <= at else "muted"))
        self.back.setVisible(at > 0)
        self.skip.setVisible(not self.presenter.is_last)
        self.next.setText(text("Done") if self.presenter.is_last else text("Begin") if at == 0 else text("Next"))
        self._show_primary()

    def _show_primary(self) -> None:
        """One button is what to press now: where the demo waits, it renders it."""
        page = self.pages.currentWidget()
        waiting = page.start if isinstance(page, DemoStepPage) and not page.start.isHidden() else None
        set_role(self.next, "" if waiting else "primary")
        (waiting or self.next).setDefault(True)
        if waiting:
            waiting.setFocus()
        elif self._was_waiting:
            self.next.setFocus()  # not what stands beside the button that went
        self._was_waiting = waiting is not None

    def _go_on(self) -> None:
        if self.presenter.is_last:
            self.close()
        else:
            self.presenter.go(1)
