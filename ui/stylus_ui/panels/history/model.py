"""HistoryModel: the rows of a `History` for Qt, read in pages as they are scrolled to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QStringListModel, Qt

from stylus_ui.context import UiContext
from stylus_ui.kit.binding import listen
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.history import History
from stylus_ui.presenters.history.words import spoken, title_of
from stylus_ui.workspace.takes import TakeState

ENTRY = int(Qt.ItemDataRole.UserRole)
Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QStringListModel):
    """Mirrors the presenter's list by its signals; ``rename`` gets a job and its new name.

    Qt counts the rows itself: its list asks for the count once for each row whenever a row comes, goes or moves,
    and of a thousand rows that is too much for Python. The strings are empty.
    """

    def __init__(
        self, context: UiContext, history: History, rename: Callable[[str, str], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._rename = rename
        self._text, self._history = context.text, history
        self._rows: list[HistoryEntry] = []
        self._reset()
        listen(self, history.reset, self._reset)
        listen(self, history.inserted, self._insert)
        listen(self, history.moved, self._move)
        listen(self, history.changed, self._change)
        listen(self, history.removed, self._remove)

    def index_of(self, job: str) -> QModelIndex:
        """Where a job is; an invalid index if it is not shown."""
        at = next((at for at, entry in enumerate(self._rows) if entry.job == job), None)
        return QModelIndex() if at is None else self.index(at)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._history.has_more

    def fetchMore(self, parent: Index) -> None:
        self._history.load_more()

    def supportedDropActions(self) -> Qt.DropAction:
        """Also of what is dragged out: it is copied, never moved."""
        return Qt.DropAction.CopyAction

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        is_done = self._rows[index.row()].state is TakeState.DONE
        return usual | Qt.ItemFlag.ItemIsDragEnabled if is_done else usual

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        entry = self._rows[index.row()]
        if role == ENTRY:
            return entry
        match Qt.ItemDataRole(role):
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return title_of(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(self._text, entry, datetime.now())
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(entry)
        return None

    def setData(self, index: Index, value: object, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        entry = self._rows[index.row()]
        if isinstance(value, str) and value.strip() != title_of(entry):
            self._rename(entry.job, value)
        return True

    def _tip(self, entry: HistoryEntry) -> str:
        if entry.state is TakeState.FAILED:
            return self._text(entry.take.message)
        if entry.state is TakeState.DONE:
            return self._text("Drag the stem into your DAW. A double click compares it with the original.")
        return ""

    def _reset(self) -> None:
        self._rows = list(self._history.entries)
        self.setStringList([""] * len(self._rows))

    def _insert(self, at: int, entries: tuple[HistoryEntry, ...]) -> None:
        if entries:
            self._rows[at:at] = entries
            self.insertRows(at, len(entries))

    def _move(self, at: int, to: int) -> None:
        self._rows.insert(to, self._rows.pop(at))
        self.moveRow(QModelIndex(), at, QModelIndex(), to if to < at else to + 1)

    def _remove(self, at: int) -> None:
        self._rows.pop(at)
        self.removeRows(at, 1)

    def _change(self, at: int, entries: tuple[HistoryEntry, ...]) -> None:
        last = at + len(entries) - 1
        self._rows[at : last + 1] = entries
        self.dataChanged.emit(self.index(at), self.index(last))
