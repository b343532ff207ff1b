"""ChainRow: one effect: its handle, its name, bypass; unfolded, its knobs and what is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from stylus_ui.context import UiContext
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.icons import pixmap, set_icon
from stylus_ui.kit.parts import button, column, icon_button, label, picture, row, set_state
from stylus_ui.panels.sound.chain_knobs import EffectKnobs
from stylus_ui.presenters.sound.chain import ChainPresenter
from stylus_ui.presenters.sound.effect_row import EffectRow
from stylus_ui.presenters.sound.effect_values import values_said

Key = Qt.Key
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
HEIGHT = 36
SMALL, NAME_KEEPS = 24, 112


class ChainRow(QFrame):
    """A row.

    Emits ``dragged`` with the mouse's place on the screen while it is carried, ``dropped`` when it is let go, and
    ``stepped`` when the keyboard goes to the row above or below.
    """

    dragged = Signal(QPoint)
    dropped = Signal(bool)
    stepped = Signal(int)

    def __init__(self, context: UiContext, presenter: ChainPresenter, shown: EffectRow) -> None:
        super().__init__()
        self._context, self._text, self._presenter, self.shown = context, context.text, presenter, shown
        self._knobs: EffectKnobs | None = None
        self.setProperty("role", "effect")
        self.head = RowHead(self)
        self._lay_out()
        self.show_row(shown)

    @property
    def is_unfolded(self) -> bool:
        return self._knobs is not None and not self._knobs.isHidden()

    def _lay_out(self) -> None:
        context, text, presenter, key = self._context, self._text, self._presenter, self.shown.key
        grip = picture(context, "grip-vertical", "faint")
        grip.setCursor(Qt.CursorShape.OpenHandCursor)
        self._name = Elided("", is_strong=True)
        self._values, self._arrow = Elided(""), label("")
        self._values.setProperty("role", "muted")
        self._remove = icon_button(context, "x", "", lambda: presenter.remove(key))
        self._open = icon_button(context, "external-link", "", lambda: presenter.open_plugin(key))
        self._bypass = icon_button(context, "power", "", lambda: presenter.toggle_bypass(key))
        self._bypass.setCheckable(True)
        for small in (self._remove, self._open, self._bypass):
            small.setFixedSize(SMALL, SMALL)
            small.setProperty("compact", True)
        self._arrow.setFixedSize(SMALL, SMALL)
        self._arrow.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._open.setVisible(self.shown.is_plugin)
        parts = row(grip, self._name, self._values, self._open, self._remove, self._arrow, self._bypass, spacing=4)
        parts.setContentsMargins(0, 0, 4, 0)
        parts.setStretch(2, 1)
        self.head.setLayout(parts)
        self.head.setToolTip(text("Drag or Ctrl with arrows to move, click for its knobs, Delete to remove."))
        self._said = self._state_line(text)
        self.body = column(self.head, self._said, spacing=0)
        self.setLayout(self.body)
        self.show_remove(False)

    def _state_line(self, text) -> QWidget:
        self._problem = label("", "small")
        self._problem.setWordWrap(True)
        self._again = button(text("Scan again"), self._presenter.shelf.look_for_plugins, role="link")
        self._without = button(text("Render without it"), lambda: self._presenter.allow_missing(True), role="link")
        said = QWidget()
        layout = column(self._problem, row(self._without, self._again, 1, spacing=16), spacing=0)
        layout.setContentsMargins(22, 0, 0, 8)
        said.setLayout(layout)
        return said

    # What is shown

    def show_row(self, shown: EffectRow) -> None:
        """The same effect, changed."""
        was_unfolded, has_others = self.is_unfolded, shown.knobs != self.shown.knobs
        self.shown = shown
        if has_others:
            self._forget_knobs()
            self.unfold(was_unfolded)
        text, name, is_bypassed = self._text, shown.name, shown.effect.bypass
        self._name.setText(name)
        self._name.setMinimumWidth(min(self._name.sizeHint().width(), NAME_KEEPS))
        self._values.setEnabled(self._name.isEnabled())
        set_state(self._name, "bad" if shown.problem and not shown.is_left_out else "")
        self._name.setEnabled(not is_bypassed and not shown.is_left_out)
        self._bypass.setChecked(not is_bypassed)
        set_icon(self._bypass, self._context.theme, "power", "faint" if is_bypassed else "style")
        self._name_buttons(text, name)
        said = text("{name}, {number} of {count}", name=name, number=shown.number, count=shown.count)
        self.head.setAccessibleName(said)
        self.head.setAccessibleDescription(self._state_words(shown))
        self._show_problem(shown)
        if self._knobs is not None:
            self._knobs.show_row(shown)
        self._show_arrow()

    def _name_buttons(self, text, name: str) -> None:
        bypass = text("Switch {name} on", name=name) if self.shown.effect.bypass else text("Bypass {name}", name=name)
        is_open = self.shown.is_open
        window = text("The window of {name} is open", name=name) if is_open else text("Open {name}", name=name)
        said = ((self._bypass, bypass), (self._remove, text("Remove {name}", name=name)), (self._open, window))
        for part, words in said:
            part.setAccessibleName(words)
            part.setToolTip(words)
        set_icon(self._open, self._context.theme, "external-link", "style" if is_open else "muted")
        self._open.setEnabled(not (is_open or self.shown.waits or self.shown.problem))

    def _state_words(self, shown: EffectRow) -> str:
        text = self._text
        state = text("bypassed") if shown.effect.bypass else shown.problem or text("heard")
        return ", ".join(part for part in (state, values_said(shown, text)) if part)

    def _show_problem(self, shown: EffectRow) -> None:
        text, is_bad = self._text, bool(shown.problem) and not shown.effect.bypass
        self._said.setVisible(is_bad or shown.is_open)
        left_out = text("Not on this machine. Renders leave it out.")
        waits = text("Its window is open. What you set there comes here when you close it.")
        self._problem.setText(waits if shown.is_open else left_out if shown.is_left_out else f"{shown.problem}.")
        self._without.setVisible(is_bad and not shown.is_left_out)
        self._again.setVisible(is_bad and not shown.is_left_out)
        self._problem.setToolTip(shown.problem)

    def _show_arrow(self) -> None:
        self._values.setText("" if self.is_unfolded else values_said(self.shown, self._text))
        name = "chevron-down" if self.is_unfolded else "chevron-right"
        self._arrow.setPixmap(pixmap(self._context.theme, name, "faint", size=12, ratio=self.devicePixelRatioF()))

    def show_remove(self, is_shown: bool) -> None:
        """The cross is only seen where the mouse or the keyboard is, in the place of the arrow."""
        is_shown = is_shown or self._remove.hasFocus()
        self._arrow.setVisible(not is_shown)
        self._remove.setVisible(is_shown)

    def hold(self, is_held: bool) -> None:
        """It is carried."""
        set_state(self.head, "held" if is_held else "")

    # What is done

    def unfold(self, is_unfolded: bool) -> None:
        """Show or hide its knobs."""
        if is_unfolded and self._knobs is None:
            self._knobs = EffectKnobs(self._context, self._presenter, self.shown)
            self._knobs.show_row(self.shown)
            self.body.addWidget(self._knobs)
        if self._knobs is not None:
            self._knobs.setVisible(is_unfolded)
        self._show_arrow()

    def _forget_knobs(self) -> None:
        """A scan has found others."""
        if self._knobs is not None:
            self.body.removeWidget(self._knobs)
            self._knobs.hide()
            self._knobs.deleteLater()
            self._knobs = None

    def key_pressed(self, event: QKeyEvent) -> None:
        """A key of the row, from its head."""
        key, presenter, mine = Qt.Key(event.key()), self._presenter, self.shown.key
        by = -1 if key == Key.Key_Up else 1
        if key in (Key.Key_Up, Key.Key_Down):
            presenter.move_by(mine, by) if event.modifiers() & CTRL else self.stepped.emit(by)
        elif key in (Key.Key_Left, Key.Key_Right):
            self.unfold(key == Key.Key_Right)
        elif key in (Key.Key_Delete, Key.Key_Backspace):
            self.stepped.emit(1)
            presenter.remove(mine)


class RowHead(QFrame):
    """The line that is dragged, clicked and has the keyboard."""

    def __init__(self, owner: ChainRow) -> None:
        super().__init__()
        self._owner = owner
        self._pressed: QPoint | None = None
        self._is_carried = False
        self.setProperty("role", "effect-head")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.globalPosition().toPoint()
        if self._pressed is None:
            return
        if not self._is_carried and (at - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._is_carried = True
            self._owner.hold(True)
        if self._is_carried:
            self._owner.dragged.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._is_carried:
            self._owner.unfold(not self._owner.is_unfolded)
        self._let_go(is_taken=True)

    def _let_go(self, *, is_taken: bool) -> None:
        was_carried, self._is_carried, self._pressed = self._is_carried, False, None
        self._owner.hold(False)
        if was_carried:
            self._owner.dropped.emit(is_taken)

    def enterEvent(self, event) -> None:
        self._owner.show_remove(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._owner.show_remove(self.hasFocus())
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._owner.show_remove(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._owner.show_remove(self.underMouse())
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Arrows and Delete are the row's; Escape puts a carried row back."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride and self._wants(event):
            event.accept()
            return True
        return super().event(event)

    def _wants(self, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Key.Key_Escape:
            return self._is_carried
        if held == CTRL:
            return key in (Key.Key_Up, Key.Key_Down)
        own = (Key.Key_Up, Key.Key_Down, Key.Key_Left, Key.Key_Right, Key.Key_Delete, Key.Key_Backspace)
        return held == NONE and key in own

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._wants(event):
            event.ignore()
        elif event.key() == Key.Key_Escape:
            self._let_go(is_taken=False)
        else:
            self._owner.key_pressed(event)
