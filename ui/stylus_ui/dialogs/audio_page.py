"""Which sound output is used."""

from __future__ import annotations

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Choice, Page, ProblemLine, Setting, settings
from stylus_ui.kit.binding import bind
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.parts import button
from stylus_ui.presenters.listening.audio_output import AudioOutput, OutputSeen
from stylus_ui.presenters.setup.settings import SettingsPresenter


class AudioPage(Page):
    """The output, and a sound to try it."""

    def __init__(self, context: UiContext, presenter: SettingsPresenter) -> None:
        text = context.text
        self.output = AudioOutput(context)
        self.choice = Choice({}, "", self.output.choose)
        self.choice.setAccessibleName(text("Sound output"))
        self.test = button(text("Play a sound"), self.output.test)
        set_icon(self.test, context.theme, "volume-2", "text")
        self.problem = ProblemLine(context)
        self._line = Setting(text("Sound output"), "", self.choice)
        self._again = button(text("Look for outputs again"), self.output.retry)
        super().__init__(
            text("Audio"),
            settings(
                self._line, Setting(text("Try it"), text("A few seconds of a factory sound."), self._again, self.test)
            ),
            self.problem,
            1,
            said=text(
                "Where you listen in this window. Your DAW keeps its own output, and its sample rate is left alone."
            ),
        )
        self._text = text
        bind(self, self.output.seen, self._show)
        self.destroyed.connect(lambda _=None, output=self.output: output.close())

    def _show(self, seen: OutputSeen) -> None:
        self.choice.offer(seen.options, seen.chosen)
        self.choice.setEnabled(len(seen.options) > 1)
        self.test.setEnabled(seen.can_play)
        self.test.setText(self._text("Stop") if seen.is_playing else self._text("Play a sound"))
        self._line.say(seen.said)
        self._again.setVisible(not seen.problem)
        self.problem.tell(seen.problem, self._text("Look again"), self.output.retry)
