"""An EffectSpec as a stream: built-in effects through pedalboard, plugins through their process, parallel branches."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pedalboard

from stylus_daw.audio.clip import Samples
from stylus_daw.chain.build import build
from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.plugins.channels import SPEAKERS
from stylus_daw.chain.plugins.hosting import Hosting, MissingPlugin, arguments_of, missing_sentence
from stylus_daw.chain.plugins.process import PluginProcess
from stylus_daw.chain.spec import EffectSpec
from stylus_daw.chain.stream import BLOCK, BlockStream, MixStream, SeriesStream, Stream, SumStream, WholeStream
from stylus_daw.errors import ChainError

logger = logging.getLogger(__name__)

WHOLE_KINDS = ("pitch", "gsm", "mp3")
"""Effects that see the sound as a whole: in pedalboard their output depends on how it is cut, or on its rate."""

CODER_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)  # Hz: what MP3 can hold
CODER_RATE = 48_000
"""What an MP3 may have, and what it gets where the sound has another rate."""

RUN_OUT_SECONDS = 0.1
"""Silence behind the sound for these, cut off again: pushes out what they hold back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What streams are made with.

    Attributes:
        channels: of the sound.
        rate: in Hz.
        hosting: finds plugins.
        allow_missing: leave out plugins that are not there.
        stack: ends the plugin processes.
    """

    channels: int
    rate: int
    hosting: Hosting
    allow_missing: bool
    stack: ExitStack

    def series(self, effects: Sequence[EffectSpec]) -> SeriesStream:
        """Effects one after the other."""
        return SeriesStream([self.stream(effect) for effect in effects], self.channels)

    def stream(self, effect: EffectSpec) -> Stream:
        """One effect, mixed with the dry sound.

        Raises:
            ChainError: a plugin is missing, or fails to open.
        """
        wet = self._wet(effect)
        return wet if effect.mix == 1 else MixStream(self.channels, wet, effect.mix)

    def _wet(self, effect: EffectSpec) -> Stream:
        if effect.plugin is not None:
            return self._plugin(effect.plugin)
        if effect.branches:
            branches = [(self.series(one.active), 10 ** (one.gain_db / 20)) for one in effect.branches]
            return SumStream(branches, self.channels)
        return self._built_in(effect)

    def _built_in(self, effect: EffectSpec) -> Stream:
        if effect.kind in WHOLE_KINDS:
            return WholeStream(self.channels, self.rate, lambda dry: _at_once(dry, effect, self.rate), effect.kind)
        groups = _Groups(effect, self.channels, self.rate)
        return BlockStream(self.channels, self.rate, groups.process, effect.kind)

    def _plugin(self, plugin: PluginSpec) -> Stream:
        place = self.hosting.locate(plugin)
        if not isinstance(place, MissingPlugin):
            process = self.stack.enter_context(PluginProcess(plugin.label, str(place)))
            return _open(process, plugin, arguments_of(plugin, place), self)
        if not self.allow_missing:
            raise ChainError("chain.plugin_missing", missing_sentence(place))
        logger.warning('rendered without the plugin "%s": %s', plugin.label, place.reason)
        return SeriesStream((), self.channels)


def _open(process: PluginProcess, plugin: PluginSpec, arguments: dict[str, object], studio: Studio) -> Stream:
    timeouts, rate = studio.hosting.timeouts, studio.rate
    opened = process.ask("open", timeouts.open_s, **arguments, channels=studio.channels, rate=rate)
    latency, version, instances = opened
    logger.info("plugin %s %s: %d instances, latency %d samples", plugin.label, version, instances, latency)
    if plugin.version and version != plugin.version:
        logger.warning("plugin %s: set with version %s, here is %s", plugin.label, plugin.version, version)
    late = _Late(latency, lambda block: process.ask("block", timeouts.block_s, samples=block, rate=rate))
    return BlockStream(studio.channels, rate, late.process, plugin.label)


class _Late:
    """Compensates a latency by leaving out that many samples at the start."""

    def __init__(self, latency: int, process: Callable[[Samples], Samples]) -> None:
        self._left, self._process = latency, process

    def process(self, block: Samples) -> Samples:
        """Shape: ``[channels, samples]`` in; out at most as many samples."""
        wet = self._process(block)
        skip = min(self._left, wet.shape[1])
        self._left -= skip
        return wet[:, skip:]


class _Groups:
    """A built-in effect on every pair and single of the channels, each with fresh plugins.

    pedalboard's reverb leaves more than two channels untouched and its limiter links all it is given; so a
    centre or an LFE is treated alone and nothing bleeds between front and back.
    """

    def __init__(self, effect: EffectSpec, channels: int, rate: int) -> None:
        self._kind, self._rate = effect.kind, rate
        self._groups = [(count, build(effect, rate, count)) for count in SPEAKERS[channels]]

    def process(self, block: Samples) -> Samples:
        """Shape: ``[channels, samples]`` in; out at most as many samples."""
        parts: list[Samples] = []
        first = 0
        for count, plugins in self._groups:
            parts.append(_run(block[first : first + count], self._rate, plugins, self._kind, is_whole=False))
            first += count
        return np.concatenate(parts)


def _at_once(dry: Samples, effect: EffectSpec, rate: int) -> Samples:
    """The whole sound through the effect. Shape: ``[channels, samples]`` in and out."""
    if effect.kind == "mp3" and rate not in CODER_RATES:
        coded = _at_once(_resampled(dry, rate, CODER_RATE), effect, CODER_RATE)
        return _fitted(_resampled(coded, CODER_RATE, rate), dry.shape[1])
    padded = np.pad(dry, ((0, 0), (0, round(RUN_OUT_SECONDS * rate))))
    parts: list[Samples] = []
    first = 0
    for count in SPEAKERS[dry.shape[0]]:
        parts.append(_run(padded[first : first + count], rate, build(effect, rate, count), effect.kind, is_whole=True))
        first += count
    return np.concatenate(parts)[:, : dry.shape[1]]


def _resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """At another rate, by soxr. Shape: ``[channels, samples] -> [channels, other samples]``."""
    import soxr

    return np.ascontiguousarray(soxr.resample(samples.T, rate, wanted).T, dtype=np.float32)


def _fitted(samples: Samples, length: int) -> Samples:
    """Exactly that long; resampling may be off by a sample or two. Shape: ``[channels, length]``."""
    return np.pad(samples, ((0, 0), (0, max(0, length - samples.shape[1]))))[:, :length]


def _run(samples: Samples, rate: int, plugins: list[pedalboard.Plugin], kind: str, *, is_whole: bool) -> Samples:
    """Through pedalboard's plugins. Shape: ``[channels, samples]``; out at most as many samples."""
    try:
        wet = pedalboard.process(samples, rate, plugins, buffer_size=BLOCK, reset=is_whole)
    except (ValueError, RuntimeError) as error:
        raise ChainError("chain.effect_failed", f"The effect {kind} failed at {rate} Hz: {error}") from error
    if wet.shape[1] > samples.shape[1] or (is_whole and wet.shape != samples.shape):
        text = f"The effect {kind} returned {wet.shape} samples for {samples.shape}. Bypass it."
        raise ChainError("chain.length", text)
    return wet
