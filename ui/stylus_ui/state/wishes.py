"""What the user set for the core in the settings, for the next start. No Qt.

The command line and the environment win: whoever types a wish means it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stylus_daw.settings import Settings

DEVICE, PORT, FOLDERS = "engine.device", "daw.port", "daw.folders"
PRECISION, MEMORY = "engine.precision", "engine.memory_gb"
PRECISION_VARIABLE, MEMORY_VARIABLE = "STYLUS_PRECISION", "STYLUS_MEMORY_GB"
PRECISIONS = ("bf16", "fp16", "fp32")
USUAL = Settings(home=Path())


def wished(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """The settings with what the user chose, where the command line left it open.

    Args:
        settings: of the command line.
        values: of the preferences' file.

    >>> wished(Settings(home=Path("home")), {"daw.port": 48000}).port
    48000
    >>> wished(Settings(home=Path("home"), port=50000), {"daw.port": 48000}).port
    50000
    """
    port, device, folders = values.get(PORT), values.get(DEVICE), values.get(FOLDERS)
    if settings.port == USUAL.port and type(port) is int and 0 <= port <= 65_535:
        settings = replace(settings, port=port)
    if settings.device == USUAL.device and isinstance(device, str) and device:
        settings = replace(settings, device=device)
    if not settings.allowed_roots and isinstance(folders, list):
        settings = replace(settings, allowed_roots=tuple(Path(one) for one in folders if isinstance(one, str)))
    return settings


def wished_environment(values: Mapping[str, Any]) -> dict[str, str]:
    """Variables for the render process.

    >>> wished_environment({"engine.precision": "bf16", "engine.memory_gb": 4})
    {'STYLUS_PRECISION': 'bf16', 'STYLUS_MEMORY_GB': '4'}
    """
    precision, gigabytes = values.get(PRECISION), values.get(MEMORY)
    found = {PRECISION_VARIABLE: precision} if precision in PRECISIONS else {}
    return found | ({MEMORY_VARIABLE: f"{gigabytes:g}"} if type(gigabytes) in (int, float) and gigabytes else {})
