"""Finding: one line of ``stylus-daw doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How serious a finding is."""

    OK = "ok"
    NOTE = "note"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line: what was looked at, what was seen, what to do about it."""

    name: str
    text: str
    state: State = State.OK
    remedy: str = ""
