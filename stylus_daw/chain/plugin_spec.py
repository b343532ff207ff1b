"""PluginSpec: a third-party plugin as a chain keeps it: where it is, which it is, and how it is set.

::

    {"kind": "plugin", "plugin": {"path": "/usr/lib/vst3/Verb.vst3", "name": "Verb", "parameters": {"size": 0.7}}}

``raw_state`` is what the plugin itself saved and decides how it sounds; ``parameters`` are what it
showed then, for people. A parameter that was changed by hand since is set on top of the state.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Literal

from pydantic import Field

from stylus_daw.chain.strict import StrictModel
from stylus_daw.errors import PresetError

MAX_STATE_BYTES = 16 * 1024 * 1024  # bytes: a large sampler's state; a preset must stay readable
MAX_PARAMETERS = 4_096  # more than any plugin that a person sets by name

PluginFormat = Literal["VST3", "AudioUnit"]
PluginValue = bool | float | str


class PluginSpec(StrictModel):
    """A VST3 or AU plugin and its settings.

    >>> PluginSpec(path="/usr/lib/vst3/Verb.vst3").label
    'Verb'
    """

    path: str = Field(description="its file or bundle on the machine that saved it", min_length=1)
    identifier: str = Field(default="", description="which plugin it is, wherever its file is; found by a scan")
    name: str = Field(default="", description="its name; needed where a file holds several plugins")
    version: str = Field(default="", description="of the plugin that saved raw_state")
    format: PluginFormat = Field(default="VST3", description="AudioUnit: macOS only")
    raw_state: str = Field(default="", description="what the plugin saved about itself, base64")
    parameters: dict[str, PluginValue] = Field(
        default_factory=dict, max_length=MAX_PARAMETERS, description="by name, with values as the plugin shows them"
    )

    @property
    def label(self) -> str:
        """Its name, else its file's."""
        return self.name or self.path.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].rsplit(".", 1)[0]

    @property
    def state(self) -> bytes:
        """``raw_state``, decoded."""
        return base64.b64decode(self.raw_state)

    @classmethod
    def _noun(cls) -> str:
        return "a plugin"

    @classmethod
    def _complete(cls, written: dict[str, Any]) -> dict[str, Any]:
        state = written.get("raw_state", "")
        if isinstance(state, str):
            _check_state(state)
        return written


def encoded_state(state: bytes) -> str:
    """Bytes as they are in ``raw_state``."""
    return base64.b64encode(state).decode("ascii")


def _check_state(state: str) -> None:
    if len(state) > MAX_STATE_BYTES * 4 // 3 + 4:
        size = f"{len(state) * 3 // 4:,}"
        raise PresetError("chain.plugin_state", f"raw_state has {size} bytes; allowed: {MAX_STATE_BYTES:,}.")
    try:
        base64.b64decode(state, validate=True)
    except (binascii.Error, ValueError) as error:
        raise PresetError(
            "chain.plugin_state", f"raw_state of a plugin is not base64 ({error}). Save the preset again from the app."
        ) from error
