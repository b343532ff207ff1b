"""Demo: ten seconds of electric piano and a preset, rendered in the window, so that a newcomer hears A and B. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.errors import StylusError
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.state.observable import Forget, Property
from stylus_ui.workspace.content_file import content_of
from stylus_ui.workspace.takes import Take, TakeState
from stylus_ui.workspace.workpiece import Content, Selection

if TYPE_CHECKING:
    from stylus_daw.app import App
    from stylus_ui.context import UiContext

PRESET = "warm-strings"
HANDLE_SAMPLES = 24_000
"""What the bundled file has before and after its ten seconds."""


class DemoStep(StrEnum):
    """Where the demo stands."""

    READY = "ready"
    STARTING = "starting"
    RENDERING = "rendering"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLook:
    """What is shown of it.

    Attributes:
        step: where it stands.
        fraction: of the render, 0..1.
        problem: why it failed.
    """

    step: DemoStep = DemoStep.READY
    fraction: float = 0.0
    problem: str = ""


class Demo:
    """Puts the demo into the workspace and renders it as soon as the core is up. Undo takes it out again.

    Attributes:
        look: what is shown.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._job = ""
        self._wants_render = False
        self.look: Property[DemoLook] = Property(DemoLook())
        workspace = context.workspace
        self._forgets: list[Forget] = [
            context.app_ready.observe(self._core_is),
            workspace.submitted.connect(self._submitted),
            workspace.takes.all.changed.connect(self._follow),
            workspace.problem.connect(self._fail),
            context.core_problem.changed.connect(self._no_core),
        ]

    def close(self) -> None:
        """Stop following it; the render continues."""
        while self._forgets:
            self._forgets.pop()()

    def start(self) -> None:
        """Load and render."""
        self.look.value = DemoLook(step=DemoStep.STARTING)
        self._wants_render, self._job = False, ""
        own = PresetLibrary(user_folder=self._context.settings.presets)

        def read():
            preset = own.get(PRESET)
            return content_of(demo_region()), preset, own.styles(preset)

        self._context.background.run(read, done=lambda found: self._load(*found), failed=self._fail)

    def _load(self, content: Content, preset, styles) -> None:
        length = content.frames - 2 * HANDLE_SAMPLES
        selection = Selection(first=HANDLE_SAMPLES, length=length, before=HANDLE_SAMPLES, after=HANDLE_SAMPLES)
        workspace = self._context.workspace
        workspace.open_content(content, selection=selection)
        workspace.load_preset(preset, styles)
        self._wants_render = True
        self._core_is(self._context.app)

    def _core_is(self, app: App | None) -> None:
        if app is not None and self._wants_render:
            self._wants_render = False
            self.look.value = DemoLook(step=DemoStep.RENDERING)
            self._context.workspace.render()

    def _submitted(self, jobs: tuple[str, ...]) -> None:
        if self.look.value.step is DemoStep.RENDERING and not self._job and jobs:
            self._job = jobs[0]
            self._follow(self._context.workspace.takes.all.value)

    def _follow(self, takes: tuple[Take, ...]) -> None:
        take = next((one for one in takes if self._job and one.job == self._job), None)
        if take is None:
            return
        if take.state is TakeState.DONE:
            self.look.value = DemoLook(step=DemoStep.DONE, fraction=1.0)
        elif take.state is TakeState.FAILED:
            self.look.value = DemoLook(step=DemoStep.FAILED, problem=self._context.text(take.message))
        elif take.state is TakeState.CANCELLED:
            self.look.value = DemoLook()
        else:
            self.look.value = DemoLook(step=DemoStep.RENDERING, fraction=take.fraction)

    def _no_core(self, problem: str) -> None:
        if problem and self.look.value.step is DemoStep.STARTING:
            self.look.value = DemoLook(step=DemoStep.FAILED, problem=problem)

    def _fail(self, error: Exception) -> None:
        if self.look.value.step in (DemoStep.STARTING, DemoStep.RENDERING) and not self._job:
            said = error.message if isinstance(error, StylusError) else f"{type(error).__name__}: {error}"
            self.look.value = DemoLook(step=DemoStep.FAILED, problem=self._context.text(said))


def demo_region() -> Path:
    """The bundled file."""
    return Path(str(resources.files("stylus_daw"))) / "demo_audio" / "region.flac"
