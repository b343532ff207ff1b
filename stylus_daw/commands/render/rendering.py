"""What ``stylus-daw render`` does: a request from the options, and its render with a progress bar."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import probe
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.commands import console
from stylus_daw.commands.render.envelope_file import read_envelope
from stylus_daw.commands.reporting import say_json
from stylus_daw.engine.request import StyleRequest, StyleSettings
from stylus_daw.errors import AudioFileError, RequestError, check_range
from stylus_daw.jobs.job import Origin, RenderRequest, Stem, StyleFile
from stylus_daw.jobs.render import StemRenderer
from stylus_daw.jobs.renderer import ReportProgress
from stylus_daw.jobs.takes import takes
from stylus_daw.presets.library import PresetLibrary
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


class LateEngine:
    """The engine, loaded when the files have been read: a wrong path is told at once."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self._engine: Any = None

    def stylize(self, request: StyleRequest, device: str, progress: ReportProgress) -> Sound:
        progress(0.0, "loading the model")
        return self._loaded().stylize(request, device, progress)

    def model(self, name: str, device: str) -> tuple[str, str]:
        return self._loaded().model(name, device)

    def circumstances(self, settings: StyleSettings, device: str) -> Mapping[str, Any]:
        return self._loaded().circumstances(settings, device)

    def _loaded(self) -> Any:
        if self._engine is None:
            from stylus_daw.engine.local import LocalEngine

            self._engine = LocalEngine(self._scratch)
        return self._engine


def render(wish: Wish, *, as_json: bool) -> None:
    """Render the wish and tell of the stem, or of each take's.

    Raises:
        RequestError: a value, a file or a name that is not possible.
        EngineError, ChainError: it was possible, but failed.
    """
    request = request_of(wish)
    wanted = takes(request, wish.takes, spread=wish.spread) if wish.takes > 1 else (request,)
    for one in wanted:
        check_place(one)
    if wish.allows_download:
        from stylus_daw.commands.models.shelf import bring

        bring(request.settings.checkpoint, wish.state_dir, as_json=as_json)
    renderer = late_renderer(wish.state_dir)
    for one in wanted:
        _tell(_render(renderer, one, shows_progress=not as_json), as_json=as_json)


def late_renderer(state_dir: Path | None) -> StemRenderer:
    """A renderer that loads its model at the first render."""
    from stylus_daw.chain.pedalboard_chain import PedalboardChain

    scratch = Scratch(folder=Settings(home=state_folder(state_dir)).spool)
    scratch.remove_leftovers()
    return StemRenderer(LateEngine(scratch), PedalboardChain(scratch), scratch)


def _tell(stem: Stem, *, as_json: bool) -> None:
    if as_json:
        say_json(_as_json(stem))
    else:
        seconds = stem.length / stem.rate
        speed = f"{_realtime(stem):.2f} x real time, loading the model included"
        print(f"{stem.path}: {seconds:.2f} s in {stem.seconds_taken:.1f} s, {speed}")


def request_of(wish: Wish) -> RenderRequest:
    """The request that the options describe.

    Raises:
        RequestError: both or none of preset and styles, or a value out of its range.
    """
    if bool(wish.preset) == bool(wish.styles):
        said = "Both a preset and styles were given" if wish.styles else "Neither a preset nor a style was given"
        raise RequestError("request.style_source", f"{said}; give either --preset ID or --style FILE, once or more.")
    request = _from_preset(wish, wish.preset) if wish.preset else _from_styles(wish)
    return replace(request, settings=_with_knobs(request.settings, wish))


def style_of(written: str) -> StyleFile:
    """``FILE`` or ``FILE=WEIGHT``; a file whose name holds ``=`` is a file.

    Raises:
        RequestError: the weight is not a number in its range.
    """
    path, equals, weight = written.rpartition("=")
    if not equals or Path(written).exists() or not ((path and _is_number(weight)) or Path(path).is_file()):
        return StyleFile(path=Path(written))
    if not _is_number(weight):
        raise RequestError("request.weight", f"The weight {weight!r} of {path!r} is not a number; write {path}=0.5.")
    check_range(f"the weight of {path!r}", float(weight), 1e-6, 1e6)
    return StyleFile(path=Path(path), weight=float(weight))


def check_place(request: RenderRequest) -> None:
    """Refuse before the render what would be refused after it: the stem's name and folder.

    Raises:
        AudioFileError: no ``.wav``, one of the inputs, or no folder to write to.
    """
    stem = request.stem
    if stem.suffix.lower() != ".wav":
        text = f"'{stem}' does not end in .wav, but stems are always 32-bit float WAV. Name it {stem.stem}.wav."
        raise AudioFileError("audio.format", text)
    for source in (request.source, *(style.path for style in request.styles)):
        if os.path.realpath(source) == os.path.realpath(stem) or _is_same_file(source, stem):
            text = f"'{stem}' is the input '{source}', which is never overwritten. Choose another name."
            raise AudioFileError("audio.protected", text)
    if not stem.parent.is_dir() or stem.is_dir():
        what = "is a folder" if stem.is_dir() else f"is in '{stem.parent}', which is not a folder"
        raise AudioFileError("audio.write", f"'{stem}' {what}. Make that folder first, or choose another name.")


def _from_preset(wish: Wish, name: str) -> RenderRequest:
    settings = Settings(home=state_folder(wish.state_dir), device=wish.device)
    presets = PresetLibrary(user_folder=settings.presets)
    preset = presets.get(name)
    return PresetRequests(presets=presets, settings=settings).request(
        preset,
        source=wish.source,
        stem=wish.stem,
        region=None,
        settings=preset.to_settings(),
        origin=Origin(preset=preset.name),
        has_chain=wish.has_chain,
        allows_missing_plugins=wish.allows_missing_plugins,
    )


def _from_styles(wish: Wish) -> RenderRequest:
    styles = tuple(style_of(written) for written in wish.styles)
    return RenderRequest(source=wish.source, stem=wish.stem, styles=styles, device=wish.device)


def _with_knobs(settings: StyleSettings, wish: Wish) -> StyleSettings:
    changes = dict(wish.knobs)
    if "envelope" in changes:
        changes["envelope"] = read_envelope(changes["envelope"], probe(wish.source).rate)
    return replace(settings, **changes)


def _render(renderer: StemRenderer, request: RenderRequest, *, shows_progress: bool) -> Stem:
    with console.progress(disable=not shows_progress) as bar:
        task = bar.add_task("starting", total=1.0)

        def progress(fraction: float, stage: str) -> None:
            bar.update(task, completed=fraction, description=stage)

        return renderer.render(request, progress, lambda: False)


def _is_same_file(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _as_json(stem: Stem) -> dict[str, Any]:
    """The stem in the words of the bridge's ``done``."""
    return {
        "event": "done",
        "stem_path": stem.path,
        "start_sample": stem.start,
        "length_samples": stem.length,
        "rate": stem.rate,
        "channels": stem.channels,
        "seconds_taken": round(stem.seconds_taken, 3),
        "realtime_factor": _realtime(stem),
    }


def _realtime(stem: Stem) -> float:
    return round(stem.length / stem.rate / max(stem.seconds_taken, 1e-9), 2)
