"""PresetDelegate: one row of the preset list, painted: cover, name, tags, star, and what lets it be heard."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.panels.library.preset_covers import Covers
from stylus_ui.panels.library.preset_model import ROW
from stylus_ui.panels.shared.row_painter import RowPainter
from stylus_ui.presenters.library.preset_shelf import ShelvedPreset
from stylus_ui.presenters.library.presets import Heading, PresetsPresenter

ROW_HEIGHT, HEADING_HEIGHT, COVER = 48, 32, 36
EDGE = 8
"""Between a row's ground and the panel's edge, and between the row's parts."""
TARGET = 28


class Part(Enum):
    """Where in a row the mouse is."""

    ROW = auto()
    PLAY = auto()
    STAR = auto()


class PresetDelegate(QStyledItemDelegate):
    """Paints.

    Args:
        context: of the window.
        presenter: knows what is loaded and heard.
        covers: pictures.
        view: that it paints in.
    """

    def __init__(self, context: UiContext, presenter: PresetsPresenter, covers: Covers, view: QWidget) -> None:
        super().__init__(view)
        self._context, self._presenter, self._covers = context, presenter, covers
        self._draw = RowPainter(context.theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        is_heading = isinstance(index.data(ROW), Heading)
        return QSize(0, HEADING_HEIGHT if is_heading else ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, area = index.data(ROW), QRect(option.rect)  # pyright: ignore[reportAttributeAccessIssue]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading):
            self._draw_heading(painter, area, row.title)
        elif isinstance(row, ShelvedPreset):
            self._draw_preset(painter, area, row, option.state)  # pyright: ignore[reportAttributeAccessIssue]
        painter.restore()

    @staticmethod
    def part_at(area: QRect, at: QPoint) -> Part:
        """What of a row is there."""
        if _star_area(area).contains(at):
            return Part.STAR
        return Part.PLAY if _play_area(area).contains(at) else Part.ROW

    # Drawing

    def _draw_heading(self, painter: QPainter, area: QRect, title: str) -> None:
        within = QRect(area.left() + 2 * EDGE, area.bottom() - 5 - EDGE * 2, area.width() - 3 * EDGE, EDGE * 2)
        self._draw.line(painter, within, title, "muted", size=MEASURES.small, strong=True)

    def _draw_preset(self, painter: QPainter, area: QRect, shelved: ShelvedPreset, state: QStyle.StateFlag) -> None:
        is_under = bool(state & QStyle.StateFlag.State_MouseOver)
        is_current = bool(state & QStyle.StateFlag.State_HasFocus)
        is_loaded = shelved.id == self._presenter.loaded.value
        self._draw_ground(painter, area, is_loaded=is_loaded, is_under=is_under, is_current=is_current)
        self._draw_cover(painter, area, shelved)
        is_heard = shelved.id == self._presenter.heard.value
        shows_tools = is_under or is_current
        if is_heard or (shows_tools and shelved.style is not None):
            can_hear = ("play", "text" if self._presenter.can_hear.value else "faint")
            self._draw.icon(painter, _play_area(area), *(("square", "style") if is_heard else can_hear))
        if shelved.is_favourite or shows_tools:
            star = ("star-filled", "style") if shelved.is_favourite else ("star", "muted")
            self._draw.icon(painter, _star_area(area), *star)
        left, right = area.left() + 2 * EDGE + COVER + EDGE + 2, area.right() - 2 * EDGE
        tools = 2 * TARGET if shows_tools or is_heard else TARGET if shelved.is_favourite else 0
        self._draw_words(painter, QRect(left, area.top(), right - tools - left, area.height()), shelved, is_loaded)

    def _draw_ground(
        self, painter: QPainter, area: QRect, *, is_loaded: bool, is_under: bool, is_current: bool
    ) -> None:
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(area).adjusted(EDGE, 0.5, -EDGE, -0.5), MEASURES.radius, MEASURES.radius)
        if is_loaded or is_under or is_current:
            painter.fillPath(ground, self._draw.colour("style_soft" if is_loaded else "raised"))
        if is_current:
            painter.setPen(self._draw.colour("focus"))
            painter.drawPath(ground)

    def _draw_cover(self, painter: QPainter, area: QRect, shelved: ShelvedPreset) -> None:
        place = QRectF(area.left() + 2 * EDGE - 2, area.top() + (area.height() - COVER) / 2, COVER, COVER)
        outline = QPainterPath()
        outline.addRoundedRect(place, MEASURES.radius, MEASURES.radius)
        painter.fillPath(outline, self._draw.colour("sunken"))
        picture = self._covers.get(shelved, round(COVER * painter.device().devicePixelRatio()))
        if picture is None:
            self._draw.icon(painter, place.toRect(), "music", "faint")
            return
        painter.save()
        painter.setClipPath(outline)
        painter.drawPixmap(place, picture, QRectF(picture.rect()))
        painter.restore()

    def _draw_words(self, painter: QPainter, area: QRect, shelved: ShelvedPreset, is_loaded: bool) -> None:
        middle = area.top() + area.height() // 2
        above = QRect(area.left(), middle - 18, area.width(), 18)
        below = QRect(area.left(), middle + 1, area.width(), 15)
        name = shelved.preset.name
        if is_loaded and self._presenter.is_edited.value:
            name = self._context.text("{name}, edited", name=name)
        self._draw.line(painter, above, name, "text", strong=is_loaded)
        wrong = self._wrong(shelved)
        if wrong:
            self._draw.icon(painter, QRect(below.left(), below.top() + 1, 12, 12), *wrong[0], size=12)
            self._draw.line(painter, below.adjusted(16, 0, 0, 0), wrong[1], "busy", size=MEASURES.small)
        else:
            self._draw.line(painter, below, self._about(shelved), "muted", size=MEASURES.small)

    def _wrong(self, shelved: ShelvedPreset) -> tuple[tuple[str, str], str] | None:
        if shelved.problem:
            return ("triangle-alert", "busy"), shelved.problem
        if shelved.waits_for_consent:
            return ("shield-alert", "busy"), self._context.text("Contains plugins: asks first")
        return None

    def _about(self, shelved: ShelvedPreset) -> str:
        preset = shelved.preset
        number = "" if preset.program is None else f"#{preset.program}"
        return "  ".join(part for part in (number, ", ".join(preset.tags)) if part)


def _star_area(area: QRect) -> QRect:
    return QRect(area.right() - EDGE - TARGET, area.top() + (area.height() - TARGET) // 2, TARGET, TARGET)


def _play_area(area: QRect) -> QRect:
    return _star_area(area).translated(-TARGET, 0)
