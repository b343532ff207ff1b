"""ControlsPresenter: the knobs of the engine, the seed and the number of takes. No Qt."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.style_settings import DEFAULT_CHECKPOINT, KNOBS, MAX_SEED, StyleSettings
from stylus_daw.errors import StylusError
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.dial import Dial
from stylus_ui.presenters.sound.knob_dials import (
    HIDDEN,
    MAIN,
    MORE,
    OWN_DEFAULTS,
    SYNC,
    TAKES,
    TEMPO,
    TurnedKnob,
    usual,
)
from stylus_ui.state.failures import tell
from stylus_ui.state.observable import Property
from stylus_ui.workspace.workpiece import Workpiece

FOLD, CURVE = "controls.more", "envelope"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlsShown:
    """What the knobs show.

    Attributes:
        values: by the knob's name, what a render would take.
        defaults: by the knob's name, what a double click brings.
        seed: of the next render. is_locked: it stays; otherwise every render takes the next.
        is_synced: the styles follow the session's tempo.
        turned: how many settings differ from their defaults. turned_under_fold: of them, those under the fold.
        ignores_seed: every seed gives the same result with this checkpoint.
        is_chain_alone: nothing is restyled, and the chain still changes the sound.
    """

    values: Mapping[str, float | None]
    defaults: Mapping[str, float | None]
    seed: int
    is_locked: bool
    is_synced: bool
    turned: int
    turned_under_fold: int
    ignores_seed: bool
    is_chain_alone: bool = False

    @property
    def is_changed(self) -> bool:
        """Any knob differs from its default."""
        return self.turned > 0

    def dial(self, knob: TurnedKnob) -> Dial:
        """The knob's dial, with the default of the checkpoint in use."""
        return replace(knob.dial, default=self.defaults[knob.name])


class ControlsPresenter:
    """Turns the knobs of the workspace.

    Attributes:
        shown: what the knobs show.
        is_unfolded: the lesser knobs are seen; remembered.
    """

    def __init__(self, context: UiContext, *, new_seed: Callable[[], int] | None = None) -> None:
        self._context, self._workspace = context, context.workspace
        self._new_seed = new_seed or (lambda: random.randint(0, MAX_SEED))
        self.shown: Property[ControlsShown] = Property(shown_of(self._workspace.workpiece.value))
        self.is_unfolded = Property(context.preferences.get(FOLD, False))
        forgets = (
            self._workspace.workpiece.changed.connect(self._show),
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
        """Set a knob back to its default: the checkpoint decides again."""
        self._workspace.end_gesture()
        if name == TAKES.name:
            self._workspace.edit(takes=1)
        else:
            self._set({name: usual(name)})

    def reset_all(self) -> None:
        """Reset all knobs and strength over time to their defaults, in one step; the seed stays."""
        self._workspace.end_gesture()
        self._set({**dict.fromkeys((*_names(), CURVE)), SYNC: False})

    def sync(self, is_synced: bool) -> None:
        """Whether the styles follow the session's tempo; a tempo that nobody has told is the usual one, and seen."""
        self._workspace.end_gesture()
        settings = self._settings
        tempo = settings.tempo_bpm or usual("tempo_bpm") if is_synced else settings.tempo_bpm
        self._set({SYNC: is_synced, "tempo_bpm": tempo})

    # Seed

    def set_seed(self, seed: int) -> None:
        """That seed, brought into 0..2^31-1."""
        self._workspace.end_gesture()
        self._set({"seed": min(max(seed, 0), MAX_SEED)})

    def roll_seed(self) -> None:
        """A random seed."""
        self.set_seed(self._new_seed())

    def lock(self, is_locked: bool) -> None:
        """Locked: every render takes the same seed; otherwise it counts up."""
        self._workspace.end_gesture()
        self._workspace.edit(seed_locked=is_locked)

    @property
    def _settings(self) -> StyleSettings:
        return self._workspace.workpiece.value.treatment.settings

    def _set(self, changes: Mapping[str, float | bool | None], *, gesture: str = "") -> None:
        try:
            self._workspace.edit_settings(gesture=gesture, **changes)
        except StylusError as error:
            tell(self._context, error)

    def _show(self, workpiece: Workpiece) -> None:
        self.shown.value = shown_of(workpiece)


def shown_of(workpiece: Workpiece) -> ControlsShown:
    """What the knobs show of a workpiece."""
    settings = workpiece.treatment.settings
    is_own = settings.checkpoint == DEFAULT_CHECKPOINT
    method = Method.ONE_PASS if is_own else Method.INVERSION
    defaults = {knob.name: knob.dial.default for knob in (*MAIN, *MORE, *TEMPO, TAKES)}
    defaults.update(OWN_DEFAULTS[is_own])
    chosen = {name: getattr(settings, name) for name in _names()} | {TAKES.name: workpiece.takes}
    values = {name: default if chosen[name] is None else chosen[name] for name, default in defaults.items()}
    turned = [knob.name for knob in (*MAIN, *MORE) if values[knob.name] != defaults[knob.name]]
    return ControlsShown(
        values=values,
        defaults=defaults,
        seed=settings.seed,
        is_locked=workpiece.seed_locked,
        is_synced=settings.tempo_sync,
        ignores_seed=method not in KNOBS["seed"].used_by,
        is_chain_alone=settings.is_bypassed and bool(workpiece.treatment.chain.active),
        turned_under_fold=sum(name in HIDDEN for name in turned) + settings.tempo_sync,
        turned=len(turned) + settings.tempo_sync + bool(settings.envelope),
    )


def _names() -> tuple[str, ...]:
    return tuple(knob.name for knob in (*MAIN, *MORE, *TEMPO))
