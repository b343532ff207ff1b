"""The last step of the first run: ten seconds, rendered and compared."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Page, ProblemLine, sentence
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.keys import hint
from stylus_ui.kit.parts import button, column, row
from stylus_ui.presenters.setup.demo import DemoLook, DemoStep
from stylus_ui.presenters.setup.first_run import FirstRun
from stylus_ui.state.player import AuditionPlayer, Side

STEPS = 1000


class DemoStepPage(Page):
    """A button, then a bar, then A and B."""

    def __init__(self, context: UiContext, presenter: FirstRun) -> None:
        self._context, self._demo, text = context, presenter.demo, context.text
        self._go_to_sound = partial(presenter.go_to, "sound")
        self.start: QPushButton = button(text("Render the demo"), self._demo.start, role="primary")
        set_icon(self.start, context.theme, "sparkles", "on_style")
        self.progress = QProgressBar()
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(text("Render"))
        self.said = sentence("", "")
        self.problem = ProblemLine(context)
        super().__init__(
            text("Hear it"),
            row(self.start, 1),
            self.said,
            self.progress,
            self._sides(),
            self.problem,
            1,
            said=text(
                "Ten seconds of electric piano become strings. It is loaded into the window; undo takes it out again."
            ),
        )
        bind(self, self._demo.look, self._show)
        bind(self, context.player, self._follow)

    def _sides(self) -> QWidget:
        text, made = self._context.text, QWidget()
        self.original: QPushButton = button(text("A  Original"), lambda: self._play(Side.ORIGINAL))
        self.result: QPushButton = button(text("B  Result"), lambda: self._play(Side.RESULT))
        self.pause: QPushButton = button(text("Pause"), self._pause)
        for one, action in ((self.original, "hear_original"), (self.result, "hear_result"), (self.pause, "play")):
            one.setToolTip(hint(one.text(), action))
        self.keys = sentence(
            text("In the window: space plays, A and B switch on the same sample, return renders."), "small"
        )
        made.setLayout(column(row(self.original, self.result, self.pause, 1), self.keys))
        self._side_row = made
        return made

    def _show(self, look: DemoLook) -> None:
        text = self._context.text
        said = {
            DemoStep.STARTING: text("The engine is starting…"),
            DemoStep.RENDERING: text("Rendering…"),
            DemoStep.DONE: text("Done. Compare:"),
        }
        self.start.setVisible(look.step in (DemoStep.READY, DemoStep.FAILED))
        self.said.setText(said.get(look.step, ""))
        self.said.setVisible(look.step in said)
        self.progress.setVisible(look.step in (DemoStep.STARTING, DemoStep.RENDERING))
        self.progress.setRange(0, STEPS if look.fraction else 0)
        self.progress.setValue(round(look.fraction * STEPS))
        self.problem.tell(look.problem, text("Try again"), self._demo.start)
        self._side_row.setVisible(look.step is DemoStep.DONE)
        if look.step is DemoStep.DONE:
            self._play(Side.RESULT)

    def _follow(self, player: AuditionPlayer | None) -> None:
        """Outputs come and go."""
        if player is not None:
            bind(self, player.device, lambda _: self._show_sides())
        self._show_sides()

    def _show_sides(self) -> None:
        can_play = self._player is not None and bool(self._player.device.value)
        for one in (self.original, self.result, self.pause):
            one.setEnabled(can_play)
        if self._demo.look.value.step is DemoStep.DONE:
            self._tell_silence(is_silent=not can_play)

    def _tell_silence(self, *, is_silent: bool) -> None:
        text = self._context.text
        self.problem.tell("")
        if is_silent:
            self.problem.tell(text("It is rendered, but there is no sound output."), text("Sound"), self._go_to_sound)

    @property
    def _player(self) -> AuditionPlayer | None:
        return self._context.player.value

    def _play(self, side: Side) -> None:
        player = self._player
        self._show_sides()
        if player is not None and player.device.value:
            player.side.value = side
            player.play()

    def _pause(self) -> None:
        if self._player is not None:
            self._player.pause()
