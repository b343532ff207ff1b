"""Provenance: what made a stem, as recorded inside the stem."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import PurePath
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Enough to make the same stem again.

    Attributes:
        preset: name of the preset, or empty.
        settings: everything that decided the sound; serialised to JSON (paths and enums as text).
        model: name of the checkpoint.
        model_sha256: of the checkpoint, 64 hexadecimal digits, or empty.
        source_sha256: of the source file, 64 hexadecimal digits, or empty.
        app_version: of stylus-daw.
        note: free text for people.

    Raises:
        TypeError: ``settings`` cannot be serialised to JSON.
    """

    preset: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    model: str = ""
    model_sha256: str = ""
    source_sha256: str = ""
    app_version: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        # The same before writing and after reading: from here on, what JSON cannot hold is text.
        object.__setattr__(self, "settings", json.loads(json.dumps(dict(self.settings), default=_plain)))

    @property
    def settings_json(self) -> str:
        return json.dumps(self.settings, sort_keys=True)

    @property
    def summary(self) -> str:
        """One line for ``bext`` Description.

        >>> Provenance(preset="tape", model="stylus-mini", app_version="1.0").summary
        'stylus-daw 1.0; preset tape; model stylus-mini'
        """
        named = {
            "preset": self.preset,
            "model": f"{self.model} {self.model_sha256[:12]}".strip(),
            "source": self.source_sha256[:12],
            "note": self.note,
        }
        said = [f"{name} {value}" for name, value in named.items() if value]
        return "; ".join([f"stylus-daw {self.app_version}".strip(), *said])


def _plain(value: object) -> object:
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be serialised to JSON")
