"""Knobs of plugins: which of a plugin's parameters the chain shows, and the dials these are turned with. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable

from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.plugins.about import PluginParameter
from stylus_ui.presenters.sound.dial import Dial

MOST = 6
"""The first few: the others are in the plugin's own window."""
STEPS = 100
WIDE = 100
"""From this ratio of its ends on, a range of frequencies is turned in equal ratios."""


def knobs_of(parameters: Iterable[PluginParameter]) -> tuple[PluginParameter, ...]:
    """Those that are numbers in a range, without meters."""
    return tuple(one for one in parameters if not one.is_meter and _is_number(one))


def plugin_dial(knob: PluginParameter) -> Dial:
    """The dial of a parameter.

    >>> gain = plugin_dial(PluginParameter(name="gain_db", label="Gain", unit="dB", low=-24, high=24, default=0.0))
    >>> gain.step, gain.decimals, gain.position(-24.0), gain.value(35)
    (0.1, 1, -240, 3.5)
    """
    low, high, default = float(knob.low or 0.0), float(knob.high or 0.0), float(knob.default)
    if knob.unit == "Hz" and low > 0 and high / low >= WIDE:
        return Dial(low=low, high=high, default=default, unit="Hz", is_logarithmic=True)
    step = max(knob.step or 0.0, 10.0 ** math.floor(math.log10((high - low) / STEPS)))
    decimals = max(0, -math.floor(math.log10(step)))
    return Dial(low=low, high=high, default=default, unit=knob.unit, step=step, decimals=decimals)


def value_of(plugin: PluginSpec, knob: PluginParameter) -> float:
    """Where it stands: as the chain keeps the plugin, else in its default state."""
    value = plugin.parameters.get(knob.name, knob.default)
    return float(value) if _is_figure(value) else float(knob.default)


def _is_number(knob: PluginParameter) -> bool:
    return _is_figure(knob.default) and knob.low is not None and knob.high is not None and knob.low < knob.high


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
