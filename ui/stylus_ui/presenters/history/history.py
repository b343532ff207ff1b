"""History: the queue and everything that was rendered, from the journal and the queue's events. No Qt."""

from __future__ import annotations

import itertools
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from stylus_daw.app import App
from stylus_daw.jobs.job import JobEvent, JobProgressed
from stylus_daw.jobs.journal.journal import JobRecord
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_names import WINDOW
from stylus_ui.presenters.history.entry import HistoryEntry, placed
from stylus_ui.presenters.history.pages import PAGE, entries_of, first_page, next_page
from stylus_ui.presenters.history.time_left import TimeLeft
from stylus_ui.state.dispatch import gathered_on_window_thread
from stylus_ui.state.failures import tell
from stylus_ui.state.observable import Forget, Property, Signal
from stylus_ui.workspace.takes import TakeState


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many jobs there are, for the heading.

    Attributes:
        waiting, rendering: unfinished ones.
        own: of the unfinished ones, those of this window.
        shown: all that were read.
    """

    waiting: int = 0
    rendering: int = 0
    own: int = 0
    shown: int = 0


class History:
    """The list. It is read in pages, as it is scrolled; lists that mirror it follow its signals.

    Attributes:
        entries: as they stand now: rendered, waiting, over.
        counts: of them.
        is_loaded: the first page is there.
        reset: everything is another. inserted: place and entries. moved: from and to. changed: place and entries.
        removed: place.

    Args:
        context: of the window.
        now: seconds since 1970. steady: a clock that never jumps.
    """

    def __init__(
        self, context: UiContext, *, now: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._context, self._now, self._steady, self._notes = context, now, steady, context.take_notes
        self.entries: list[HistoryEntry] = []
        self.counts: Property[Counts] = Property(Counts())
        self.is_loaded: Property[bool] = Property(False)
        self.reset: Signal[()] = Signal()
        self.inserted: Signal[int, tuple[HistoryEntry, ...]] = Signal()
        self.moved: Signal[int, int] = Signal()
        self.changed: Signal[int, tuple[HistoryEntry, ...]] = Signal()
        self.removed: Signal[int] = Signal()
        self._known: set[str] = set()
        self._away: set[str] = set()
        self._early: dict[str, JobEvent] = {}
        self._left: dict[str, TimeLeft] = {}
        self._oldest: int | None = None
        self._has_more = self._is_reading = self._is_fetching = self._is_out_of_order = False
        self._unread: list[str] = []
        self._round = 0
        self._forget: Forget = lambda: None
        self._forgets = (context.app_ready.observe(self._connect), context.take_notes.changed.connect(self._take_note))

    def close(self) -> None:
        """Hear nothing more."""
        for forget in self._forgets:
            forget()
        self._let_go()

    @property
    def has_more(self) -> bool:
        """There are older jobs that were not read yet."""
        return self._has_more and not self._is_reading

    def load_more(self) -> None:
        """Read the next page; it is inserted at the end."""
        app = self._context.app
        if app is not None and self.has_more:
            self._is_reading = True
            before = self._oldest
            self._run(lambda: next_page(app, before, self._notes.of), lambda read: self._add_page(*read))

    def entry(self, job: str) -> HistoryEntry | None:
        """The job of that id, if it was read."""
        return next((entry for entry in self.entries if entry.job == job), None)

    def mark_cancelling(self, job: str) -> None:
        """Its cancel was asked for."""
        self._update(job, lambda entry: entry if entry.take.is_over else replace(entry, is_cancelling=True))

    def tick(self) -> None:
        """Count down what is left; the view calls it once a second."""
        for job, left in self._left.items():
            self._update(job, lambda entry, left=left: replace(entry, left_s=left.seconds))

    @property
    def unfinished_own(self) -> tuple[HistoryEntry, ...]:
        """Jobs of this window that run or wait, in their order; a DAW cancels its own."""
        unfinished = itertools.takewhile(lambda entry: not entry.take.is_over, self.entries)
        return tuple(entry for entry in unfinished if entry.request.origin.client == WINDOW)

    @property
    def is_rendering(self) -> bool:
        return bool(self._left)

    # Connection

    def _connect(self, app: App | None) -> None:
        self._let_go()
        if app is None:
            return
        listener = gathered_on_window_thread(self._context.dispatcher, self._hear, key=lambda event: event.job)
        self._forget = app.queue.subscribe(listener)
        self._is_reading = True
        self._run(lambda: first_page(app, self._notes.of), lambda read: self._begin(*read))

    def _let_go(self) -> None:
        """What was asked of an app that has gone is not heard any more."""
        self._forget()
        self._round += 1
        self.entries, self._known, self._left, self._early, self._unread = [], set(), {}, {}, []
        self._has_more = self._is_reading = self._is_fetching = False
        self.is_loaded.value = False
        self.reset.emit()
        self._count()

    def _run(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        asked = self._round

        def if_wanted(call: Callable[..., object]) -> Callable[..., object]:
            return lambda *result: call(*result) if asked == self._round else None

        self._context.background.run(work, done=if_wanted(done), failed=if_wanted(self._failed))

    def _failed(self, error: Exception) -> None:
        self._is_reading = self._is_fetching = False
        tell(self._context, error)

    def _begin(self, page: tuple[JobRecord, ...], known: set[str], entries: list[HistoryEntry]) -> None:
        self._is_reading, self._has_more = False, len(page) == PAGE
        self._oldest = page[-1].number if page else None
        self.entries, self._known = entries, known
        self._number_waiting(tell=False)
        self.reset.emit()
        self.is_loaded.value = True
        self._count()
        early, self._early = self._early, {}
        self._hear(list(early.values()))

    def _add_page(self, page: tuple[JobRecord, ...], entries: tuple[HistoryEntry, ...]) -> None:
        self._is_reading, self._has_more = False, len(page) == PAGE
        if page:
            self._oldest = page[-1].number
            fresh = tuple(entry for entry in entries if entry.job not in self._known)
            self._known |= {record.job for record in page}
            at = len(self.entries)
            self.entries.extend(fresh)
            self.inserted.emit(at, fresh)
            self._count()

    def _take_note(self, job: str) -> None:
        """Another name or star; a take that was put away goes, and comes back."""
        note, app = self._notes.of(job), self._context.app
        at = next((at for at, entry in enumerate(self.entries) if entry.job == job), None)
        if at is None:
            if job in self._away and not note.is_deleted and app is not None:
                self._away.remove(job)
                self._fetch([job])
        elif note.is_deleted:
            self._away.add(job)
            self.entries.pop(at)
            self.removed.emit(at)
            self._count()
        else:
            self._update(job, lambda entry: replace(entry, note=note))

    # Events

    def _hear(self, events: Sequence[JobEvent]) -> None:
        """What happened to several jobs; of each, one event."""
        unknown: list[str] = []
        for event in events:
            if not self.is_loaded.value or event.job in self._early:
                self._early[event.job] = event
            elif event.job in self._known:
                self._replace(event.job, lambda entry, event=event: self._after(entry, event))
            else:
                self._early[event.job] = event
                unknown.append(event.job)
        self._tell_order()
        self._fetch(unknown)

    def _fetch(self, jobs: Sequence[str]) -> None:
        """Read what is new from the journal; what comes meanwhile is read after it."""
        app = self._context.app
        self._unread += jobs
        if app is None or self._is_fetching or not self._unread:
            return
        asked, self._unread = self._unread, []
        self._is_fetching = True
        self._run(lambda: entries_of(app, asked, self._notes.of), lambda found: self._add_new(asked, found))

    def _add_new(self, asked: Sequence[str], found: Sequence[HistoryEntry]) -> None:
        self._is_fetching = False
        self._known.update(asked)
        early = {job: event for job in asked if (event := self._early.pop(job, None))}
        fresh = [self._after(one, early[one.job]) if one.job in early else one for one in found]
        for at, entries in placed(fresh, self.entries):
            self.entries[at:at] = entries
            self.inserted.emit(at, entries)
        self._is_out_of_order = self._is_out_of_order or bool(fresh)
        self._tell_order()
        self._fetch([])

    def _after(self, entry: HistoryEntry, event: JobEvent) -> HistoryEntry:
        after = entry.after(event, self._now())
        if after.take.is_over:
            self._left.pop(entry.job, None)
        elif isinstance(event, JobProgressed):
            left = self._left.setdefault(entry.job, TimeLeft(self._steady))
            left.hear(event.fraction)
            after = replace(after, left_s=left.seconds)
        return after

    def _update(self, job: str, change: Callable[[HistoryEntry], HistoryEntry]) -> None:
        self._replace(job, change)
        self._tell_order()

    def _replace(self, job: str, change: Callable[[HistoryEntry], HistoryEntry]) -> None:
        at = next((at for at, entry in enumerate(self.entries) if entry.job == job), None)
        if at is None or (after := change(self.entries[at])) == (before := self.entries[at]):
            return
        self.entries[at] = after
        self.changed.emit(at, (after,))
        if after.rank != before.rank:
            self._move(at)
            self._is_out_of_order = True

    def _tell_order(self) -> None:
        """After jobs have begun, come or ended: who waits before whom, and how many there are."""
        if self._is_out_of_order:
            self._is_out_of_order = False
            self._number_waiting()
            self._count()

    def _move(self, at: int) -> None:
        entry = self.entries.pop(at)
        to = bisect_left(self.entries, entry.rank, key=lambda one: one.rank)
        self.entries.insert(to, entry)
        if to != at:
            self.moved.emit(at, to)

    def _number_waiting(self, *, tell: bool = True) -> None:
        """Positions, fresh whenever the queue has grown or shrunk. They change side by side: views are told once."""
        position, renumbered = 0, []
        for at, entry in enumerate(self.entries):
            if entry.take.is_over:
                break
            if entry.state is not TakeState.WAITING:
                continue
            if entry.position != position:
                self.entries[at] = replace(entry, position=position)
                renumbered.append(at)
            position += 1
        if tell and renumbered:
            first, last = renumbered[0], renumbered[-1]
            self.changed.emit(first, tuple(self.entries[first : last + 1]))

    def _count(self) -> None:
        unfinished = itertools.takewhile(lambda entry: not entry.take.is_over, self.entries)
        states = [entry.state for entry in unfinished]
        waiting, own = states.count(TakeState.WAITING), len(self.unfinished_own)
        rendering = len(states) - waiting
        self.counts.value = Counts(waiting=waiting, rendering=rendering, own=own, shown=len(self.entries))
