"""What became of a batch: as JSON for scripts, as Markdown for people, in the output folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stylus_daw.atomic import write_text_atomic
from stylus_daw.batch.folder import BatchFolder
from stylus_daw.batch.item import ItemRecord, PlannedItem, State, Verdict
from stylus_daw.errors import JobError

JSON_FILE, PAGE_FILE = "stylus-batch.json", "stylus-batch.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One file at the end of a run. ``state`` is finished, new, failed, changed, in the way or waiting."""

    source: str
    stem: str
    state: str
    code: str = ""
    message: str = ""
    seconds: float = 0.0
    seconds_taken: float = 0.0
    runs: int = 0
    gain_db: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All files at the end of a run; ``halted`` says why it stopped before its end."""

    files: tuple[Ended, ...]
    halted: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        return Counter(file.state for file in self.files)

    @property
    def is_whole(self) -> bool:
        """Every file has its stem."""
        return set(self.counts) <= {"new", "finished"}

    @property
    def said(self) -> str:
        """One line.

        >>> Summary(files=(Ended(source="a", stem="b", state="new"),)).said
        '1 file: 1 new'
        """
        parts = ", ".join(f"{count} {state}" for state, count in sorted(self.counts.items()))
        return f"{len(self.files)} file{'' if len(self.files) == 1 else 's'}: {parts or 'nothing to do'}"

    def as_json(self) -> dict[str, Any]:
        files = [{name: getattr(file, name) for name in file.__slots__} for file in self.files]
        rendered = [file for file in self.files if file.state == "new"]
        return {
            "counts": dict(self.counts),
            "is_whole": self.is_whole,
            "halted": self.halted,
            "audio_seconds": round(sum(file.seconds for file in rendered), 3),
            "render_seconds": round(sum(file.seconds_taken for file in rendered), 3),
            "files": files,
        }


def summary_of(plan: Sequence[PlannedItem], records: Mapping[str, ItemRecord], halted: str = "") -> Summary:
    """What a run made of its plan."""
    return Summary(files=tuple(_ended(one, records[one.item.key]) for one in plan), halted=halted)


def write_summary(summary: Summary, folder: BatchFolder) -> None:
    """Both files, each whole or not at all.

    Raises:
        JobError: the disk refuses.
    """
    try:
        write_text_atomic(folder.out / JSON_FILE, json.dumps(summary.as_json(), indent=1) + "\n")
        write_text_atomic(folder.out / PAGE_FILE, page_of(summary))
    except OSError as error:
        text = f"The summary was not written to '{folder.out}': {error}. Free some space and run the command again."
        raise JobError("batch.summary", text) from error


def page_of(summary: Summary) -> str:
    """The Markdown page: what needs a look first, then all."""
    lines = ["# Batch", "", f"{summary.said}.", ""]
    if summary.halted:
        lines += [f"Stopped: {_cell(summary.halted)}", ""]
    bad = [file for file in summary.files if file.state not in ("new", "finished")]
    if bad:
        lines += ["## Without a stem", "", "| source | state | why |", "|---|---|---|"]
        lines += [f"| {_cell(file.source)} | {file.state} | {_cell(file.message)} |" for file in bad] + [""]
    good = [file for file in summary.files if file.state in ("new", "finished")]
    if good:
        lines += ["## Stems", "", "| source | stem | length, s | render, s | album gain, dB |", "|---|---|---|---|---|"]
        lines += [_row(file) for file in good]
    return "\n".join(lines).rstrip() + "\n"


def _row(file: Ended) -> str:
    gain = "" if file.gain_db is None else f"{file.gain_db:+.2f}"
    taken = f"{file.seconds_taken:.2f}"
    return f"| {_cell(file.source)} | {_cell(file.stem)} | {file.seconds:.2f} | {taken} | {gain} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


def _ended(one: PlannedItem, record: ItemRecord) -> Ended:
    state, code, why = _state(one, record)
    return Ended(
        source=str(one.item.source),
        stem=one.stem,
        state=state,
        code=code,
        message=why,
        seconds=one.item.seconds,
        seconds_taken=record.seconds_taken,
        runs=record.runs,
        gain_db=record.gain_db,
    )


def _state(one: PlannedItem, record: ItemRecord) -> tuple[str, str, str]:
    if one.verdict in (Verdict.CHANGED, Verdict.IN_THE_WAY):
        return one.verdict.value, one.code, one.why
    if one.verdict is Verdict.FINISHED:
        return "finished", "", ""
    if one.verdict is Verdict.UNREADABLE:
        return "failed", one.code, one.why
    if record.state is State.DONE:
        return "new", "", ""
    if record.state is State.FAILED:
        return "failed", record.code, record.message
    return "waiting", "", "The batch stopped before its turn. Run the same command again."
