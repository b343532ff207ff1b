"""One app for each state folder: the lock of the operating system goes when its process goes, however that ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from stylus_daw.errors import BridgeError, RequestError, quoted
from stylus_daw.regular_file import read_regular

LOCK_FILE = "app.lock"
MOST_BYTES = 1 << 20  # of bridge.json


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Be the app of the state folder ``home`` within the block.

    Raises:
        BridgeError: ``bridge.running``: another process is, even one that is stopped and does not answer.
        RequestError: ``settings.home``: nothing can be locked there.
    """
    lock = FileLock(home / LOCK_FILE, mode=0o600, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise BridgeError("bridge.running", _running(home)) from error
    except (OSError, NotImplementedError) as error:  # the latter: a network share without locks
        text = f"The state folder {quoted(home)} cannot be locked: {error}. Name one on a local disk with --state-dir."
        raise RequestError("settings.home", text) from error
    try:
        yield
    finally:
        lock.release()


def _running(home: Path) -> str:
    return (
        f"stylus-daw is already running for the state folder {home}: {_who(home)}. DAWs use that one. Stop it first, "
        "or name another folder with --state-dir."
    )


def _who(home: Path) -> str:
    try:
        endpoint = json.loads(read_regular(home / "bridge.json", MOST_BYTES))
        return f"process {int(endpoint['pid'])}, port {int(endpoint['port'])}"
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return "it is just starting"
