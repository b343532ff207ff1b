"""The knobs as options of a command: one for each, from the table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.knob import Knob
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.engine.knobs.words import ranged

KnobValues = Mapping[str, Any]
"""The knobs that were given, by name; choices as they were typed, an envelope as its file."""


def with_knobs(command: Callable[..., None], knobs: Mapping[str, Knob] = KNOBS) -> Callable[..., None]:
    """The command with an option for each knob in the place of its parameter ``knobs: KnobValues``."""

    @wraps(command)
    def with_options(**given: Any) -> None:
        turned = {name: value for name in knobs if (value := given.pop(name)) is not None}
        command(**given, knobs=turned)

    parameters = list(_parameters(command, knobs))
    with_options.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportAttributeAccessIssue]
    with_options.__annotations__ = {one.name: one.annotation for one in parameters}
    return with_options


def help_of(knob: Knob) -> str:
    """What ``--help`` says of a knob.

    >>> help_of(KNOBS["low_keep_hz"])
    '20 to 2000 Hz: below it the input stays as it is. Default: nothing is kept.'
    """
    meaning = ranged(knob)
    only = " (diffusion checkpoints)" if knob.used_by == {Method.INVERSION} else ""
    see = f"; see {knob.see}" if knob.see else ""
    default = f" Default: {knob.left_open}." if knob.left_open else ""
    return f"{meaning[0].upper()}{meaning[1:]}{only}{see}.{default}"


def _parameters(command: Callable[..., None], knobs: Mapping[str, Knob]) -> Iterator[inspect.Parameter]:
    for parameter in inspect.signature(command, eval_str=True).parameters.values():
        if parameter.name == "knobs":
            yield from (_parameter(knob) for knob in knobs.values())
        else:
            yield parameter


def _parameter(knob: Knob) -> inspect.Parameter:
    option = f"--{knob.option or knob.name}".replace("_", "-")
    names = (f"{option}/--no-{option[2:]}",) if knob.type is bool else (option,)
    about = typer.Option(*names, help=help_of(knob), metavar=knob.metavar or None)
    kind = Annotated[_typed(knob) | None, about]
    return inspect.Parameter(knob.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _typed(knob: Knob) -> Any:
    """What typer reads: choices stay text, so that the engine itself refuses them in its words."""
    return Path if knob.type is tuple else str if knob.choices else knob.type
