"""``bridge.json``: how a host or a second instance finds the running app."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from stylus_bridge.wire.protocol import PROTOCOL_VERSION
from stylus_daw.errors import BridgeError, quoted, unwritable
from stylus_daw.regular_file import read_regular

ENDPOINT_FILE = "bridge.json"
MOST_BYTES = 1 << 20  # many times what stylus-daw writes there


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the app listens in this run, and the token that every request begins with."""

    protocol: int = PROTOCOL_VERSION
    host: str
    port: int
    token: str
    pid: int
    version: str
    jobs: str


def read_endpoint(state_folder: Path) -> Endpoint | None:
    """What ``bridge.json`` says; None if it is not there.

    Raises:
        BridgeError: ``bridge.file``: it cannot be read or is of another protocol.
    """
    path = state_folder / ENDPOINT_FILE
    try:
        raw = json.loads(read_regular(path, MOST_BYTES))
        endpoint = Endpoint(**raw)
        if endpoint.protocol != PROTOCOL_VERSION or not 0 < endpoint.port < 65_536:
            raise ValueError(f"protocol {endpoint.protocol}, port {endpoint.port}")
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise BridgeError(
            "bridge.file", f"{quoted(path)} cannot be used: {error}. Close stylus-daw, delete the file, start it again."
        ) from error
    return endpoint


def write_endpoint(state_folder: Path, endpoint: Endpoint) -> None:
    """Write ``bridge.json`` by rename, readable by its user only from its first byte.

    Raises:
        BridgeError: ``bridge.file``: the folder cannot be written.
    """
    path = state_folder / ENDPOINT_FILE
    temp = state_folder / f".{ENDPOINT_FILE}.{secrets.token_hex(4)}"
    try:
        state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(temp, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(endpoint), file, indent=1)
        temp.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)
        raise BridgeError("bridge.file", f"{quoted(path)} cannot be written: {unwritable(error)}") from error


def remove_endpoint(state_folder: Path, token: str) -> None:
    """Remove ``bridge.json`` if it is still that of the run with ``token``."""
    with contextlib.suppress(BridgeError, OSError):
        endpoint = read_endpoint(state_folder)
        if endpoint is not None and endpoint.token == token:
            (state_folder / ENDPOINT_FILE).unlink()


def process_lives(pid: int) -> bool:
    """False if process ``pid`` certainly does not exist; True if it does or cannot be known."""
    if os.name == "nt" or pid <= 0:
        return pid > 0
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
