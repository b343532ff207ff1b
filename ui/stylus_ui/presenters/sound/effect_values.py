"""What a folded effect says of itself: the one or two values that tell the most. No Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stylus_daw.chain.effects import Parameter
from stylus_ui.presenters.sound.effect_row import EffectRow
from stylus_ui.presenters.sound.effect_words import dial_of, mix_dial
from stylus_ui.state.text import Text

TELLING: Mapping[str, tuple[str, ...]] = {
    "low_shelf": ("frequency_hz", "gain_db"),
    "peak": ("frequency_hz", "gain_db"),
    "high_shelf": ("frequency_hz", "gain_db"),
    "high_pass": ("frequency_hz",),
    "low_pass": ("frequency_hz",),
    "ladder": ("frequency_hz", "mode"),
    "compressor": ("threshold_db", "ratio"),
    "gate": ("threshold_db",),
    "limiter": ("ceiling_db",),
    "saturation": ("drive_db",),
    "clip": ("threshold_db",),
    "bitcrush": ("bits",),
    "downsample": ("rate_hz",),
    "chorus": ("rate_hz",),
    "phaser": ("rate_hz",),
    "delay": ("time_ms",),
    "reverb": ("size",),
    "hall": ("decay_s",),
    "mp3": ("quality",),
    "gsm": (),
    "pitch": ("semitones",),
    "gain": ("gain_db",),
    "invert": (),
}
"""By the kind of effect, the parameters that are told; what goes back to the dry sound is told besides."""


def values_said(shown: EffectRow, text: Text) -> str:
    """The values of an effect in a few words: "35 Hz", "−20 dB · 3:1", "2 branches"; empty: it has none to tell."""
    return " · ".join(_values(shown, text))


def _values(shown: EffectRow, text: Text) -> Iterator[str]:
    effect, kind = shown.effect, shown.kind
    if effect.branches:
        yield text.count("{count} branch", "{count} branches", len(effect.branches))
    for name in TELLING.get(effect.kind, ()):
        parameter = kind.parameter(name)
        assert parameter is not None, name
        yield _value(parameter, effect.params[name], text)
    if kind.mix < 1 or effect.mix < 1:
        yield text("{percent} wet", percent=mix_dial(kind).written(effect.mix, text))


def _value(parameter: Parameter, value: object, text: Text) -> str:
    if isinstance(value, str):
        return value
    assert isinstance(value, int | float)
    has_sign = (parameter.low or 0) < 0 < (parameter.high or 0) and value > 0
    return ("+" if has_sign else "") + _without_zeros(dial_of(parameter).written(float(value), text), text)


def _without_zeros(said: str, text: Text) -> str:
    """Without the zeros after the decimal sign: "−20 dB" for "−20.0 dB"."""
    sign = re.escape(text.number(0.5, 1)[1])
    return re.sub(rf"({sign}\d*?)0+(?!\d)", lambda found: found[1] if len(found[1]) > 1 else "", said)
