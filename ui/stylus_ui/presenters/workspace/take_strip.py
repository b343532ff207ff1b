"""TakeStrip: the takes of the content as numbered chips that say what they differ in. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.app import App
from stylus_daw.errors import JobError
from stylus_daw.jobs.journal.journal import JobRecord
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_names import WINDOW
from stylus_ui.presenters.workspace.reuse import reuse
from stylus_ui.presenters.workspace.take_words import Fact, differences, facts_of
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind
from stylus_ui.state.observable import Property
from stylus_ui.workspace.take_notes import TakeNote
from stylus_ui.workspace.takes import KEPT, Take, TakeState
from stylus_ui.workspace.workpiece import Workpiece

SHOWN = (TakeState.DONE, TakeState.RENDERING, TakeState.WAITING)
BY_NUMBER = tuple(f"take_{number}" for number in range(1, 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeChip:
    """One take.

    Attributes:
        job: its id.
        number: which take of the content it is.
        said: its name, else what it differs in, else its preset.
        tip: all of that.
        is_done: it can be heard.
        is_starred: by the user.
    """

    job: str
    number: int
    said: str
    tip: str = ""
    is_done: bool = True
    is_starred: bool = False


class TakeStrip:
    """The takes of what is worked on, oldest first.

    Attributes:
        chips: of them.
        shown: the job of the take that is looked at; empty: none of these.
        can_use: the controls are not those of the take that is looked at.
    """

    def __init__(self, context: UiContext) -> None:
        self._context, self._workspace, self._text = context, context.workspace, context.text
        self._source: Path | None = None
        self._frames = 0
        self._app: App | None = None
        self._last: tuple[str, str] = ("", "")
        self._facts: dict[str, Mapping[str, Fact]] = {}
        self._drawn: tuple[tuple[str, bool, TakeNote], ...] = ()
        self.chips: Property[tuple[TakeChip, ...]] = Property(())
        self.shown, self.can_use = Property(""), Property(False)
        takes, shortcuts = self._workspace.takes, context.shortcuts
        self._forgets = [
            self._workspace.workpiece.observe(self._follow_content),
            context.app_ready.observe(self._connect),
            takes.all.changed.connect(lambda _: self._show()),
            takes.shown.observe(lambda _: self._show_shown()),
            context.take_notes.changed.connect(lambda _: self._show()),
            shortcuts.on("previous_take", lambda: self.step(-1)),
            shortcuts.on("next_take", lambda: self.step(1)),
            shortcuts.on("swap_takes", self.swap),
            *(shortcuts.on(name, lambda at=at: self._show_at(at)) for at, name in enumerate(BY_NUMBER)),
        ]

    def close(self) -> None:
        """Follow nothing more."""
        for forget in self._forgets:
            forget()

    # What is looked at

    def show(self, job: str) -> None:
        """Look at a take."""
        self._workspace.takes.show(job)

    def step(self, by: int) -> None:
        """Look at an older (negative) or newer take; from none, at the newest."""
        jobs = [chip.job for chip in self.chips.value if chip.is_done]
        if jobs:
            shown = self.shown.value
            at = jobs.index(shown) + by if shown in jobs else len(jobs) - 1
            self.show(jobs[min(max(at, 0), len(jobs) - 1)])

    def swap(self) -> None:
        """Look at the take that was looked at before this one: again and again, two takes are compared."""
        if self._last[1]:
            self.show(self._last[1])

    def _show_at(self, at: int) -> None:
        if at < len(self.chips.value):
            self.show(self.chips.value[at].job)

    # What is done with one

    def use(self, job: str = "") -> None:
        """Set the controls to what a take had; without a job, the one that is looked at."""
        take = self._workspace.takes.named(job or self.shown.value)
        if take is not None:
            reuse(self._context, take.request)

    def star(self, job: str) -> None:
        """Star it, or take the star away."""
        notes = self._context.take_notes
        notes.change(job, is_starred=not notes.of(job).is_starred)

    def rename(self, job: str, name: str) -> None:
        """Another name; empty: what it is called by itself."""
        self._context.take_notes.change(job, name=name)

    def delete(self, job: str) -> None:
        """Put a take away; its stem stays on the disk. Until the next edit, undo brings it back."""
        take = self._workspace.takes.named(job)
        if take is not None and take.is_over:
            put_away(self._context, take)

    # What is shown

    def _follow_content(self, workpiece: Workpiece) -> None:
        source = workpiece.content.path if workpiece.content else None
        if source != self._source:
            self._source, self._frames = source, workpiece.content.frames if workpiece.content else 0
            self._restore()
            self._show()
        self._show_can_use()

    def _connect(self, app: App | None) -> None:
        self._app = app
        self._restore(then=self._look_again)
        self._take_up()

    def _take_up(self) -> None:
        """What the window had queued before it was started again goes on as takes: seen, and ended by Escape."""
        app = self._app
        if app is not None:
            self._context.background.run(
                lambda: [(one.job, one.request) for one in app.journal.unfinished() if one.client == WINDOW],
                done=self._workspace.adopt,
                failed=lambda error: tell(self._context, error),
            )

    def _restore(self, then: Callable[[], object] = lambda: None) -> None:
        """Earlier takes of the same file, from the journal."""
        app, source, notes, frames = self._app, self._source, self._context.take_notes, self._frames
        if app is None or source is None:
            return

        def read() -> tuple[list[Take], dict[str, Mapping[str, Fact]]]:
            takes = _takes_of(app.journal.finished_naming(source.name, KEPT), source)
            return takes, {take.job: facts_of(take.request, self._text, frames=frames) for take in takes}

        def arrived(found: tuple[list[Take], dict[str, Mapping[str, Fact]]]) -> None:
            takes, facts = found
            if source == self._source:
                self._facts |= facts
                self._workspace.takes.restore([take for take in takes if not notes.of(take.job).is_deleted])
                then()

        self._context.background.run(
            read,
            done=arrived,
            failed=lambda error: tell(self._context, error),
        )

    def _look_again(self) -> None:
        """After a start, the newest take of the same part with the settings as they are is where it was."""
        workpiece, shown = self._workspace.workpiece.value, self._workspace.takes.shown.value
        if shown is not None and shown.request.source == self._source:
            return
        content, region = workpiece.content, workpiece.region
        part = region.region(content) if content and region and workpiece.selection else None
        for take in reversed(self._takes()):
            is_same = self._facts[take.job]["part"].key == part and take.is_made_with(workpiece.treatment)
            if is_same and take.stem is not None:
                self.show(take.job)
                return

    def _show(self) -> None:
        takes, notes = self._takes(), self._context.take_notes
        drawn = tuple((take.job, take.state is TakeState.DONE, notes.of(take.job)) for take in takes)
        if drawn == self._drawn:  # a take is a little further: no chip says so
            return
        self._drawn = drawn
        told = differences(takes, self._text, self._facts, frames=self._frames)
        self.chips.value = tuple(
            self._chip(take, at, told[take.job], notes.of(take.job).name) for at, take in enumerate(takes, start=1)
        )
        self._show_shown()

    def _takes(self) -> list[Take]:
        if self._source is None:
            return []
        takes = [take for take in reversed(self._workspace.takes.of(self._source)) if take.state in SHOWN]
        return sorted(takes, key=lambda take: take.number)

    def _chip(self, take: Take, at: int, told: tuple[str, ...], name: str) -> TakeChip:
        preset = take.request.origin.preset or take.request.source.stem
        differs = " · ".join(told)
        return TakeChip(
            job=take.job,
            number=take.number or at,
            said=name or differs or preset,
            tip=" · ".join(part for part in (name, preset, differs) if part),
            is_done=take.state is TakeState.DONE,
            is_starred=self._context.take_notes.of(take.job).is_starred,
        )

    def _show_shown(self) -> None:
        shown = self._workspace.takes.shown.value
        job = shown.job if shown and any(chip.job == shown.job for chip in self.chips.value) else ""
        if job and job != self._last[0]:
            self._last = job, self._last[0]
        self.shown.value = job
        self._show_can_use()

    def _show_can_use(self) -> None:
        shown = self._workspace.takes.shown.value
        treatment = self._workspace.workpiece.value.treatment
        self.can_use.value = bool(self.shown.value and shown and not shown.is_made_with(treatment))


def put_away(context: UiContext, take: Take) -> None:
    """A take leaves strip and history; undo and the notice bring it back."""
    takes, notes = context.workspace.takes, context.take_notes
    was_shown = takes.shown.value is not None and takes.shown.value.job == take.job

    def bring_back() -> None:
        notes.change(take.job, is_deleted=False)
        takes.restore([take])
        if was_shown:
            takes.show(take.job)

    notes.change(take.job, is_deleted=True)
    takes.forget(take.job)
    undo = context.workspace.offer_undo(bring_back)
    action = NoticeAction(label=context.text("Undo"), call=undo)
    said = context.text("The take is put away. Its stem stays on the disk.")
    context.notify(Notice(kind=NoticeKind.INFO, text=said, action=action, key="take-deleted"))


def _takes_of(records: tuple[JobRecord, ...], source: Path) -> list[Take]:
    """Finished renders of a file that this window has made."""
    found = []
    for record in records:
        try:
            request = record.request
        except JobError:  # a damaged row is not a take
            continue
        if request.source == source and request.origin.client == WINDOW:
            found.append(Take(job=record.job, request=request).after(record.event))
    return [take for take in found if take.stem is not None and take.stem.path.exists()]
