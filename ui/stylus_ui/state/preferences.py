"""Preferences: what the window remembers between starts, in one JSON file of the state folder. No Qt."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, TypeVar

from stylus_ui.state.autosave import Autosave
from stylus_ui.state.observable import Signal

logger = logging.getLogger(__name__)

FILE = "window.json"
Value = TypeVar("Value", bool, int, float, str, list[Any], dict[str, Any])


class Preferences:
    """Names and JSON values. A file that is broken or absent gives the defaults.

    Names in use: ``theme``, ``scale_percent``, ``language``, ``layout.*`` (window), ``first_run.done``,
    ``settings.page``, ``engine.*`` and ``daw.*`` (`stylus_ui.state.wishes`), ``plugins.folders``,
    ``folders.*`` (the last one of a dialog), ``recent.files``, ``side.open``, ``stems.folder``, ``storage.days``.
    A panel takes names that begin with its own: ``history.filter``.
    """

    def __init__(self, path: Path) -> None:
        self._values = read_values(path)
        self._autosave = Autosave(path)
        self.changed: Signal[str] = Signal()
        """Emits the name."""

    def get(self, name: str, default: Value) -> Value:
        """The value, if it was set and is of the default's type; otherwise the default."""
        value = self._values.get(name, default)
        return value if type(value) is type(default) else default

    def set(self, name: str, value: bool | int | float | str | list[Any] | dict[str, Any]) -> None:
        """Remember a JSON value; it is on the disk within a moment."""
        if self._values.get(name) != value or name not in self._values:
            self._values[name] = value
            self._autosave.put(json.dumps(self._values, indent=1) + "\n")
            self.changed.emit(name)

    def close(self) -> None:
        """Write what waits."""
        self._autosave.close()


def read_values(path: Path) -> dict[str, Any]:
    """What the file holds; nothing if it is absent or broken."""
    try:
        values = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        logger.warning("%s cannot be read; the window starts as new", path, exc_info=True)
        return {}
    return values if isinstance(values, dict) else {}
