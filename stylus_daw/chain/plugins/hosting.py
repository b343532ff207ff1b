"""Plugins for the rest of the app: find the one that a preset means, set it, look at it, keep it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stylus_daw.chain.plugin_spec import PluginSpec, PluginValue, encoded_state
from stylus_daw.chain.plugins.about import CapturedPlugin
from stylus_daw.chain.plugins.cache import CACHE_FILE, PluginCache, ScanOutcome
from stylus_daw.chain.plugins.process import PluginProcess, Timeouts
from stylus_daw.chain.spec import ChainSpec, EffectSpec
from stylus_daw.errors import ChainError
from stylus_daw.settings import state_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPlugin:
    """A plugin of a chain that cannot be used on this machine, and why."""

    plugin: PluginSpec
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """What is needed to run plugins.

    Attributes:
        cache: what scans have found.
        timeouts: how long plugins may take.
    """

    cache: PluginCache
    timeouts: Timeouts = field(default_factory=Timeouts)

    @classmethod
    def in_folder(cls, home: Path | None = None) -> Hosting:
        """With the list of plugins in a state folder; see `stylus_daw.settings.state_folder`."""
        return cls(cache=PluginCache(state_folder(home) / CACHE_FILE))

    def locate(self, plugin: PluginSpec) -> Path | MissingPlugin:
        """The file of a plugin: where it was, else wherever a scan found it; or why there is none."""
        path = Path(plugin.path)
        if not path.exists():
            found = self._found(plugin)
            if found is None:
                text = f"{plugin.path} is not there, and no scan has found it elsewhere"
                return MissingPlugin(plugin=plugin, reason=text)
            path = found
        known = self.cache.known(path)
        if known is not None and known.outcome is ScanOutcome.BLOCKED:
            return MissingPlugin(plugin=plugin, reason=f"{path} was blocked by you; allow it in the list of plugins")
        if known is not None and known.outcome in (ScanOutcome.CRASHED, ScanOutcome.HUNG):
            text = f"{path} {known.outcome.value} when it was scanned; try it again with: stylus-daw plugins retry"
            return MissingPlugin(plugin=plugin, reason=text)
        return path

    def missing(self, chain: ChainSpec) -> tuple[MissingPlugin, ...]:
        """The active plugins of a chain that cannot be used. Loads nothing."""
        places = (self.locate(plugin) for plugin in plugins_of(chain.active))
        return tuple(place for place in places if isinstance(place, MissingPlugin))

    def resolved(self, chain: ChainSpec) -> ChainSpec:
        """The chain with every active plugin's path as it is here. Loads nothing.

        Raises:
            ChainError: a plugin is missing and the chain does not allow it (``chain.plugin_missing``).
        """
        return chain.model_copy(update={"effects": self._resolved(chain.effects, chain.allow_missing_plugins)})

    def _resolved(self, effects: tuple[EffectSpec, ...], allow_missing: bool) -> tuple[EffectSpec, ...]:
        return tuple(self._resolved_effect(one, allow_missing) if one.is_active else one for one in effects)

    def _resolved_effect(self, effect: EffectSpec, allow_missing: bool) -> EffectSpec:
        if effect.plugin is not None and not (allow_missing and isinstance(self.locate(effect.plugin), MissingPlugin)):
            found = effect.plugin.model_copy(update={"path": str(self.required(effect.plugin))})
            return effect.model_copy(update={"plugin": found})
        branches = [
            one.model_copy(update={"effects": self._resolved(one.effects, allow_missing)}) for one in effect.branches
        ]
        return effect.model_copy(update={"branches": tuple(branches)})

    def required(self, plugin: PluginSpec) -> Path:
        """The file of a plugin.

        Raises:
            ChainError: there is none (``chain.plugin_missing``).
        """
        place = self.locate(plugin)
        if isinstance(place, MissingPlugin):
            raise ChainError("chain.plugin_missing", missing_sentence(place))
        return place

    def capture(self, plugin: PluginSpec, parameters: Mapping[str, PluginValue] | None = None) -> PluginSpec:
        """The plugin with some parameters changed, and its state as it saves it then.

        Args:
            plugin: what to start from; a path and no more is a fresh plugin.
            parameters: to change, by name.

        Raises:
            ChainError: it is missing, failed, or has no such parameter or value.
        """
        changed = plugin.model_copy(update={"parameters": {**plugin.parameters, **(parameters or {})}})
        return self._captured(changed, "capture", self.timeouts.open_s)

    def edit(self, plugin: PluginSpec) -> PluginSpec:
        """Open the plugin's own window; returns the plugin as it is set when the window is closed.

        Raises:
            ChainError: it is missing or failed, or there is no display (``chain.no_display``).
        """
        return self._captured(plugin, "edit", None)

    def _captured(self, plugin: PluginSpec, verb: str, timeout_s: float | None) -> PluginSpec:
        path = self.required(plugin)
        with PluginProcess(plugin.label, str(path)) as process:
            captured: CapturedPlugin = process.ask(verb, timeout_s, **arguments_of(plugin, path))
        return spec_of(captured, path)

    def _found(self, plugin: PluginSpec) -> Path | None:
        for about, path in self.cache.plugins:
            is_it = about.identifier == plugin.identifier if plugin.identifier else about.name == plugin.name
            if is_it and about.format == plugin.format and path.exists():
                return path
        return None


def plugins_of(effects: tuple[EffectSpec, ...]) -> Iterator[PluginSpec]:
    """The plugins among effects that are heard, those in parallel branches too."""
    for effect in effects:
        if effect.is_active and effect.plugin is not None:
            yield effect.plugin
        for branch in effect.branches if effect.is_active else ():
            yield from plugins_of(branch.effects)


def arguments_of(plugin: PluginSpec, path: Path) -> dict[str, Any]:
    """What the plugin process needs to load and set it."""
    return {"path": str(path), "name": plugin.name, "state": plugin.state, "parameters": dict(plugin.parameters)}


def missing_sentence(missing: MissingPlugin) -> str:
    """For people: which, why, what next."""
    plugin = missing.plugin
    version = f" {plugin.version}" if plugin.version else ""
    return (
        f'The plugin "{plugin.label}"{version} ({plugin.format}) cannot be used: {missing.reason}. Install it and scan '
        'again, bypass the effect, or consent to rendering without it ("allow_missing_plugins": true in the chain).'
    )


def spec_of(captured: CapturedPlugin, path: Path) -> PluginSpec:
    """A plugin as it is set, for a preset."""
    about = captured.about
    return PluginSpec(
        path=str(path),
        identifier=about.identifier,
        name=about.name,
        version=about.version,
        format=about.format,
        raw_state=encoded_state(captured.state),
        parameters=dict(captured.parameters),
    )
