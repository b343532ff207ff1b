"""LoadedPlugin: one instance of a third-party plugin, through pedalboard. Used in the plugin process only."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pedalboard
from pedalboard._pedalboard import strip_common_float_suffixes

from stylus_daw.audio.clip import MAX_CHANNELS, Samples
from stylus_daw.chain.plugin_spec import PluginFormat, PluginValue
from stylus_daw.chain.plugins.about import CapturedPlugin, PluginDescription, PluginParameter
from stylus_daw.chain.plugins.knobs import Knobs, label_of
from stylus_daw.chain.stream import BLOCK
from stylus_daw.chain.strict import nearest

PROBE_RATE = 48_000  # Hz at which channel counts are tried
MAX_CHOICES = 128  # words of a parameter that are listed


class PluginRefusal(Exception):
    """What was asked cannot be done with this plugin; travels to the parent as ``code`` and ``text``."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def format_of(path: str) -> PluginFormat:
    """By the file's ending.

    >>> format_of("/Library/Audio/Plug-Ins/Components/Verb.component")
    'AudioUnit'
    """
    return "AudioUnit" if Path(path).suffix.lower() in (".component", ".appex") else "VST3"


def names_in(path: str) -> list[str]:
    """Names of the plugins in a file."""
    return list(_class_for(path).get_plugin_names_for_file(path))


class LoadedPlugin:
    """One instance.

    Args:
        path: of the plugin's file.
        name: which plugin of the file; may be left empty if it holds one.
    """

    def __init__(self, path: str, name: str) -> None:
        self._format: PluginFormat = format_of(path)
        self._plugin: Any = _class_for(path)(path, plugin_name=name or None)
        self._knobs_known = Knobs(self._plugin)
        self._width = 0

    @property
    def name(self) -> str:
        return str(self._plugin.name)

    @property
    def version(self) -> str:
        return str(self._plugin.version)

    @property
    def latency(self) -> int:
        """In samples, as reported now."""
        return int(self._plugin.reported_latency_samples)

    def describe(self) -> PluginDescription:
        """What it is, with the channel counts it takes: found by giving it silence."""
        plugin = self._plugin
        knobs = self._knobs()
        counts = self.channel_counts(range(1, MAX_CHANNELS + 1), PROBE_RATE) if plugin.is_effect else ()
        return PluginDescription(
            identifier=_portable(plugin.identifier),
            name=self.name,
            version=self.version,
            maker=str(plugin.manufacturer_name),
            category=str(plugin.category),
            format=self._format,
            is_effect=bool(plugin.is_effect),
            latency_samples=self.latency,
            channels=tuple(sorted(counts)),
            parameters=tuple(_parameter(name, knob) for name, knob in knobs.items()),
        )

    def channel_counts(self, candidates: Iterable[int], rate: int) -> tuple[int, ...]:
        """Those of the candidates that it takes."""
        taken = []
        for count in candidates:
            try:
                self.process(np.zeros((count, BLOCK), np.float32), rate)
            except ValueError:  # pedalboard: "does not support n-channel output"
                continue
            taken.append(count)
            self._width = count
        return tuple(taken)

    def learn_parameters(self) -> None:
        """Find out ranges. Must come before anything is set: pedalboard moves some plugins' values to find them."""
        self._knobs()

    def differing(self, state: bytes, parameters: Mapping[str, PluginValue]) -> dict[str, PluginValue]:
        """The parameters that must be set on top of the state. Spoils the instance for sound."""
        if not state:
            return dict(parameters)
        self.learn_parameters()
        self.restore(state, {})
        self._take_notice()
        shown = self.shown()
        return {name: value for name, value in parameters.items() if shown.get(name) != value}

    def restore(self, state: bytes, parameters: Mapping[str, PluginValue]) -> None:
        """Set the state, then the parameters: twice, since one may decide what another allows."""
        if parameters:
            self.learn_parameters()
        if state:
            self._plugin.raw_state = state
        for name, value in (*parameters.items(), *parameters.items()):
            self._set(name, value)

    def capture(self) -> CapturedPlugin:
        """As it is set now."""
        self._take_notice()
        state, parameters = bytes(self._plugin.raw_state), self.shown()
        return CapturedPlugin(about=self.describe(), state=state, parameters=parameters)

    def shown(self) -> dict[str, PluginValue]:
        """Every parameter that can be set, as the plugin shows it; meters are left out."""
        return {name: _shown(knob) for name, knob in self._knobs().items() if knob.is_automatable}

    def show_editor(self) -> None:
        """Open its window; comes back when it is closed."""
        if sys.platform == "linux" and not os.environ.get("DISPLAY"):
            raise PluginRefusal("chain.no_display", "DISPLAY is not set.")  # JUCE would try :0, whoever's it is
        try:
            self._plugin.show_editor()
        except RuntimeError as error:
            code = "chain.no_editor" if "no available editor" in str(error) else "chain.no_display"
            raise PluginRefusal(code, str(error)) from error

    def settle(self, channels: int, rate: int, longest: int) -> int:
        """Run silence until parameters have arrived and the latency is over; returns the latency in samples.

        pedalboard takes back the latency of a plugin's first samples. After this it takes back nothing more,
        so that every block comes out as long as it went in.
        """
        silence, given = np.zeros((channels, BLOCK), np.float32), 0
        while given <= self.latency or not given:
            if self.latency > longest:
                raise PluginRefusal("chain.plugin_failed", f"it reports a latency of {self.latency} samples")
            self._run(silence, rate)
            given += BLOCK
        return self.latency

    def process(self, samples: Samples, rate: int) -> Samples:
        """One block. Shape: ``[channels, BLOCK]`` in; out as long, or shorter at its start while latency lasts."""
        return self._run(samples, rate)

    def _run(self, samples: Samples, rate: int) -> Samples:
        """Shape: ``[channels, samples]``; out at most as many."""
        return self._plugin.process(samples, rate, buffer_size=BLOCK, reset=False)

    def _take_notice(self) -> None:
        """Some plugins apply a new value, or report it, only when sound goes through them."""
        if self._plugin.is_effect and not self._width:
            self.channel_counts((2, 1), PROBE_RATE)
        if self._width:
            self._run(np.zeros((self._width, BLOCK), np.float32), PROBE_RATE)

    def _knobs(self) -> Mapping[str, Any]:
        return self._knobs_known.by_name()

    def _set(self, name: str, value: PluginValue) -> None:
        knobs = self._knobs()
        if name not in knobs:
            guess = nearest(name, knobs)
            hint = f' Did you mean "{guess}"?' if guess else ""
            text = f'has no parameter "{name}".{hint} It has: {", ".join(knobs)}.'
            raise PluginRefusal("chain.plugin_parameter", text)
        knob = knobs[name]
        try:
            knob.raw_value = knob.get_raw_value_for(bool(value) if knob.type is bool else value)
        except ValueError as error:
            raise PluginRefusal("chain.plugin_parameter", str(error)) from error


