"""HistoryActions: what can be done with a row of the history. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from stylus_daw.errors import AudioFileError, JobError
from stylus_daw.jobs.job import STEM_FILE, Region, RenderRequest
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_names import WINDOW
from stylus_ui.presenters.history.entry import HistoryEntry
from stylus_ui.presenters.history.history import History
from stylus_ui.presenters.workspace.reuse import reuse
from stylus_ui.presenters.workspace.take_strip import put_away
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeAction, NoticeKind
from stylus_ui.state.text import later
from stylus_ui.workspace.content_file import content_of
from stylus_ui.workspace.requests import new_job_id
from stylus_ui.workspace.takes import TakeState
from stylus_ui.workspace.workpiece import Content, Selection
from stylus_ui.workspace.workspace import STARTING


class Do(StrEnum):
    """What can be done."""

    CANCEL = "cancel"
    COMPARE = "compare"
    EXPORT = "export"
    COPY = "copy"
    REVEAL = "reveal"
    RETRY = "retry"
    USE = "use"
    STAR = "star"
    RENAME = "rename"
    DELETE = "delete"
    LOG = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """How it is offered: an icon and a name."""

    icon: str
    label: str


TOOLS = {
    Do.CANCEL: Tool(icon="x", label=later("Cancel")),
    Do.COMPARE: Tool(icon="diff", label=later("Compare with the original")),
    Do.EXPORT: Tool(icon="download", label=later("Export…")),
    Do.COPY: Tool(icon="copy", label=later("Copy the file")),
    Do.REVEAL: Tool(icon="folder-open", label=later("Show in its folder")),
    Do.RETRY: Tool(icon="rotate-ccw", label=later("Render again")),
    Do.USE: Tool(icon="sliders-horizontal", label=later("Use these settings")),
    Do.STAR: Tool(icon="star", label=later("Star, or remove the star")),
    Do.RENAME: Tool(icon="pencil", label=later("Rename…")),
    Do.DELETE: Tool(icon="trash-2", label=later("Put away")),
    Do.LOG: Tool(icon="terminal", label=later("Show the log")),
}
_OFFERED: dict[TakeState, tuple[Do, ...]] = {
    TakeState.WAITING: (Do.CANCEL,),
    TakeState.RENDERING: (Do.CANCEL,),
    TakeState.DONE: (Do.COMPARE, Do.EXPORT, Do.COPY, Do.REVEAL),
    TakeState.FAILED: (Do.RETRY, Do.LOG),
    TakeState.CANCELLED: (Do.RETRY,),
}


def offered(entry: HistoryEntry) -> tuple[Do, ...]:
    """What the row offers itself."""
    return () if entry.is_cancelling else _OFFERED[entry.state]


def in_menu(entry: HistoryEntry) -> tuple[Do, ...]:
    """What its menu has."""
    if not entry.take.is_over:
        return offered(entry)
    again = () if Do.RETRY in offered(entry) else (Do.RETRY,)
    named = (Do.STAR, Do.RENAME) if entry.state is TakeState.DONE else ()
    return (*offered(entry), *again, Do.USE, *named, Do.DELETE)


def first_of(entry: HistoryEntry) -> Do | None:
    """What a double click and the Enter key do; never something that ends a render."""
    return next((do for do in offered(entry) if do is not Do.CANCEL), None)


class HistoryActions:
    """Does it with the core and the workspace."""

    def __init__(self, context: UiContext, history: History) -> None:
        self._context, self._history = context, history

    def cancel(self, job: str) -> None:
        """End a job that is not over."""
        app = self._context.app
        if app is not None:
            self._history.mark_cancelling(job)
            self._context.background.run(lambda: app.queue.cancel(job), failed=self._tell)

    def cancel_all(self) -> None:
        """End every job of this window, the last first; until the next edit, one undo queues them again."""
        app, entries = self._context.app, self._history.unfinished_own
        if app is None or not entries:
            return
        for entry in entries:
            self._history.mark_cancelling(entry.job)
        jobs = [entry.job for entry in reversed(entries)]
        self._context.background.run(lambda: [app.queue.cancel(job) for job in jobs], failed=self._tell)
        requests = [entry.request for entry in entries]
        undo = self._context.workspace.offer_undo(lambda: self._bring_back(requests))
        text = self._context.text
        said = text.count("{count} render is cancelled.", "{count} renders are cancelled.", len(entries))
        action = NoticeAction(label=text("Queue them again"), call=undo)
        self._context.notify(Notice(kind=NoticeKind.INFO, text=said, action=action, key="cancelled"))

    def _bring_back(self, requests: Sequence[RenderRequest]) -> None:
        """After a cancel that was not meant; what the notice says takes the place of what it said."""
        self.queue_again(requests)
        text = self._context.text
        said = text.count("{count} render is queued again.", "{count} renders are queued again.", len(requests))
        self._context.notify(Notice(kind=NoticeKind.INFO, text=said, key="cancelled"))

    def retry(self, entry: HistoryEntry) -> None:
        """The same once more, as a job of this window: a DAW only waits for the job that it has sent itself."""
        self.queue_again([entry.request])

    def queue_again(self, requests: Sequence[RenderRequest]) -> None:
        """Each once more, as a job of its own."""
        app, folder = self._context.app, self._context.settings.jobs
        if app is None:
            self._tell(JobError("workspace.core", STARTING))
            return

        def submit() -> list[tuple[str, RenderRequest]]:
            asked = [(job := new_job_id(), again(request, folder / job)) for request in requests]
            for _, request in asked:
                request.stem.parent.mkdir(parents=True, exist_ok=True)
            app.queue.submit_all(asked)
            return asked

        self._context.background.run(submit, done=self._context.workspace.adopt, failed=self._tell)

    def use(self, entry: HistoryEntry) -> None:
        """Set styles, knobs and chain to what the job had."""
        reuse(self._context, entry.request)

    def star(self, entry: HistoryEntry) -> None:
        """Star it, or take the star away."""
        self._context.take_notes.change(entry.job, is_starred=not entry.note.is_starred)

    def rename(self, job: str, name: str) -> None:
        """Another name; empty: what it is called by itself."""
        self._context.take_notes.change(job, name=name)

    def delete(self, entry: HistoryEntry) -> None:
        """Put it away; undo brings it back, and its stem stays on the disk."""
        if entry.take.is_over:
            put_away(self._context, entry.take)

    def compare(self, entry: HistoryEntry) -> None:
        """Load source and stem into the lanes, where A and B switch between them."""
        self._context.background.run(
            lambda: _comparable(entry), done=lambda content: self._show(entry, content), failed=self._tell
        )

    def _show(self, entry: HistoryEntry, content: Content) -> None:
        workspace, region = self._context.workspace, entry.request.region
        shown = workspace.workpiece.value.content
        selection = _selection(region) if region else None
        if shown is None or shown.path != content.path:
            workspace.open_content(content, selection=selection)
        elif selection is not None:
            workspace.select(selection)
        workspace.takes.add(entry.take)

    def _tell(self, error: Exception) -> None:
        tell(self._context, error)


def again(request: RenderRequest, folder: Path) -> RenderRequest:
    """The same request with a stem of its own."""
    origin = replace(request.origin, client=WINDOW)
    return replace(request, stem=folder / STEM_FILE, origin=origin)


def _comparable(entry: HistoryEntry) -> Content:
    """The source as content at its place.

    Raises:
        AudioFileError: source or stem is gone.
    """
    stem = entry.take.stem.path if entry.take.stem else entry.request.stem
    if not stem.exists():
        raise AudioFileError("audio.read", f"'{stem}' is gone. Render again.")
    content = replace(content_of(entry.request.source), origin=replace(entry.request.origin, client=WINDOW))
    region = entry.request.region
    if region is None:
        return content
    first = region.source_offset + region.before
    position = max(0, region.session_start + region.start - first)
    return replace(content, position=position, session_start=region.session_start)


def _selection(region: Region) -> Selection:
    return Selection(
        first=region.source_offset + region.before, length=region.length, before=region.before, after=region.after
    )
