"""What pages of dialogs are made of: a page that scrolls, settings in lines, choices, a problem with its way out.

A setting has its name and one sentence at the left and its control at the right; hairlines stand between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFrame, QLabel, QLayout, QScrollArea, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.parts import button, column, hairline, label, picture, row, set_state

CONTROL_WIDTH = 224
PAGE_MARGIN = 24
SETTING_SPACE = 12
NARROW = 16
Key = TypeVar("Key")


def sentence(said: str, role: str = "muted") -> QLabel:
    """A label that wraps."""
    made = label(said, role)
    made.setWordWrap(True)
    made.setMinimumWidth(NARROW)
    return made


class Page(QScrollArea):
    """A page: its title, a sentence, its parts; it scrolls where the window is small."""

    def __init__(self, title: str, *parts: QWidget | QLayout | int, said: str = "") -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(title)
        head = [label(title, "title"), *([sentence(said)] if said else [])]
        body = QWidget()
        body.setLayout(column(*head, _gap(MEASURES.grid), *parts, margin=PAGE_MARGIN))
        self.setWidget(body)

    def keep_in_sight(self, part: QWidget) -> None:
        """Scroll to a part when it opens: as soon as the page has grown, for before there is nowhere to scroll to."""
        self.verticalScrollBar().rangeChanged.connect(
            lambda *_: self.ensureWidgetVisible(part) if part.isVisible() else None
        )


class Setting(QWidget):
    """One line.

    Attributes:
        said: the sentence below the name; may change.

    Args:
        title: translated. said: what it does, in a sentence, or empty.
        controls: at the right, from the left.
    """

    def __init__(self, title: str, said: str, *controls: QWidget) -> None:
        super().__init__()
        self.title, self.said = label(title), sentence(said)
        self.said.setVisible(bool(said))
        words = column(self.title, self.said, spacing=MEASURES.half)
        line = row(words, *controls, spacing=PAGE_MARGIN if len(controls) < 2 else MEASURES.grid)
        line.setContentsMargins(0, SETTING_SPACE, 0, SETTING_SPACE)
        line.setStretch(0, 1)
        for control in controls:
            line.setAlignment(control, Qt.AlignmentFlag.AlignVCenter)
            speaks = isinstance(control, QAbstractButton) and control.text()
            if not control.accessibleName() and not speaks:
                control.setAccessibleName(title)
                control.setAccessibleDescription(said)
        self.setLayout(line)

    def say(self, said: str, state: str = "") -> None:
        """Another sentence, in the colour of a state."""
        self.said.setText(said)
        self.said.setVisible(bool(said))
        set_state(self.said, state)


def section(said: str) -> QWidget:
    """The name of a group of settings, with air above."""
    made = QWidget()
    line = row(label(said, "section"))
    line.setContentsMargins(0, PAGE_MARGIN, 0, 0)
    made.setLayout(line)
    return made


def emptied(holder: QWidget) -> QLayout:
    """The layout of a widget, with nothing in it any more."""
    layout = holder.layout()
    assert layout is not None
    while layout.count():
        item = layout.takeAt(0)
        if item is not None and (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
    return layout


def settings(*lines: QWidget) -> QWidget:
    """Settings with hairlines between them."""
    parts: list[QWidget] = []
    for line in lines:
        parts += [hairline(), line] if parts else [line]
    group = QWidget()
    group.setLayout(column(*parts, spacing=0))
    return group


class Choice(QComboBox):
    """One of several, by keys; the wheel scrolls the page unless the choice has the keyboard."""

    def __init__(
        self, options: Mapping[Key, str], chosen: Key, on_chosen: Callable[[Key], object], *, width: int = CONTROL_WIDTH
    ) -> None:
        super().__init__()
        self.setFixedWidth(width)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.offer(options, chosen)
        self.activated.connect(lambda at: on_chosen(self._keys[at]))

    def offer(self, options: Mapping[Key, str], chosen: Key) -> None:
        """What there is now."""
        self._keys: Sequence = tuple(options)
        self.clear()
        self.addItems(list(options.values()))
        self.setCurrentIndex(self._keys.index(chosen) if chosen in self._keys else -1)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ProblemLine(QFrame):
    """What went wrong, as a sentence, with the button that helps; hidden while all is well."""

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "notice")
        self.said = sentence("", "")
        self._help = button("", lambda: None)
        sign = picture(context, "circle-alert", "bad")
        self.setLayout(row(sign, self.said, self._help, spacing=SETTING_SPACE, margin=SETTING_SPACE))
        self.layout().setStretch(1, 1)  # type: ignore[union-attr]
        set_state(self, "bad")
        self._help.hide()
        self.hide()

    def tell(self, said: str, helps: str = "", call: Callable[[], object] = lambda: None) -> None:
        """Show it; an empty sentence hides it."""
        self.said.setText(said)
        self._help.setText(helps)
        self._help.setVisible(bool(helps))
        self._help.clicked.disconnect()
        self._help.clicked.connect(lambda: (self.hide(), call()))
        self.setVisible(bool(said))


def _gap(height: int) -> QWidget:
    made = QWidget()
    made.setFixedHeight(height)
    return made
