"""Whether the app is already running. A second instance asks before it opens a window."""

from __future__ import annotations

from pathlib import Path

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.client.endpoint import Endpoint, process_lives, read_endpoint
from stylus_daw.errors import BridgeError


def running_instance(state_folder: Path, *, timeout_s: float = 0.3) -> Endpoint | None:
    """The endpoint of an app that lives and answers a ping; None if ``bridge.json`` is absent, broken or stale."""
    try:
        endpoint = read_endpoint(state_folder)
        if endpoint is None or not process_lives(endpoint.pid):
            return None
        with BridgeClient(state_folder, timeout_s=timeout_s, attempts=3) as client:
            client.ping()
    except BridgeError:
        return None
    return endpoint
