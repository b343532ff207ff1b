"""The steps of the first run, but for the last: one question each, answered already."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from stylus_ui.context import UiContext
from stylus_ui.dialogs.form import Choice, Page, ProblemLine, Setting, emptied, sentence, settings
from stylus_ui.dialogs.models.download_box import DownloadBox
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.brand import window_icon
from stylus_ui.kit.icons import set_icon
from stylus_ui.kit.parts import button, column, label, picture, row
from stylus_ui.presenters.listening.audio_output import AudioOutput, OutputSeen
from stylus_ui.presenters.models.downloads import SUGGESTED, Download, Step
from stylus_ui.presenters.models.engine_look import EngineSeen
from stylus_ui.presenters.setup.first_daws import DawRow
from stylus_ui.presenters.setup.first_run import FirstRun

ICON, SIGN = 64, 24
AIR = 16


class WelcomeStep(Page):
    """What Stylus is, in three lines."""

    def __init__(self, context: UiContext, presenter: FirstRun) -> None:
        text, brand = context.text, label("")
        brand.setPixmap(window_icon().pixmap(ICON, ICON))
        super().__init__(
            text("Welcome to Stylus"),
            brand,
            _gap(),
            _line(context, "file-music", text("Drop a loop into the window, or press the key in your DAW.")),
            _line(context, "palette", text("Choose a preset, or drop a sound whose colour you like.")),
            _line(context, "headphones", text("Compare A and B; the result fits the session on the sample.")),
            1,
            sentence(text("A minute of questions, already answered. Everything is in the settings, too."), "small"),
            said=text(
                "Give a part of your session the sound of another. It is computed here; nothing leaves this computer."
            ),
        )


class DeviceStep(Page):
    """What was picked, and why."""

    def __init__(self, context: UiContext, presenter: FirstRun) -> None:
        self._text, self._look = context.text, presenter.models.look
        self.reason = sentence("", "strong")
        self.problem = ProblemLine(context)
        found = row(picture(context, "cpu", "style", size=SIGN), self.reason, spacing=AIR)
        found.setStretch(1, 1)
        super().__init__(
            self._text("Where it computes"),
            found,
            self.problem,
            1,
            said=self._text("Stylus uses the graphics card if it can, otherwise the processor."),
        )
        bind(self, self._look.seen, self._show)

    def _show(self, seen: EngineSeen) -> None:
        is_new = seen.is_looking and not seen.reason
        self.reason.setText(self._text("Looking at this computer…") if is_new else seen.reason or "–")
        self.problem.tell(seen.problem, self._text("Look again"), self._look.look)


class ModelStep(Page):
    """stylus-mini is there; Stable Diffusion only for those who want it."""

    def __init__(self, context: UiContext, presenter: FirstRun) -> None:
        text, downloads = context.text, presenter.models.downloads
        self.ask: QPushButton = button(text("Size and licence"), lambda: downloads.ask(SUGGESTED))
        ready = picture(context, "circle-check", "good", size=SIGN)
        super().__init__(
            text("The model"),
            settings(
                Setting("stylus-mini", text("Comes with Stylus, renders in seconds and is ready now."), ready),
                Setting(
                    "Stable Diffusion 1.5",
                    text("Optional: several gigabytes, best with a graphics card. Downloaded only if you agree."),
                    self.ask,
                ),
            ),
            DownloadBox(context, downloads),
            1,
            said=text("What turns one sound into another. You can add others at any time."),
        )
        bind(self, downloads.now, self._show)

    def _show(self, now: Download) -> None:
        self.ask.setVisible(now.step in (Step.NONE, Step.FAILED))


class SoundStep(Page):
    """The output, and a sound to try it."""

    def __init__(self, context: UiContext, presenter: FirstRun) -> None:
        self._text = text = context.text
        self.output = AudioOutput(context)
        self.choice = Choice({}, "", self.output.choose)
        self.test: QPushButton = button(text("Play a sound"), self.output.test)
        set_icon(self.test, context.theme, "volume-2", "text")
        self.problem = ProblemLine(context)
        self._line = Setting(text("Sound output"), "", self.choice)
        super().__init__(
            text("Where you hear it"),
            settings(self._line, Setting(text("Try it"), text("A few seconds of a factory sound."), self.test)),
            self.problem,
            1,
            said=text("Only this window plays there; your DAW keeps its own output."),
        )
        bind(self, self.output.seen, self._show)
        self.destroyed.connect(lambda _=None, output=self.output: output.close())

    def _show(self, seen: OutputSeen) -> None:
        self.choice.offer(seen.options, seen.chosen)
        self.test.setEnabled(seen.can_play)
        self.test.setText(self._text("Stop") if seen.is_playing else self._text("Play a sound"))
        self._line.say(seen.said)
        self.problem.tell(seen.problem, self._text("Look again"), self.output.retry)


class DawStep(Page):
    """The DAWs of this machine, each with a button."""

    def __init__(self, context: UiContext, presenter: FirstRun) -> None:
        self._context, self._daws = context, presenter.daws
        self._rows = QWidget()
        self._rows.setLayout(column(spacing=0))
        text = context.text
        super().__init__(
            text("Your DAW"),
            self._rows,
            1,
            said=text(
                "A script adds a key to your DAW. It is copied into the DAW's own folder and can be taken out again."
            ),
        )
        bind(self, self._daws.daws, self._show)

    def _show(self, daws: tuple[DawRow, ...] | None) -> None:
        layout, text = emptied(self._rows), self._context.text
        here = [daw for daw in daws or () if daw.is_here]
        if daws is not None and not here:
            self._say_none(tuple(daw.title for daw in daws))
        layout.addWidget(settings(*(self._row(daw) for daw in here)))
        others = ", ".join(daw.title for daw in daws or () if not daw.is_here)
        if here and others:
            layout.addWidget(sentence(text("Not found here: {names}.", names=others), "small"))

    def _say_none(self, titles: tuple[str, ...]) -> None:
        text, layout = self._context.text, self._rows.layout()
        assert layout is not None
        said = text("None of {names} was found. Start yours once, then look again.", names=", ".join(titles))
        again: QPushButton = button(text("Look again"), self._daws.refresh)
        layout.addWidget(Setting(text("No DAW was found"), said, again))
        layout.addWidget(sentence(text("With any other DAW, drag audio into the window and the result back."), "small"))

    def _row(self, daw: DawRow) -> QWidget:
        text = self._context.text
        if daw.is_installed:
            control: QWidget = picture(self._context, "circle-check", "good", size=SIGN)
            control.setAccessibleName(text("Installed"))
            return Setting(daw.title, "\n".join(daw.steps), control)
        install = button(text("Install the script"), partial(self._daws.install, daw.name))
        install.setEnabled(not daw.is_busy)
        install.setAccessibleName(text("Install the script: {name}", name=daw.title))
        line = Setting(daw.title, daw.problem or text("Found on this computer."), install)
        line.say(line.said.text(), "bad" if daw.problem else "")
        return line


def _line(context: UiContext, icon: str, said: str) -> QWidget:
    made = QWidget()
    line = row(picture(context, icon, "style", size=SIGN), sentence(said, ""), spacing=AIR)
    line.setStretch(1, 1)
    line.setContentsMargins(0, MEASURES.half, 0, MEASURES.half)
    made.setLayout(line)
    return made


def _gap() -> QWidget:
    made = QWidget()
    made.setFixedHeight(MEASURES.grid)
    return made
