"""HistoryEntry: one job of the queue or the history, and where it is in the list. No Qt."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from stylus_daw.jobs.job import JobEvent, JobQueued, RenderRequest
from stylus_daw.jobs.journal.journal import JobRecord
from stylus_ui.workspace.take_notes import BLANK, TakeNote
from stylus_ui.workspace.takes import Take, TakeState


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One row.

    Attributes:
        number: of the journal: a later job has a higher one.
        take: the job, its request and its state.
        ended_at: seconds since 1970; 0 before the end.
        position: jobs that wait before this one; only while it waits.
        left_s: how long it will still take; None: unknown.
        is_cancelling: its cancel was asked for and has not come through.
        note: what the user has written on it.
    """

    number: int
    take: Take
    ended_at: float = 0.0
    position: int = 0
    left_s: float | None = None
    is_cancelling: bool = False
    note: TakeNote = BLANK

    @classmethod
    def of(cls, record: JobRecord, now: JobEvent | None = None) -> HistoryEntry:
        """As the journal has it.

        Args:
            record: of the journal.
            now: its last event, where the queue knows more than the journal.
        """
        take = Take(job=record.job, request=record.request).after(now or record.event)
        return cls(number=record.number, take=take, ended_at=record.finished_at or 0.0)

    @property
    def job(self) -> str:
        return self.take.job

    @property
    def request(self) -> RenderRequest:
        return self.take.request

    @property
    def state(self) -> TakeState:
        return self.take.state

    @property
    def rank(self) -> tuple[int, int]:
        """What is rendered is above what waits, in its order; below, what is over, newest first."""
        if self.take.is_over:
            return 2, -self.number
        return (0 if self.state is TakeState.RENDERING else 1), self.number

    @property
    def seconds(self) -> float | None:
        """How long the stem is or will be; None: as long as its source."""
        region, stem = self.request.region, self.take.stem
        if stem is not None:
            return stem.length / stem.rate
        return region.length / region.rate if region else None

    def after(self, event: JobEvent, now: float) -> HistoryEntry:
        """As an event of its job leaves it, at that time. Its position is counted, not told: see `History`."""
        if isinstance(event, JobQueued) and self.state in (TakeState.WAITING, TakeState.RENDERING):
            return self
        take = self.take.after(event)
        if take.is_over and not self.take.is_over:
            return replace(self, take=take, ended_at=now, left_s=None, is_cancelling=False)
        return replace(self, take=take)


def placed(
    fresh: Sequence[HistoryEntry], among: Sequence[HistoryEntry]
) -> Iterator[tuple[int, tuple[HistoryEntry, ...]]]:
    """Where new entries go, the last place first, so that no place moves; those side by side together.

    Args:
        fresh: in any order.
        among: sorted by rank.
    """
    ordered = sorted(fresh, key=lambda entry: entry.rank)
    places = [bisect_left(among, entry.rank, key=lambda one: one.rank) for entry in ordered]
    pairs = itertools.groupby(zip(places, ordered, strict=True), key=lambda pair: pair[0])
    groups = [(at, tuple(entry for _, entry in group)) for at, group in pairs]
    yield from reversed(groups)
