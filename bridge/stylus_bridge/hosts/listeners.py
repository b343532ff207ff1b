"""``listeners.json``: ports on this computer that hear of every job, for hosts that cannot read the token.

They are told, and can ask for nothing. Installers enter them; the app reads them when it starts.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

from stylus_bridge.wire.address import Address
from stylus_daw.atomic import write_text_atomic
from stylus_daw.regular_file import read_regular

logger = logging.getLogger(__name__)

LISTENERS_FILE = "listeners.json"
MOST_BYTES = 1 << 20  # many times what stylus-daw writes there
HERE = "127.0.0.1"


def read_listeners(state_folder: Path) -> frozenset[Address]:
    """Their addresses; none if the file is missing or makes no sense."""
    path = state_folder / LISTENERS_FILE
    try:
        ports = [int(port) for port in json.loads(read_regular(path, MOST_BYTES))["ports"]]
    except FileNotFoundError:
        return frozenset()
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        logger.warning("%s cannot be read and is ignored: %s", path, error)
        return frozenset()
    return frozenset((HERE, port) for port in ports if 0 < port < 65_536)


def add_listener(state_folder: Path, port: int) -> None:
    """From its next start on, the app tells ``port`` of every job.

    Raises:
        OSError: the file cannot be written.
    """
    state_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(state_folder, {port for _, port in read_listeners(state_folder)} | {port})


def remove_listener(state_folder: Path, port: int) -> None:
    """The opposite of :func:`add_listener`.

    Raises:
        OSError: the file cannot be written.
    """
    ports = {port for _, port in read_listeners(state_folder)}
    if port in ports:
        _write(state_folder, ports - {port})


def _write(state_folder: Path, ports: set[int]) -> None:
    write_text_atomic(state_folder / LISTENERS_FILE, json.dumps({"ports": sorted(ports)}) + "\n")
