"""The knobs as fields of pydantic models: what a preset's ``settings`` and a job's ``override`` may hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from stylus_daw.engine.knobs.knob import Knob
from stylus_daw.engine.knobs.points import MAX_FACTOR, MAX_POINTS, MAX_SECONDS
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.engine.knobs.words import described

_Point = Annotated[
    tuple[Annotated[float, Field(ge=-MAX_SECONDS, le=MAX_SECONDS)], Annotated[float, Field(ge=0, le=MAX_FACTOR)]],
    Field(strict=False),
]
_Points = Annotated[tuple[_Point, ...], Field(strict=False, min_length=1, max_length=MAX_POINTS)]


def preset_fields(knobs: Mapping[str, Knob] = KNOBS) -> dict[str, Any]:
    """For ``pydantic.create_model``: each knob with what it is when a preset does not say. Choices are words."""
    return {name: (_or_none(_words(knob), knob.may_be_open), _described(knob)) for name, knob in knobs.items()}


def override_fields(knobs: Mapping[str, Knob] = KNOBS) -> dict[str, Any]:
    """For ``pydantic.create_model``: each knob, None where it is left to the preset."""
    return {name: (_or_none(_type(knob), True), None) for name, knob in knobs.items()}


def _described(knob: Knob) -> Any:
    initial = knob.initial.value if isinstance(knob.initial, StrEnum) else knob.initial
    return Field(default=initial, description=described(knob))


def _or_none(annotation: Any, may_be_none: bool) -> Any:
    return annotation | None if may_be_none else annotation


def _words(knob: Knob) -> Any:
    return Literal[knob.choices] if knob.choices else _type(knob)


def _type(knob: Knob) -> Any:
    if knob.low is not None:
        return Annotated[knob.type, Field(ge=knob.low, le=knob.high)]
    if knob.type is tuple:
        return _Points
    return Annotated[str, Field(min_length=1)] if knob.type is str else knob.type
