"""The knobs that the window turns, from the engine's table: what each is called and how its dial runs. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.knob import DialSpec, Knob, Place
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_ui.presenters.sound.dial import Dial
from stylus_ui.state.text import later
from stylus_ui.workspace.workpiece import MAX_TAKES

SYNC = "tempo_sync"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedKnob:
    """A setting that is turned.

    Attributes:
        name: of the field in ``StyleSettings``; ``takes`` is of the draft.
        label, meant: English; what it is called and what it does.
        dial: its range; its default is stylus-mini's.
    """

    name: str
    label: str
    meant: str
    dial: Dial


def turned_knobs(place: Place, knobs: Mapping[str, Knob] = KNOBS) -> tuple[TurnedKnob, ...]:
    """The knobs of the table that are turned in one part of the controls."""
    return tuple(
        TurnedKnob(name=name, label=knob.dial.label, meant=knob.dial.hint, dial=_dial(knob, knob.dial))
        for name, knob in knobs.items()
        if knob.dial and knob.dial.place is place
    )


def _dial(knob: Knob, spec: DialSpec) -> Dial:
    low, high = knob.range
    default = knob.default_for(Method.ONE_PASS)
    return Dial(
        low=low,
        high=high,
        default=spec.usual if default is None else default,
        step=spec.step,
        unit=spec.unit,
        decimals=spec.decimals,
        factor=100 if spec.unit == "%" else 1,
        is_logarithmic=spec.is_logarithmic,
        has_off=spec.has_off,
    )


MAIN, MORE, TEMPO = (turned_knobs(place) for place in (Place.MAIN, Place.MORE, Place.TEMPO))
TAKES = TurnedKnob(
    name="takes",
    label=later("Takes"),
    meant=later("How many versions one render makes, each a little different, for choosing by ear."),
    dial=Dial(low=1, high=MAX_TAKES, default=1, step=1),
)
HIDDEN = (*(knob.name for knob in MORE), SYNC)
"""Settings under the fold."""
OWN_DEFAULTS: Mapping[bool, Mapping[str, float]] = {
    is_own: {name: knob.default_for(method) for name, knob in KNOBS.items() if knob.dial and knob.depends_on_method}
    for is_own, method in ((True, Method.ONE_PASS), (False, Method.INVERSION))
}
"""What the knobs are that a request leaves open: True, of the checkpoint that comes with the program."""


def usual(name: str) -> float | None:
    """What a knob is set to where it cannot be left to the checkpoint; None: it can."""
    dial = KNOBS[name].dial
    return dial.usual if dial else None
