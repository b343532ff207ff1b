"""Which DAWs there are scripts for."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from stylus_bridge.daws.host import Host
from stylus_daw.errors import RequestError

NAMES = ("reaper", "ardour", "live", "bitwig")


def known_hosts() -> tuple[Host, ...]:
    """Every DAW of this version, in the order of :data:`NAMES`."""
    return tuple(host_named(name) for name in NAMES if _is_there(name))


def host_named(name: str) -> Host:
    """The DAW of that name.

    Raises:
        RequestError: ``install.unknown``.
    """
    wanted = name.strip().casefold()
    if wanted not in NAMES or not _is_there(wanted):
        there = ", ".join(known for known in NAMES if _is_there(known))
        text = f"There are no scripts for {name!r}; available: {there}. For other hosts see docs/daws/other.md."
        raise RequestError("install.unknown", text)
    return import_module(f"stylus_bridge.daws.{wanted}.host").HOST


def _is_there(name: str) -> bool:
    package = f"stylus_bridge.daws.{name}"
    return find_spec(package) is not None and find_spec(f"{package}.host") is not None
