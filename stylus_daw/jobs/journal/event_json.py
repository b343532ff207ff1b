"""Job events to JSON and back, for the journal."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from stylus_daw.jobs.job import JobDone, JobEvent, JobFailed, JobProgressed, JobQueued, JobWasCancelled, Stem

_EVENTS: dict[str, type[JobQueued | JobProgressed | JobFailed | JobWasCancelled]] = {
    "queued": JobQueued,
    "progressed": JobProgressed,
    "failed": JobFailed,
    "cancelled": JobWasCancelled,
}
_NAMES: dict[type, str] = {**{kind: name for name, kind in _EVENTS.items()}, JobDone: "done"}


def event_to_json(event: JobEvent) -> str:
    """One line of JSON.

    >>> event_to_json(JobQueued(job="a", position=2))
    '{"event": "queued", "job": "a", "position": 2}'
    """
    return json.dumps({"event": _NAMES[type(event)], **asdict(event)}, default=str)


def event_from_json(text: str) -> JobEvent:
    """The event that :func:`event_to_json` wrote."""
    raw: dict[str, Any] = json.loads(text)
    name = raw.pop("event")
    if name == "done":
        return JobDone(job=raw["job"], stem=Stem.of(raw["stem"]))
    return _EVENTS[name](**raw)
