"""Our engine as a plain function, with the settings of a run or of a variant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from bench.material.drum_pairs import DrumPair
from bench.material.pairs import SECONDS, Pair
from bench.quality.anchors import Engine
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.sound import Sound
from stylus_daw.engine.fingerprint import sha256_of_sound
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.engine.notes.note import Transcription
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.errors import RequestError
from training.guides.written import as_written

EMBEDDED = Path("stylus_daw/engine/weights/stylus-mini")
_PARSERS: dict[str, Callable[[str], Any]] = {
    name: knob.type for name, knob in KNOBS.items() if knob.type not in (bool, tuple)
}


def parse_variant(text: str, base: StyleSettings) -> tuple[str, StyleSettings]:
    """``NAME:key=value,...`` as a name and settings; fields not named are ``base``'s.

    Raises:
        RequestError: the form, a field or a value is not known.

    >>> name, settings = parse_variant("soft:strength=0.5,quality=high", StyleSettings())
    >>> name, settings.strength, settings.quality
    ('soft', 0.5, <Quality.HIGH: 'high'>)
    """
    name, colon, changes = text.partition(":")
    if not (name and colon and changes):
        raise RequestError("bench.variant", f"Variant {text!r} has another form than NAME:key=value,key=value.")
    return name, replace(base, **dict(_change(part) for part in changes.split(",")))


def _change(part: str) -> tuple[str, Any]:
    key, _, value = part.partition("=")
    if key not in _PARSERS:
        raise RequestError("bench.variant", f"{key!r} is not a setting; allowed: {', '.join(_PARSERS)}.")
    try:
        return key, _PARSERS[key](value)
    except ValueError as error:
        raise RequestError("bench.variant", f"{key} cannot be {value!r}: {error}.") from error


def make_engine(settings: StyleSettings, device: str) -> Engine:
    """The engine with these settings; ``settings.checkpoint`` is a folder of weights."""
    return engine_of(_load(settings.checkpoint, device), settings)


def engine_of(checkpoint: Any, settings: StyleSettings) -> Engine:
    """The engine with a checkpoint that is loaded."""
    from stylus_daw.engine.transfer import stylize

    def engine(content: Clip, style: Clip) -> Clip:
        request = StyleRequest(content=content, styles=(WeightedStyle(clip=style),), settings=settings)
        return stylize(request, checkpoint)

    return engine


def knowing_the_notes(settings: StyleSettings, device: str) -> Callable[[Pair | DrumPair], Clip]:
    """The engine with the written notes in place of its transcriber: what a perfect one would bring."""
    from stylus_daw.engine.mini.loading import load_mini

    scores = Scores()
    checkpoint = load_mini(Path(settings.checkpoint), device, scores)
    engine = engine_of(checkpoint, settings)

    def restyled(pair: Pair | DrumPair) -> Clip:
        scores.learn(pair)
        return engine(pair.content, pair.style)

    return restyled


class Scores:
    """Tells the written notes of the two clips of a pair."""

    def learn(self, pair: Pair | DrumPair) -> None:
        """The pair that is asked for next."""
        clips = ((pair.content, pair.plan.piece), (pair.style, pair.plan.other))
        self._pieces = {sha256_of_sound(clip): piece for clip, piece in clips}

    def __call__(self, sound: Sound, **_: Any) -> Transcription:
        return as_written(self._pieces[sha256_of_sound(sound)], SECONDS)


def fingerprint(folder: str, device: str) -> str:
    """First 12 hex digits of the weights' SHA-256."""
    return _load(folder, device).sha256[:12]


@lru_cache(maxsize=4)
def _load(folder: str, device: str) -> Any:
    from stylus_daw.engine.mini.loading import load_mini

    return load_mini(Path(folder), device)
