"""EffectSpec -> pedalboard plugins: the only module that knows which plugin is behind a kind.

The share of wet sound is always our own (`stylus_daw.chain.apply`), so plugins with a mix of their
own run fully wet. Every effect is built afresh for each use: none carries sound over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import pedalboard

from stylus_daw.chain.hall import hall_response
from stylus_daw.chain.spec import EffectSpec

logger = logging.getLogger(__name__)

Plugins = list[pedalboard.Plugin]
Builder = Callable[[EffectSpec, int], Plugins]

HIGHEST_FREQUENCY = 0.45
"""Filters are held below this share of the sample rate: pedalboard's low-pass is unstable beyond half of it."""

REVERB_WET = 0.7
"""pedalboard's ``wet_level`` at which a stereo reverb is about as loud as the sound that excites it."""


HALL_MAKEUP_DB = 18.06
"""pedalboard scales every impulse response to an energy of 1/64; this makes it 1, as loud as the dry sound."""


def build(effect: EffectSpec, rate: int, channels: int = 2) -> Plugins:
    """The pedalboard plugins of one effect at a sample rate, in series; empty if it does nothing."""
    if effect.kind == "hall":
        return _hall(effect, rate, channels)
    return _BUILDERS[effect.kind](effect, rate)


def held_frequency(effect: EffectSpec, rate: int) -> float:
    """The effect's frequency, held below the top of what the sample rate can carry."""
    asked, top = effect.number("frequency_hz"), HIGHEST_FREQUENCY * rate
    if asked > top:
        logger.info("%s: %.0f Hz held at %.0f Hz, the top of %d Hz audio", effect.kind, asked, top, rate)
    return min(asked, top)


def _band(plugin: Callable[..., pedalboard.Plugin]) -> Builder:
    def build_band(effect: EffectSpec, rate: int) -> Plugins:
        return [plugin(held_frequency(effect, rate), effect.number("gain_db"), effect.number("q"))]

    return build_band


def _slope(plugin: Callable[[float], pedalboard.Plugin]) -> Builder:
    def build_slope(effect: EffectSpec, rate: int) -> Plugins:
        return [plugin(held_frequency(effect, rate)) for _ in range(int(effect.number("poles")))]

    return build_slope


def _gain(gain_db: float) -> Plugins:
    return [pedalboard.Gain(gain_db)] if gain_db else []


def _ladder(effect: EffectSpec, rate: int) -> Plugins:
    mode = getattr(pedalboard.LadderFilter.Mode, str(effect.params["mode"]).upper())
    cutoff = held_frequency(effect, rate)
    return [pedalboard.LadderFilter(mode, cutoff, effect.number("resonance"), effect.number("drive"))]


def _compressor(effect: EffectSpec, rate: int) -> Plugins:
    knobs = [effect.number(name) for name in ("threshold_db", "ratio", "attack_ms", "release_ms")]
    return [pedalboard.Compressor(*knobs), *_gain(effect.number("makeup_db"))]


def _gate(effect: EffectSpec, rate: int) -> Plugins:
    knobs = [effect.number(name) for name in ("threshold_db", "ratio", "attack_ms", "release_ms")]
    return [pedalboard.NoiseGate(*knobs)]


def _limiter(effect: EffectSpec, rate: int) -> Plugins:
    # pedalboard.Limiter adds make-up gain and clips; BrickwallLimiter does neither.
    ceiling_db, release_ms = effect.number("ceiling_db"), effect.number("release_ms")
    return [pedalboard.BrickwallLimiter(ceiling_db=ceiling_db, release_ms=release_ms, true_peak=True)]


def _saturation(effect: EffectSpec, rate: int) -> Plugins:
    return [pedalboard.Distortion(effect.number("drive_db")), *_gain(effect.number("output_db"))]


def _downsample(effect: EffectSpec, rate: int) -> Plugins:
    target = effect.number("rate_hz")
    return [pedalboard.Resample(target)] if target < rate else []


def _chorus(effect: EffectSpec, rate: int) -> Plugins:
    knobs = [effect.number(name) for name in ("rate_hz", "depth", "delay_ms", "feedback")]
    return [pedalboard.Chorus(*knobs, mix=1.0)]


def _phaser(effect: EffectSpec, rate: int) -> Plugins:
    speed, depth, feedback = (effect.number(name) for name in ("rate_hz", "depth", "feedback"))
    return [pedalboard.Phaser(speed, depth, held_frequency(effect, rate), feedback, mix=1.0)]


def _delay(effect: EffectSpec, rate: int) -> Plugins:
    return [pedalboard.Delay(effect.number("time_ms") / 1000, effect.number("feedback"), mix=1.0)]


def _pre_delay(effect: EffectSpec) -> Plugins:
    pre_delay = effect.number("pre_delay_ms") / 1000
    return [pedalboard.Delay(pre_delay, feedback=0.0, mix=1.0)] if pre_delay else []


def _hall(effect: EffectSpec, rate: int, channels: int) -> Plugins:
    decay_s, brightness, width = (effect.number(name) for name in ("decay_s", "brightness", "width"))
    response = hall_response(channels, rate, decay_s=decay_s, brightness=brightness, width=width)
    convolution = pedalboard.Convolution(response, mix=1.0, sample_rate=rate)
    return [*_pre_delay(effect), convolution, *_gain(HALL_MAKEUP_DB)]


def _reverb(effect: EffectSpec, rate: int) -> Plugins:
    before = _pre_delay(effect)
    size, damping, width = (effect.number(name) for name in ("size", "damping", "width"))
    return [*before, pedalboard.Reverb(size, damping, wet_level=REVERB_WET, dry_level=0.0, width=width)]


def _pitch(effect: EffectSpec, rate: int) -> Plugins:
    semitones = effect.number("semitones")
    return [pedalboard.PitchShift(semitones)] if semitones else []


_BUILDERS: dict[str, Builder] = {
    "low_shelf": _band(pedalboard.LowShelfFilter),
    "high_shelf": _band(pedalboard.HighShelfFilter),
    "peak": _band(pedalboard.PeakFilter),
    "high_pass": _slope(pedalboard.HighpassFilter),
    "low_pass": _slope(pedalboard.LowpassFilter),
    "ladder": _ladder,
    "compressor": _compressor,
    "gate": _gate,
    "limiter": _limiter,
    "saturation": _saturation,
    "clip": lambda effect, rate: [pedalboard.Clipping(effect.number("threshold_db"))],
    "bitcrush": lambda effect, rate: [pedalboard.Bitcrush(effect.number("bits"))],
    "downsample": _downsample,
    "chorus": _chorus,
    "phaser": _phaser,
    "delay": _delay,
    "reverb": _reverb,
    "mp3": lambda effect, rate: [pedalboard.MP3Compressor(effect.number("quality"))],
    "gsm": lambda effect, rate: [pedalboard.GSMFullRateCompressor()],
    "pitch": _pitch,
    "gain": lambda effect, rate: _gain(effect.number("gain_db")),
    "invert": lambda effect, rate: [pedalboard.Invert()],
}
