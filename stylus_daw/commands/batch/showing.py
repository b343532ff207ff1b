"""How a batch is shown: a live table on a terminal, plain lines elsewhere, JSON for scripts."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from stylus_daw.batch.item import ItemRecord, PlannedItem, State, Verdict
from stylus_daw.batch.run import Watcher
from stylus_daw.commands import console
from stylus_daw.commands.reporting import say_json
from stylus_daw.jobs.job import JobProgressed
from stylus_daw.plain_text import plain

MOST_COMPLAINTS = 5  # on the live table; all are in the summary
MOST_OF_A_LINE = 2_000  # letters
MOST_LETTERS = 60  # of a name on the live table
FRAMES_PER_S = 4  # of the live table


@contextmanager
def shown(plan: Sequence[PlannedItem], *, as_json: bool) -> Iterator[Watcher]:
    """Who shows the batch."""
    total = sum(one.verdict is Verdict.RENDER for one in plan)
    if as_json:
        yield JsonLines()
    elif not sys.stderr.isatty():
        yield PlainLines(total)
    else:
        with LiveTable(total) as table:
            yield table


class JsonLines:
    """One object per file that has ended."""

    def began(self, planned: PlannedItem) -> None:
        """Not told: the end says all."""

    def progressed(self, planned: PlannedItem, event: JobProgressed) -> None:
        """Not told: a thousand files would be a million lines."""

    def ended(self, planned: PlannedItem, record: ItemRecord) -> None:
        say_json(
            {
                "event": "file",
                "state": record.state.value,
                "source": planned.item.source,
                "stem": planned.stem,
                "code": record.code,
                "message": record.message,
                "note": planned.item.short,
                "seconds_taken": round(record.seconds_taken, 3),
            }
        )


class PlainLines:
    """One line per file that has ended, on stdout."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def began(self, planned: PlannedItem) -> None:
        """Not told: a line per file is enough."""

    def progressed(self, planned: PlannedItem, event: JobProgressed) -> None:
        """Not told: no line can be taken back here."""

    def ended(self, planned: PlannedItem, record: ItemRecord) -> None:
        self._done += 1
        print(f"{self._done}/{self._total} {said(planned, record)}", flush=True)


class LiveTable:
    """What is rendered now, how much is done, and the last complaints; on stderr, gone at the end."""

    def __init__(self, total: int) -> None:
        from rich.live import Live

        self._total = total
        self._began = time.monotonic()
        self._ended: Counter[State] = Counter()
        self._running: dict[str, tuple[str, float, str]] = {}
        self._complaints: list[str] = []
        self._live = Live(
            console=console.err(), refresh_per_second=FRAMES_PER_S, transient=True, get_renderable=self._table
        )

    def __enter__(self) -> LiveTable:
        self._live.__enter__()
        return self

    def __exit__(self, *ended: Any) -> None:
        self._live.__exit__(*ended)

    def began(self, planned: PlannedItem) -> None:
        self._running[planned.item.key] = (plain(planned.stem, MOST_LETTERS), 0.0, "starting")

    def progressed(self, planned: PlannedItem, event: JobProgressed) -> None:
        self._running[planned.item.key] = (plain(planned.stem, MOST_LETTERS), event.fraction, event.stage)

    def ended(self, planned: PlannedItem, record: ItemRecord) -> None:
        self._running.pop(planned.item.key, None)
        self._ended[record.state] += 1
        if record.state is State.FAILED or planned.item.short:
            self._complaints.append(said(planned, record))

    def _table(self) -> Any:
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, title=self._headline(), title_justify="left")
        for heading in ("file", "done", "stage"):
            table.add_column(heading, no_wrap=True)
        for name, fraction, stage in list(self._running.values()):
            table.add_row(name, f"{fraction:.0%}", stage)
        for complaint in self._complaints[-MOST_COMPLAINTS:]:
            table.add_row(plain(complaint, MOST_LETTERS * 2), "", "failed")
        return table

    def _headline(self) -> str:
        ended = self._ended.total()
        share = ended + sum(fraction for _, fraction, _ in list(self._running.values()))
        elapsed = time.monotonic() - self._began
        left = f", about {clock(elapsed / share * (self._total - share))} left" if share > 1 else ""
        return f"{ended} of {self._total} files, {self._ended[State.FAILED]} failed, {clock(elapsed)}{left}"


def said(planned: PlannedItem, record: ItemRecord) -> str:
    """One line about a file that has ended."""
    if record.state is State.FAILED:
        return plain(f"failed {planned.item.source.name}: {record.message} [{record.code}]", MOST_OF_A_LINE)
    if record.state in (State.DONE, State.RENDERED):
        short = f"; {planned.item.short}" if planned.item.short else ""
        return plain(f"{planned.stem}: {record.seconds:.1f} s in {record.seconds_taken:.1f} s{short}", MOST_OF_A_LINE)
    return plain(f"stopped {planned.item.source.name}", MOST_OF_A_LINE)


def clock(seconds: float) -> str:
    """For people.

    >>> clock(59.6), clock(3_725)
    ('1:00', '1:02:05')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
