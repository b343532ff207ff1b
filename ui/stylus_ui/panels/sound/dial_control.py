"""BigKnob and SliderRow: a face that is turned, its name, and its value to read and to type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from stylus_ui.context import UiContext
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.parts import column, label, row
from stylus_ui.panels.sound.dial_face import DialFace
from stylus_ui.panels.sound.faces import KnobFace, SliderFace
from stylus_ui.presenters.sound.dial import Dial

KNOB_FIELD, ROW_FIELD, LINE = 72, 84, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DialCalls:
    """What a control tells.

    Attributes:
        turn: with the value, while it is turned.
        let_go: the gesture is over.
        reset: the default, please.
    """

    turn: Callable[[float | None], object]
    let_go: Callable[[], object]
    reset: Callable[[], object]


class ValueField(QLineEdit):
    """The value with its unit; typed text that is not a number is undone."""

    typed = Signal(object)
    left = Signal()

    def __init__(self, context: UiContext, dial: Dial, name: str, alignment: Qt.AlignmentFlag) -> None:
        super().__init__()
        self._text, self._dial, self._said = context.text, dial, ""
        self.setProperty("role", "value")
        self.setAlignment(alignment)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(name)
        self.returnPressed.connect(self._answer)

    def show_value(self, dial: Dial, value: float | None) -> None:
        """The value, unless somebody types just now."""
        self._dial, self._said = dial, dial.written(value, self._text)
        if not (self.hasFocus() and self.isModified()):
            self.setText(self._said)

    def begin(self, first: str) -> None:
        """Type, beginning with these characters; without any, over all of it."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if first:
            self.setText(first)
            self.setModified(True)

    def _answer(self) -> None:
        self._take()
        self.left.emit()

    def _take(self) -> None:
        said, is_modified = self.text(), self.isModified()
        self.setModified(False)
        try:
            value = self._dial.read(said, self._text)
        except ValueError:
            self.setText(self._said)
            return
        if is_modified:
            self.typed.emit(value)
        self.setText(self._said)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._take()
        self.deselect()

    def mouseReleaseEvent(self, event) -> None:
        super().mouseReleaseEvent(event)
        if not self.isModified():
            self.selectAll()

    def event(self, event: QEvent) -> bool:
        """Escape leaves it as it was, instead of cancelling a render."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() is QEvent.Type.KeyPress:
                self.setModified(False)
                self.setText(self._said)
                self.left.emit()
                return True
        return super().event(event)


class DialControl(QWidget):
    """A face and its field; `show_value` shows, ``calls`` hear.

    Args:
        context: of the window.
        face: knob or slider.
        name: translated.
        meant: translated; a tooltip.
        calls: what becomes of it.
        alignment: of the value.
    """

    def __init__(
        self, context: UiContext, face: DialFace, name: str, meant: str, calls: DialCalls, alignment: Qt.AlignmentFlag
    ) -> None:
        super().__init__()
        self.face, self._calls = face, calls
        self.field = ValueField(context, face.dial, context.text("{name}, typed", name=name), alignment)
        for part in (self, face, self.field):
            part.setToolTip(meant)
        self.setFocusProxy(face)
        face.turned.connect(calls.turn)
        face.ended.connect(calls.let_go)
        face.reset.connect(calls.reset)
        face.typing.connect(self.field.begin)
        self.field.typed.connect(self._typed)
        self.field.left.connect(lambda: face.setFocus(Qt.FocusReason.OtherFocusReason))

    def show_value(self, dial: Dial, value: float | None) -> None:
        """Show a value."""
        self.field.show_value(dial, value)
        self.face.show_value(dial, value)

    def _typed(self, value: float | None) -> None:
        self._calls.let_go()
        self._calls.turn(value)
        self._calls.let_go()


class BigKnob(DialControl):
    """A knob above its value and its name."""

    def __init__(self, context: UiContext, dial: Dial, *, name: str, meant: str, calls: DialCalls) -> None:
        centre = Qt.AlignmentFlag.AlignHCenter
        super().__init__(context, KnobFace(context, dial, name), name, meant, calls, centre)
        self.field.setFixedSize(KNOB_FIELD, LINE + 2)
        below = label(name, "small")
        below.setAlignment(centre)
        self.setLayout(column(row(1, self.face, 1), row(1, self.field, 1), below, spacing=0))


class SliderRow(DialControl):
    """A name and a value above a line."""

    def __init__(self, context: UiContext, dial: Dial, *, name: str, meant: str, calls: DialCalls) -> None:
        super().__init__(context, SliderFace(context, dial, name), name, meant, calls, Qt.AlignmentFlag.AlignRight)
        self.field.setFixedSize(ROW_FIELD, LINE)
        said = Elided(name)
        said.setProperty("role", "muted")
        above = row(said, self.field, spacing=4)
        above.setStretch(0, 1)
        self.setLayout(column(above, self.face, spacing=0))
