"""ChainPresenter: the effects of the workspace in their order. No Qt."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Literal

from stylus_daw.chain.effects import KINDS, ParameterValue
from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.spec import MAX_EFFECTS, ChainSpec, EffectSpec
from stylus_daw.presets.library.editing import consent
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.effect_row import EffectRow, followed
from stylus_ui.presenters.sound.plugin_look import Looked, PluginLook, plugins_in
from stylus_ui.presenters.sound.plugin_shelf import PluginChoice, PluginShelf, Start, in_thread
from stylus_ui.state.failures import tell
from stylus_ui.state.notices import Notice, NoticeKind
from stylus_ui.state.observable import Property
from stylus_ui.workspace.requests import check_consent
from stylus_ui.workspace.workpiece import Workpiece

Tail = Literal["trim", "keep", "until_quiet"]
MIX = "mix"


class ChainPresenter:
    """Edits the chain.

    Attributes:
        rows: the effects in their order.
        chain: what is said about its end and its level.
        asks: plugins wait for consent.
        shelf: plugins that can be added.

    Args:
        context: of the window.
        hosting: looks at plugins and opens them; asked anew each time, so that it knows the last scan.
        start: runs what takes long: a plugin's window may stay open for hours.
        shelf: instead of the machine's plugins.
    """

    def __init__(
        self,
        context: UiContext,
        *,
        hosting: Callable[[], Hosting] | None = None,
        start: Start = in_thread,
        shelf: PluginShelf | None = None,
    ) -> None:
        self._context, self._workspace, self._start = context, context.workspace, start
        self._hosting = hosting or (lambda: Hosting.in_folder(context.settings.home))
        self.shelf = shelf or PluginShelf(context)
        self._keys: tuple[int, ...] = ()
        self._next_key = itertools.count(1)
        self._effects: tuple[EffectSpec, ...] = ()
        self._open: frozenset[int] = frozenset()
        self._looked = Looked()
        self._look = PluginLook(context, self._hosting, self._take_look)
        self.rows: Property[tuple[EffectRow, ...]] = Property(())
        self.chain: Property[ChainSpec] = Property(ChainSpec())
        self.asks = Property(False)
        self._forgets = [
            self._workspace.workpiece.observe(self._follow),
            context.presets_changed.connect(self._look_again),
            context.plugins_changed.connect(self._look_again),
            self.shelf.choices.changed.connect(lambda _: self._show()),
        ]

    def close(self) -> None:
        """Follow nothing more; a scan ends."""
        self.shelf.close()
        for forget in self._forgets:
            forget()

    # The order

    def add(self, kind: str) -> None:
        """Add a built-in effect at the end."""
        self._add(EffectSpec(kind=kind))

    def add_plugin(self, choice: PluginChoice) -> None:
        """Add a plugin at the end, in its default state."""
        self._add(EffectSpec(kind="plugin", plugin=choice.plugin))

    def _add(self, effect: EffectSpec) -> None:
        if len(self._effects) < MAX_EFFECTS:
            self._set_effects((*self._effects, effect))
        else:
            said = self._context.text("A chain holds up to {count} effects.", count=MAX_EFFECTS)
            self._context.notify(Notice(kind=NoticeKind.BUSY, text=said, key="chain.full"))

    def remove(self, key: int) -> None:
        """Remove an effect."""
        self._set_effects(tuple(one for known, one in self._pairs if known != key))

    def move(self, key: int, to: int) -> None:
        """Move an effect to a place, counted from 0 and limited to the chain."""
        effect = self._effect(key)
        others = [one for known, one in self._pairs if known != key]
        if effect is not None:
            others.insert(min(max(to, 0), len(others)), effect)
            self._set_effects(tuple(others))

    def move_by(self, key: int, by: int) -> None:
        """Move an effect up (negative) or down."""
        if key in self._keys:
            self.move(key, self._keys.index(key) + by)

    # One effect

    def toggle_bypass(self, key: int) -> None:
        """Bypass an effect, or switch it on again."""
        if (effect := self._effect(key)) is not None:
            self._replace(key, effect.model_copy(update={"bypass": not effect.bypass}))

    def turn(self, key: int, name: str, value: ParameterValue) -> None:
        """Turn a knob of a built-in effect, or the ``mix`` of any; all turns until `let_go` are one step of undo."""
        effect = self._effect(key)
        if effect is not None:
            turned = {MIX: value} if name == MIX else {"params": {**effect.params, name: value}}
            self._replace(key, effect.model_copy(update=turned), gesture=f"chain.{key}.{name}")

    def turn_branch(self, key: int, number: int, gain_db: float) -> None:
        """Set the gain of a branch, counted from 0."""
        effect = self._effect(key)
        if effect is not None:
            branches = list(effect.branches)
            branches[number] = branches[number].model_copy(update={"gain_db": gain_db})
            turned = effect.model_copy(update={"branches": tuple(branches)})
            self._replace(key, turned, gesture=f"chain.{key}.branch.{number}")

    def reset(self, key: int, name: str) -> None:
        """Set a knob back to its default."""
        effect = self._effect(key)
        if effect is not None:
            kind = KINDS[effect.kind]
            self._workspace.end_gesture()
            self.turn(key, name, kind.mix if name == MIX else kind.defaults[name])
            self._workspace.end_gesture()

    def let_go(self) -> None:
        """A gesture is over."""
        self._workspace.end_gesture()

    # The whole chain

    def set_tail(self, tail: Tail) -> None:
        """What becomes of the tail after the region."""
        self._change(tail=tail)

    def match_loudness(self, is_matched: bool) -> None:
        """The chain's output is as loud as its input."""
        self._change(match_loudness=is_matched)

    def allow_missing(self, is_allowed: bool) -> None:
        """Render without plugins that are not on this machine."""
        self._change(allow_missing_plugins=is_allowed)

    # Plugins

    def agree(self) -> None:
        """The user trusts the plugins that came with the preset."""
        preset_id = self._workspace.workpiece.value.preset_id
        library = self._library()
        self._context.background.run(
            lambda: consent(library, preset_id),
            done=lambda _: self._context.presets_changed.emit(),
            failed=lambda error: tell(self._context, error),
        )

    def open_plugin(self, key: int) -> None:
        """The plugin's own window, in a process of its own; its state comes back when it is closed."""
        effect = self._effect(key)
        if effect is None or effect.plugin is None or key in self._open:
            return
        plugin, workpiece = effect.plugin, self._workspace.workpiece.value
        self._set_open(key, True)
        self._start(lambda: self._open_plugin(key, plugin, workpiece))

    def turn_plugin(self, key: int, name: str, value: float) -> None:
        """Turn a knob of a plugin: it is set on top of what the plugin saved of itself."""
        effect = self._effect(key)
        if effect is not None and effect.plugin is not None:
            turned = effect.plugin.model_copy(update={"parameters": {**effect.plugin.parameters, name: value}})
            self._replace(key, effect.model_copy(update={"plugin": turned}), gesture=f"chain.{key}.plugin.{name}")

    def _open_plugin(self, key: int, plugin: PluginSpec, workpiece: Workpiece) -> None:
        """On a thread of its own, until the window is closed."""
        post = self._context.dispatcher.post
        try:
            check_consent(workpiece, self._library())
            edited = self._hosting().edit(plugin)
        except Exception as error:  # noqa: BLE001 - told to the user
            post(lambda error=error: self._plugin_failed(key, error))
        else:
            post(lambda: self._plugin_closed(key, edited))

    def _plugin_closed(self, key: int, edited: PluginSpec) -> None:
        self._set_open(key, False)
        effect = self._effect(key)
        if effect is not None:
            self._replace(key, effect.model_copy(update={"plugin": edited}))

    def _plugin_failed(self, key: int, error: Exception) -> None:
        self._set_open(key, False)
        tell(self._context, error)
        self._look_again()

    def _set_open(self, key: int, is_open: bool) -> None:
        self._open = self._open | {key} if is_open else self._open - {key}
        self._show()

    def _library(self) -> PresetLibrary:
        return PresetLibrary(user_folder=self._context.settings.presets)

    # Editing

    @property
    def _pairs(self) -> list[tuple[int, EffectSpec]]:
        return list(zip(self._keys, self._effects, strict=True))

    def _effect(self, key: int) -> EffectSpec | None:
        return next((one for known, one in self._pairs if known == key), None)

    def _replace(self, key: int, effect: EffectSpec, *, gesture: str = "") -> None:
        self._set_effects(tuple(effect if known == key else one for known, one in self._pairs), gesture=gesture)

    def _set_effects(self, effects: tuple[EffectSpec, ...], *, gesture: str = "") -> None:
        self._change(gesture=gesture, effects=effects)

    def _change(self, *, gesture: str = "", **changes: object) -> None:
        if not gesture:
            self._workspace.end_gesture()
        chain = self._workspace.workpiece.value.treatment.chain
        self._workspace.edit_chain(chain.model_copy(update=changes), gesture=gesture)

    # What is shown

    def _follow(self, workpiece: Workpiece) -> None:
        effects = workpiece.treatment.chain.effects
        if effects is not self._effects:
            self._keys = followed(self._keys, self._effects, effects, lambda: next(self._next_key))
            self._effects = effects
        self.chain.value = workpiece.treatment.chain
        self._look.follow(self._pairs, workpiece)
        self._show()

    def _look_again(self) -> None:
        self._look.look(self._pairs, self._workspace.workpiece.value)

    def _take_look(self, looked: Looked) -> None:
        self._looked = looked
        self._show()

    def _show(self) -> None:
        self.rows.value = tuple(self._row(at, key, effect) for at, (key, effect) in enumerate(self._pairs))
        self.asks.value = self._looked.waits and any(plugins_in(effect) for effect in self._effects)

    def _row(self, at: int, key: int, effect: EffectSpec) -> EffectRow:
        problem = self._looked.problems.get(key, "")
        label = effect.plugin.label if effect.plugin else self._context.text(KINDS[effect.kind].label)
        return EffectRow(
            key=key,
            name=label,
            effect=effect,
            number=at + 1,
            count=len(self._effects),
            problem=problem,
            is_left_out=bool(problem) and self.chain.value.allow_missing_plugins,
            waits=self._looked.waits and bool(plugins_in(effect)),
            is_open=key in self._open,
            knobs=self.shelf.knobs(effect.plugin) if effect.plugin else (),
        )
