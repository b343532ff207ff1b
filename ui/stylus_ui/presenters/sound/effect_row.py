"""EffectRow: an effect as the chain shows it, and how it is known again after an edit. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stylus_daw.chain.effects import KINDS, EffectKind
from stylus_daw.chain.plugins.about import PluginParameter
from stylus_daw.chain.spec import EffectSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """An effect as it is shown.

    Attributes:
        key: stays the effect's wherever it is moved.
        name: translated, or the plugin's own.
        effect: its values.
        number, count: its place, from 1, and of how many.
        problem: why a plugin of it cannot be used; empty: none, or not looked at yet.
        is_left_out: it is missing, and renders go without it.
        waits: its plugin may not be loaded before the user agrees.
        is_open: the plugin's window is open.
        knobs: of a plugin that a scan has found.
    """

    key: int
    name: str
    effect: EffectSpec
    number: int
    count: int
    problem: str = ""
    is_left_out: bool = False
    waits: bool = False
    is_open: bool = False
    knobs: tuple[PluginParameter, ...] = ()

    @property
    def kind(self) -> EffectKind:
        return KINDS[self.effect.kind]

    @property
    def is_plugin(self) -> bool:
        return self.effect.plugin is not None


def followed(
    keys: Sequence[int], before: Sequence[EffectSpec], after: Sequence[EffectSpec], new_key: Callable[[], int]
) -> tuple[int, ...]:
    """The keys of the effects after an edit: by the effect itself, by its values, by its place and kind."""
    left = dict(zip(keys, before, strict=True))
    found: dict[int, int] = {}

    def match(is_it: Callable[[int, int, EffectSpec], bool]) -> None:
        for at, effect in enumerate(after):
            key = next((key for key in left if at not in found and is_it(at, key, effect)), None)
            if key is not None:
                found[at] = key
                del left[key]

    places = {key: at for at, key in enumerate(keys)}
    match(lambda at, key, effect: left[key] is effect)
    match(lambda at, key, effect: left[key] == effect)
    match(lambda at, key, effect: places[key] == at and left[key].kind == effect.kind)
    return tuple(found[at] if at in found else new_key() for at in range(len(after)))
