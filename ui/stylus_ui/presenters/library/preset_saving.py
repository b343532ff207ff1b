"""PresetForm: a name and tags asked for in place, to save the workspace or to rename a preset. No Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from stylus_daw.errors import PresetError
from stylus_daw.presets.library.editing import free_name
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.library.style_files import StyleAudio
from stylus_daw.presets.preset import Preset, PresetStyle, slug
from stylus_ui.context import UiContext
from stylus_ui.presenters.library.preset_edits import PresetEdits
from stylus_ui.presenters.library.presets import PresetsPresenter
from stylus_ui.state.failures import tell
from stylus_ui.state.observable import Property
from stylus_ui.workspace.workpiece import StyleSlot, Treatment, Workpiece


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What the form shows.

    Attributes:
        name, tags: to begin with; tags with commas.
        renames: id of the preset that gets them; empty: the workspace is saved.
        replaces: name of the user's preset that the workspace could take the place of; empty: there is none.
    """

    name: str = ""
    tags: str = ""
    renames: str = ""
    replaces: str = ""


class PresetForm:
    """The form under the list.

    Attributes:
        open: what it asks for; None while it is closed.
        can_save: the workspace has a style, so that it is a preset.
    """

    def __init__(self, context: UiContext, presets: PresetsPresenter, edits: PresetEdits) -> None:
        self._context, self._presets, self._edits = context, presets, edits
        self.open: Property[AskedFor | None] = Property(None)
        self.can_save = Property(False)
        self._forget = context.workspace.workpiece.observe(self._show)

    def close(self) -> None:
        self.open.value = None

    def ask_to_save(self) -> None:
        """Open it for the workspace."""
        workpiece = self._context.workspace.workpiece.value
        shelved = self._presets.shelf.value.named(workpiece.preset_id)
        own = shelved.preset.name if shelved and shelved.is_own else ""
        if self.can_save.value:
            tags = ", ".join(shelved.preset.tags) if shelved else ""
            self.open.value = AskedFor(name=self._proposed(workpiece), tags=tags, replaces=own)

    def ask_to_change(self, preset_id: str) -> None:
        """Open it for a preset's name and tags."""
        shelved = self._presets.shelf.value.named(preset_id)
        if shelved is not None:
            preset = shelved.preset
            self.open.value = AskedFor(name=preset.name, tags=", ".join(preset.tags), renames=preset.id)

    def answer(self, name: str, tags: str, *, replaces: bool = False) -> None:
        """Save or rename; the form closes when that went well."""
        asked = self.open.value
        if asked is None or not (name := name.strip()):
            return
        if asked.renames:
            self._edits.change(asked.renames, name=name, tags=words_of(tags), done=self.close)
            return
        workpiece, library = self._context.workspace.workpiece.value, self._presets.library
        self._context.background.run(
            lambda: save_workpiece(library, workpiece, name=name, tags=words_of(tags), replaces=replaces),
            done=lambda saved: self._saved(workpiece.treatment, *saved),
            failed=lambda error: tell(self._context, error),
        )

    def _saved(self, treatment: Treatment, preset: Preset, styles: tuple[StyleAudio, ...]) -> None:
        self.close()
        self._context.workspace.saved_as(preset, styles, saved=treatment)
        self._context.presets_changed.emit()
        self._presets.reveal.emit(preset.id)

    def _proposed(self, workpiece: Workpiece) -> str:
        name = workpiece.preset_name or " & ".join(slot.name for slot in workpiece.treatment.styles)[:60]
        taken = {one.preset.name.casefold() for one in self._presets.shelf.value.presets}
        if name.casefold() not in taken:
            return name
        stem = re.sub(r" \d+$", "", name)
        return next(one for number in count(2) if (one := f"{stem} {number}").casefold() not in taken)

    def _show(self, workpiece: Workpiece) -> None:
        self.can_save.value = bool(workpiece.treatment.styles)


def words_of(tags: str) -> tuple[str, ...]:
    """Tags between commas.

    >>> words_of("warm,  lo-fi, ,Warm")
    ('warm', 'lo-fi')
    """
    found: dict[str, str] = {}
    for word in (" ".join(one.split()) for one in tags.split(",")):
        found.setdefault(word.casefold(), word)
    return tuple(word for word in found.values() if word)


def save_workpiece(
    library: PresetLibrary, workpiece: Workpiece, *, name: str, tags: Sequence[str], replaces: bool = False
) -> tuple[Preset, tuple[StyleAudio, ...]]:
    """Keep the treatment of a workpiece as a preset of the user's, its styles copied into the library.

    Plugins that wait for consent keep waiting for it.

    Args:
        library: where.
        workpiece: what is saved.
        name: one that is taken gets a number, unless it is the preset's that is replaced.
        tags: of the preset.
        replaces: the workpiece's own preset is written over, under its id and number.

    Raises:
        PresetError: a style is missing, or the folder cannot be written.
    """
    before = _before(library, workpiece)
    known = _known_styles(library, before)
    base = before.model_dump(mode="json") if before and replaces else {}
    chosen = name if before and replaces and name == before.name else free_name(library, name)
    made = Preset.model_validate(
        {
            "group": before.group if before else "",
            "notes": before.notes if before else "",
            "id": slug(chosen),
        }
        | base
        | {
            "name": chosen,
            "tags": list(tags),
            "settings": asdict(workpiece.treatment.settings),
            "styles": [_style(slot, known) for slot in workpiece.treatment.styles],
            "chain": workpiece.treatment.chain.model_dump(mode="json"),
            "untrusted_plugins": workpiece.needs_consent and (before is None or before.untrusted_plugins),
        }
    )
    if not base:
        made = made.model_copy(update={"id": library.free_id(made.id)})
    kept = library.save(made, [slot.path for slot in workpiece.treatment.styles])
    return kept, library.styles_in(kept, library.user_folder)


def _before(library: PresetLibrary, workpiece: Workpiece) -> Preset | None:
    try:
        return library.get(workpiece.preset_id) if workpiece.preset_id else None
    except PresetError:
        return None


def _known_styles(library: PresetLibrary, before: Preset | None) -> Mapping[Path, PresetStyle]:
    """What the preset knows of its styles, by file."""
    if before is None:
        return {}
    try:
        return {audio.path: style for audio, style in zip(library.styles(before), before.styles, strict=True)}
    except PresetError:
        return {}


def _style(slot: StyleSlot, known: Mapping[Path, PresetStyle]) -> dict[str, Any]:
    style = known.get(slot.path)
    about = style.model_dump(include={"licence", "tempo_bpm"}) if style else {}
    part = [slot.part.start_s, slot.part.end_s] if slot.part else None
    return {"audio": slot.path.name or "style", "weight": slot.weight, "title": slot.name[:120], "part": part, **about}
