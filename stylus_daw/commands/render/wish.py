"""Wish: the options of ``stylus-daw render`` as they were written, and the request that they describe."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import probe
from stylus_daw.commands.render.envelope_file import read_envelope
from stylus_daw.engine.machine.asked import kind_and_index
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import AudioFileError, RequestError, check_range, quoted
from stylus_daw.jobs.job import STEM_FILE, Origin, RenderRequest, StyleFile
from stylus_daw.jobs.style_part import part_in
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings, state_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The options as they were written. ``knobs`` holds those that were given, by their name in StyleSettings."""

    source: Path
    stem: Path
    preset: str | None = None
    styles: tuple[str, ...] = ()
    knobs: Mapping[str, Any] = field(default_factory=dict)
    device: str = "auto"
    has_chain: bool = True
    allows_missing_plugins: bool = False
    allows_download: bool = False
    takes: int = 1
    spread: float = 0.3
    state_dir: Path | None = None


def request_of(wish: Wish) -> RenderRequest:
    """The request that the options describe.

    Raises:
        RequestError: both or none of preset and styles, or a value out of its range.
    """
    if bool(wish.preset) == bool(wish.styles):
        said = "Both a preset and styles were given" if wish.styles else "Neither a preset nor a style was given"
        raise RequestError("request.style_source", f"{said}; give either --preset ID or --style FILE, once or more.")
    kind_and_index(wish.device)  # refused now, and not in the middle
    request = _from_preset(wish, wish.preset) if wish.preset else _from_styles(wish)
    return replace(request, settings=_with_knobs(request.settings, wish))


def style_of(written: str) -> StyleFile:
    """``FILE``, ``FILE=WEIGHT``, ``FILE[START-END]`` or ``FILE[START-END]=WEIGHT``; an existing file is a file.

    Raises:
        RequestError: the weight is not a number in its range, or the part is not one.
    """
    if os.path.exists(written):  # noqa: PTH110 - Path.exists fails on a name that is too long
        return StyleFile(path=Path(written))
    whole, part = part_in(written)
    if part is not None:
        return StyleFile(path=Path(whole), part=part)
    path, equals, weight = written.rpartition("=")
    if not equals or not ((path and _is_number(weight)) or os.path.isfile(path)):  # noqa: PTH113
        return StyleFile(path=Path(written))
    if not _is_number(weight):
        raise RequestError(
            "request.weight", f"The weight {weight!r} of {quoted(path)} is not a number; write {path}=0.5."
        )
    check_range(f"the weight of {quoted(path)}", float(weight), 1e-6, 1e6)
    return replace(style_of(path), weight=float(weight))


def check_place(request: RenderRequest) -> None:
    """Refuse before the render what would be refused after it: the stem's name and folder.

    Raises:
        AudioFileError: no ``.wav``, or no folder to write to.
    """
    stem = request.stem
    if stem.is_dir():
        raise AudioFileError("audio.write", f"'{stem}' is a folder. Name a file in it, which ends in .wav.")
    if stem.suffix.lower() != ".wav":
        text = f"'{stem}' does not end in .wav, but stems are always 32-bit float WAV. Name it {stem.stem}.wav."
        raise AudioFileError("audio.format", text)
    if not stem.parent.is_dir():
        text = f"'{stem}' is in '{stem.parent}', which is not a folder. Make that folder first, or choose another name."
        raise AudioFileError("audio.write", text)


def _placed(stem: Path) -> Path:
    """Without links among its folders, for a stem of the name that job folders use is not written through a link."""
    return stem.parent.resolve() / stem.name if stem.name == STEM_FILE else stem


def _from_preset(wish: Wish, name: str) -> RenderRequest:
    settings = Settings(home=state_folder(wish.state_dir), device=wish.device)
    presets = PresetLibrary(user_folder=settings.presets)
    preset = presets.get(name)
    return PresetRequests(presets=presets, settings=settings).request(
        preset,
        source=wish.source,
        stem=_placed(wish.stem),
        region=None,
        settings=preset.to_settings(),
        origin=Origin(preset=preset.name),
        has_chain=wish.has_chain,
        allows_missing_plugins=wish.allows_missing_plugins,
    )


def _from_styles(wish: Wish) -> RenderRequest:
    styles = tuple(style_of(written) for written in wish.styles)
    return RenderRequest(source=wish.source, stem=_placed(wish.stem), styles=styles, device=wish.device)


def _with_knobs(settings: StyleSettings, wish: Wish) -> StyleSettings:
    changes = dict(wish.knobs)
    if "envelope" in changes:
        changes["envelope"] = read_envelope(changes["envelope"], probe(wish.source).rate)
    return replace(settings, **changes)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
