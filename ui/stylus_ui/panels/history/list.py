"""HistoryList: the rows of the history, with mouse, keyboard and drags out of the window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QToolTip

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import bind, listen
from stylus_ui.panels.history.delegate import HistoryDelegate
from stylus_ui.panels.history.model import ENTRY, HistoryModel
from stylus_ui.panels.history.thumbs import StemThumbs
from stylus_ui.panels.shared.row_list import RowList
from stylus_ui.presenters.history.actions import TOOLS, Do, first_of, in_menu
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.history import History
from stylus_ui.workspace.takes import TakeState

ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
KEYS = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F2}


class HistoryList(RowList):
    """The list.

    Args:
        context: of the window.
        history: whose rows.
        do: does a tool's work.
        menu: opens the menu of a row at a place of the screen.
        hand_out: makes the file of a row that is dragged, then calls back.
        name: gives a job another name.
    """

    def __init__(
        self,
        context: UiContext,
        history: History,
        *,
        do: Callable[[Do, HistoryEntry], object],
        menu: Callable[[HistoryEntry, QPoint], object],
        hand_out: Callable[[HistoryEntry, Callable[[Path], object]], object],
        name: Callable[[str, str], object],
    ) -> None:
        super().__init__()
        self._text, self._history, self._do, self._menu, self._hand_out = context.text, history, do, menu, hand_out
        self._thumbs = StemThumbs(context, self)
        self._rows = HistoryModel(context, history, name, self)
        self._pressed: tuple[str, Do] | None = None
        self.setModel(self._rows)
        self._painter = HistoryDelegate(context, self._thumbs, self)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(context.text("Jobs"))
        self._set_up()
        bind(self, context.theme.palette, lambda _: self.viewport().update())
        listen(self, self._thumbs.arrived, self.viewport().update)
        listen(self, history.reset, lambda: self.scrollToTop())

    def _set_up(self) -> None:
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(self._take)

    @property
    def current(self) -> HistoryEntry | None:
        """The row that the keyboard is on."""
        return _entry(self.currentIndex())

    def rename(self, job: str) -> None:
        """Ask for another name, in the row."""
        index = self._rows.index_of(job)
        if index.isValid():
            self.setCurrentIndex(index)
            self.edit(index)

    def tool_area(self, job: str, do: Do) -> QRect:
        """Where a tool of a row is painted; empty if it has none such."""
        index = self._rows.index_of(job)
        entry = _entry(index)
        tools = self._painter.tools(self.visualRect(index), entry) if entry else []
        return next((place for known, place in tools if known is do), QRect())

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self._tool_at(event.position().toPoint())
        if self._pressed is None or event.button() is not Qt.MouseButton.LeftButton:
            self._pressed = None
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
        elif pressed == self._tool_at(event.position().toPoint()):
            self._act(pressed[1], self._history.entry(pressed[0]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._tool_at(event.position().toPoint()) is None:
            super().mouseDoubleClickEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """A tool says its name."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tool = self._tool_at(event.pos())
            if tool is not None:
                QToolTip.showText(event.globalPos(), self._text(TOOLS[tool[1]].label), self)
                return True
        return super().viewportEvent(event)

    def _tool_at(self, at: QPoint) -> tuple[str, Do] | None:
        index = self.indexAt(at)
        entry = _entry(index)
        do = self._painter.tool_at(self.visualRect(index), at, entry) if entry else None
        return (entry.job, do) if entry and do else None

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803
        """The stem gets its name, then it is dragged, if the button is still held."""
        entry = self.current
        if entry is not None and entry.state is TakeState.DONE:
            self._hand_out(entry, self.drag_file)

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """The list keeps its own keys from the window's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            is_own = (plain and event.key() in KEYS) or _opens(event)
            if is_own or event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entry = self.current
        if entry is None:
            super().keyPressEvent(event)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._act(Do.COPY, entry)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._act(Do.DELETE if entry.take.is_over else Do.CANCEL, entry)
        elif event.key() == Qt.Key.Key_F2 and entry.take.is_over:
            self.rename(entry.job)
        elif _opens(event):
            self._take(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _take(self, index: QModelIndex) -> None:
        entry = _entry(index)
        do = first_of(entry) if entry else None
        if do is not None:
            self._act(do, entry)

    def _act(self, do: Do, entry: HistoryEntry | None) -> None:
        if entry is not None and do in in_menu(entry):
            self._do(do, entry)

    def open_menu(self, at: QPoint) -> None:
        index = self.indexAt(at)
        entry = _entry(index) or self.current
        if entry is not None:
            self.setCurrentIndex(self._rows.index_of(entry.job))
            self._menu(entry, self.viewport().mapToGlobal(at))


def _opens(event: QKeyEvent) -> bool:
    """Enter alone renders, from everywhere in the window; with Shift it does what a double click does."""
    return event.key() in ENTER and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _entry(index: QModelIndex | QPersistentModelIndex) -> HistoryEntry | None:
    entry = index.data(ENTRY) if index.isValid() else None
    return entry if isinstance(entry, HistoryEntry) else None
