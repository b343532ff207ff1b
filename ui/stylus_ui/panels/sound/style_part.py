"""PartOfStyle: choosing the seconds of a style file under the mouse and the keyboard, and how they are drawn."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from stylus_daw.jobs.style_part import StylePart
from stylus_ui.drawing.theme import Theme
from stylus_ui.panels.lanes.lane_marks import translucent
from stylus_ui.presenters.sound.styles import StyleCard, StylesPresenter

SLACK = 4
"""Pixels that the mouse moves before it is a drag."""
SHADE = 0.72  # opacity over what is left out, by eye
LINE = 26  # px: as high as the name above the waveform, and the share below it
STEP_S = 0.1
KEYS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home}


class PartOfStyle(QWidget):
    """A card on which a part can be chosen: drag over it, double-click for all of the file.

    With the keyboard: the arrows move the part, with Shift its end, Home takes all of the file.

    Args:
        presenter: of the styles.
        card: shown first.
    """

    def __init__(self, presenter: StylesPresenter, card: StyleCard) -> None:
        super().__init__()
        self._presenter, self._card = presenter, card
        self._pressed_x: float | None = None
        self._is_choosing = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.IBeamCursor)

    @property
    def duration_s(self) -> float:
        """Of the file; 0 while it is not known."""
        raise NotImplementedError

    def draw_part(self, painter: QPainter, theme: Theme) -> None:
        """What is left out lies in the shade."""
        part, seconds = self._card.part, self.duration_s
        if part is None or not seconds:
            return
        first, last = (self.width() * at / seconds for at in (part.start_s, part.end_s))
        for left, right in ((0.0, first), (last, float(self.width()))):
            painter.fillRect(QRectF(left, 0, right - left, self.height()), translucent(theme.colour("sunken"), SHADE))
        for x in (first, last):
            painter.fillRect(QRectF(x - 0.5, LINE, 1, self.height() - 2 * LINE), QColor(theme.colour("style")))

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_x = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pressed, x = self._pressed_x, event.position().x()
        if pressed is not None and (self._is_choosing or abs(x - pressed) >= SLACK):
            self._is_choosing = True
            self._presenter.choose_part(self._card.path, self._at(pressed), self._at(x), self.duration_s)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._is_choosing:
            self._presenter.part_chosen(self._card.path)
        self._pressed_x, self._is_choosing = None, False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._presenter.whole(self._card.path)

    def _at(self, x: float) -> float:
        return min(max(x / self.width(), 0.0), 1.0) * self.duration_s

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """The arrows are the card's while it has the keyboard."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Home:
            self._presenter.whole(self._card.path)
        elif event.key() in KEYS:
            step = STEP_S if event.key() == Qt.Key.Key_Right else -STEP_S
            self._move(step, end_only=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat() and event.key() in KEYS - {Qt.Key.Key_Home}:
            self._presenter.part_chosen(self._card.path)
        super().keyReleaseEvent(event)

    def _move(self, by_s: float, *, end_only: bool) -> None:
        seconds = self.duration_s
        part = self._card.part or StylePart(start_s=0.0, end_s=max(seconds, STEP_S))
        length = part.end_s - part.start_s
        if end_only:
            self._presenter.choose_part(self._card.path, part.start_s, part.end_s + by_s, seconds)
        else:
            first = min(max(0.0, part.start_s + by_s), max(0.0, seconds - length))
            self._presenter.choose_part(self._card.path, first, first + length, seconds)
