"""RenderButton: what the big button says and does. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stylus_daw.batch.pace import keep_paces, read_paces
from stylus_ui.context import UiContext
from stylus_ui.presenters.workspace.inputs import Inputs
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.state.observable import Property
from stylus_ui.workspace.requests import NO_CONTENT, NO_STYLE
from stylus_ui.workspace.takes import Take, TakeState
from stylus_ui.workspace.workpiece import Workpiece

WORTH_SAYING_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderLook:
    """What is seen of it.

    Attributes:
        label: on the button.
        is_enabled: it can be pressed.
        why_not: what is missing; empty: nothing.
        is_running: something of this workspace is rendered or waits; then it can be cancelled.
        fraction: of the render that runs, 0..1.
        stage: a few words on where it stands; before a render that takes a while, how long.
        sound: what it sounds like: the preset's name.
        is_edited: that preset was changed.
    """

    label: str
    is_enabled: bool
    why_not: str = ""
    is_running: bool = False
    fraction: float = 0.0
    stage: str = ""
    sound: str = ""
    is_edited: bool = False


class RenderButton:
    """Renders the workspace, shows how far that is, cancels."""

    def __init__(self, context: UiContext) -> None:
        self._context, self._text, self._workspace = context, context.text, context.workspace
        self._paces: Mapping[str, float] = {}
        self._inputs = Inputs(context)
        self.look: Property[RenderLook] = Property(self._look())
        self._keep_pace()
        for source in (
            self._workspace.workpiece.changed,
            self._workspace.takes.all.changed,
            context.app_ready.changed,
            self._inputs.seconds.changed,
        ):
            source.connect(lambda _: self._show())
        context.shortcuts.on("render", self.press)
        context.shortcuts.on("cancel", self.cancel)

    def press(self) -> None:
        """Render, or say what is missing."""
        look = self.look.value
        if look.is_enabled:
            self._workspace.render()
        else:
            self._context.notify(Notice(kind=NoticeKind.INFO, text=look.why_not, key="render"))

    def cancel(self) -> None:
        self._workspace.cancel()

    def failed(self, error: Exception) -> None:
        """Something that was asked of the workspace went wrong."""
        tell(self._context, error)

    def _show(self) -> None:
        self.look.value = self._look()

    def _look(self) -> RenderLook:
        workpiece = self._workspace.workpiece.value
        missing = self._missing(workpiece)
        unfinished = self._workspace.takes.unfinished
        running = next((take for take in unfinished if take.state is TakeState.RENDERING), None)
        return RenderLook(
            label=self._label(workpiece),
            is_enabled=not missing,
            why_not=missing,
            is_running=bool(unfinished),
            fraction=running.fraction if running else 0.0,
            stage=self._stage(running, len(unfinished)) if unfinished else self._estimate(workpiece),
            sound=workpiece.preset_name,
            is_edited=bool(workpiece.preset_name) and workpiece.is_edited,
        )

    def _label(self, workpiece: Workpiece) -> str:
        files, takes, text = 1 + len(workpiece.more), workpiece.takes, self._text
        if files > 1 and takes > 1:
            return text("Render {count} ({files} × {takes})", count=files * takes, files=files, takes=takes)
        if takes > 1:
            return text("Render {count} takes", count=takes)
        return text("Render") if files == 1 else text("Render {count} files", count=files)

    def _keep_pace(self) -> None:
        """How fast renders are is learned from each, and shared with ``stylus-daw batch``."""
        home, background = self._context.settings.home, self._context.background

        def learn(take: Take) -> None:
            if take.stem is not None:
                told = (take.request.settings.checkpoint, take.stem.length / take.stem.rate, take.stem.seconds_taken)
                background.run(lambda: (keep_paces(home, [told]), read_paces(home))[1], done=self._take_paces)

        self._workspace.takes.done.connect(learn)
        background.run(lambda: read_paces(home), done=self._take_paces)

    def _take_paces(self, paces: Mapping[str, float]) -> None:
        self._paces = paces
        self._show()

    def _estimate(self, workpiece: Workpiece) -> str:
        """How long a render will take, where that is known and worth saying."""
        pace = self._paces.get(workpiece.treatment.settings.checkpoint)
        seconds = self._inputs.seconds.value * workpiece.takes / pace if pace else 0.0
        if seconds < WORTH_SAYING_S or not workpiece.treatment.styles:
            return ""
        if seconds < 60:
            return self._text("about {seconds} s", seconds=round(seconds / 10) * 10)
        return self._text("about {minutes} min", minutes=max(1, round(seconds / 60)))

    def _missing(self, workpiece: Workpiece) -> str:
        if self._context.app is None:
            return self._text("The core is still starting. Try again in a moment.")
        if workpiece.content is None:
            return self._text(NO_CONTENT)
        return "" if workpiece.treatment.styles else self._text(NO_STYLE)

    def _stage(self, running: Take | None, count: int) -> str:
        if running is None:
            return self._text("Waiting")
        percent = self._text.number(100 * running.fraction)
        if count == 1:
            return self._text("{percent} %", percent=percent)
        return self._text("{percent} %, {count} more", percent=percent, count=count - 1)
