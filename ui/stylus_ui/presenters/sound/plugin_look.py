"""PluginLook: whether the plugins of the chain are there, and may be loaded. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.plugins.hosting import Hosting, MissingPlugin, plugins_of
from stylus_daw.chain.spec import EffectSpec
from stylus_daw.errors import PresetError, StylusError
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.context import UiContext
from stylus_ui.state.failures import tell
from stylus_ui.workspace.requests import check_consent
from stylus_ui.workspace.workpiece import Workpiece

Pairs = Sequence[tuple[int, EffectSpec]]
"""The effects, each with its key."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen of the chain's plugins: what is wrong with them, by key; whether consent is missing."""

    problems: Mapping[int, str] = field(default_factory=dict)
    waits: bool = False


class PluginLook:
    """Looks away from the window's thread; the last look counts.

    Args:
        context: of the window.
        hosting: asked anew each time, so that it knows the last scan.
        seen: called with what was seen, on the window's thread.
    """

    def __init__(self, context: UiContext, hosting: Callable[[], Hosting], seen: Callable[[Looked], object]) -> None:
        self._context, self._hosting, self._seen = context, hosting, seen
        self._forget: Callable[[], None] = lambda: None
        self._asked: object = None

    def follow(self, pairs: Pairs, workpiece: Workpiece) -> None:
        """Look, unless nothing has changed that it depends on."""
        wanted = [(key, one.path, one.identifier) for key, effect in pairs for one in plugins_in(effect)]
        asked = (wanted, workpiece.needs_consent, workpiece.preset_id)
        if asked != self._asked:
            self._asked = asked
            self.look(pairs, workpiece)

    def look(self, pairs: Pairs, workpiece: Workpiece) -> None:
        """Look in any case."""
        self._forget()
        wanted = [(key, plugins) for key, effect in pairs if (plugins := plugins_in(effect))]
        if wanted:
            self._forget = self._context.background.run(
                lambda: Looked(self._problems(wanted), self._waits(workpiece)),
                done=self._seen,
                failed=lambda error: tell(self._context, error),
            )
        else:
            self._seen(Looked())

    def _problems(self, wanted: Sequence[tuple[int, Sequence[PluginSpec]]]) -> dict[int, str]:
        hosting = self._hosting()
        places = [(key, hosting.locate(plugin)) for key, plugins in wanted for plugin in plugins]
        return {key: place.reason for key, place in places if isinstance(place, MissingPlugin)}

    def _waits(self, workpiece: Workpiece) -> bool:
        try:
            check_consent(workpiece, PresetLibrary(user_folder=self._context.settings.presets))
        except PresetError:
            return True
        except StylusError as error:
            tell(self._context, error)
        return False


def plugins_in(effect: EffectSpec) -> tuple[PluginSpec, ...]:
    """Those of an effect, in its branches too, also while it is bypassed."""
    return tuple(plugins_of((effect.model_copy(update={"bypass": False, "mix": 1.0}),)))
