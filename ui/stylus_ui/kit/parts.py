"""The window's small parts, so that all panels look alike: labels, buttons, hairlines, empty places.

A widget's kind is in its dynamic property ``role``, its state in ``state``
(``good``, ``busy``, ``bad``). `kit.stylesheet` gives both their look. Buttons take the keyboard by Tab, not by a click:
after a click, space still plays.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import pixmap, set_icon
from stylus_ui.kit.keys import hint

EMPTY_ICON = 32
EMPTY_LOW = 136
"""Logical pixels under which an empty place has no picture."""


def label(said: str, role: str = "") -> QLabel:
    """A label; roles: ``title``, ``section``, ``muted``, ``small``, ``strong``, ``chip``, or none."""
    made = QLabel(said)
    made.setProperty("role", role)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def button(said: str, on_click: Callable[[], object], *, role: str = "") -> QPushButton:
    """A button with words; roles: ``primary`` (one in the window), ``flat``, ``danger``, or none."""
    made = QPushButton(said)
    made.setProperty("role", role)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.clicked.connect(lambda: on_click())
    return made


def icon_button(
    context: UiContext, icon: str, name: str, on_click: Callable[[], object], *, action: str = "", colour: str = "muted"
) -> QToolButton:
    """A flat button with an icon.

    Args:
        context: of the window.
        icon: see `stylus_ui.kit.icons`.
        name: translated; for the tooltip and for screen readers.
        on_click: does it.
        action: of the shortcuts; its key is in the tooltip.
        colour: token of the icon's colour.
    """
    made = QToolButton()
    made.setProperty("role", "flat")
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_icon(made, context.theme, icon, colour)
    made.setAccessibleName(name)
    made.setToolTip(hint(name, action))
    made.clicked.connect(lambda: on_click())
    return made


def picture(context: UiContext, icon: str, colour: str = "muted", *, size: int = MEASURES.icon) -> QLabel:
    """An icon that cannot be clicked; it follows the theme."""
    made = QLabel()

    def draw(_: object) -> None:
        made.setPixmap(pixmap(context.theme, icon, colour, size=size, ratio=made.devicePixelRatioF()))

    bind(made, context.theme.palette, draw)
    return made


def hairline(*, is_vertical: bool = False) -> QFrame:
    """A separator, instead of a box."""
    line = QFrame()
    line.setProperty("role", "hairline")
    if is_vertical:
        line.setFixedWidth(MEASURES.hairline)
    else:
        line.setFixedHeight(MEASURES.hairline)
    return line


def column(*parts: QWidget | QLayout | int, spacing: int = MEASURES.grid, margin: int = 0) -> QVBoxLayout:
    """Parts below each other; an int is a stretch of that weight."""
    return _filled(QVBoxLayout(), parts, spacing, margin)


def row(*parts: QWidget | QLayout | int, spacing: int = MEASURES.grid, margin: int = 0) -> QHBoxLayout:
    """Parts side by side; an int is a stretch of that weight."""
    return _filled(QHBoxLayout(), parts, spacing, margin)


def set_state(widget: QWidget, state: str) -> None:
    """Another ``state``: the style sheet is read again for this widget."""
    _set_look(widget, "state", state)


def set_role(widget: QWidget, role: str) -> None:
    """Another ``role``, where what is the primary button changes."""
    _set_look(widget, "role", role)


def _set_look(widget: QWidget, name: str, value: str) -> None:
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def heading(said: str, *buttons: QWidget) -> QWidget:
    """The first line of a panel: its name, and its few buttons at the right."""
    line = QWidget()
    line.setLayout(row(label(said, "section"), 1, *buttons, spacing=MEASURES.half))
    line.setFixedHeight(MEASURES.row)
    return line


class EmptyPlace(QWidget):
    """What an empty place says: what to drop or do here, and the button that does it.

    Args:
        context: of the window.
        icon: see `stylus_ui.kit.icons`.
        title: a few words. said: a sentence.
        action: a button, for those who do not drag.
    """

    def __init__(
        self, context: UiContext, *, icon: str, title: str, said: str = "", action: QPushButton | None = None
    ) -> None:
        super().__init__()
        self._picture = picture(context, icon, size=EMPTY_ICON)
        self._sentence = label(said, "muted")
        self._sentence.setWordWrap(True)
        self._title = label(title, "strong")
        parts = [self._picture, self._title, *([self._sentence] if said else [])]
        for part in parts:
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lines = column(1, *parts, *([row(1, action, 1)] if action else []), 1, margin=MEASURES.grid * 2)
        self.setLayout(self._lines)

    def say(self, title: str, said: str) -> None:
        """Other words."""
        self._title.setText(title)
        self._sentence.setText(said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low place the words go before the picture, and the button before the sentence: then it is a tooltip."""
        super().resizeEvent(event)
        is_low = event.size().height() < EMPTY_LOW
        margin = MEASURES.grid if is_low else MEASURES.grid * 2
        self._lines.setContentsMargins(margin, margin, margin, margin)
        self._picture.setVisible(not is_low)
        self._sentence.setVisible(bool(self._sentence.text()))
        self._lines.invalidate()
        fits = self._lines.totalHeightForWidth(event.size().width()) <= event.size().height()
        self._sentence.setVisible(bool(self._sentence.text()) and fits)
        self.setToolTip("" if fits else self._sentence.text())


def _filled(layout, parts, spacing: int, margin: int):
    layout.setSpacing(spacing)
    layout.setContentsMargins(margin, margin, margin, margin)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout
