"""InputRows: the files of a render, painted: hear, look at, remove; why one cannot be rendered."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.panels.shared.row_painter import RIGHT, RowPainter
from stylus_ui.presenters.history.words import failure_words
from stylus_ui.presenters.workspace.inputs import InputFile, Inputs
from stylus_ui.state.text import Text

FILE = int(Qt.ItemDataRole.UserRole)
HEIGHT, TARGET, SECONDS = 36, 32, 64
"""Logical pixels: of a row, of its tools, and for how long a file is."""
KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
Index = QModelIndex | QPersistentModelIndex


def seconds_said(text: Text, file: InputFile) -> str:
    """How long it is; empty while that is not known."""
    return text("{seconds} s", seconds=text.number(file.seconds, 1)) if file.seconds else ""


class Part(StrEnum):
    """Of a row."""

    HEAR = "hear"
    LOOK = "look"
    REMOVE = "remove"


class InputModel(QAbstractListModel):
    """Mirrors the presenter's files."""

    def __init__(self, context: UiContext, presenter: Inputs, parent: QObject) -> None:
        super().__init__(parent)
        self._text = context.text
        self._files: tuple[InputFile, ...] = ()
        bind(self, presenter.files, self._take_over)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._files)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        if not index.isValid() or index.row() >= len(self._files):
            return None
        file = self._files[index.row()]
        if role == FILE:
            return file
        match Qt.ItemDataRole(role):
            case Qt.ItemDataRole.DisplayRole:
                return file.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (file.name, seconds_said(self._text, file), file.problem) if part)
            case Qt.ItemDataRole.ToolTipRole:
                return file.problem or str(file.path)
        return None

    def _take_over(self, files: tuple[InputFile, ...]) -> None:
        """The list stays where it is when lengths arrive or one file goes."""
        old, paths = [file.path for file in self._files], [file.path for file in files]
        gone = next(
            (at for at, (one, other) in enumerate(zip(old, [*paths, None], strict=False)) if one != other), None
        )
        if gone is None and len(old) == len(paths):
            self._files = files
            self.dataChanged.emit(self.index(0), self.index(len(files) - 1))
        elif gone is not None and old[:gone] + old[gone + 1 :] == paths:
            self.beginRemoveRows(QModelIndex(), gone, gone)
            self._files = files
            self.endRemoveRows()
        else:
            self.beginResetModel()
            self._files = files
            self.endResetModel()


class InputDelegate(QStyledItemDelegate):
    """Paints a file."""

    def __init__(self, context: UiContext, parent: QObject) -> None:
        super().__init__(parent)
        self._text, self._draw = context.text, RowPainter(context.theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, HEIGHT)

    def part_at(self, area: QRect, at: QPoint, file: InputFile) -> Part:
        """What a click there is meant for."""
        if at.x() < area.left() + TARGET:
            return Part.LOOK if file.problem else Part.HEAR
        return Part.REMOVE if at.x() >= area.right() - TARGET and not file.is_content else Part.LOOK

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        file = index.data(FILE)
        if not isinstance(file, InputFile):
            return
        area, state = QRect(option.rect), option.state  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        if state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus):
            painter.fillRect(area, self._draw.colour("hover"))
        first, last = QRect(area), QRect(area)
        first.setWidth(TARGET)
        last.setLeft(area.right() - TARGET)
        icon, colour = ("triangle-alert", "bad") if file.problem else ("play", "muted")
        self._draw.icon(painter, first, icon, colour)
        if not file.is_content:
            self._draw.icon(painter, last, "x", "muted")
        self._words(painter, area.adjusted(TARGET + MEASURES.half, 0, -TARGET - MEASURES.grid, 0), file)
        painter.restore()

    def _words(self, painter: QPainter, area: QRect, file: InputFile) -> None:
        small = MEASURES.small
        if file.problem:
            above, below = area.adjusted(0, 1, 0, -HEIGHT // 2), area.adjusted(0, HEIGHT // 2, 0, -3)
            self._draw.line(painter, above, file.name, size=small, strong=True)
            self._draw.line(painter, below, " ".join(failure_words(file.problem)).strip(), "bad", size=small)
            return
        colour = "content" if file.is_content else "text"
        self._draw.line(painter, area.adjusted(0, 0, -SECONDS, 0), file.name, colour)
        self._draw.line(painter, area, seconds_said(self._text, file), "muted", size=small, side=RIGHT)


class InputRows(QListView):
    """The files under mouse and keyboard: Return looks at one, Space plays it, Del takes it out."""

    def __init__(self, context: UiContext, presenter: Inputs) -> None:
        super().__init__()
        self._presenter = presenter
        self.setModel(InputModel(context, presenter, self))
        self._painter = InputDelegate(context, self)
        self.setItemDelegate(self._painter)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(context.text("Files of this render"))
        bind(self, context.theme.palette, lambda _: self.viewport().update())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index, at = self.indexAt(event.position().toPoint()), event.position().toPoint()
        file = index.data(FILE)
        if isinstance(file, InputFile) and event.button() is Qt.MouseButton.LeftButton:
            self._do(self._painter.part_at(self.visualRect(index), at, file), file)

    def event(self, event: QEvent) -> bool:
        """The list keeps its own keys from the window's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        file = self.currentIndex().data(FILE)
        if not isinstance(file, InputFile) or event.key() not in KEYS:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Space:
            self._do(Part.HEAR, file)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._do(Part.REMOVE, file)
        else:
            self._do(Part.LOOK, file)

    def _do(self, part: Part, file: InputFile) -> None:
        presenter = self._presenter
        if part is Part.HEAR and file.problem:
            return
        {Part.HEAR: presenter.hear, Part.LOOK: presenter.look_at, Part.REMOVE: presenter.remove}[part](file.path)
