"""TakeChips: the takes side by side, under mouse and keyboard. It changes things only through the presenter."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import icon
from stylus_ui.panels.shared.row_painter import RowPainter
from stylus_ui.panels.workspace.take_chip_model import CHIP, ChipModel, Index
from stylus_ui.presenters.workspace.take_strip import TakeChip, TakeStrip

HEIGHT, GAP, PAD, MOST = 28, 4, 8, 220
STAR = 12
OWN_KEYS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Backspace}


class ChipDelegate(QStyledItemDelegate):
    """Paints a chip: its number, what it says, a star."""

    def __init__(self, context: UiContext, strip: TakeStrip, parent: QObject) -> None:
        super().__init__(parent)
        self._strip, self._draw = strip, RowPainter(context.theme)

    def size_of(self, chip: TakeChip) -> QSize:
        """The room that it takes. The model has it ready: Qt asks for all of them whenever one comes or goes."""
        said = self._draw.width(chip.said, size=MEASURES.small)
        return QSize(min(MOST, self._number_width(chip) + said + 4 * PAD + (STAR + GAP) * chip.is_starred), HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chip = index.data(CHIP)
        if not isinstance(chip, TakeChip):
            return
        area, state = QRect(option.rect), option.state  # pyright: ignore[reportAttributeAccessIssue]
        is_shown = chip.job == self._strip.shown.value
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(area).adjusted(0.5, 0.5, -GAP - 0.5, -0.5), MEASURES.radius, MEASURES.radius)
        is_under = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.fillPath(ground, self._draw.colour("style_soft" if is_shown else "hover" if is_under else "raised"))
        if is_shown and state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._draw.colour("focus"))
            painter.drawPath(ground)
        self._words(painter, area.adjusted(PAD, 0, -GAP - PAD, 0), chip, is_shown=is_shown)
        painter.restore()

    def _words(self, painter: QPainter, area: QRect, chip: TakeChip, *, is_shown: bool) -> None:
        number = self._number_width(chip)
        colour = "style" if is_shown else "text"
        self._draw.line(painter, area, str(chip.number), colour, size=MEASURES.small, strong=True)
        rest = area.adjusted(number + PAD, 0, 0, 0)
        if chip.is_starred:
            self._draw.icon(
                painter, QRect(rest.left(), rest.top(), STAR, rest.height()), "star-filled", "style", size=STAR
            )
            rest.setLeft(rest.left() + STAR + GAP)
        self._draw.line(painter, rest, chip.said, "text" if chip.is_done else "muted", size=MEASURES.small)

    def _number_width(self, chip: TakeChip) -> int:
        return self._draw.width(str(chip.number), size=MEASURES.small, strong=True)

    def updateEditorGeometry(self, editor, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(QRect(option.rect).adjusted(0, 0, -GAP, 0))  # pyright: ignore[reportAttributeAccessIssue]


class TakeChips(QListView):
    """The chips. A click looks at a take; arrows step, F2 renames, Del puts away."""

    def __init__(self, context: UiContext, strip: TakeStrip) -> None:
        super().__init__()
        self._context, self._strip, self._is_following = context, strip, False
        painter = ChipDelegate(context, strip, self)
        self._chips = ChipModel(context, strip, painter.size_of, self)
        self.setModel(self._chips)
        self.setItemDelegate(painter)
        self.setAccessibleName(context.text("Takes of this audio"))
        self._set_up()
        bind(self, strip.shown, self._follow)
        bind(self, strip.chips, lambda _: self._lay_out())
        bind(self, context.theme.palette, lambda _: self.viewport().update())

    def _set_up(self) -> None:
        self.setFlow(QListView.Flow.LeftToRight)
        self.setMouseTracking(True)
        self.setFixedHeight(HEIGHT)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for bar in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

    def _lay_out(self) -> None:
        self.scheduleDelayedItemsLayout()
        self._follow(self._strip.shown.value)

    def _follow(self, job: str) -> None:
        """The keyboard goes with what is looked at."""
        index = self._chips.index_of(job)
        self._is_following = True
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._is_following = False
        if index.isValid():
            self.scrollTo(index)
        self.viewport().update()

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        chip = current.data(CHIP) if current.isValid() else None
        if isinstance(chip, TakeChip) and not self._is_following:
            self._strip.show(chip.job)

    def wheelEvent(self, event) -> None:
        """Up and down scrolls sideways."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        chip = self._chip(self.indexAt(event.position().toPoint()))
        if chip is not None:
            self._strip.use(chip.job)

    def event(self, event: QEvent) -> bool:
        """The list keeps its own keys from the window's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if is_plain and event.key() in OWN_KEYS:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chip = self._chip(self.currentIndex())
        if chip is not None and event.key() == Qt.Key.Key_F2:
            self.edit(self.currentIndex())
        elif chip is not None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._strip.delete(chip.job)
        else:
            super().keyPressEvent(event)

    # Menu

    def menu_of(self, chip: TakeChip) -> QMenu:
        """Everything that can be done with a take."""
        text, strip, theme = self._context.text, self._strip, self._context.theme
        menu = QMenu(self)
        star = text("Remove the star") if chip.is_starred else text("Star it")
        for name, said, call in (
            ("sliders-horizontal", text("Use these settings"), lambda: strip.use(chip.job)),
            ("star", star, lambda: strip.star(chip.job)),
            ("pencil", text("Rename…"), lambda: self.edit(self._chips.index_of(chip.job))),
            ("trash-2", text("Put away"), lambda: strip.delete(chip.job)),
        ):
            menu.addAction(icon(theme, name, "muted"), said).triggered.connect(lambda *_, call=call: call())
        return menu

    def _open_menu(self, at: QPoint) -> None:
        chip = self._chip(self.indexAt(at))
        if chip is not None:
            menu = self.menu_of(chip)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.viewport().mapToGlobal(at))

    @staticmethod
    def _chip(index: Index) -> TakeChip | None:
        chip = index.data(CHIP) if index.isValid() else None
        return chip if isinstance(chip, TakeChip) else None
