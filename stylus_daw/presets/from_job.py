"""A preset from a stem that was made: the settings, styles and chain that a job had, or that its file tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import Provenance, read_provenance
from stylus_daw.chain.planning import spec_of
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.errors import PresetError, RequestError
from stylus_daw.jobs.job import RenderRequest, StyleFile
from stylus_daw.jobs.journal.journal import Journal, JournalError
from stylus_daw.jobs.style_part import StylePart
from stylus_daw.presets.consent import plugins_of
from stylus_daw.presets.library.editing import free_name
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset, PresetSettings, slug

SEARCHED_JOBS = 100_000  # newest jobs of the journal that are searched: all of them
ALWAYS_TOLD = ("strength", "structure", "sharpness", "start", "steps", "seed", "quality", "checkpoint")
"""Settings that every stem tells; the others came later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What made a stem, as far as a preset can hold it.

    Attributes:
        settings: the engine's knobs, in the words of `PresetSettings`.
        chain: the effects.
        styles: file, weight and part of each.
        preset: name of the preset that was used, empty for none.
        is_ours: the journal knows it; what only a file says may come from anybody.
    """

    settings: Mapping[str, Any]
    chain: ChainSpec
    styles: tuple[StyleFile, ...]
    preset: str = ""
    is_ours: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Name and group of the new preset."""

    name: str
    group: str = ""
    tags: tuple[str, ...] = ()
    notes: str = ""
    author: str = ""


def recipe_of_request(request: RenderRequest) -> Recipe:
    """What a job was asked for: the same request gives the same samples, so this is exact."""
    settings, chain = asdict(request.settings), spec_of(request.chain)
    return Recipe(settings=settings, chain=chain, styles=request.styles, preset=request.origin.preset)


def recipe_of_job(job: str, journal: Path) -> Recipe:
    """What a job of the journal was asked for.

    Raises:
        PresetError: there is no journal.
        JobError: the journal does not know the job, or cannot be read.
    """
    if not journal.exists():
        raise PresetError("preset.journal", f"There are no jobs yet in {journal.parent}. Render one first.")
    opened = Journal(journal, only_reads=True)
    try:
        return recipe_of_request(opened.get(job).request)
    finally:
        opened.close()


def recipe_of_stem(
    stem: Path, library: PresetLibrary, *, journal: Path | None = None, style_files: Sequence[Path] = ()
) -> Recipe:
    """What made a stem file: from the journal if it knows the file, else from what the file says of itself.

    A file names its styles without their folders. They are found among the library's style files, or are
    given.

    Args:
        stem: written by stylus-daw, wherever it is now.
        library: where style files may be.
        journal: the journal's file.
        style_files: the style files in their order, where the library has not got them.

    Raises:
        PresetError: the file tells nothing, or a style is not found.
        AudioFileError: the file cannot be read.
    """
    request = _in_journal(stem, journal)
    if request is not None and not style_files:
        return recipe_of_request(request)
    provenance = read_provenance(stem)
    if provenance is None or "styles" not in provenance.settings:
        raise PresetError(
            "preset.no_provenance",
            f"'{stem}' does not record how it was made; a DAW that bounced it has dropped that. Choose the stem as "
            "stylus-daw wrote it, or name its job (`stylus-daw jobs list`).",
        )
    return _from_provenance(stem, provenance, library, style_files)


def save_recipe(library: PresetLibrary, recipe: Recipe, label: Label) -> Preset:
    """Keep a recipe as a preset of the user's, its styles copied into the library.

    What is known about the preset that was used (style titles and licences, its group and tags) is taken over
    where the label says nothing else.

    Raises:
        PresetError: a value that no preset can have, a missing style, a folder that cannot be written.
    """
    before = _preset_named(library, recipe.preset)
    name = free_name(library, label.name.strip())
    chain = recipe.chain.model_dump(mode="json")
    made = Preset.model_validate(
        {
            "id": library.free_id(slug(name)),
            "name": name,
            "author": label.author,
            "notes": label.notes or (before.notes if before else ""),
            "group": label.group or (before.group if before else ""),
            "tags": label.tags or (before.tags if before else ()),
            "styles": [_style(library, before, style) for style in recipe.styles],
            "settings": dict(recipe.settings),
            "chain": chain,
            "untrusted_plugins": not recipe.is_ours and bool(plugins_of(chain)),
        }
    )
    return library.save(made, [style.path for style in recipe.styles])


def _in_journal(stem: Path, journal: Path | None) -> RenderRequest | None:
    """The newest finished job that wrote this very file."""
    if journal is None or not journal.exists():
        return None
    opened = Journal(journal, only_reads=True)
    try:
        wanted = stem.resolve()
        records = opened.newest(SEARCHED_JOBS)
        return next(
            (record.request for record in records if record.is_finished and record.stem.resolve() == wanted), None
        )
    except JournalError as error:
        raise PresetError("preset.journal", error.message) from error
    finally:
        opened.close()


def _from_provenance(stem: Path, told: Provenance, library: PresetLibrary, given: Sequence[Path]) -> Recipe:
    try:
        written = [_written(*style) for style in told.settings["styles"]]
        told_settings = {name: told.settings[name] for name in ALWAYS_TOLD}
        settings = told_settings | {name: told.settings[name] for name in KNOBS if name in told.settings}
        chain = ChainSpec.model_validate(told.settings.get("chain", {}))
        PresetSettings.model_validate(settings)
    except (KeyError, TypeError, ValueError, RequestError) as error:
        raise PresetError("preset.provenance", f"'{stem}' contains a record that cannot be used: {error}") from error
    if given and len(given) != len(written):
        raise PresetError("preset.styles", f"'{stem}' was made from {len(written)} styles; {len(given)} were given.")
    paths = given or [_found(library, style.path.name) for style in written]
    styles = tuple(replace(style, path=path) for path, style in zip(paths, written, strict=True))
    return Recipe(settings=settings, chain=chain, styles=styles, preset=told.preset, is_ours=False)


def _written(name: object, weight: float, part: Sequence[float] | None = None) -> StyleFile:
    """A style as a stem tells it."""
    chosen = StylePart(start_s=part[0], end_s=part[1]) if part else None
    return StyleFile(path=Path(str(name)), weight=float(weight), part=chosen)


def _found(library: PresetLibrary, name: str) -> Path:
    path = library.style_named(name)
    if path is None:
        raise PresetError(
            "preset.style_missing",
            f'The style "{name}" is not in the library. Give its file: --style PATH, one for each.',
        )
    return path


def _preset_named(library: PresetLibrary, name: str) -> Preset | None:
    try:
        return library.get(name) if name else None
    except PresetError:
        return None


def _style(library: PresetLibrary, before: Preset | None, used: StyleFile) -> dict[str, Any]:
    """Title and licence as the preset that was used has them for this very file."""
    path, part = used.path, used.part
    known = zip(before.styles, library.styles(before), strict=True) if before else ()
    same = next((style for style, audio in known if audio.path.resolve() == path.resolve()), None)
    about = (
        {"title": same.title, "licence": same.licence, "tempo_bpm": same.tempo_bpm}
        if same
        else {"title": path.stem[:120]}
    )
    chosen = {"part": [part.start_s, part.end_s]} if part else {}
    return {"audio": path.name or "style", "weight": used.weight, **about, **chosen}
