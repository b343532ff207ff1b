"""Which third-party plugins a chain would load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PLUGIN = "plugin"


def plugins_of(chain: Any) -> tuple[str, ...]:
    """The plugins anywhere in a chain's JSON form, those that are bypassed included, each once.

    >>> plugins_of({"effects": [{"kind": "plugin", "plugin": {"path": "/vst3/Verb.vst3", "name": "Verb"}}]})
    ('Verb (/vst3/Verb.vst3)',)
    >>> plugins_of({"effects": [{"kind": "parallel", "branches": [{"effects": [{"kind": "plugin"}]}]}]})
    ('a plugin',)
    """
    return tuple(dict.fromkeys(_found(chain)))


def _found(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("kind") == PLUGIN:
            yield _label(part.get("plugin"))
        for inner in part.values():
            yield from _found(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _found(inner)


def _label(plugin: Any) -> str:
    """Name and place: consent is to a file that would be loaded."""
    about = plugin if isinstance(plugin, Mapping) else {}
    name, path = about.get("name"), about.get("path")
    if name and path:
        return f"{name} ({path})"
    return str(name or path or "a plugin")
