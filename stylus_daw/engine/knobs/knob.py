"""Knob: everything that is known about one setting of the engine, and how a dataclass field carries it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import Enum, StrEnum
from functools import cache
from types import MappingProxyType, NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.points import checked_points
from stylus_daw.errors import RequestError, check_range

Initial = TypeVar("Initial")

_KNOB = "knob"


class Place(Enum):
    """Where the window puts a dial."""

    MAIN = "main"
    """Always in sight."""
    MORE = "more"
    """Under the fold."""
    TEMPO = "tempo"
    """Under the fold, while the styles follow the session's tempo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialSpec:
    """How the window turns a knob.

    Attributes:
        place: which part of the controls it stands in.
        label: its name on screen; English, as ``hint``. Both are translated in ``stylus_ui/assets/languages``.
        hint: one or two sentences for the tooltip.
        unit: shown behind the number; ``"%"`` shows a hundred times the value.
        step: of one turn, in the knob's own unit; a logarithmic dial has no step.
        decimals: shown.
        is_logarithmic: turns in equal ratios.
        has_off: below the lowest value stands "off", which leaves the knob open.
        usual: shown while nobody has set the knob, where no checkpoint has a default.
    """

    place: Place
    label: str
    hint: str
    unit: str = ""
    step: float = 0.01
    decimals: int = 0
    is_logarithmic: bool = False
    has_off: bool = False
    usual: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One setting of the engine.

    ``name``, ``type`` and ``initial`` come from the field that carries the knob (see `knobs_of`).

    Attributes:
        meaning: one line for people, without a full stop.
        left_open: what None means, in words; empty where the checkpoint's default says all.
        low, high: lowest and highest number; None for what is not a number.
        unit: of the number.
        default: what None becomes, where that is the same for every checkpoint or written per method.
        used_by: the methods that listen to it.
        dial: how the window turns it; None: the window does not.
        option: name on the command line, where it is not the knob's own.
        metavar: placeholder on the command line, where the type alone does not say enough.
        see: a page with more about it.
        told_by: key of job.json that sets it where the override does not.
        name: of the field; also the key in presets, job.json and stems.
        type: bool, int, float, str, an enum, or tuple for the points of an envelope.
        initial: what the field holds when nobody sets it; None: the knob may be left open.
    """

    meaning: str
    left_open: str = ""
    low: float | None = None
    high: float | None = None
    unit: str = ""
    default: Any = None
    used_by: frozenset[Method] = frozenset(Method)
    dial: DialSpec | None = None
    option: str = ""
    metavar: str = ""
    see: str = ""
    told_by: str = ""
    name: str = ""
    type: type = float
    initial: Any = None

    @property
    def may_be_open(self) -> bool:
        """None is allowed: the checkpoint decides."""
        return self.initial is None

    @property
    def depends_on_method(self) -> bool:
        """Its default is not the same for every checkpoint."""
        return isinstance(self.default, Mapping)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that are allowed; empty for what is not a choice."""
        return tuple(one.value for one in self.type) if issubclass(self.type, StrEnum) else ()

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value.

        Raises:
            TypeError: the knob is not a number.
        """
        if self.low is None or self.high is None:
            raise TypeError(f"{self.name} is not a number")
        return self.low, self.high

    def default_for(self, method: Method) -> Any:
        """What None becomes with a checkpoint of this method; None: it decides by other knobs, or does without."""
        return self.default.get(method) if self.depends_on_method else self.default

    def filled(self, value: Any, method: Method) -> Any:
        """The value, or what None becomes with a checkpoint of this method."""
        return self.default_for(method) if value is None else value

    def checked(self, value: Any) -> Any:
        """The value as the engine holds it.

        Raises:
            RequestError: it is not allowed.
        """
        return None if value is None and self.may_be_open else self._checked(value)

    def _checked(self, value: Any) -> Any:
        if self.low is not None:
            check_range(self.name, value, *self.range)
        elif self.choices:
            return self._chosen(value)
        elif self.type is tuple:
            return checked_points(value)
        return value

    def _chosen(self, written: str) -> StrEnum:
        try:
            return self.type(written.lower())
        except ValueError as error:
            text = f"{self.name} is {written!r}; allowed: {', '.join(self.choices)}."
            raise RequestError(f"request.{self.name}", text) from error


def setting(initial: Initial, knob: Knob) -> Initial:
    """A dataclass field that carries its knob.

    Args:
        initial: what the field holds when nobody sets it; None: it is left open.
        knob: everything else.
    """
    made: Any = field(default=initial, metadata={_KNOB: knob})
    return made


@cache
def knobs_of(settings: type) -> Mapping[str, Knob]:
    """The knobs of a dataclass, by name, in the order of its fields."""
    hints = get_type_hints(settings)
    return MappingProxyType(
        {
            one.name: replace(one.metadata[_KNOB], name=one.name, type=_bare(hints[one.name]), initial=one.default)
            for one in fields(settings)
        }
    )


def _bare(hint: Any) -> type:
    """The type without None and without what is inside it.

    >>> _bare(float | None), _bare(tuple[int, ...] | None)
    (<class 'float'>, <class 'tuple'>)
    """
    kinds = [one for one in get_args(hint) if one is not NoneType] if NoneType in get_args(hint) else [hint]
    return get_origin(kinds[0]) or kinds[0]
