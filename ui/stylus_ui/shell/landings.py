"""Landings: says that renders are over: of one, what became of it; of several, one summary at their end. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from stylus_daw.app import App
from stylus_daw.jobs.job import JobDone, JobEvent, JobFailed, JobWasCancelled, RenderRequest
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_names import DAWS, WINDOW, daw_name
from stylus_ui.presenters.history.words import name_of
from stylus_ui.state.dispatch import gathered_on_window_thread
from stylus_ui.state.failures import short_words
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.state.observable import Forget

SILENT = ("draft",)
"""Origins whose jobs come and go while a knob is turned."""

Ending = JobDone | JobFailed


class Landings:
    """Hears the queue from the moment when the core is up, and speaks when nothing runs or waits any more.

    What the window shows anyway is told to the desktop only: a failure in its row, the window's own stem in its lane.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._endings: list[Ending] = []
        self._forget: Forget = lambda: None
        context.app_ready.observe(self._connect)

    def _connect(self, app: App | None) -> None:
        self._forget()
        self._endings = []
        listener = gathered_on_window_thread(self._context.dispatcher, self._hear, key=lambda event: event.job)
        self._forget = app.queue.subscribe(listener) if app else lambda: None

    def _hear(self, events: Sequence[JobEvent]) -> None:
        app, over = self._context.app, [one for one in events if isinstance(one, JobDone | JobFailed | JobWasCancelled)]
        self._endings += [one for one in over if not isinstance(one, JobWasCancelled)]
        if app and over and self._endings:  # asked elsewhere: while the queue journals many jobs, it answers late
            jobs = {event.job for event in over}
            self._context.background.run(lambda: _is_still(app, jobs), done=lambda is_so: self._speak(app, is_so))

    def _speak(self, app: App, is_still: bool) -> None:
        if is_still and self._endings:
            endings, self._endings = self._endings, []
            self._context.background.run(lambda: _told_of(app, endings), done=self._tell)

    def _tell(self, told: list[tuple[Ending, RenderRequest]]) -> None:
        if len(told) == 1:
            self._context.notify(self._of_one(*told[0]))
        elif told:
            self._context.notify(self._of_several(len(told), sum(isinstance(one, JobFailed) for one, _ in told)))

    def _of_one(self, event: Ending, request: RenderRequest) -> Notice:
        if isinstance(event, JobFailed):
            said = f"{name_of(request)}: {self._context.text(event.message)}"
            return Notice(kind=NoticeKind.BAD, text=said, on_desktop=True, is_seen=True)
        is_own, short = request.origin.client == WINDOW, event.stem.short
        said = self._landed(request)
        if short is not None:
            said = f"{said} {short_words(self._context.text, request.source.name, short)}"
        return Notice(
            kind=NoticeKind.GOOD, text=said, on_desktop=True, is_seen=is_own, stays=short is not None, key="landed"
        )

    def _of_several(self, count: int, failed: int) -> Notice:
        text, done = self._context.text, count - failed
        if not failed:
            said = text("{count} stems are rendered.", count=done)
        elif done:
            said = text("{done} rendered, {failed} failed. The rows say why.", done=done, failed=failed)
        else:
            said = text("{count} renders failed. The rows say why.", count=failed)
        kind = NoticeKind.BUSY if failed else NoticeKind.GOOD
        return Notice(kind=kind, text=said, on_desktop=True, key="landed")

    def _landed(self, request: RenderRequest) -> str:
        """The stem is in the session of a DAW; if that is unknown, only that it is rendered."""
        name, client = name_of(request), request.origin.client
        if client in DAWS:
            return self._context.text("{name} landed in {daw}.", name=name, daw=daw_name(client))
        return self._context.text("{name} is rendered.", name=name)


def _is_still(app: App, over: set[str]) -> bool:
    """Nothing waits, and nothing runs but perhaps one of those, which are over."""
    return not app.queue.waiting and set(app.queue.running) <= over


def _told_of(app: App, endings: list[Ending]) -> list[tuple[Ending, RenderRequest]]:
    """With their requests, drafts left out. Reads the journal."""
    told = ((event, app.journal.get(event.job).request) for event in endings)
    return [(event, request) for event, request in told if request.origin.client not in SILENT]
