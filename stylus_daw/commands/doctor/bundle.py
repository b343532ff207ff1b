"""Bundle: what a bug report needs, as a zip without audio and without names.

Nothing is scrubbed, because scrubbing forgets things: only what is known to name nothing is taken. Of the log that is
time, level, module, our own error codes, kinds of exceptions and lines of our own code; of jobs, how they went and how
long they took; of files, how many there are.
"""

from __future__ import annotations

import builtins
import json
import platform
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from stylus_daw import __version__
from stylus_daw.atomic import replacing
from stylus_daw.commands.doctor.checkup import ESSENTIAL, OPTIONAL
from stylus_daw.commands.doctor.finding import Finding
from stylus_daw.errors import RequestError, StylusError, quoted
from stylus_daw.regular_file import open_regular

LAST_JOBS = 200
MOST_LOG_BYTES = 4_000_000  # of each log file, from its end
TOLD = {"stylus-daw", "audio files", "effects", *ESSENTIAL, *OPTIONAL}
"""Findings whose text is a version or one of our own sentences."""
_HEAD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) ([A-Z]{4,8}) (stylus[\w.]*): (.*)")
_FRAME = re.compile(r'File "[^"]*?(stylus_(?:daw|bridge|ui)(?:/|\\)[\w/\\]+\.py)", line (\d+)')
_CODE = re.compile(r"\b[a-z][a-z_]+\.[a-z][a-z_]+\b")
_EXCEPTION = re.compile(r"\b[A-Z][A-Za-z]+(?:Error|Exception|Timeout)\b")


def write_bundle(path: Path, home: Path, findings: Iterable[Finding]) -> None:
    """Write the zip.

    Raises:
        RequestError: ``doctor.bundle``: it cannot be written.
    """
    contents = {
        "about.json": _json(_about()),
        "findings.json": _json([_told(finding) for finding in findings]),
        "jobs.json": _json(_jobs(home)),
        "files.json": _json(_files(home)),
        "log.txt": "\n".join(_log(home)) + "\n",
    }
    try:
        with replacing(path) as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in contents.items():
                bundle.writestr(name, text)
    except OSError as error:
        raise RequestError("doctor.bundle", f"{quoted(path)} cannot be written: {error}. Name another file.") from error


def _json(content: object) -> str:
    return json.dumps(content, indent=1) + "\n"


def _about() -> dict[str, str]:
    return {
        "stylus-daw": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "release": platform.release(),
        "machine": platform.machine(),
    }


def _told(finding: Finding) -> dict[str, str]:
    text = finding.text if finding.name in TOLD else ""
    return {"name": finding.name, "state": finding.state.value, "text": text}


def _jobs(home: Path) -> list[dict[str, Any]] | str:
    from stylus_daw.jobs.journal.journal import Journal
    from stylus_daw.settings import JOURNAL

    if not (home / JOURNAL).exists():
        return []
    try:
        journal = Journal(home / JOURNAL, only_reads=True)
    except StylusError as error:
        return error.code
    try:
        return [_job(record) for record in journal.newest(LAST_JOBS)]
    finally:
        journal.close()


def _job(record: Any) -> dict[str, Any]:
    began, ended = record.started_at, record.finished_at
    return {
        "number": record.number,
        "phase": record.phase.value,
        "outcome": record.outcome.value if record.outcome else None,
        "code": _known_code(record.error_code or ""),
        "attempts": record.attempts,
        "waited_s": round(began - record.queued_at, 1) if began else None,
        "took_s": round(ended - began, 1) if began and ended else None,
    }


def _files(home: Path) -> list[dict[str, Any]] | str:
    from stylus_daw.housekeeping.cleaning import clean
    from stylus_daw.housekeeping.policy import Policy

    try:
        tallies = clean(home, Policy(), is_dry=True)
    except StylusError as error:
        return error.code
    return [{"kind": one.kind.value, "files": one.files, "bytes": one.bytes} for one in tallies]


def _log(home: Path) -> Iterator[str]:
    for path in sorted(home.glob("stylus-daw.log*"), reverse=True):
        try:
            with open_regular(path) as stream:
                stream.seek(max(path.stat().st_size - MOST_LOG_BYTES, 0))
                text = stream.read(MOST_LOG_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        yield from (said for line in text.splitlines() if (said := nameless(line)))


def nameless(line: str) -> str:
    """What of a line of the log names nothing; empty if that is nothing.

    >>> nameless("2026-01-02 03:04:05,678 WARNING stylus_daw.jobs.queue: job My Song: AudioFileError audio.missing")
    '2026-01-02 03:04:05,678 WARNING stylus_daw.jobs.queue: AudioFileError audio.missing'
    """
    if head := _HEAD.match(line):
        at, level, module, text = head.groups()
        return f"{at} {level} {module if module in _modules() else '?'}: {_kinds_in(text)}".rstrip()
    if (frame := _FRAME.search(line)) and frame[1].replace("\\", "/") in _sources():
        return f"    {frame[1]}:{frame[2]}"
    kinds = _kinds_in(line)
    return f"    {kinds}" if kinds else ""


def _kinds_in(text: str) -> str:
    exceptions = [name for name in _EXCEPTION.findall(text) if name in _exceptions()]
    codes = [code for code in _CODE.findall(text) if _known_code(code)]
    return " ".join([*exceptions, *codes])


def _known_code(code: str) -> str:
    """The code, if it is one of ours."""
    return code if code in _codes() else ""


@cache
def _codes() -> frozenset[str]:
    """Every dotted string in our own source: a superset of the error codes."""
    return frozenset(
        code for text in _sources().values() for code in re.findall(r'"([a-z][a-z_]+\.[a-z][a-z_]+)"', text)
    )


@cache
def _exceptions() -> frozenset[str]:
    """Python's own, and those of our source."""
    ours = {name for text in _sources().values() for name in re.findall(r"class (\w+(?:Error|Timeout))\b", text)}
    return frozenset({name for name in dir(builtins) if name.endswith(("Error", "Exception"))} | ours)


@cache
def _modules() -> frozenset[str]:
    return frozenset(path.removesuffix(".py").replace("/", ".") for path in _sources())


@cache
def _sources() -> dict[str, str]:
    """Our own code by its path below the packages' parent."""
    packages = [Path(str(files(name))) for name in ("stylus_daw", "stylus_bridge")]
    paths = [(package, path) for package in packages for path in package.rglob("*.py")]
    return {path.relative_to(package.parent).as_posix(): path.read_text("utf-8") for package, path in paths}
