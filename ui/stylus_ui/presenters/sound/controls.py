"""ControlsPresenter: the knobs of the engine, the seed and the number of takes. No Qt."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from stylus_daw.engine.request import DEFAULT_CHECKPOINT, MAX_SEED, RANGES, StyleSettings
from stylus_daw.errors import StylusError
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.dial import Dial
from stylus_ui.state.failures import tell
from stylus_ui.state.observable import Property
from stylus_ui.state.text import later
from stylus_ui.workspace.draft import MAX_TAKES, Draft

FOLD = "controls.more"
USUAL_TEMPO = 120.0
USUAL_BAR = 4.0
OWN_DEFAULTS: Mapping[bool, Mapping[str, float]] = {
    True: {"strength": 1.0, "structure": 0.0},
    False: {"strength": 0.9, "structure": 0.75},
}
"""What the knobs are that a request leaves open: True, of the checkpoint that comes with the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """A setting that is turned.

    Attributes:
        name: of the field in ``StyleSettings``; ``takes`` is of the draft.
        label, meant: English; what it is called and what it does.
        dial: its range; the default of strength and structure is the checkpoint's.
    """

    name: str
    label: str
    meant: str
    dial: Dial


def _percent(name: str, label: str, meant: str, default: float) -> Knob:
    low, high = RANGES[name]
    dial = Dial(low=low, high=high, default=default, unit="%", factor=100)
    return Knob(name=name, label=label, meant=meant, dial=dial)


