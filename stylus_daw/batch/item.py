"""A batch in data: what shall be made of each file, what is on record of it, and what is to be done."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from stylus_daw.batch.naming import free_place, same_place
from stylus_daw.errors import StylusError
from stylus_daw.jobs.job import RenderRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchItem:
    """One file of a batch.

    Attributes:
        source: absolute path.
        wanted: where its stem shall go, below the output folder, with forward slashes.
        request: how it is rendered; None: it cannot be, see ``complaint``.
        fingerprint: of the request.
        seconds: of the source.
        short: what is to be told of a source that breaks off, and is rendered as far as it goes.
        complaint: why it cannot be rendered.
        nth: from 0, among the items of one batch that have this source and name, and other settings.
    """

    source: Path
    wanted: str
    request: RenderRequest | None = None
    fingerprint: str = ""
    seconds: float = 0.0
    short: str = ""
    complaint: StylusError | None = None
    nth: int = 0

    @property
    def key(self) -> str:
        """One source under one name is one item, from run to run."""
        said = f"{self.source}\n{self.wanted}\n{self.nth or ''}"
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).hexdigest()


def told_apart(items: Iterable[BatchItem]) -> tuple[BatchItem, ...]:
    """The items, each with a key of its own; what would give the same stem twice is there once, complaints all are."""
    seen: dict[tuple[str, str], list[str]] = {}
    apart = []
    for item in items:
        fingerprints = seen.setdefault((os.path.realpath(item.source), item.wanted), [])
        if item.complaint or item.fingerprint not in fingerprints:
            apart.append(replace(item, nth=len(fingerprints)))
            fingerprints.append(item.fingerprint)
    return tuple(apart)


class State(Enum):
    """Where an item stands in the journal."""

    WAITING = "waiting"
    RENDERING = "rendering"
    RENDERED = "rendered"
    """The stem is whole, in the work folder."""
    PLACING = "placing"
    """It is on its way to its name."""
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Levels:
    """How loud a stem and its source are, for an album. LUFS and dBTP."""

    source_lufs: float
    stem_lufs: float
    source_peak_db: float
    stem_peak_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRecord:
    """What the journal knows of an item.

    Attributes:
        runs: how often its render was begun.
        gain_db: what the album mode gave it; None: nothing yet.
        replaces: while it is placed: what stands there may go.
    """

    key: str
    source: Path
    stem: str
    fingerprint: str = ""
    state: State = State.WAITING
    runs: int = 0
    code: str = ""
    message: str = ""
    seconds: float = 0.0
    seconds_taken: float = 0.0
    levels: Levels | None = None
    gain_db: float | None = None
    replaces: bool = False


class Verdict(Enum):
    """What a run does with an item."""

    RENDER = "to render"
    FINISHED = "finished"
    CHANGED = "changed"
    IN_THE_WAY = "in the way"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedItem:
    """An item with its place and its verdict; ``why`` is a sentence for all that is not rendered or finished."""

    item: BatchItem
    stem: str
    verdict: Verdict
    why: str = ""
    code: str = ""
    replaces: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The output folder, as planning sees it.

    Attributes:
        records: of earlier runs, by key.
        exists: whether a file is at a place.
        is_input: whether a place is one of the batch's own inputs.
        forces: what stands at a place may be replaced.
    """

    records: Mapping[str, ItemRecord]
    exists: Callable[[str], bool]
    is_input: Callable[[str], bool]
    forces: bool = False


def planned(items: Iterable[BatchItem], place: Place) -> tuple[PlannedItem, ...]:
    """Each item once, with a place of its own; what had a place in an earlier run keeps it."""
    taken = {same_place(record.stem): key for key, record in place.records.items()}

    def place_of(item: BatchItem) -> str:
        record = place.records.get(item.key)
        stem = record.stem if record else free_place(item.wanted, lambda one: same_place(one) in taken)
        taken[same_place(stem)] = item.key
        return stem

    return tuple(_planned(item, place_of(item), place) for item in items)


def _planned(item: BatchItem, stem: str, place: Place) -> PlannedItem:
    record = place.records.get(item.key)
    if item.complaint:
        why, code = item.complaint.message, item.complaint.code
        return PlannedItem(item=item, stem=stem, verdict=Verdict.UNREADABLE, why=why, code=code)
    if place.is_input(stem):
        why = f"'{stem}' is an input of this batch, which is never overwritten. Choose another --name or --out."
        return PlannedItem(item=item, stem=stem, verdict=Verdict.IN_THE_WAY, why=why, code="audio.protected")
    if record is not None and record.state in (State.RENDERED, State.PLACING):
        return PlannedItem(item=item, stem=stem, verdict=Verdict.RENDER, replaces=place.forces)
    if not place.exists(stem):
        return PlannedItem(item=item, stem=stem, verdict=Verdict.RENDER)
    if record is None or record.state is not State.DONE:
        return _occupied(item, stem, place, Verdict.IN_THE_WAY, f"'{stem}' is there already, and not from this batch.")
    if record.fingerprint == item.fingerprint:
        return PlannedItem(item=item, stem=stem, verdict=Verdict.FINISHED)
    return _occupied(item, stem, place, Verdict.CHANGED, f"'{stem}' was made from another source or other settings.")


def _occupied(item: BatchItem, stem: str, place: Place, verdict: Verdict, why: str) -> PlannedItem:
    if place.forces:
        return PlannedItem(item=item, stem=stem, verdict=Verdict.RENDER, replaces=True)
    text = f"{why} Add --force to replace it, or choose another --name."
    return PlannedItem(item=item, stem=stem, verdict=verdict, why=text, code="batch.exists")
