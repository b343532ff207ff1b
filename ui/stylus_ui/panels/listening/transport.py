"""Transport: hear the original, the result or their difference; where, how loud, and on what."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLabel,
    QLayout,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from stylus_ui.audition.output import OutputState
from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind, listen
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.keys import hint
from stylus_ui.kit.parts import button, icon_button, label, row, set_state
from stylus_ui.panels.listening.match_button import MatchButton
from stylus_ui.panels.listening.reason import Reason
from stylus_ui.panels.listening.transport_menu import TransportMenu
from stylus_ui.presenters.lanes.ruler import clock
from stylus_ui.presenters.listening.transport import STEP_S, Transport
from stylus_ui.presenters.listening.transport_words import draft_said, level, what_helps, why_silent
from stylus_ui.presenters.workspace.drafts import Drafts, DraftShown, DraftState
from stylus_ui.state.delay import ThreadDelay
from stylus_ui.state.failures import tell
from stylus_ui.state.player import Side
from stylus_ui.state.text import later

FIXED = QSizePolicy.Policy.Fixed
TICK_MS = 33
TICKS_AFTER = 30
"""Ticks after the last sound, until everything has arrived."""
ROOMY, TIGHT, LEAST = 720, 560, 480
"""Pixels below which the words after A and B, the length and the volume give way, and the loudness, too."""
LOWEST_DB = -60
SIDES = {
    Side.ORIGINAL: ("A", later("Original"), "hear_original"),
    Side.RESULT: ("B", later("Result"), "hear_result"),
    Side.DIFFERENCE: ("Δ", later("Difference"), "hear_difference"),
}
ACCENTS = {Side.ORIGINAL: "content", Side.RESULT: "style", Side.DIFFERENCE: ""}
CHIP_STATES = {DraftState.READY: "good", DraftState.FAILED: "bad", DraftState.NONE: ""}


class TransportPanel(QWidget):
    """One line. It makes the window's player, and the drafts that are rendered while knobs turn."""

    def __init__(self, context: UiContext, transport: Transport | None = None) -> None:
        super().__init__()
        self._context = context
        self.transport = transport or Transport(
            context.workspace,
            preferences=context.preferences,
            dispatcher=context.dispatcher,
            background=context.background,
        )
        self._delay = ThreadDelay(context.dispatcher)
        self.drafts = Drafts(
            context.workspace,
            self.transport,
            preferences=context.preferences,
            delay=self._delay,
            dispatcher=context.dispatcher,
            background=context.background,
        )
        self._ticks_left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._build()
        self._bind()
        self._set_keys()
        self.transport.start()
        context.player.value = self.transport

    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit(event.size().width())
        super().resizeEvent(event)

    # Parts

    def _build(self) -> None:
        text, transport = self._context.text, self.transport
        self._play = icon_button(self._context, "play", text("Play"), transport.toggle, action="play", colour="text")
        self._loop = icon_button(self._context, "repeat", text("Loop"), self._turn_loop, action="loop")
        self._loop.setCheckable(True)
        self._place = _figures("00:00.00", role="strong")
        self._length = _figures("/ 00:00.00", Qt.AlignmentFlag.AlignLeft)
        self._lufs = _figures("−00.0 LUFS")
        self._lufs.setToolTip(text("How loud it is: the last 3 seconds, or all of it while nothing plays"))
        self._draft = label("", "chip")
        self._draft.setSizePolicy(QSizePolicy.Policy.Preferred, FIXED)
        self._match = MatchButton(self._context, transport)
        self._menu = TransportMenu(self._context, transport, self.drafts, self)
        heard = (self._segments(), self._match, self._play, self._loop, self._place, self._length, self._draft)
        self._heard = heard
        line = row(*heard, self._right())
        line.setStretch(line.count() - 1, 1)
        line.setContentsMargins(2 * MEASURES.grid, 0, 2 * MEASURES.grid, 0)
        line.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # `_fit` makes room
        self.setLayout(line)

    def _segments(self) -> QFrame:
        """A, B and Δ: one of them is on."""
        frame, group = QFrame(), QButtonGroup(self)
        frame.setProperty("role", "segments")
        self._sides: dict[Side, QToolButton] = {}
        for side, (_, name, action) in SIDES.items():
            choice = QToolButton()
            choice.setCheckable(True)
            choice.setProperty("accent", ACCENTS[side])
            choice.setSizePolicy(FIXED, FIXED)
            choice.setAccessibleName(self._context.text(name))
            choice.setToolTip(hint(self._context.text(name), action))
            choice.clicked.connect(partial(self._hear, side))
            group.addButton(choice)
            self._sides[side] = choice
        frame.setLayout(row(*self._sides.values(), spacing=0))
        frame.setSizePolicy(FIXED, FIXED)
        return frame

    def _right(self) -> QStackedWidget:
        """How loud and on what; or why nothing can be heard."""
        text = self._context.text
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setProperty("accent", "neutral")
        self._volume.setRange(LOWEST_DB, 0)
        self._volume.setFixedWidth(MEASURES.grid * 10)
        self._volume.setAccessibleName(text("Volume"))
        self._volume.valueChanged.connect(self._set_volume)
        self._why = Reason()
        self._again = button(text("Try again"), self.transport.retry)
        self._again.setSizePolicy(FIXED, FIXED)
        self._stack = QStackedWidget()
        self._pages: list[QWidget] = []
        for parts in (
            (1, self._lufs, self._volume, self._menu_button("headphones")),
            (self._why, self._again, self._menu_button("volume-x")),
        ):
            page = QWidget()
            page.setLayout(row(*parts))
            self._pages.append(page)
            self._stack.addWidget(page)
        return self._stack

    def _menu_button(self, icon: str) -> QToolButton:
        made = icon_button(self._context, icon, self._context.text("Sound output"), lambda: None)
        made.setMenu(self._menu)
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return made

    # What it shows

    def _bind(self) -> None:
        transport, text = self.transport, self._context.text
        bind(self, transport.output, self._show_output)
        bind(self, transport.side, lambda side: self._sides[side].setChecked(True))
        bind(self, transport.playing, self._show_playing)
        bind(self, transport.previewing, lambda _: self._run())
        bind(self, transport.loop, self._loop.setChecked)
        bind(self, transport.position_s, lambda seconds: self._place.setText(clock(seconds, 2)))
        bind(self, transport.length_s, self._show_length)
        bind(self, transport.has_result, lambda _: self._enable())
        bind(self, transport.lufs, lambda lufs: self._lufs.setText(level(text, lufs)))
        bind(self, transport.volume_db, lambda volume_db: self._volume.setValue(round(volume_db)))
        bind(self, self.drafts.shown, self._show_workpiece)
        bind(self, self._context.app_ready, lambda app: self.drafts.connect_queue(app.queue if app else None))
        for problem in (transport.audible.problem, transport.preview_problem, transport.problem):
            listen(self, problem, lambda error: tell(self._context, error))
        drafts, delay = self.drafts, self._delay
        self.destroyed.connect(lambda *_: (drafts.close(), delay.close(), transport.close()))

    def _fit(self, width: int) -> None:
        is_roomy, is_silent = width >= ROOMY, self._stack.currentIndex() == 1
        for part in (self._volume, self._length):
            part.setVisible(is_roomy)
        self._lufs.setVisible(width >= TIGHT)
        self._loop.setVisible(not is_silent)  # why it is silent, and what helps, have its room
        self._draft.setVisible(bool(self._draft.text()) and (is_roomy or not is_silent))
        self._match.give_room(0 if is_silent else self._room_for_match())
        for side, (letter, name, _) in SIDES.items():
            has_word = is_roomy and side is not Side.DIFFERENCE
            self._sides[side].setText(f"{letter}  {self._context.text(name)}" if has_word else letter)

    def _room_for_match(self) -> int:
        """Pixels that the other parts of the line leave."""
        parts = [one for one in self._heard if one is not self._match and not one.isHidden()]
        taken = sum(one.sizeHint().width() for one in parts) + self._stack.minimumSizeHint().width()
        return self.width() - taken - MEASURES.grid * (len(parts) + 1 + 2 * 2)

    def _show_playing(self, is_playing: bool) -> None:
        name = self._context.text("Pause") if is_playing else self._context.text("Play")
        set_icon(self._play, self._context.theme, "pause" if is_playing else "play", "text")
        self._play.setAccessibleName(name)
        self._play.setToolTip(hint(name, "play"))
        self._run()

    def _show_length(self, length_s: float) -> None:
        self._length.setText(f"/ {clock(length_s, 2)}" if length_s else "")
        self._enable()

    def _show_output(self, state: OutputState) -> None:
        why = why_silent(self._context.text, state)
        self._why.say(why, what_helps(self._context.text, state))
        self._stack.setCurrentIndex(1 if why else 0)
        for page in self._pages:  # the one that is not seen takes no room
            is_seen = page is self._stack.currentWidget()
            policy = QSizePolicy.Policy.Preferred if is_seen else QSizePolicy.Policy.Ignored
            page.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
        self._fit(self.width())
        self._enable()

    def _show_workpiece(self, shown: DraftShown) -> None:
        said = draft_said(self._context.text, shown)
        about = self._context.text("A few seconds at draft quality, looped in B. Render makes all of it.")
        self._draft.setText(said)
        self._draft.setToolTip(shown.problem or about)
        set_state(self._draft, CHIP_STATES.get(shown.state, "busy"))
        self._fit(self.width())

    def _enable(self) -> None:
        """What cannot be heard cannot be pressed."""
        can_play = bool(self.transport.device.value) and self.transport.length_s.value > 0
        for part in (self._play, self._loop, self._sides[Side.ORIGINAL]):
            part.setEnabled(can_play)
        for side in (Side.RESULT, Side.DIFFERENCE):
            self._sides[side].setEnabled(can_play and self.transport.has_result.value)

    # What it does

    def _set_keys(self) -> None:
        transport = self.transport
        for name, call in {
            "play": transport.toggle,
            "loop": self._turn_loop,
            "to_start": transport.to_start,
            "back": partial(transport.step, -STEP_S),
            "forward": transport.step,
            **{action: partial(self._hear, side) for side, (_, _, action) in SIDES.items()},
        }.items():
            forget = self._context.shortcuts.on(name, call)
            self.destroyed.connect(lambda *_, forget=forget: forget())

    def _hear(self, side: Side, *_: object) -> None:
        self.transport.hear(side)
        self._sides[self.transport.side.value].setChecked(True)

    def _turn_loop(self) -> None:
        self.transport.loop.value = not self.transport.loop.value
        self._loop.setChecked(self.transport.loop.value)

    def _set_volume(self, volume_db: int) -> None:
        self.transport.volume_db.value = float(volume_db)
        said = f"{volume_db} dB" if volume_db > LOWEST_DB else self._context.text("Silent")
        self._volume.setToolTip(said)
        self._volume.setAccessibleDescription(said)

    def _run(self) -> None:
        self._ticks_left = TICKS_AFTER
        self._timer.start()

    def _tick(self) -> None:
        self.transport.tick()
        sounds = self.transport.playing.value or self.transport.previewing.value is not None
        self._ticks_left = TICKS_AFTER if sounds else self._ticks_left - 1
        if self._ticks_left <= 0:
            self._timer.stop()


def _figures(widest: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignRight, *, role: str = "muted") -> QLabel:
    """A label for a number that changes: nothing moves while it does."""
    made = label("", role)
    made.setMinimumWidth(made.fontMetrics().horizontalAdvance(widest) + MEASURES.half)
    made.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return made
