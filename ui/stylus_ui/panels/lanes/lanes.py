"""LanesPanel: the content and the result, one above the other."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QSizePolicy, QToolButton, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.lane_audio import LaneSources
from stylus_ui.drawing.peak_cache import PeakCache
from stylus_ui.drawing.peak_loader import PeakLoader
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.elided import Elided
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.keys import hint
from stylus_ui.kit.parts import EmptyPlace, button, column, icon_button, row
from stylus_ui.panels.lanes.envelope_view import EnvelopeView
from stylus_ui.panels.lanes.lane_view import LEAST_HEIGHT, LaneView
from stylus_ui.panels.lanes.time_ruler import TimeRuler, TimeStrip
from stylus_ui.panels.workspace.first_steps import FirstStepsView, ResultPlace
from stylus_ui.panels.workspace.input_list import InputButton
from stylus_ui.panels.workspace.open_button import open_button
from stylus_ui.panels.workspace.take_strip import TakeStripView
from stylus_ui.presenters.lanes.envelope import EnvelopePresenter
from stylus_ui.presenters.lanes.lane import Lane, LaneState
from stylus_ui.presenters.lanes.lanes import LanesPresenter
from stylus_ui.presenters.workspace.first_steps import FirstSteps
from stylus_ui.presenters.workspace.recent import RecentFiles
from stylus_ui.state.player import AuditionPlayer

FIXED = QSizePolicy.Policy.Fixed
ZOOM_STEP, NAME_KEEPS, NAME_LEAST = 1.5, 128, 56


class LanesPanel(QWidget):
    """Both lanes, their ruler, and the line above them.

    Attributes:
        seek: the playhead is wanted at that second of the content.
        presenter: for whoever knows the tempo.
        theme, settings_home: of the context.
    """

    seek = Signal(float)

    def __init__(self, context: UiContext) -> None:
        super().__init__()
        self._context = context
        self.theme, self.settings_home = context.theme, context.settings.home
        cache = PeakCache.in_home(context.settings.home)
        loader = PeakLoader(cache, context.background, context.dispatcher)
        sources = LaneSources(loader=loader, background=context.background)
        self.presenter = LanesPresenter(context.workspace, sources, context.text, context.preferences)
        self.curve = EnvelopePresenter(context.workspace, context.text)
        self.recent, self.steps = RecentFiles(context), FirstSteps(context.workspace, context.text)
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lay_out()
        self._bind()

    def set_position(self, seconds: float) -> None:
        """The playhead is there."""
        self.presenter.set_position(seconds)

    def _lay_out(self) -> None:
        context, presenter, text = self._context, self.presenter, self._context.text
        ruler = TimeRuler(context, presenter)
        self.content = LaneView(
            context,
            presenter,
            presenter.content,
            accent="content",
            title=text("Content"),
            over=self._over_content,
            drop=presenter.drop,
        )
        self.result = LaneView(
            context,
            presenter,
            presenter.result,
            accent="style",
            title=text("Result"),
            over=self._over_result,
            draft=presenter.draft,
        )
        self.envelope = EnvelopeView(context, presenter, self.curve, self.content)
        strip = TimeStrip(context, presenter)
        self.takes = TakeStripView(context)
        lanes = column(self.content, self.result, spacing=MEASURES.grid)
        lanes.setStretch(0, 1)
        lanes.setStretch(1, 1)
        parts = column(self._header(), ruler, lanes, strip, self.takes, spacing=MEASURES.half)
        margin = 2 * MEASURES.grid
        parts.setContentsMargins(margin, MEASURES.half, margin, MEASURES.half)
        parts.setStretchFactor(lanes, 1)
        self.setLayout(parts)

    def _header(self) -> QWidget:
        context, presenter, text = self._context, self.presenter, self._context.text
        self._name, self._about = Elided("", is_strong=True, size=MEASURES.body), Elided("")
        self._about.setProperty("role", "muted")
        out = text("Zoom out")
        self._zooms = (
            icon_button(context, "zoom-out", out, lambda: presenter.zoom(1 / ZOOM_STEP), action="zoom_out"),
            icon_button(context, "zoom-in", text("Zoom in"), lambda: presenter.zoom(ZOOM_STEP), action="zoom_in"),
            icon_button(context, "maximize", text("Show all of it"), presenter.show_all, action="zoom_all"),
        )
        self._tools = QWidget()
        self._tools.setSizePolicy(FIXED, FIXED)
        self._pictures_and_curve = (*self._curve_buttons(), self._pictures())
        self._tools.setLayout(row(*self._pictures_and_curve, *self._zooms, spacing=MEASURES.half))
        line = QWidget()
        self.inputs = InputButton(context)
        line.setLayout(row(self._name, self._about, self.inputs, 1, self._tools, open_button(context, self.recent)))
        line.setFixedHeight(MEASURES.row)
        return line

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window zoom is left to the wheel and its keys, then what cannot be read to the list of files."""
        room = self.width() - 2 * 2 * MEASURES.grid - MEASURES.row - 5 * MEASURES.grid
        name = min(self._name.sizeHint().width(), NAME_KEEPS)
        tools = sum(part.sizeHint().width() + MEASURES.half for part in self._pictures_and_curve if not part.isHidden())
        zooms = sum(part.sizeHint().width() + MEASURES.half for part in self._zooms)
        left = room - name - tools - self.inputs.wanted
        for zoom in self._zooms:
            zoom.setVisible(left >= zooms)
        self.inputs.give_room(left >= 0)
        self._name.setMinimumWidth(name if left >= 0 else min(name, NAME_LEAST))

    def _curve_buttons(self) -> tuple[QToolButton, QToolButton]:
        """Take hold of strength over time, and give it up."""
        context, text, curve = self._context, self._context.text, self.curve
        reset = icon_button(context, "rotate-ccw", text("The same strength all the time"), curve.reset)
        toggle = icon_button(context, "activity", text("Strength over time"), curve.toggle, action="envelope")
        toggle.setCheckable(True)
        bind(toggle, curve.is_on, toggle.setChecked)

        def show(_: object) -> None:
            reset.setVisible(curve.is_on.value and bool(curve.points.value))
            set_icon(toggle, context.theme, "activity", "style" if curve.points.value else "muted")

        bind(reset, curve.is_on, show)
        listen(reset, curve.points.changed, show)
        return reset, toggle

    def _pictures(self) -> QFrame:
        """Waveform or spectrum."""
        text, both = self._context.text, QFrame()
        both.setProperty("role", "segments")
        group = QButtonGroup(both)
        for shows_mel, said in ((False, text("Waveform")), (True, text("Spectrum"))):
            choice = QToolButton()
            choice.setText(said)
            choice.setCheckable(True)
            choice.setSizePolicy(FIXED, FIXED)
            choice.setToolTip(hint(said, "spectrum"))
            choice.clicked.connect(lambda _, shows_mel=shows_mel: self.presenter.show_mel(shows_mel))
            bind(choice, self.presenter.shows_mel, lambda now, at=choice, own=shows_mel: at.setChecked(now is own))
            group.addButton(choice)
        both.setSizePolicy(FIXED, FIXED)
        both.setLayout(row(*group.buttons(), spacing=0))
        return both

    def _bind(self) -> None:
        context, presenter = self._context, self.presenter
        bind(self, context.workspace.workpiece, lambda _: self._show_header())
        bind(self, context.player, self._connect)
        listen(self, presenter.seek, self._tell_seek)
        for name, call in (
            ("zoom_in", lambda: presenter.zoom(ZOOM_STEP)),
            ("zoom_out", lambda: presenter.zoom(1 / ZOOM_STEP)),
            ("zoom_all", presenter.show_all),
            ("spectrum", lambda: presenter.show_mel(not presenter.shows_mel.value)),
            ("envelope", self.curve.toggle),
        ):
            forget = context.shortcuts.on(name, call)
            self.destroyed.connect(lambda *_, forget=forget: forget())
        bind(self, presenter.content, self._make_room)
        for said in (self.inputs.presenter.files, self.curve.is_on, self.curve.points):
            listen(self, said.changed, lambda _: self._fit())
        followers = (presenter, self.curve, self.recent, self.steps)
        self.destroyed.connect(lambda *_: [one.close() for one in followers])

    def _make_room(self, content: Lane) -> None:
        """Without content, the first steps stand where both lanes will be."""
        is_empty = content.state is LaneState.EMPTY
        self.result.setVisible(not is_empty)
        self.content.setMinimumHeight((2 * LEAST_HEIGHT + MEASURES.grid) if is_empty else LEAST_HEIGHT)

    def _connect(self, player: AuditionPlayer | None) -> None:
        """The sound output is there: it moves the playhead."""
        if player is not None:
            bind(self, player.position_s, self.set_position)

    def _tell_seek(self, seconds: float) -> None:
        player = self._context.player.value
        if player is not None:
            player.seek(seconds)
        self.seek.emit(seconds)

    def _show_header(self) -> None:
        name, about = self.presenter.header
        self._name.setText(name)
        self._about.setText(about)
        self._fit()
        self._tools.setEnabled(bool(name))

    # What covers a lane that has no picture

    def _over_content(self, lane: Lane) -> QWidget | None:
        context, text = self._context, self._context.text
        if lane.state is LaneState.EMPTY:
            return FirstStepsView(context, self.steps, self.recent)
        if lane.state is LaneState.FAILED:
            opens = button(text("Open audio…"), lambda: context.shortcuts.trigger("open"))
            return self._failed(text("This audio cannot be shown"), lane.message, opens)
        return None

    def _over_result(self, lane: Lane) -> QWidget | None:
        context, text = self._context, self._context.text
        if self.presenter.draft.value is not None:
            return None
        if lane.state is LaneState.EMPTY:
            return ResultPlace(context, self.steps)
        if lane.state is LaneState.FAILED:
            again = button(text("Render again"), self.presenter.retry)
            return self._failed(text("The render failed"), lane.message, again)
        return None

    def _failed(self, title: str, message: str, helps: QPushButton) -> QWidget:
        """A sentence, and the button that helps."""
        return EmptyPlace(self._context, icon="circle-alert", title=title, said=message, action=helps)
