"""Job folders: ``job.json`` from the host, ``state.json`` from the app. Both are replaced by rename."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from stylus_bridge.folders.complaints import first_complaint
from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.wire.protocol import PROTOCOL_VERSION
from stylus_daw.atomic import write_text_atomic
from stylus_daw.atomic_inside import write_text_inside
from stylus_daw.errors import BridgeError, quoted
from stylus_daw.jobs.job import (
    JobDone,
    JobEvent,
    JobFailed,
    JobProgressed,
    JobQueued,
    JobWasCancelled,
)
from stylus_daw.regular_file import TooLargeError, is_regular_file, read_regular

JOB_FILE, STATE_FILE, CANCEL_FILE = "job.json", "state.json", "cancel"
MAX_JOB_FILE_BYTES = MAX_STATE_FILE_BYTES = 1_000_000


def read_job(folder: Path, allowed_roots: tuple[Path, ...] = ()) -> JobFile:
    """The checked ``job.json`` of a folder; its ``source`` is made absolute.

    Raises:
        BridgeError: ``job_file.*``: missing, not JSON, a key or value that is not allowed, or a source that is
            missing or is outside the folder and the ``allowed_roots``.
    """
    job = _parse_job(_read_text(folder / JOB_FILE))
    source = check_inside(folder / job.source, (folder, *allowed_roots), "job_file.source")
    if not is_regular_file(source):
        raise BridgeError(
            "job_file.source", f"The source {quoted(str(source)[:300])} is not a file. Write it before job.json."
        )
    return job.model_copy(update={"source": str(source)})


def write_job(folder: Path, job: JobFile) -> None:
    """Write ``job.json``, as a host does: into a folder that may not exist yet, by rename."""
    folder.mkdir(parents=True, exist_ok=True)
    write_text_atomic(folder / JOB_FILE, job.model_dump_json(indent=1, exclude_none=True))


def check_inside(path: Path, roots: tuple[Path, ...], code: str) -> Path:
    """``path`` with all links resolved, if that is in one of ``roots``.

    Raises:
        BridgeError: ``code``: it is elsewhere, or cannot be resolved.
    """
    try:
        resolved = path.resolve()
        if any(resolved.is_relative_to(root.resolve()) for root in roots):
            return resolved
    except (OSError, RuntimeError, ValueError) as error:
        raise BridgeError(code, f"{quoted(path)} cannot be resolved: {error}.") from error
    allowed = ", ".join(repr(str(root)) for root in roots)
    raise BridgeError(
        code, f"{quoted(resolved)} is outside the allowed folders: {allowed}. Allow its folder in settings."
    )


def write_state(folder: Path, event: JobEvent) -> None:
    """Write ``state.json``: valid JSON, one key per line, every key at most once, so that Lua can match it."""
    write_text_inside(folder / STATE_FILE, json.dumps(state_of(event), indent=1, ensure_ascii=False) + "\n")


def state_of(event: JobEvent) -> dict[str, Any]:
    """The content of ``state.json`` after ``event``."""
    state: dict[str, Any] = {"protocol": PROTOCOL_VERSION, "job": event.job, "phase": "finished", "outcome": None}
    state |= {"position": None, "fraction": 0.0, "stage": "", "stem": None, "note": None, "error": None}
    match event:
        case JobQueued():
            return state | {"phase": "queued", "position": event.position}
        case JobProgressed():
            return state | {"phase": "running", "fraction": event.fraction, "stage": event.stage}
        case JobDone():
            short = event.stem.short
            note = short.said("The source") if short else None
            return state | {"outcome": "done", "fraction": 1.0, "stem": _stem_of(event), "note": note}
        case JobWasCancelled():
            return state | {"outcome": "cancelled"}
        case JobFailed():
            return state | {"outcome": "failed", "error": {"code": event.code, "message": event.message}}


def is_unfinished(folder: Path) -> bool:
    """The folder's ``state.json`` says that its job still waits or runs."""
    try:
        return (
            re.search(rb'"phase": "(queued|running)"', read_regular(folder / STATE_FILE, MAX_STATE_FILE_BYTES))
            is not None
        )
    except OSError:
        return False


def _stem_of(event: JobDone) -> dict[str, Any]:
    return {
        "path": str(event.stem.path),
        "start_sample": str(event.stem.start),
        "length_samples": str(event.stem.length),
        "rate": event.stem.rate,
        "channels": event.stem.channels,
    }


def _read_text(path: Path) -> str:
    try:
        return read_regular(path, MAX_JOB_FILE_BYTES).decode("utf-8-sig")
    except TooLargeError as error:
        raise BridgeError("job_file.size", f"{quoted(path)} has more than {MAX_JOB_FILE_BYTES:,} bytes.") from error
    except UnicodeDecodeError as error:
        raise BridgeError("job_file.json", f"{quoted(path)} is not UTF-8 text.") from error
    except (OSError, ValueError) as error:
        raise BridgeError("job_file.missing", f"{quoted(path)} cannot be read: {error}.") from error


def _parse_job(text: str) -> JobFile:
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BridgeError("job_file.json", f"job.json is not valid JSON: {error}.") from error
    if isinstance(raw, dict) and raw.get("protocol", PROTOCOL_VERSION) != PROTOCOL_VERSION:
        raise BridgeError(
            "protocol.version",
            f"job.json has protocol {raw['protocol']!r}; this app uses {PROTOCOL_VERSION}. "
            "Install the host scripts of this version.",
        )
    try:
        return JobFile.model_validate(raw)
    except ValidationError as error:
        raise first_complaint(error, JobFile) from error
