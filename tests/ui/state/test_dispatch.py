"""Events of other threads on their way to the window's."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from types import SimpleNamespace

from stylus_daw.jobs.job import JobQueued
from stylus_daw.jobs.journal.journal import Journal
from stylus_ui.context import UiContext
from stylus_ui.presenters.history.history import History
from stylus_ui.screenshots.core import request_of
from stylus_ui.state.dispatch import MOST, gathered_on_window_thread


class Held:
    """A dispatcher that holds what was posted until it is told to go on."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []

    def post(self, call: Callable[[], object], *, key: Hashable | None = None) -> None:
        self.waiting.append(call)

    def go_on(self) -> None:
        """What has been posted until now."""
        calls, self.waiting = self.waiting, []
        for call in calls:
            call()


def test_what_came_meanwhile_is_told_in_one_go_the_last_of_each_key() -> None:
    held, told = Held(), []
    tell = gathered_on_window_thread(held, told.append, key=lambda event: event[0])
    for event in ("a1", "b1", "a2", "c1"):
        tell(event)
    assert len(held.waiting) == 1
    held.go_on()
    assert told == [["b1", "a2", "c1"]]
    tell("a3")
    held.go_on()
    assert told[1:] == [["a3"]]


def test_of_very_many_others_come_in_between() -> None:
    held, told = Held(), []
    tell = gathered_on_window_thread(held, told.append, key=lambda event: event)
    for number in range(MOST + 1):
        tell(number)
    held.post(lambda: told.append("a paint"))
    held.go_on()
    assert told == [list(range(MOST)), "a paint"]
    held.go_on()
    assert told[-1] == [MOST]


def test_fifty_jobs_queued_at_once_come_into_the_history_in_one_go(context: UiContext, tmp_path) -> None:
    held, journal = Held(), Journal(context.settings.journal)
    listeners: list[Callable[[object], None]] = []
    queue = SimpleNamespace(subscribe=lambda listener: (listeners.append(listener), lambda: None)[1])
    history = History(replace(context, dispatcher=held))
    context.app_ready.value = SimpleNamespace(journal=journal, queue=queue)  # pyright: ignore[reportAttributeAccessIssue]
    told: list[str] = []
    history.inserted.connect(lambda at, entries: told.append(f"{len(entries)} at {at}"))
    history.changed.connect(lambda at, entries: told.append(f"{len(entries)} changed"))
    history.counts.changed.connect(lambda counts: told.append(f"{counts.waiting} wait"))
    jobs = [f"job-{number:02}" for number in range(50)]
    journal.record_queued([(job, request_of(tmp_path, client="window")) for job in jobs])
    for at, job in enumerate(jobs):
        listeners[0](JobQueued(job=job, position=at))
    held.go_on()
    assert told == ["50 at 0", "49 changed", "50 wait"]
    assert [(entry.job, entry.position) for entry in history.entries] == [(job, at) for at, job in enumerate(jobs)]
    context.app_ready.value = None
    journal.close()
