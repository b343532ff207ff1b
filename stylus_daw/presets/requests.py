"""PresetRequests: render requests with the styles, the chain and the consent of presets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stylus_daw.chain.planning import planned
from stylus_daw.chain_plan import ChainPlan
from stylus_daw.engine.request import StyleSettings
from stylus_daw.jobs.job import Origin, Region, RenderRequest, StyleFile
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from stylus_daw.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetRequests:
    """Makes requests of presets.

    Attributes:
        presets: where their styles are.
        settings: the device, and the folder that knows where plugins are.
    """

    presets: PresetLibrary
    settings: Settings

    def request(
        self,
        preset: Preset,
        *,
        source: Path,
        stem: Path,
        region: Region | None,
        settings: StyleSettings,
        origin: Origin,
        has_chain: bool = True,
        allows_missing_plugins: bool = False,
    ) -> RenderRequest:
        """A request with the preset's styles and, unless it is left out, its chain.

        Raises:
            PresetError: its plugins wait for consent.
            ChainError: a plugin is not on this machine, and the render is not allowed without it.
        """
        chain = self._chain(preset, allows_missing_plugins) if has_chain else ChainPlan()
        styles = tuple(
            StyleFile(path=style.path, weight=style.weight, tempo_bpm=style.tempo_bpm, part=style.part)
            for style in self.presets.styles(preset)
        )
        return RenderRequest(
            source=source,
            stem=stem,
            styles=styles,
            region=region,
            settings=settings,
            chain=chain,
            origin=origin,
            device=self.settings.device,
        )

    def _chain(self, preset: Preset, allows_missing_plugins: bool) -> ChainPlan:
        """The preset's chain with its plugins where they are here: none is missed after the engine's work."""
        from stylus_daw.chain.plugins.hosting import Hosting

        preset.check_consent()
        consent = preset.chain.allow_missing_plugins or allows_missing_plugins
        chain = preset.chain.model_copy(update={"allow_missing_plugins": consent})
        return planned(Hosting.in_folder(self.settings.home).resolved(chain))
