"""Which third-party plugins a chain would load."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

PLUGIN = "plugin"
_NAMES = ("name", "plugin", "identifier", "path")


def plugins_of(chain: Any) -> tuple[str, ...]:
    """The plugins anywhere in a chain's JSON form, those that are bypassed included, each once.

    >>> plugins_of({"effects": [{"kind": "plugin", "params": {"name": "Dragonfly"}}, {"kind": "gain"}]})
    ('Dragonfly',)
    >>> plugins_of({"effects": [{"kind": "parallel", "chains": [[{"kind": "plugin"}]]}]})
    ('a plugin',)
    """
    return tuple(dict.fromkeys(_found(chain)))


def _found(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if part.get("kind") == PLUGIN:
            yield _name(part)
        for inner in part.values():
            yield from _found(inner)
    elif isinstance(part, list | tuple):
        for inner in part:
            yield from _found(inner)


def _name(effect: Mapping[str, Any]) -> str:
    params = effect.get("params")
    places = (effect, params if isinstance(params, Mapping) else {})
    said = (place.get(key) for place in places for key in _NAMES)
    return next((one for one in said if isinstance(one, str) and one), "a plugin")
