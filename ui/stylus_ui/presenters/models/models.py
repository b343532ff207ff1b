"""Models: the checkpoints on this machine: which there are, whether they fit, adding, checking, removing. No Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.engine.layouts.family import MINI
from stylus_daw.engine.machine.heavy import missing_packages
from stylus_daw.errors import StylusError
from stylus_daw.own_program import how_to_add
from stylus_ui.presenters.models.downloads import Downloads
from stylus_ui.presenters.models.engine_look import EngineLook
from stylus_ui.presenters.models.model_library import KnownModel, known_models, register, verdict
from stylus_ui.state.observable import Property, Signal

if TYPE_CHECKING:
    from stylus_ui.context import UiContext

NAME_PARTS = re.compile(r"[^A-Za-z0-9._-]+")


class Trust(StrEnum):
    """Whether the weights are those that were added."""

    KNOWN = "known"
    CHECKING = "checking"
    SAME = "same"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What reading every byte again gave; ``message`` says what is wrong."""

    trust: Trust = Trust.KNOWN
    message: str = ""


class Models:
    """What the models page and the first run show; it outlives both, and so do downloads.

    Attributes:
        known: every model, the embedded one first; None: not looked at yet.
        verdicts: by name.
        is_adding: a model is being read.
        look: device and memory.
        downloads: one at a time.
        problem: emits what went wrong.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self.known: Property[tuple[KnownModel, ...] | None] = Property(None)
        self.verdicts: Property[Mapping[str, Verdict]] = Property({})
        self.is_adding = Property(False)
        self.look = EngineLook(context)
        self.downloads = Downloads(context)
        self.problem: Signal[Exception] = Signal()
        self.downloads.arrived.connect(lambda _: self.refresh())

    @property
    def install_command(self) -> str:
        """What brings the packages that Stable Diffusion needs; empty where they are here."""
        return how_to_add("diffusion") if missing_packages() else ""

    def refresh(self) -> None:
        """Look at what there is, first without its memory, which takes the engine's own library to know."""
        home = self._context.settings.home
        self._context.background.run(lambda: known_models(home), done=self._show, failed=self.problem.emit)
        self.look.look()
        self.downloads.look_for_unfinished()

    def add(self, place: Path) -> None:
        """Register a folder or file under its own name."""
        home, wish = self._context.settings.home, NAME_PARTS.sub("-", place.stem if place.is_file() else place.name)
        self.is_adding.value = True
        self._context.background.run(
            lambda: register(home, wish.strip("-.") or "model", place), done=self._added, failed=self._not_added
        )

    def remove(self, name: str, *, deletes: bool = False) -> None:
        """Forget a model; ``deletes`` its files, too, if they were downloaded."""
        from stylus_daw.engine.shelf.library import ModelLibrary

        library = ModelLibrary(self._context.settings.home)
        self._context.background.run(
            lambda: library.remove(name, deletes=deletes), done=lambda _: self.refresh(), failed=self.problem.emit
        )
        if self.in_use == name:
            self.use(MINI.id)

    def verify(self, name: str) -> None:
        """Read every byte again."""
        home = self._context.settings.home
        self._set_verdict(name, Verdict(trust=Trust.CHECKING))
        self._context.background.run(
            lambda: verdict(home, name),
            done=lambda message: self._set_verdict(
                name, Verdict(trust=Trust.CHANGED if message else Trust.SAME, message=message)
            ),
            failed=lambda error: self._set_verdict(name, Verdict(trust=Trust.CHANGED, message=str(error))),
        )

    def use(self, name: str) -> None:
        """Render the current job with it; undo takes it back."""
        try:
            self._context.workspace.edit_settings(checkpoint=name)
        except StylusError as error:
            self.problem.emit(error)

    @property
    def in_use(self) -> str:
        """The model of the current job."""
        return self._context.workspace.workpiece.value.treatment.settings.checkpoint

    def _show(self, known: tuple[KnownModel, ...]) -> None:
        self.known.value = known

    def _added(self, _: object) -> None:
        self.is_adding.value = False
        self.refresh()

    def _not_added(self, error: Exception) -> None:
        self.is_adding.value = False
        self.problem.emit(error)

    def _set_verdict(self, name: str, one: Verdict) -> None:
        self.verdicts.value = {**self.verdicts.value, name: one}


def models_of(context: UiContext) -> Models:
    """The window's models, made when somebody first asks."""
    if context.models.value is None:
        context.models.value = Models(context)
    return context.models.value
