"""BatchRun: every planned item to its end, on as many lanes as the worker can serve at once."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Protocol

from stylus_daw.batch.album import AlbumLeveller
from stylus_daw.batch.folder import BatchFolder
from stylus_daw.batch.item import BatchItem, ItemRecord, Place, PlannedItem, State, Verdict, planned
from stylus_daw.batch.journal import BatchJournal
from stylus_daw.batch.one_item import ItemRenderer
from stylus_daw.errors import StylusError
from stylus_daw.jobs.job import JobProgressed

logger = logging.getLogger(__name__)


class Watcher(Protocol):
    """Who shows a batch. Called from its lanes, one call at a time."""

    def began(self, planned: PlannedItem) -> None: ...

    def progressed(self, planned: PlannedItem, event: JobProgressed) -> None: ...

    def ended(self, planned: PlannedItem, record: ItemRecord) -> None: ...


def plan_of(items: Iterable[BatchItem], folder: BatchFolder, *, forces: bool) -> tuple[PlannedItem, ...]:
    """What a run would do. Changes nothing; reads the journal if there is one.

    Raises:
        BatchJournalError: it cannot be read.
    """
    records: Mapping[str, ItemRecord] = {}
    if folder.journal.exists():
        with closing(BatchJournal(folder.journal)) as journal:
            records = journal.records()
    items = tuple(items)
    real = os.path.realpath  # Path.resolve fails where a link leads in a circle
    inputs = {real(item.source) for item in items}
    inputs |= {real(style.path) for item in items if item.request for style in item.request.styles}
    place = Place(
        records=records,
        exists=folder.exists,
        is_input=lambda one: real(folder.stem(one)) in inputs,
        forces=forces,
    )
    return planned(items, place)


def entered(plan: Sequence[PlannedItem], journal: BatchJournal, folder: BatchFolder) -> dict[str, ItemRecord]:
    """The items' records, all in the journal; what another request has left is dropped."""
    known = journal.records()
    records = {one.item.key: _record(one, known.get(one.item.key), folder) for one in plan}
    journal.enter({key: record for key, record in records.items() if record != known.get(key)})
    return records


class BatchRun:
    """One run over a plan.

    Args:
        plan: what is to be done.
        records: the items' records, by key.
        renderer: makes one item.
        lanes: how many are made at once.
        watcher: is told.
    """

    def __init__(
        self,
        plan: Sequence[PlannedItem],
        records: dict[str, ItemRecord],
        renderer: ItemRenderer,
        watcher: Watcher,
        *,
        lanes: int = 1,
    ) -> None:
        self.records = records
        self.halted: StylusError | None = None
        self._plan = plan
        self._renderer = renderer
        self._watcher = watcher
        self._lanes = lanes
        self._waiting = deque(one for one in plan if one.verdict is Verdict.RENDER)
        self._telling = threading.Lock()

    def run(self, *, relevels: bool = False) -> None:
        """To the end, to ``stop``, or until nothing more can be rendered: then ``halted`` says why.

        Args:
            relevels: an album that was levelled before is levelled anew.
        """
        threads = [threading.Thread(target=self._lane, name=f"lane-{number}") for number in range(self._lanes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.2)  # a join without end cannot be interrupted on Windows
        if self._renderer.is_album and not self._renderer.stop.is_set():
            self._level(relevels=relevels)

    def _lane(self) -> None:
        while not self._renderer.stop.is_set():
            try:
                one = self._waiting.popleft()
            except IndexError:
                return
            try:
                self._finish(one)
            except StylusError as error:
                self._halt(error)
            except Exception as error:
                logger.exception("A bug")
                self._halt(StylusError("bug", f"A fault in stylus-daw ({type(error).__name__}: {error})."))

    def _finish(self, one: PlannedItem) -> None:
        with self._telling:
            self._watcher.began(one)

        def progressed(event: JobProgressed) -> None:
            with self._telling:
                self._watcher.progressed(one, event)

        record = self._renderer.finish(one, self.records[one.item.key], progressed)
        with self._telling:
            self.records[one.item.key] = record
            self._watcher.ended(one, record)

    def _halt(self, error: StylusError) -> None:
        with self._telling:
            self.halted = self.halted or error
        self._renderer.stop.set()

    def _level(self, *, relevels: bool) -> None:
        leveller = AlbumLeveller(
            folder=self._renderer.folder,
            journal=self._renderer.journal,
            scratch=self._renderer.scratch,
            stop=self._renderer.stop,
        )
        try:
            self.records = leveller.level(self._plan, self.records, relevels=relevels)
        except StylusError as error:
            self._halt(error)


def _record(one: PlannedItem, known: ItemRecord | None, folder: BatchFolder) -> ItemRecord:
    item = one.item
    new = ItemRecord(
        key=item.key, source=item.source, stem=one.stem, fingerprint=item.fingerprint, seconds=item.seconds
    )
    if known and known.state is State.DONE and one.verdict is Verdict.UNREADABLE:
        return known  # its stem is there, and is this batch's, when the source can be read again
    if one.verdict is Verdict.UNREADABLE:
        return replace(known or new, state=State.FAILED, code=one.code, message=one.why)
    if one.verdict is not Verdict.RENDER:
        return known or new
    if known is None or known.fingerprint != item.fingerprint or known.state is State.DONE:
        if known is not None:
            folder.drop(known)
        return replace(new, runs=known.runs if known else 0)
    return replace(known, seconds=item.seconds)
