"""FirstSteps: how far somebody is on the way to a first stem. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from stylus_ui.state.observable import Property
from stylus_ui.state.text import Text, later
from stylus_ui.workspace.workpiece import Workpiece
from stylus_ui.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of three: what to do, how, and whether it is done."""

    title: str
    said: str
    is_done: bool = False


WORDS = (
    (later("Drop audio here"), later("A loop, a stem or a whole song, or several of them.")),
    (later("Choose a style"), later("Click a preset on the left, or drop a sound on the styles below.")),
    (later("Press Enter"), later("The result appears here. Drag it into your DAW.")),
)


class FirstSteps:
    """Follows the workspace.

    Attributes:
        steps: content, style, render, translated.
    """

    def __init__(self, workspace: Workspace, text: Text) -> None:
        self._text = text
        self.steps: Property[tuple[Step, ...]] = Property(())
        self._forget = workspace.workpiece.observe(self._show)

    def close(self) -> None:
        """Follow nothing more."""
        self._forget()

    @property
    def next_step(self) -> Step:
        """The first that is not done."""
        return next(step for step in self.steps.value if not step.is_done)

    def _show(self, workpiece: Workpiece) -> None:
        done = (workpiece.content is not None, bool(workpiece.treatment.styles), False)
        self.steps.value = tuple(
            Step(title=self._text(title), said=self._text(said), is_done=is_done)
            for (title, said), is_done in zip(WORDS, done, strict=True)
        )
