"""Older preset files, brought up to today's format one version at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from stylus_daw.errors import PresetError

VERSION = 3
"""The format that this version writes."""

Step = Callable[[dict[str, Any]], dict[str, Any]]


def _from_1(written: dict[str, Any]) -> dict[str, Any]:
    """Version 2 brought ``program``, ``untrusted_plugins`` and plugins in chains; what there was before stays."""
    return written


def _from_2(written: dict[str, Any]) -> dict[str, Any]:
    """Version 3 brought the controls (``settings.transients`` to ``bar_beats``) and ``styles[].tempo_bpm``."""
    return written


STEPS: Mapping[int, Step] = MappingProxyType({1: _from_1, 2: _from_2})
"""``STEPS[n]`` makes a preset of version n one of version n + 1."""


def migrated(written: dict[str, Any], steps: Mapping[int, Step] = STEPS, newest: int = VERSION) -> dict[str, Any]:
    """What was written, in today's format. A preset without a version is taken as today's.

    Raises:
        PresetError: the version is newer than this program, or no version at all.

    >>> migrated({"version": 1, "name": "Choir"}, {1: lambda old: {"title": old["name"]}}, newest=2)
    {'title': 'Choir', 'version': 2}
    """
    version = written.get("version", newest)
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise PresetError("preset.version", f"version is {version!r:.40}; allowed: 1 to {newest}.")
    if version > newest:
        raise PresetError(
            "preset.version",
            f"The preset has version {version}; this program reads up to {newest}. Update stylus-daw.",
        )
    for step in range(version, newest):
        written = steps[step](written) | {"version": step + 1}
    return written
