"""Reuse: what a job was asked for, as the treatment in the window again. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from stylus_daw.engine.knobs.style_settings import StyleSettings
from stylus_daw.errors import PresetError
from stylus_daw.jobs.job import RenderRequest
from stylus_daw.presets.from_job import recipe_of_request
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from stylus_ui.context import UiContext
from stylus_ui.state.failures import tell
from stylus_ui.workspace.preset_treatment import treatment_of
from stylus_ui.workspace.workpiece import StyleSlot, Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Reused:
    """A job's treatment, and the preset that it began with; None: it has none, or that is gone."""

    treatment: Treatment
    preset: Preset | None = None
    loaded: Treatment | None = None


def reuse(context: UiContext, request: RenderRequest) -> None:
    """Set styles, knobs and chain to what a job had: one step of undo. Content, part and takes stay."""
    library = PresetLibrary(user_folder=context.settings.presets)

    def take_over(reused: Reused) -> None:
        preset = reused.preset
        context.workspace.edit(
            treatment=reused.treatment,
            loaded=reused.loaded,
            preset_id=preset.id if preset else "",
            preset_name=preset.name if preset else "",
            needs_consent=preset.untrusted_plugins if preset else False,
        )

    context.background.run(
        lambda: reused_of(request, library), done=take_over, failed=lambda error: tell(context, error)
    )


def reused_of(request: RenderRequest, library: PresetLibrary) -> Reused:
    """Reads the library: call it away from the window's thread.

    Raises:
        RequestError: more styles than the window can hold.
    """
    recipe = recipe_of_request(request)
    preset = _preset(library, recipe.preset)
    loaded = treatment_of(preset, library.styles(preset)) if preset else None
    titles = {slot.path: slot.title for slot in loaded.styles} if loaded else {}
    styles = tuple(
        StyleSlot(path=style.path, weight=style.weight, title=titles.get(style.path, ""), part=style.part)
        for style in request.styles
    )
    settings = StyleSettings(**recipe.settings)
    return Reused(
        treatment=Treatment(styles=styles, settings=settings, chain=recipe.chain), preset=preset, loaded=loaded
    )


def _preset(library: PresetLibrary, name: str) -> Preset | None:
    try:
        return library.get(name) if name else None
    except PresetError:
        return None
