"""Policy: how long things are kept, as ``clean.json`` in the state folder says; anybody may read and edit it."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from stylus_daw.atomic import write_text_atomic
from stylus_daw.errors import RequestError, quoted, unwritable
from stylus_daw.regular_file import read_regular

logger = logging.getLogger(__name__)

POLICY_FILE = "clean.json"
MOST_FILE_BYTES = 1 << 16
MOST_DAYS, MOST_GB = 36_500.0, 100_000.0


class Kind(StrEnum):
    """What can be cleaned away."""

    TEMPORARY = "temporary files"
    INPUTS = "inputs of finished jobs"
    ENDED = "folders of jobs without a stem"
    LOGS = "old logs"
    CACHES = "caches"
    STEMS = "stems"


SAFE = (Kind.TEMPORARY, Kind.INPUTS, Kind.ENDED, Kind.LOGS, Kind.CACHES)
"""No session refers to these: what a host has put in is its own copy, and caches are made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is kept.

    Attributes:
        days: everything younger is kept, while there is room.
        gigabytes: of each kind; beyond that the oldest goes although it is younger. 1 GB is 1e9 bytes.
        at_start: the app cleans by this policy when it starts, stems never.
    """

    days: float = 30.0
    gigabytes: float = 20.0
    at_start: bool = True

    def __post_init__(self) -> None:
        _check("days", self.days, MOST_DAYS)
        _check("gigabytes", self.gigabytes, MOST_GB)
        if not isinstance(self.at_start, bool):
            raise RequestError("clean.policy", f"at_start is {self.at_start!r}; allowed: true, false.")

    @property
    def seconds(self) -> float:
        return self.days * 86_400.0

    @property
    def most_bytes(self) -> float:
        return self.gigabytes * 1e9


def read_policy(home: Path) -> Policy:
    """The policy of a state folder.

    Raises:
        RequestError: ``clean.policy``: the file makes no sense. Nothing should be cleaned by a guess.
    """
    path = home / POLICY_FILE
    try:
        return Policy(**json.loads(read_regular(path, MOST_FILE_BYTES)))
    except FileNotFoundError:
        return Policy()
    except (OSError, ValueError, TypeError, RecursionError) as error:
        text = f"{quoted(path)} cannot be used: {error}. Correct it, or delete it for the default policy."
        raise RequestError("clean.policy", text) from error


def write_policy(home: Path, policy: Policy) -> None:
    """Keep a policy, also where there is no state folder yet.

    Raises:
        RequestError: ``clean.policy``: it cannot be written.
    """
    path = home / POLICY_FILE
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_text_atomic(path, json.dumps(asdict(policy), indent=1) + "\n")
    except OSError as error:
        raise RequestError("clean.policy", f"{quoted(path)} cannot be written: {unwritable(error)}") from error


def _check(name: str, value: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise RequestError("clean.policy", f"{name} is {value!r}; allowed: 0 to {most:g}.")
