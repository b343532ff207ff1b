"""Where the stems of ``stylus-daw render`` go: one name for one file, names that are made for several."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stylus_daw.batch.naming import filled, free_place, same_place
from stylus_daw.commands.render.wish import Wish, style_of
from stylus_daw.errors import AudioFileError, RequestError, quoted
from stylus_daw.exchange.folders import made_folder
from stylus_daw.jobs.job import RenderRequest
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.settings import Settings, state_folder

TEMPLATE = "{name} - {sound}"
"""As `stylus-daw batch` names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What the options say of places.

    Attributes:
        out: the stem of one file.
        out_dir: the folder of all stems.
        forces: what stands there may be replaced.
    """

    out: Path | None = None
    out_dir: Path | None = None
    forces: bool = False


def wishes(wish: Wish, sources: Sequence[Path], places: Places) -> tuple[Wish, ...]:
    """The wish for each source, with its stem.

    Raises:
        RequestError: no place or two were given, or one stem for several sources.
        PresetError: the preset is unknown.
    """
    if (places.out is None) == (places.out_dir is None):
        said = "Both --out and --out-dir were given" if places.out else "No place for the stem was given"
        raise RequestError("cli.usage", f"{said}. Name the stem with --out OUT.wav, or a folder with --out-dir DIR.")
    if places.out is not None:
        if len(sources) > 1:
            text = f"--out names one stem, but {len(sources)} files were given. Name a folder with --out-dir DIR."
            raise RequestError("cli.usage", text)
        return (replace(wish, source=sources[0], stem=places.out),)
    assert places.out_dir is not None
    folder = made_folder(places.out_dir, code="audio.write", instead="another --out-dir")
    sound = _sound(wish)
    taken: set[str] = set()
    made = []
    for source in sources:
        wanted = filled(TEMPLATE, {"name": source.stem, "sound": sound})
        name = free_place(wanted, lambda one: same_place(one) in taken)
        taken.add(same_place(name))
        made.append(replace(wish, source=source, stem=folder / name))
    return tuple(made)


def refuse_existing(stems: Sequence[Path]) -> None:
    """Nothing is overwritten in silence.

    Raises:
        AudioFileError: ``audio.exists``.
    """
    if there := [stem for stem in stems if stem.exists()]:
        others = f" and {len(there) - 1} more" if len(there) > 1 else ""
        verb = "exist" if others else "exists"
        text = f"{quoted(there[0])}{others} {verb} already. Add --force to replace, or name another place."
        raise AudioFileError("audio.exists", text)


def refuse_inputs(requests: Sequence[RenderRequest]) -> None:
    """No stem takes the place of an input, of its own file or of another one.

    Raises:
        AudioFileError: ``audio.protected``.
    """
    inputs: dict[object, Path] = {}
    for request in requests:
        for path in (request.source, *(style.path for style in request.styles)):
            inputs |= dict.fromkeys(_marks(path), path)
    for request in requests:
        if found := next((inputs[mark] for mark in _marks(request.stem) if mark in inputs), None):
            text = (
                f"{quoted(request.stem)} is the input {quoted(found)}, which is never overwritten. Choose another name."
            )
            raise AudioFileError("audio.protected", text)


def _marks(path: Path) -> tuple[object, ...]:
    """What two paths of one file have in common: the path without links, and the file itself."""
    try:
        seen = path.stat()
    except OSError:
        return (os.path.realpath(path),)
    return os.path.realpath(path), (seen.st_dev, seen.st_ino)


def _sound(wish: Wish) -> str:
    if wish.preset:
        presets = PresetLibrary(user_folder=Settings(home=state_folder(wish.state_dir)).presets)
        return presets.get(wish.preset).name
    return "+".join(style_of(written).path.stem for written in wish.styles) or "unknown"
