"""FirstRun: the steps that greet a newcomer, once. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stylus_ui.presenters.models.models import models_of
from stylus_ui.presenters.setup.demo import Demo
from stylus_ui.presenters.setup.first_daws import FirstDaws
from stylus_ui.state.observable import Property
from stylus_ui.state.text import later

if TYPE_CHECKING:
    from stylus_ui.context import UiContext

DONE = "first_run.done"


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One step.

    Attributes:
        name: for code.
        title: English; translated where it is shown.
        short: the same in a word or two, for the list of steps.
    """

    name: str
    title: str
    short: str


STEPS = (
    FirstStep(name="welcome", title=later("Welcome to Stylus"), short=later("Welcome")),
    FirstStep(name="device", title=later("Where it computes"), short=later("Device")),
    FirstStep(name="model", title=later("The model"), short=later("Model")),
    FirstStep(name="sound", title=later("Where you hear it"), short=later("Sound")),
    FirstStep(name="daw", title=later("Your DAW"), short=later("DAW")),
    FirstStep(name="demo", title=later("Hear it"), short=later("Demo")),
)


class FirstRun:
    """Where the newcomer is, and what each step shows.

    Attributes:
        at: number of the step.
        models: device, model and download.
        daws: scripts.
        demo: the last step.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self.at = Property(0)
        self.models = models_of(context)
        self.daws = FirstDaws(context)
        self.demo = Demo(context)

    def begin(self) -> None:
        """Look at the machine while the newcomer reads."""
        self.models.refresh()
        self.daws.refresh()

    @property
    def step(self) -> FirstStep:
        return STEPS[self.at.value]

    @property
    def is_last(self) -> bool:
        return self.at.value == len(STEPS) - 1

    def go(self, by: int) -> None:
        """To a later or earlier step."""
        self.at.value = min(max(0, self.at.value + by), len(STEPS) - 1)

    def go_to(self, name: str) -> None:
        """To that step."""
        self.at.value = [step.name for step in STEPS].index(name)

    def finish(self) -> None:
        """Done or skipped: never again. A download continues."""
        self._context.preferences.set(DONE, True)
        self.demo.close()
