"""LaneView: one lane, drawn and touched. It changes things only through the presenter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.lane_audio import LaneAudio
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.parts import column
from stylus_ui.panels.lanes import lane_marks
from stylus_ui.panels.lanes.lane_draft import draw_draft
from stylus_ui.panels.lanes.lane_picture import LanePicture, Sight
from stylus_ui.panels.lanes.lane_progress import draw_progress, draw_split
from stylus_ui.panels.lanes.time_widget import TimeWidget, redraw_on
from stylus_ui.panels.shared.drop_zone import paths_of
from stylus_ui.presenters.lanes.lane import Lane, LaneState
from stylus_ui.presenters.lanes.lane_draft import LaneDraft
from stylus_ui.presenters.lanes.lane_scale import ScaleMark, scale
from stylus_ui.presenters.lanes.lane_words import said_of
from stylus_ui.presenters.lanes.lanes import LanesPresenter
from stylus_ui.presenters.lanes.time_view import TimeView
from stylus_ui.state.observable import Property

LEAST_HEIGHT = 100
SHADE_OVER_MEL = 0.62


class LaneView(TimeWidget):
    """A lane.

    Args:
        context: of the window.
        presenter: of both lanes.
        lane: the one that is drawn here.
        accent: ``"content"`` or ``"style"``.
        title: of the lane, translated.
        over: gives what covers the lane in a state that has no picture (empty, failed), else None.
        drop: takes files that were dropped here; None: none are taken.
        draft: what covers the lane's sound; None: nothing ever does.
    """

    def __init__(
        self,
        context: UiContext,
        presenter: LanesPresenter,
        lane: Property[Lane],
        *,
        accent: str,
        title: str,
        over: Callable[[Lane], QWidget | None],
        drop: Callable[[list[Path]], object] | None = None,
        draft: Property[LaneDraft | None] | None = None,
    ) -> None:
        super().__init__(context, presenter, has_region=drop is not None)
        self._lane = lane
        self._accent, self._title, self._over, self._drop = accent, title, over, drop
        self._draft: Property[LaneDraft | None] = draft or Property(None)
        self._picture, self._draft_picture = LanePicture(accent), LanePicture(accent)
        self._cover: QWidget | None = None
        self._is_over = self._has_keyboard = False
        self._head_x = 0.0
        self._box = column()
        self.setLayout(self._box)
        self.setMinimumHeight(LEAST_HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(drop is not None)
        self.setAccessibleName(title)
        self._bind()

    def _bind(self) -> None:
        presenter = self._presenter
        bind(self, self._lane, self._show)
        listen(self, self._draft.changed, lambda _: self._show(self._lane.value))
        redraw_on(self, self._context.theme.palette, presenter.view, presenter.region_s, presenter.heard_s)
        redraw_on(self, presenter.shows_mel, presenter.content)
        bind(self, presenter.position_s, lambda _: self._move_head())
        listen(self, presenter.repaint, self._redraw)

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), MEASURES.radius, MEASURES.radius)
        painter.fillPath(outline, QColor(self._palette.sunken))
        view = self._presenter.view.value
        if view is not None and self._cover is None:
            painter.setClipPath(outline)
            self._draw_sound(painter, view)
            if event.rect().left() < lane_marks.SCALE_WIDTH and self._lane.value.audio is not None:
                lane_marks.draw_scale(painter, self._scale, self._palette)
            painter.setClipping(False)
        if self._cover is None:
            self._draw_tags(painter)
        self._draw_border(painter)
        painter.end()

    def _draw_sound(self, painter: QPainter, view: TimeView) -> None:
        lane, area = self._lane.value, QRectF(self.rect())
        marks = self._marks(view)
        if lane.state in (LaneState.WAITING, LaneState.RENDERING):
            content = self._presenter.content.value.audio
            waves = self._picture.wave(content, Sight.of(self, view, 0.0, self._palette)) if content else None
            draw_progress(painter, lane, view, area, self._palette, waves)
        else:
            if lane.audio is not None:
                self._draw_picture(painter, view, lane.audio, lane.first_s, marks)
            if (draft := self._draft.value) is not None:
                sight = Sight.of(self, view, draft.first_s, self._palette)
                shows_mel = self._presenter.shows_mel.value
                draw_draft(painter, draft, self._draft_picture, sight, area, shows_mel=shows_mel)
        if marks is not None and self._drop is not None:
            colour = "text" if self._presenter.shows_mel.value else self._accent
            lane_marks.draw_edges(painter, marks, area, self._palette, colour=colour, hovered=self._mouse.under.value)
        self._head_x = view.x_of(self._presenter.position_s.value, self.width())
        lane_marks.draw_playhead(painter, self._head_x, area, self._palette)

    def _draw_picture(
        self, painter: QPainter, view: TimeView, audio: LaneAudio, first_s: float, marks: lane_marks.RegionMarks | None
    ) -> None:
        sight = Sight.of(self, view, first_s, self._palette)
        if self._presenter.shows_mel.value:
            image = self._picture.mel(audio, sight)
            if image is not None:
                painter.drawImage(QPointF(0, 0), image)
            if marks is not None:
                lane_marks.draw_shade(painter, marks, QRectF(self.rect()), self._palette, opacity=SHADE_OVER_MEL)
            return
        if marks is not None and self._drop is not None and not marks.is_all(self.width()):
            lane_marks.draw_ground(painter, marks, QRectF(self.rect()), self._palette, colour=self._accent)
        waves = self._picture.wave(audio, sight)
        if waves is not None:
            first, last = (marks.first, marks.last) if marks else (0.0, float(self.width()))
            draw_split(painter, *waves, first, last)

    @property
    def _scale(self) -> tuple[ScaleMark, ...]:
        return scale(self.height(), self._context.text, shows_mel=self._presenter.shows_mel.value)

    def _draw_tags(self, painter: QPainter) -> None:
        area = QRectF(self.rect())
        lane_marks.draw_tag(painter, area, self._palette, self._title, dot=self._accent, at_left=True)
        is_result = self._accent == "style"
        said = said_of(self._lane.value, self._draft.value, self._context.text, is_result=is_result)
        if said is not None:
            lane_marks.draw_tag(painter, area, self._palette, said.text, dot=said.dot, note=said.note)

    def _draw_border(self, painter: QPainter) -> None:
        if not (self._is_over or (self.hasFocus() and self._has_keyboard)):
            return
        colour = getattr(self._palette, self._accent) if self._is_over else self._palette.focus
        painter.setPen(QPen(QColor(colour), 2 if self._is_over else 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), MEASURES.radius, MEASURES.radius)

    def _marks(self, view: TimeView) -> lane_marks.RegionMarks | None:
        region, heard = self._presenter.region_s.value, self._presenter.heard_s.value
        if region is None or heard is None:
            return None
        first, last, heard_first, heard_last = (view.x_of(seconds, self.width()) for seconds in (*region, *heard))
        return lane_marks.RegionMarks(first=first, last=last, heard_first=heard_first, heard_last=heard_last)

    # What changes

    def _show(self, lane: Lane) -> None:
        self._picture.forget()
        self._draft_picture.forget()
        self.setToolTip("" if lane.state is LaneState.FAILED else lane.message)
        if self._cover is not None:
            self._cover.hide()  # it is deleted later, but must not be seen until then
            self._box.removeWidget(self._cover)
            self._cover.deleteLater()
        self._cover = self._over(lane)
        if self._cover is not None:
            self._box.addWidget(self._cover)
        self.update()

    def _redraw(self) -> None:
        self._picture.forget()
        self._draft_picture.forget()
        self.update()

    def _move_head(self) -> None:
        """Only the two strips under the playhead are drawn again: it moves 60 times a second."""
        view = self._presenter.view.value
        if view is not None:
            x = view.x_of(self._presenter.position_s.value, self.width())
            for place in (self._head_x, x):
                self.update(QRect(int(place) - 3, 0, 7, self.height()))

    # Touch

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus ring is drawn for keyboard focus only."""
        reasons = Qt.FocusReason
        self._has_keyboard = event.reason() in (
            reasons.TabFocusReason,
            reasons.BacktabFocusReason,
            reasons.ShortcutFocusReason,
        )
        super().focusInEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._drop is not None:
            self._presenter.select_all()

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse.leave()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and self._mouse.pinch(event):
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._key(event):
            super().keyPressEvent(event)

    def _key(self, event: QKeyEvent) -> bool:
        presenter, view = self._presenter, self._presenter.view.value
        if view is None:
            return False
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            presenter.pan(view.span_s * (0.5 if event.key() == Qt.Key.Key_PageDown else -0.5))
        elif event.text() in ("[", "]") and self._drop is not None:
            presenter.move_edge(is_end=event.text() == "]", to_s=presenter.position_s.value)
            presenter.end_gesture()
        else:
            return False
        return True

    # Drop

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._drop is not None and paths_of(event.mimeData()):
            self._set_over(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        files = paths_of(event.mimeData())
        if self._drop is not None and files:
            event.acceptProposedAction()
            self._drop(files)

    def _set_over(self, is_over: bool) -> None:
        self._is_over = is_over
        self.update()
