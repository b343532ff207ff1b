"""Workspace: the current job, its edits and its renders. No Qt.

Everything that an edit can change is one :class:`~stylus_ui.workspace.workpiece.Workpiece`, which can be observed.
Edits go through :meth:`Workspace.edit` (or a method that says what it does): each is undoable and on the disk
within a moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.request import MAX_SEED, StyleSettings
from stylus_daw.errors import JobError
from stylus_daw.jobs.job import JobEvent, RenderRequest
from stylus_daw.presets.library.style_files import StyleAudio
from stylus_daw.presets.preset import Preset
from stylus_daw.settings import Settings
from stylus_ui.state.dispatch import Background
from stylus_ui.state.observable import Property, Signal
from stylus_ui.state.text import later
from stylus_ui.workspace.content_file import Refused, SortedOut, sorted_out
from stylus_ui.workspace.curve import reselected
from stylus_ui.workspace.preset_treatment import relocated, treatment_of
from stylus_ui.workspace.requests import Jobs, Presets, check_consent, requests_of
from stylus_ui.workspace.takes import Take, TakeList
from stylus_ui.workspace.undo import UndoStack
from stylus_ui.workspace.workpiece import Content, Selection, StyleSlot, Treatment, Workpiece

STARTING = later("The core is still starting. Try again in a moment.")


class Core(Protocol):
    """What the workspace needs of :class:`stylus_daw.app.App`."""

    @property
    def queue(self) -> Jobs: ...

    @property
    def presets(self) -> Presets: ...


class Workspace:
    """The current job.

    Attributes:
        workpiece: what a render would be made of.
        takes: the renders of this workspace.
        refused: files that were dropped with the content and cannot be read.
        can_undo, can_redo: for buttons.
        problem: emits what went wrong with something that was asked for.
        submitted: emits the job ids of a render.
        relocated: emits a workpiece just before it comes: it sounds as the one before, only from other files.

    Args:
        settings: of the core.
        background: away from the window's thread.
        workpiece: to begin with (see ``workpiece_file.read_workpiece``).
        save: gets the workpiece after every edit.
    """

    def __init__(
        self,
        settings: Settings,
        background: Background,
        *,
        workpiece: Workpiece | None = None,
        save: Callable[[Workpiece], object] = lambda workpiece: None,
    ) -> None:
        self._settings, self._background, self._save = settings, background, save
        self._core: Core | None = None
        self._undo = UndoStack(workpiece or Workpiece())
        self.workpiece: Property[Workpiece] = Property(self._undo.value)
        self.can_undo, self.can_redo = Property(False), Property(False)
        self.takes = TakeList()
        self.refused: Property[tuple[Refused, ...]] = Property(())
        self.problem: Signal[Exception] = Signal()
        self.submitted: Signal[tuple[str, ...]] = Signal()
        self.relocated: Signal[Workpiece] = Signal()

    def connect_core(self, core: Core | None) -> None:
        """Take the core that is up; None once it has gone."""
        self._core = core

    # Edits

    def edit(self, *, gesture: str = "", **changes: Any) -> None:
        """Change fields of the workpiece; with a ``gesture``, all edits of one drag are one step of undo."""
        self._push(replace(self.workpiece.value, **changes), gesture)

    def edit_treatment(self, *, gesture: str = "", **changes: Any) -> None:
        """Change styles, settings or chain."""
        self.edit(gesture=gesture, treatment=replace(self.workpiece.value.treatment, **changes))

    def edit_settings(self, *, gesture: str = "", **changes: Any) -> None:
        """Change knobs of the engine.

        Raises:
            RequestError: out of range; nothing is changed.
        """
        self.edit_treatment(gesture=gesture, settings=replace(self.workpiece.value.treatment.settings, **changes))

    def edit_chain(self, chain: ChainSpec, *, gesture: str = "") -> None:
        """Replace the chain."""
        self.edit_treatment(gesture=gesture, chain=chain)

    def set_styles(self, styles: Sequence[StyleSlot], *, gesture: str = "") -> None:
        """Replace the style slots.

        Raises:
            RequestError: too many.
        """
        self.edit_treatment(gesture=gesture, styles=tuple(styles))

    def add_styles(self, paths: Sequence[Path]) -> None:
        """More style slots, as heavy as the others are on average; a file that is there already is left out."""
        slots = self.workpiece.value.treatment.styles
        weight = sum(slot.weight for slot in slots) / len(slots) if slots else 1.0
        known = {slot.path for slot in slots}
        fresh = [path for path in dict.fromkeys(paths) if path not in known]
        self.set_styles((*slots, *(StyleSlot(path=path, weight=weight) for path in fresh)))

    def select(self, selection: Selection | None, *, gesture: str = "") -> None:
        """Select another region; None: all of the content. Strength over time stays where it is in the content."""
        if self.workpiece.value.content is not None:
            chosen, treatment = reselected(self.workpiece.value, selection)
            self.edit(gesture=gesture, selection=chosen, treatment=treatment)

    def end_gesture(self) -> None:
        """The mouse button was let go: the next edit is a step of its own."""
        self._undo.end_gesture()

    def undo(self) -> None:
        """Take back the last edit, or what `offer_undo` was told of since."""
        self._undo.undo()
        self._show()

    def offer_undo(self, call: Callable[[], object]) -> Callable[[], object]:
        """Something was done that is not an edit of the workpiece: the next undo does ``call``, unless an edit follows.

        Returns:
            The same for a button; whichever is pressed first does it, once.
        """
        once = self._undo.offer(call)
        self._show()
        return lambda: (once(), self._show())

    def redo(self) -> None:
        self._undo.redo()
        self._show()

    # What is worked on

    def open_files(self, paths: Sequence[Path], *, keeps_refused: bool = False) -> None:
        """Restyle these files: the first is looked at, the others are rendered with it, one job each.

        Those that cannot be read are ``refused``; with ``keeps_refused``, besides those that are.
        """
        if paths:
            kept = self.refused.value if keeps_refused else ()
            self._background.run(
                lambda: sorted_out(paths), done=lambda found: self._open(found, kept), failed=self.problem.emit
            )

    def _open(self, found: SortedOut, kept: tuple[Refused, ...]) -> None:
        self.open_content(found.content, more=found.more)
        self.refused.value = (*kept, *found.refused)
        for short in found.short:
            self.problem.emit(short)

    def open_content(self, content: Content, *, selection: Selection | None = None, more: Sequence[Path] = ()) -> None:
        """Restyle this: a file, or a region that came from a DAW."""
        self.refused.value = ()
        self.edit(content=content, selection=selection, more=tuple(more))

    def load_preset(self, preset: Preset, styles: Sequence[StyleAudio]) -> None:
        """Take over a preset's treatment. Its plugins stay unloaded until the user has agreed to them.

        Args:
            preset: from the library.
            styles: ``library.styles(preset)``.
        """
        treatment = treatment_of(preset, styles)
        self.edit(
            treatment=treatment,
            loaded=treatment,
            preset_id=preset.id,
            preset_name=preset.name,
            needs_consent=preset.untrusted_plugins,
        )

    def saved_as(self, preset: Preset, styles: Sequence[StyleAudio], *, saved: Treatment) -> None:
        """The treatment is a preset of the library now, and so are its style files. Edits made meanwhile stay.

        Args:
            preset: what it became.
            styles: ``library.styles(preset)``.
            saved: the treatment as it was when it was saved.
        """
        kept = {slot.path: style for slot, style in zip(saved.styles, styles, strict=True)}
        workpiece = replace(
            self.workpiece.value,
            treatment=relocated(self.workpiece.value.treatment, kept),
            loaded=relocated(saved, kept),
            preset_id=preset.id,
            preset_name=preset.name,
            needs_consent=preset.untrusted_plugins,
        )
        self.relocated.emit(workpiece)
        self._push(workpiece, "")

    def check_consent(self) -> None:
        """To be called before a plugin of the chain is loaded or its window opened.

        Raises:
            PresetError: ``preset.consent``.
            JobError: ``workspace.core``: nobody can be asked yet.
        """
        if self.workpiece.value.needs_consent:
            check_consent(self.workpiece.value, self._up().presets)

    # Renders

    def render(self) -> None:
        """Queue the region and every further file; what is wrong is emitted by ``problem``."""
        workpiece = self.workpiece.value
        sources = [workpiece.content.path, *workpiece.more] if workpiece.content else []
        numbers = {path: self.takes.claim(path, workpiece.takes) for path in sources}
        self._background.run(lambda: self._submit(workpiece, numbers), done=self._submitted, failed=self.problem.emit)

    def cancel(self) -> None:
        """Cancel one render of this workspace: the one that runs, else the one that is next."""
        take = self.takes.next_to_end
        if take is not None and self._core is not None:
            queue = self._core.queue
            self._background.run(lambda: queue.cancel(take.job), failed=self.problem.emit)

    def on_event(self, event: JobEvent) -> None:
        """Take in what happened to a job, of this workspace or not. Called on the window's thread."""
        self.takes.tell(event)

    def requests(
        self, *, selection: Selection | None = None, engine: StyleSettings | None = None, folder: Path | None = None
    ) -> list[tuple[str, RenderRequest]]:
        """The jobs that `render` would queue; call it away from the window's thread. See ``requests.requests_of``.

        Args:
            selection: instead of the workpiece's, for the content alone (a few seconds while a knob is turned).
            engine: instead of the workpiece's settings.
            folder: for the stems.
        """
        workpiece = self.workpiece.value
        region = selection.region(workpiece.content) if selection and workpiece.content else None
        presets = self._up().presets
        return list(
            requests_of(workpiece, self._settings, region=region, engine=engine, folder=folder, presets=presets)
        )

    def _submit(self, workpiece: Workpiece, numbers: Mapping[Path, int]) -> list[tuple[str, RenderRequest]]:
        core = self._up()
        asked = list(requests_of(workpiece, self._settings, presets=core.presets, numbers=numbers))
        core.queue.submit_all(asked)
        return asked

    def adopt(self, asked: Sequence[tuple[str, RenderRequest]]) -> None:
        """Jobs of the content or of a further file that somebody has queued become takes; others are left alone."""
        content = self.workpiece.value.content
        own = {content.path if content else None, *self.workpiece.value.more}
        adopted = [Take(job=job, request=request) for job, request in asked if request.source in own]
        self.takes.add_all(adopted, content.path if content else None)
        if adopted:
            queue = self._up().queue  # what happened to them meanwhile is asked for
            self._background.run(lambda: [queue.status(take.job) for take in adopted], done=self.takes.tell_all)

    def _submitted(self, asked: list[tuple[str, RenderRequest]]) -> None:
        """The takes are there."""
        self.adopt(asked)
        if not self.workpiece.value.seed_locked:
            seed = self.workpiece.value.treatment.settings.seed + self.workpiece.value.takes
            self.edit_settings(seed=seed % (MAX_SEED + 1), gesture="render")
        self.submitted.emit(tuple(job for job, _ in asked))

    def _up(self) -> Core:
        if self._core is None:
            raise JobError("workspace.core", STARTING)
        return self._core

    def _push(self, workpiece: Workpiece, gesture: str) -> None:
        self._undo.push(workpiece, gesture=gesture)
        self._show()

    def _show(self) -> None:
        if self._undo.value != self.workpiece.value:
            self._save(self._undo.value)
        self.workpiece.value = self._undo.value
        self.can_undo.value, self.can_redo.value = self._undo.can_undo, self._undo.can_redo