def _class_for(path: str) -> Any:
    name = "AudioUnitPlugin" if format_of(path) == "AudioUnit" else "VST3Plugin"
    found = getattr(pedalboard, name, None)
    if found is None:
        raise PluginRefusal("chain.plugin_failed", f"{format_of(path)} plugins cannot be loaded on this system")
    return found


def _portable(identifier: str) -> str:
    """JUCE's identifier without its hash of the file's path.

    >>> _portable("VST3-Some Verb-1859eecd-7ee38eec")
    'VST3-Some Verb-7ee38eec'
    """
    parts = identifier.rsplit("-", 2)
    return f"{parts[0]}-{parts[2]}" if len(parts) == 3 else identifier


def _parameter(name: str, knob: Any) -> PluginParameter:
    is_number = knob.type is float
    low, high, step = knob.range if is_number else (None, None, None)
    choices = () if is_number or knob.type is bool else tuple(str(one) for one in knob.valid_values[:MAX_CHOICES])
    return PluginParameter(
        name=name,
        label=label_of(name, knob),
        unit=str(knob.label or "").strip(),
        low=_finite(low),
        high=_finite(high),
        step=_finite(step),
        default=_shown(knob),
        choices=choices,
        is_meter=not knob.is_automatable,
    )


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _shown(knob: Any) -> PluginValue:
    """The value as people read it; a number only where JSON can hold it."""
    if knob.type is bool:
        return bool(knob.raw_value >= 0.5)
    text = str(knob.string_value)
    if knob.type is not float:
        return text
    try:
        number = float(strip_common_float_suffixes(text))
    except ValueError:
        return text
    return number if math.isfinite(number) else text
