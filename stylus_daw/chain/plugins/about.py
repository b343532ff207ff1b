"""What a scan learns of a plugin: its names, its channels, its parameters with units and ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stylus_daw.chain.plugin_spec import PluginFormat, PluginValue


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginParameter:
    """One knob of a plugin, as the plugin describes it.

    Attributes:
        name: key in ``PluginSpec.parameters`` (``"gain_db"``).
        label: the plugin's own words.
        unit: of the numbers, ``""`` if it has none.
        low: smallest number; None if it is not a number.
        high: largest number.
        step: distance of the possible numbers, None if they are close.
        default: as it is when the plugin is fresh.
        choices: the words it allows, if it is not a number.
        is_meter: it shows something, or is for the plugin alone; presets leave it out.
    """

    name: str
    label: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    default: PluginValue = 0.0
    choices: tuple[str, ...] = ()
    is_meter: bool = False

    @property
    def allowed(self) -> str:
        """For people.

        >>> PluginParameter(name="gain_db", label="Gain", unit="dB", low=-24, high=24).allowed
        '-24 to 24 dB'
        """
        if isinstance(self.default, bool):
            return "true, false"
        if self.low is None or self.high is None:
            return ", ".join(self.choices)
        return f"{self.low:g} to {self.high:g} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginDescription:
    """One plugin of a file.

    Attributes:
        identifier: which plugin it is, whatever folder its file is in.
        name: what it calls itself.
        version: its own.
        maker: who made it.
        category: its maker's word for what it is.
        format: VST3 or AudioUnit.
        is_effect: it takes sound; instruments cannot be used in a chain.
        latency_samples: what it reports when it is fresh.
        channels: channel counts that it takes and gives.
        parameters: its knobs.
    """

    identifier: str
    name: str
    version: str = ""
    maker: str = ""
    category: str = ""
    format: PluginFormat = "VST3"
    is_effect: bool = True
    latency_samples: int = 0
    channels: tuple[int, ...] = ()
    parameters: tuple[PluginParameter, ...] = ()

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> PluginDescription:
        """From ``dataclasses.asdict``, by way of JSON."""
        knobs = tuple(PluginParameter(**{**one, "choices": tuple(one["choices"])}) for one in raw["parameters"])
        return cls(**{**raw, "channels": tuple(raw["channels"]), "parameters": knobs})


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedPlugin:
    """A plugin as it is set: what a preset keeps of it."""

    about: PluginDescription
    state: bytes
    parameters: dict[str, PluginValue]
