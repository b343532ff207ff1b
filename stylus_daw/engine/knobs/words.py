"""What a knob may be, in words: for ``--help`` and for the pages."""

from __future__ import annotations

from stylus_daw.engine.knobs.knob import Knob
from stylus_daw.plain_text import number


def allowed(knob: Knob) -> str:
    """The values that a knob may have.

    >>> from stylus_daw.engine.knobs.style_settings import KNOBS
    >>> [allowed(KNOBS[name]) for name in ("sharpness", "tempo_bpm", "quality", "tempo_sync")]
    ['0.25 to 4', '20 to 400 BPM', 'draft, normal or high', 'true or false']
    """
    if knob.low is not None:
        low, high = (number(value) for value in knob.range)
        return f"{low} to {high} {knob.unit}".rstrip()
    if knob.type is tuple:
        return "list"
    return one_of(knob.choices or {bool: ("true", "false")}.get(knob.type, ("text",)))


def ranged(knob: Knob) -> str:
    """What a knob means, after its range or its choices where it has them.

    >>> ranged(Knob(low=0, high=1, meaning="how dry"))
    '0 to 1: how dry'
    """
    return f"{allowed(knob)}: {knob.meaning}" if knob.low is not None or knob.choices else knob.meaning


def described(knob: Knob) -> str:
    """What a knob means, and what None means, in one line.

    >>> described(Knob(low=20, high=200, meaning="what is kept", left_open="nothing"))
    'what is kept; null: nothing'
    """
    meaning = f"true: {knob.meaning}" if knob.type is bool else knob.meaning
    return f"{meaning}; null: {knob.left_open}" if knob.left_open else meaning


def one_of(words: tuple[str, ...]) -> str:
    """A list in a sentence.

    >>> one_of(("rows", "channels", "exact"))
    'rows, channels or exact'
    """
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
