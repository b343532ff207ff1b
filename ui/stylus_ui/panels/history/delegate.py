"""HistoryDelegate: one row of the history, painted: picture, name, origin, how far it is, and its tools."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.panels.history.model import ENTRY
from stylus_ui.panels.history.thumbs import StemThumbs
from stylus_ui.panels.shared.row_painter import RIGHT, RowPainter
from stylus_ui.presenters.history.actions import TOOLS, Do, offered
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.words import failure_words, has_bar, stage_words, state_words, title_of, where_from
from stylus_ui.workspace.takes import TakeState

ROW_HEIGHT, EDGE, SIDE = 44, 8, 16
THUMB = QSize(80, 28)
TARGET, MANY = 28, 3
"""Size of a tool, and how many have no room beside the state."""
NARROW = 560
"""Below that width, rows have no picture and less room for their state."""
BAR, LEAST_PROBLEM, STAR, EDITOR = 4, 72, 12, 160
STATES = {
    TakeState.WAITING: ("clock", "muted"),
    TakeState.RENDERING: ("loader-circle", "style"),
    TakeState.DONE: ("check", "good"),
    TakeState.FAILED: ("circle-alert", "bad"),
    TakeState.CANCELLED: ("x", "muted"),
}


class HistoryDelegate(QStyledItemDelegate):
    """Paints rows of a `HistoryModel`."""

    def __init__(self, context: UiContext, thumbs: StemThumbs, view: QWidget) -> None:
        super().__init__(view)
        self._context, self._text, self._thumbs = context, context.text, thumbs
        self._draw = RowPainter(context.theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def tool_at(self, area: QRect, at: QPoint, entry: HistoryEntry) -> Do | None:
        """The tool of the row that is there."""
        return next((do for do, place in self.tools(area, entry) if place.contains(at)), None)

    def tools(self, area: QRect, entry: HistoryEntry) -> list[tuple[Do, QRect]]:
        """The tools of a row and where they are, the last one at the right; what helps after a failure has words."""
        right, top = area.right() - SIDE + (TARGET - MEASURES.icon) // 2, area.top() + (area.height() - TARGET) // 2
        placed = []
        for do in reversed(offered(entry)):
            width = self._pill_width(do) if _is_pill(do, entry) else TARGET
            right -= width
            placed.append((do, QRect(right, top, width, TARGET)))
        return placed[::-1]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, HistoryEntry):
            return
        area, state = QRect(option.rect), option.state  # pyright: ignore[reportAttributeAccessIssue]
        is_under, is_current = bool(state & QStyle.StateFlag.State_MouseOver), bool(state & _FOCUS)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, area, is_under=is_under, is_current=is_current)
        left = area.left() + SIDE
        if area.width() >= NARROW:
            self._picture(painter, _thumb_area(area), entry)
            left = _thumb_area(area).right() + 1 + 12
        shows_tools = is_under or is_current or entry.state is not TakeState.DONE
        tools = self.tools(area, entry) if shows_tools else []
        right = tools[0][1].left() if tools else area.right() - SIDE - TARGET
        self._words(painter, area, left, right - EDGE, entry, has_state=len(tools) < MANY)
        for do, place in tools:
            if _is_pill(do, entry):
                self._pill(painter, place, do, is_under=is_under)
            else:
                self._draw.icon(painter, place, TOOLS[do].icon, "text" if is_under or is_current else "muted")
        painter.restore()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        area = QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        left = _thumb_area(area).right() + 1 if area.width() >= NARROW else area.left() + EDGE
        editor.setGeometry(left, area.top() + 4, max(EDITOR, area.width() // 2), area.height() - 2 * 4)

    def _pill_width(self, do: Do) -> int:
        return self._draw.width(self._text(TOOLS[do].label), size=MEASURES.small) + 3 * EDGE

    def _pill(self, painter: QPainter, area: QRect, do: Do, *, is_under: bool) -> None:
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(area).adjusted(0, 2, -EDGE, -2), MEASURES.radius, MEASURES.radius)
        painter.fillPath(ground, self._draw.colour("hover" if is_under else "raised"))
        within = area.adjusted(EDGE, 0, -EDGE, 0)
        self._draw.line(painter, within, self._text(TOOLS[do].label), size=MEASURES.small)

    def _ground(self, painter: QPainter, area: QRect, *, is_under: bool, is_current: bool) -> None:
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(area).adjusted(EDGE, 0.5, -EDGE, -0.5), MEASURES.radius, MEASURES.radius)
        if is_under or is_current:
            painter.fillPath(ground, self._draw.colour("raised"))
        if is_current:
            painter.setPen(self._draw.colour("focus"))
            painter.drawPath(ground)

    def _picture(self, painter: QPainter, area: QRect, entry: HistoryEntry) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(area), MEASURES.radius, MEASURES.radius)
        painter.fillPath(outline, self._draw.colour("sunken"))
        stem = entry.take.stem
        height = round(area.height() * painter.device().devicePixelRatio())
        drawn = self._thumbs.picture(stem.path, height) if stem is not None else None
        if drawn is None:
            icon, colour = STATES[entry.state]
            self._draw.icon(painter, area, "audio-waveform" if stem else icon, "faint" if stem else colour)
            return
        painter.setClipPath(outline)
        painter.drawImage(area.adjusted(2, 0, -2, 0), drawn)
        painter.setClipping(False)

    def _words(
        self, painter: QPainter, area: QRect, left: int, right: int, entry: HistoryEntry, *, has_state: bool
    ) -> None:
        """What it is; beside it where it stands, unless the tools of a finished one take that place."""
        is_failed = entry.state is TakeState.FAILED
        width = 0 if is_failed else _state_width(area)
        above, below = _lines(QRect(left, area.top(), right - width - SIDE - left, area.height()))
        if entry.note.is_starred:
            self._draw.icon(
                painter, QRect(above.left(), above.top(), STAR, above.height()), "star-filled", "style", size=STAR
            )
            above.setLeft(above.left() + STAR + MEASURES.half)
        self._draw.line(painter, above, title_of(entry))
        if is_failed:
            self._failure(painter, below, self._text(entry.take.message))
        else:
            self._draw.line(painter, below, where_from(self._text, entry), "muted", size=MEASURES.small)
        if has_state and not is_failed:
            self._state(painter, *_lines(QRect(right - width, area.top(), width, area.height())), entry)

    def _failure(self, painter: QPainter, area: QRect, message: str) -> None:
        """What went wrong gives way to what helps."""
        problem, remedy = failure_words(message)
        needed = [self._draw.width(f"{said} ", size=MEASURES.small) if said else 0 for said in (problem, remedy)]
        share = min(needed[0], max(0, area.width() - needed[1]))
        if share < needed[0] and share < LEAST_PROBLEM:
            share = 0
        before, after = area.adjusted(0, 0, share - area.width(), 0), area.adjusted(share, 0, 0, 0)
        self._draw.line(painter, before, problem, "bad", size=MEASURES.small)
        self._draw.line(painter, after, remedy, "text", size=MEASURES.small)

    def _state(self, painter: QPainter, above: QRect, below: QRect, entry: HistoryEntry) -> None:
        said = state_words(self._text, entry, datetime.now())
        is_rendering = entry.state is TakeState.RENDERING
        self._draw.line(painter, above, said, "text" if is_rendering else "muted", size=MEASURES.small, side=RIGHT)
        if entry.state is TakeState.DONE:
            left = above.right() - self._draw.width(said, size=MEASURES.small) - 18
            place = QRect(max(above.left() - 16, left), above.top(), 14, above.height())
            self._draw.icon(painter, place, *STATES[entry.state], size=12)
        if is_rendering:
            stage = stage_words(self._text, entry)
            beside = above.adjusted(0, 0, -self._draw.width(said, size=MEASURES.small) - EDGE, 0)
            self._draw.line(painter, beside, stage, "muted", size=MEASURES.small)
            if has_bar(entry, self._context.workspace.takes.shown.value):
                self._bar(painter, QRectF(below.left(), below.top() + 5, below.width(), BAR), entry.take.fraction)

    def _bar(self, painter: QPainter, area: QRectF, fraction: float) -> None:
        for colour, width in (("raised", area.width()), ("style", area.width() * fraction)):
            if width > 0:
                filled = QPainterPath()
                filled.addRoundedRect(QRectF(area.left(), area.top(), max(width, BAR), BAR), BAR / 2, BAR / 2)
                painter.fillPath(filled, self._draw.colour(colour))


_FOCUS = QStyle.StateFlag.State_HasFocus


def _is_pill(do: Do, entry: HistoryEntry) -> bool:
    return do is Do.RETRY and entry.state is TakeState.FAILED


def _thumb_area(area: QRect) -> QRect:
    return QRect(QPoint(area.left() + SIDE, area.top() + (area.height() - THUMB.height()) // 2), THUMB)


def _state_width(area: QRect) -> int:
    return 232 if area.width() >= NARROW else 128


def _lines(area: QRect) -> tuple[QRect, QRect]:
    """Two lines of text around the middle."""
    middle = area.top() + area.height() // 2
    return QRect(area.left(), middle - 17, area.width(), 18), QRect(area.left(), middle + 1, area.width(), 15)
