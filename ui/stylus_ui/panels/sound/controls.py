"""ControlsPanel: four big knobs, seed and takes, and the lesser knobs under a fold."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QScrollArea, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.parts import button, column, hairline, icon_button, label, row
from stylus_ui.panels.shared.section import SIDE, Section
from stylus_ui.panels.sound.dial_control import BigKnob, DialCalls, DialControl, SliderRow
from stylus_ui.presenters.sound.controls import ControlsPresenter, ControlsShown
from stylus_ui.presenters.sound.knob_dials import MAIN, MORE, TAKES, TEMPO, TurnedKnob

SEED_DIGITS = 10


class ControlsPanel(Section):
    """The upper right."""

    def __init__(self, context: UiContext) -> None:
        super().__init__(context, context.text("Controls"))
        self._context, self._text = context, context.text
        self.presenter = ControlsPresenter(context)
        self.controls: dict[str, DialControl] = {}
        self._lay_out()
        bind(self, self.presenter.shown, self._show)
        bind(self, self.presenter.is_unfolded, self._show_fold)
        self.destroyed.connect(lambda presenter=self.presenter: presenter.close())

    # Layout

    def _lay_out(self) -> None:
        self._alone = label(self._text("At 0 % only the chain changes the sound."), "small")
        self._alone.setWordWrap(True)
        inner = column(
            self._knobs(), self._alone, hairline(), self._seed_line(), self._made(SliderRow, TAKES), spacing=12
        )
        inner.addWidget(hairline())
        inner.addWidget(self._fold_button())
        inner.addWidget(self._lesser())
        inner.addStretch(1)
        inner.setContentsMargins(SIDE, MEASURES.half, SIDE, SIDE)
        inside = QWidget()
        inside.setLayout(inner)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        name = self._text("Reset all knobs to their defaults")
        self._reset = icon_button(self._context, "rotate-ccw", name, self.presenter.reset_all)
        self.fill(column(scroll), self._reset)

    def _knobs(self) -> QWidget:
        big = [self._made(BigKnob, knob) for knob in MAIN]
        part = QWidget()
        lines = column(*(row(*big[first : first + 2], spacing=0) for first in range(0, len(big), 2)), spacing=SIDE)
        part.setLayout(lines)
        return part

    def _made(self, kind: type[BigKnob] | type[SliderRow], knob: TurnedKnob) -> DialControl:
        text, name, presenter = self._text, knob.name, self.presenter
        calls = DialCalls(
            turn=lambda value: presenter.turn(name, value), let_go=presenter.let_go, reset=lambda: presenter.reset(name)
        )
        made = kind(self._context, knob.dial, name=text(knob.label), meant=text(knob.meant), calls=calls)
        self.controls[name] = made
        return made

    def _seed_line(self) -> QWidget:
        context, text, presenter = self._context, self._text, self.presenter
        self.seed = QLineEdit()
        self.seed.setProperty("role", "value")
        self.seed.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.seed.setMaxLength(SEED_DIGITS)
        self.seed.setAccessibleName(text("Seed"))
        self.seed.editingFinished.connect(self._take_seed)
        self._dice = icon_button(context, "dices", text("Another seed"), presenter.roll_seed, action="new_seed")
        self._lock = icon_button(context, "lock", text("Keep the seed"), self._toggle_lock)
        self._lock.setCheckable(True)
        line = QWidget()
        name = label(text("Seed"), "small")
        parts = row(name, self.seed, self._dice, self._lock, spacing=MEASURES.half)
        parts.setStretch(1, 1)
        line.setLayout(parts)
        return line

    def _fold_button(self) -> QWidget:
        self._fold = button("", self.presenter.toggle_fold, role="fold")
        self._fold.setCursor(Qt.CursorShape.PointingHandCursor)
        return self._fold

    def _lesser(self) -> QWidget:
        self._under = QWidget()
        text = self._text
        self.sync = QCheckBox(text("Follow the session's tempo"))
        self.sync.setToolTip(text("Styles are brought to the tempo and looped by whole bars; their pitch stays."))
        self.sync.clicked.connect(self.presenter.sync)
        self._tempo = QWidget()
        self._tempo.setLayout(column(*(self._made(SliderRow, knob) for knob in TEMPO), spacing=12))
        lesser = (self._made(SliderRow, knob) for knob in MORE)
        self._under.setLayout(column(*lesser, self.sync, self._tempo, spacing=12))
        return self._under

    # What is shown

    def _show(self, shown: ControlsShown) -> None:
        for knob in (*MAIN, *MORE, *TEMPO, TAKES):
            self.controls[knob.name].show_value(shown.dial(knob), shown.values[knob.name])
        self._alone.setVisible(shown.is_chain_alone)
        self._reset.setEnabled(shown.is_changed)
        self.sync.setChecked(shown.is_synced)
        self._tempo.setVisible(shown.is_synced)
        self._show_seed(shown)
        self._say_fold(shown.turned_under_fold)
        self.say(self._text("{count} turned", count=shown.turned) if shown.turned else "")

    def _show_seed(self, shown: ControlsShown) -> None:
        text = self._text
        self.seed.setText(str(shown.seed))
        ignored = text("The model in use ignores the seed; takes differ by their knobs.")
        meant = text("Where random numbers start. The same seed makes the same sound.")
        self.seed.setToolTip(ignored if shown.ignores_seed else meant)
        self._lock.setChecked(shown.is_locked)
        set_icon(self._lock, self._context.theme, "lock" if shown.is_locked else "lock-open", "muted")
        kept = text("The seed stays. Click to count it up with each render.")
        counted = text("The seed counts up with each render. Click to keep it.")
        self._lock.setToolTip(kept if shown.is_locked else counted)

    def _say_fold(self, turned: int) -> None:
        text = self._text
        self._fold.setText(text("More, {count} turned", count=turned) if turned else text("More"))

    def _show_fold(self, is_unfolded: bool) -> None:
        self._under.setVisible(is_unfolded)
        set_icon(self._fold, self._context.theme, "chevron-down" if is_unfolded else "chevron-right", "muted")
        name = self._text("Fewer knobs") if is_unfolded else self._text("More knobs")
        self._fold.setToolTip(name)

    # What is done

    def _toggle_lock(self) -> None:
        self.presenter.lock(self._lock.isChecked())

    def _take_seed(self) -> None:
        said = self.seed.text().strip()
        if said.isdecimal():
            self.presenter.set_seed(int(said))
        self.seed.setText(str(self.presenter.shown.value.seed))