MAIN = (
    _percent("strength", later("Strength"), later("How far towards the style. 0 % leaves the sound as it is."), 1.0),
    _percent(
        "structure",
        later("Structure"),
        later("How closely the result follows the course of the original."),
        0.0,
    ),
    _percent("transients", later("Keep attacks"), later("How far attacks stay those of the original."), 0.0),
    _percent("dry_wet", later("Dry / wet"), later("Share of the result in the mix with the original."), 1.0),
)
"""Always in sight."""
MORE = (
    Knob(
        name="low_keep_hz",
        label=later("Keep lows below"),
        meant=later("Below this frequency the original stays as it is."),
        dial=Dial(low=20, high=2_000, default=None, unit="Hz", is_logarithmic=True, has_off=True),
    ),
    _percent(
        "brightness",
        later("Brightness"),
        later("0 % keeps the overall tilt of the original, 100 % takes the style's."),
        1.0,
    ),
    _percent(
        "formants",
        later("Formants"),
        later("0 % keeps the broad resonances of the original, such as a voice's vowels, 100 % takes the style's."),
        1.0,
    ),
)
TEMPO = (
    Knob(
        name="tempo_bpm",
        label=later("Tempo"),
        meant=later("The session's tempo, in quarter notes a minute."),
        dial=Dial(low=20, high=400, default=USUAL_TEMPO, step=0.1, unit="BPM", decimals=1),
    ),
    Knob(
        name="bar_beats",
        label=later("Beats in a bar"),
        meant=later("Quarter notes in a bar of the session."),
        dial=Dial(low=1, high=32, default=USUAL_BAR, step=0.5, decimals=1),
    ),
)
TAKES = Knob(
    name="takes",
    label=later("Takes"),
    meant=later("How many versions one render makes, each a little different, for choosing by ear."),
    dial=Dial(low=1, high=MAX_TAKES, default=1, step=1),
)
HIDDEN = (*(knob.name for knob in MORE), "tempo_sync")
"""Settings under the fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsShown:
    """What the knobs show.

    Attributes:
        values: by the knob's name, what a render would take.
        defaults: by the knob's name, what a double click brings.
        seed: of the next render. is_locked: it stays; else every render takes the next.
        is_synced: the styles follow the session's tempo.
        turned_under_fold: how many settings under the fold are not as they are at first.
        is_changed: any knob is not as it is at first.
        ignores_seed: the checkpoint makes the same of every seed.
    """

    values: Mapping[str, float | None]
    defaults: Mapping[str, float | None]
    seed: int
    is_locked: bool
    is_synced: bool
    turned_under_fold: int
    is_changed: bool
    ignores_seed: bool


class ControlsPresenter:
    """Turns the knobs of the workspace.

    Attributes:
        shown: what the knobs show.
        is_unfolded: the lesser knobs are seen; remembered.
    """

    def __init__(self, context: UiContext, *, new_seed: Callable[[], int] | None = None) -> None:
        self._context, self._workspace = context, context.workspace
        self._new_seed = new_seed or (lambda: random.randint(0, MAX_SEED))
        self.shown: Property[ControlsShown] = Property(shown_of(self._workspace.draft.value))
        self.is_unfolded = Property(context.preferences.get(FOLD, False))
        forgets = (
            self._workspace.draft.changed.connect(self._show),
            self.is_unfolded.changed.connect(lambda is_it: context.preferences.set(FOLD, is_it)),
            context.shortcuts.on("new_seed", self.roll_seed),
        )
        self._forgets = forgets

    def close(self) -> None:
        """Follow nothing more."""
        for forget in self._forgets:
            forget()

    def toggle_fold(self) -> None:
        """Show or hide the lesser knobs."""
        self.is_unfolded.value = not self.is_unfolded.value

    def turn(self, name: str, value: float | None) -> None:
        """Turn a knob; all turns of it until :meth:`let_go` are one step of undo."""
        gesture = f"controls.{name}"
        if name == TAKES.name:
            self._workspace.edit(takes=round(value or 1), gesture=gesture)
        else:
            self._set({name: value}, gesture=gesture)

    def let_go(self) -> None:
        """The knob was let go."""
        self._workspace.end_gesture()

    def reset(self, name: str) -> None:
        """A knob as it is at first: the setting is left to the checkpoint again."""
        self._workspace.end_gesture()
        if name == TAKES.name:
            self._workspace.edit(takes=1)
        else:
            self._set({name: USUAL_TEMPO if name == "tempo_bpm" else None})

    def reset_all(self) -> None:
        """All knobs as they are at first, in one step; the seed stays."""
        self._workspace.end_gesture()
        self._set({**dict.fromkeys(_names()), "tempo_sync": False})

    def sync(self, is_synced: bool) -> None:
        """Whether the styles follow the session's tempo; a tempo that nobody has told is the usual one, and seen."""
        self._workspace.end_gesture()
        settings = self._settings
        tempo = settings.tempo_bpm or USUAL_TEMPO if is_synced else settings.tempo_bpm
        self._set({"tempo_sync": is_synced, "tempo_bpm": tempo})

    # Seed

    def set_seed(self, seed: int) -> None:
        """That seed, brought into 0..2^31-1."""
        self._workspace.end_gesture()
        self._set({"seed": min(max(seed, 0), MAX_SEED)})

    def roll_seed(self) -> None:
        """Another seed, by chance."""
        self.set_seed(self._new_seed())

    def lock(self, is_locked: bool) -> None:
        """Locked: every render takes the same seed; else it counts up."""
        self._workspace.end_gesture()
        self._workspace.edit(seed_locked=is_locked)

    @property
    def _settings(self) -> StyleSettings:
        return self._workspace.draft.value.sound.settings

    def _set(self, changes: Mapping[str, float | bool | None], *, gesture: str = "") -> None:
        try:
            self._workspace.edit_settings(gesture=gesture, **changes)
        except StylusError as error:
            tell(self._context, error)

    def _show(self, draft: Draft) -> None:
        self.shown.value = shown_of(draft)


def shown_of(draft: Draft) -> ControlsShown:
    """What the knobs show of a draft."""
    settings = draft.sound.settings
    is_own = settings.checkpoint == DEFAULT_CHECKPOINT
    defaults = {knob.name: knob.dial.default for knob in (*MAIN, *MORE, *TEMPO, TAKES)}
    defaults.update(OWN_DEFAULTS[is_own])
    chosen = {name: getattr(settings, name) for name in _names()} | {TAKES.name: draft.takes}
    values = {name: default if chosen[name] is None else chosen[name] for name, default in defaults.items()}
    turned = [knob.name for knob in (*MAIN, *MORE) if values[knob.name] != defaults[knob.name]]
    return ControlsShown(
        values=values,
        defaults=defaults,
        seed=settings.seed,
        is_locked=draft.seed_locked,
        is_synced=settings.tempo_sync,
        ignores_seed=is_own,
        turned_under_fold=sum(name in HIDDEN for name in turned) + settings.tempo_sync,
        is_changed=bool(turned) or settings.tempo_sync,
    )


def _names() -> tuple[str, ...]:
    return tuple(knob.name for knob in (*MAIN, *MORE, *TEMPO))


def with_defaults(knob: Knob, shown: ControlsShown) -> Dial:
    """The knob's dial, with the default of the checkpoint in use."""
    return replace(knob.dial, default=shown.defaults[knob.name])
