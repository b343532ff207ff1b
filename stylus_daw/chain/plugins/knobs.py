"""Knobs: every parameter of a plugin under a name of its own. Used in the plugin process only.

pedalboard finds parameters by their names, and so leaves out those that share a name or have none. Here the second
"Gain" is ``gain_db_2``, and the seventh parameter, if it has no name, ``parameter_7``.
"""

from __future__ import annotations

from typing import Any

from pedalboard._pedalboard import (
    PARAMETER_NAME_REGEXES_TO_IGNORE,
    AudioProcessorParameter,
    to_python_parameter_name,
)


class Knobs:
    """The knobs of one plugin; what was learnt of each is kept.

    Args:
        plugin: pedalboard's.
    """

    def __init__(self, plugin: Any) -> None:
        self._plugin = plugin
        self._learnt: dict[int, AudioProcessorParameter] = {}

    def by_name(self) -> dict[str, AudioProcessorParameter]:
        """All knobs in the plugin's order, without the controllers of MIDI that some plugins list."""
        found: dict[str, AudioProcessorParameter] = {}
        known = {knob.name: knob for knob in self._plugin.parameters.values()}
        for index, parameter in enumerate(self._plugin._parameters):
            if not any(ignored.match(parameter.name) for ignored in PARAMETER_NAME_REGEXES_TO_IGNORE):
                name = _free(to_python_parameter_name(parameter) or f"parameter_{index + 1}", found)
                found[name] = known.pop(parameter.name, None) or self._at(index, parameter.name)
        return found

    def _at(self, index: int, name: str) -> AudioProcessorParameter:
        if index not in self._learnt:
            place: Any = _Place(self._plugin, index)
            self._learnt[index] = AudioProcessorParameter(place, name)
        return self._learnt[index]


class _Place:
    """Stands for the plugin where pedalboard asks it for a parameter by name: gives the one at a place."""

    def __init__(self, plugin: Any, index: int) -> None:
        self._plugin, self._index = plugin, index

    def _get_parameter(self, _name: str) -> Any:
        return self._plugin._parameters[self._index]


def label_of(name: str, knob: Any) -> str:
    """The plugin's own word for a knob, numbered where several have it.

    >>> from types import SimpleNamespace as Some
    >>> label_of("gain_db", Some(name="Gain", python_name="gain_db"))
    'Gain'
    >>> label_of("gain_db_2", Some(name="Gain", python_name="gain_db"))
    'Gain 2'
    >>> label_of("parameter_7", Some(name="", python_name=None))
    'Parameter 7'
    """
    own, number = str(knob.name).strip(), name.rsplit("_", 1)[-1]
    if not own:
        return f"Parameter {number}"
    return own if name == knob.python_name else f"{own} {number}"


def _free(name: str, taken: dict[str, AudioProcessorParameter]) -> str:
    """The name, or the name with the first number from 2 that is free.

    >>> _free("gain", {}), _free("gain", {"gain": None, "gain_2": None})
    ('gain', 'gain_3')
    """
    numbered, number = name, 2
    while numbered in taken:
        numbered, number = f"{name}_{number}", number + 1
    return numbered
