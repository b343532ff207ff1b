"""``stylus-daw render`` at work: the request of a wish, rendered in this process with a progress bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from stylus_daw.atomic import nothing_replaced
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.commands import console
from stylus_daw.commands.render.places import Places, refuse_existing, refuse_inputs, wishes
from stylus_daw.commands.render.wish import Wish, check_place, request_of
from stylus_daw.commands.reporting import DONE, PARTLY, say_json, tell_error
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.engine.request import StyleRequest, StyleSettings
from stylus_daw.errors import ChainError, CheckpointError, EngineError, RequestError
from stylus_daw.jobs.job import RenderRequest, Stem
from stylus_daw.jobs.stem_renderer import StemRenderer
from stylus_daw.jobs.takes import takes
from stylus_daw.settings import Settings, state_folder


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


def render(wish: Wish, sources: Sequence[Path], places: Places, *, as_json: bool) -> int:
    """Render the wish for each source, and tell of each stem; returns the exit code.

    Of several files, one that fails is told and the others go on.

    Raises:
        RequestError: a value, a file or a name that is not possible.
        EngineError, ChainError: it was possible, but failed.
        CheckpointError: no file can be rendered without the model.
    """
    requests = [request for one in wishes(wish, sources, places) for request in _takes_of(one)]
    for request in requests:
        check_place(request)
    refuse_inputs(requests)
    if not places.forces:
        refuse_existing([request.stem for request in requests])
    if wish.allows_download:
        from stylus_daw.commands.models.shelf import bring

        bring(requests[0].settings.checkpoint, wish.state_dir, as_json=as_json)
    renderer, exit_code, is_first = late_renderer(wish.state_dir), DONE, True
    for request in requests:
        try:
            with nullcontext() if places.forces else nothing_replaced():
                stem = _render(renderer, request, shows_progress=not as_json)
        except (RequestError, EngineError, ChainError) as error:
            if len(sources) == 1 or isinstance(error, CheckpointError):
                raise
            tell_error(error.code, error.message, as_json=as_json)
            exit_code = PARTLY
        else:
            _tell(stem, request.source, as_json=as_json, has_loaded=is_first)
            is_first = False
    return exit_code


def _takes_of(wish: Wish) -> tuple[RenderRequest, ...]:
    request = request_of(wish)
    return takes(request, wish.takes, spread=wish.spread) if wish.takes > 1 else (request,)


def late_renderer(state_dir: Path | None) -> StemRenderer:
    """A renderer that loads its model at the first render."""
    from stylus_daw.chain.pedalboard_chain import PedalboardChain

    scratch = Scratch(folder=Settings(home=state_folder(state_dir)).spool)
    scratch.remove_leftovers()
    return StemRenderer(LateEngine(scratch), PedalboardChain(scratch), scratch)


def _tell(stem: Stem, source: Path, *, as_json: bool, has_loaded: bool) -> None:
    if as_json:  # for people the log's line stands above
        say_json(_as_json(stem) | ({"note": stem.short.said(f"'{source}'")} if stem.short else {}))
    else:
        seconds = stem.length / stem.rate
        speed = f"{_realtime(stem):.2f} x real time" + (", loading the model included" if has_loaded else "")
        print(f"{stem.path}: {seconds:.2f} s in {stem.seconds_taken:.1f} s, {speed}")


def _render(renderer: StemRenderer, request: RenderRequest, *, shows_progress: bool) -> Stem:
    with console.progress(disable=not shows_progress) as bar:
        task = bar.add_task("starting", total=1.0)

        def progress(fraction: float, stage: str) -> None:
            bar.update(task, completed=fraction, description=stage)

        return renderer.render(request, progress, lambda: False)


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
