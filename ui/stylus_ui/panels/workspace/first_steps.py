"""FirstStepsView: three steps to the first stem, in the place of both lanes while there is no content."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.keys import hint
from stylus_ui.kit.parts import EmptyPlace, button, column, hairline, label, row, set_state
from stylus_ui.panels.workspace.open_button import named
from stylus_ui.presenters.workspace.first_steps import FirstSteps, Step
from stylus_ui.presenters.workspace.recent import RecentFile, RecentFiles

NUMBER, SHOWN = 28, 3


class FirstStepsView(QWidget):
    """1, 2, 3, side by side."""

    def __init__(self, context: UiContext, steps: FirstSteps, recent: RecentFiles) -> None:
        super().__init__()
        self._context, self._recent = context, recent
        self._parts = [StepView() for _ in steps.steps.value]
        opens = button(context.text("Open audio…"), lambda: context.shortcuts.trigger("open"))
        opens.setToolTip(hint(context.text("Open audio…"), "open"))
        self._files = column(spacing=0)
        self._parts[0].add(row(opens, 1), self._files)
        between = [part for each in self._parts for part in (hairline(is_vertical=True), each)][1:]
        line = row(*between, spacing=2 * MEASURES.grid)
        for number in range(0, len(between), 2):
            line.setStretch(number, 1)
        self.setLayout(column(1, line, 1, margin=2 * MEASURES.grid))
        bind(self, steps.steps, self._show)
        bind(self, recent.entries, self._show_recent)

    def _show(self, steps: tuple[Step, ...]) -> None:
        first = next((at for at, step in enumerate(steps) if not step.is_done), 0)
        for at, (part, step) in enumerate(zip(self._parts, steps, strict=True)):
            part.show_step(at + 1, step, is_next=at == first)

    def _show_recent(self, entries: tuple[RecentFile, ...]) -> None:
        while (item := self._files.takeAt(0)) is not None:
            if (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        for entry in entries[:SHOWN]:
            self._files.addWidget(self._link(entry))

    def _link(self, entry: RecentFile) -> QPushButton:
        made = button(named(self._context.text, entry), lambda: self._recent.open(entry.path), role="link")
        made.setToolTip(str(entry.path))
        made.setEnabled(entry.is_there)
        made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return made


class ResultPlace(EmptyPlace):
    """Where the result will be: what is to be done until it is there."""

    def __init__(self, context: UiContext, steps: FirstSteps) -> None:
        super().__init__(context, icon="sparkles", title=" ", said=" ")
        self._steps = steps
        bind(self, steps.steps, lambda _: self._show())

    def _show(self) -> None:
        step = self._steps.next_step
        self.say(step.title, step.said)


class StepView(QWidget):
    """A number, what to do, and how."""

    def __init__(self) -> None:
        super().__init__()
        self._number, self._title, self._said = label("", "step"), label("", "strong"), label("", "muted")
        self._number.setFixedSize(NUMBER, NUMBER)
        self._number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for words in (self._title, self._said):
            words.setWordWrap(True)
        self._column: QVBoxLayout = column(row(self._number, 1), self._title, self._said, spacing=MEASURES.half)
        self._column.addStretch(1)
        self.setLayout(self._column)

    @property
    def words(self) -> tuple[QLabel, QLabel, QLabel]:
        return self._number, self._title, self._said

    def add(self, *parts) -> None:
        """More below the sentence, and a little apart from it."""
        self._column.insertSpacing(self._column.count() - 1, MEASURES.half)
        for part in parts:
            self._column.insertLayout(self._column.count() - 1, part)

    def show_step(self, number: int, step: Step, *, is_next: bool) -> None:
        """A step, and whether it is the one to do now."""
        self._number.setText("✓" if step.is_done else str(number))
        set_state(self._number, "good" if step.is_done else "next" if is_next else "")
        self._title.setText(step.title)
        self._said.setText(step.said)
