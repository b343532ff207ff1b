"""From a Workpiece to render requests. No Qt, no torch."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from stylus_daw.chain.planning import planned
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import RequestError
from stylus_daw.jobs.job import STEM_FILE, JobEvent, Origin, Region, RenderRequest, StyleFile
from stylus_daw.jobs.takes import take_id, takes
from stylus_daw.presets.consent import plugins_of
from stylus_daw.presets.preset import Preset
from stylus_daw.settings import Settings
from stylus_ui.state.text import later
from stylus_ui.workspace.workpiece import Workpiece

NO_CONTENT = later("There is no audio yet. Drop a loop or a region to restyle.")
NO_STYLE = later("There is no style yet. Choose a preset, or drop a sound whose character it should take on.")


class Jobs(Protocol):
    """What the workspace needs of :class:`stylus_daw.jobs.queue.JobQueue`."""

    def submit_all(self, asked: Sequence[tuple[str, RenderRequest]]) -> None: ...

    def cancel(self, job: str) -> JobEvent: ...

    def status(self, job: str) -> JobEvent: ...


class Presets(Protocol):
    """What it needs of :class:`stylus_daw.presets.library.library.PresetLibrary`."""

    def get(self, asked: str) -> Preset: ...


def new_job_id() -> str:
    """An id that no other job has."""
    return f"win-{uuid.uuid4().hex[:12]}"


def check_consent(workpiece: Workpiece, presets: Presets) -> None:
    """Refuse plugins that came in a bundle and were not agreed to: before they are loaded, rendered or opened.

    Raises:
        PresetError: ``preset.consent``; or the preset is gone, and nobody can agree any more.
    """
    if workpiece.needs_consent and plugins_of(workpiece.treatment.chain.model_dump(mode="json")):
        presets.get(workpiece.preset_id).model_copy(update={"chain": workpiece.treatment.chain}).check_consent()


def requests_of(
    workpiece: Workpiece,
    settings: Settings,
    *,
    region: Region | None = None,
    engine: StyleSettings | None = None,
    folder: Path | None = None,
    presets: Presets,
    numbers: Mapping[Path, int] | None = None,
) -> Iterator[tuple[str, RenderRequest]]:
    """A job id and a request for every take of the content, and of every further file.

    Reads the table of scanned plugins: call it away from the window's thread.

    Args:
        workpiece: what is rendered.
        settings: of the core.
        region: instead of the workpiece's, for the content alone: a few seconds for a draft while turning.
        engine: instead of the workpiece's settings.
        folder: for stems; left out, the jobs folder.
        presets: to ask for consent.
        numbers: which take of a source the first one is; left out, nobody counts.

    Raises:
        RequestError: no content or no style.
        PresetError: plugins wait for consent.
        ChainError: a plugin is not on this machine.
    """
    check_consent(workpiece, presets)
    content, whole = workpiece.content, workpiece.region
    if content is None or whole is None:
        raise RequestError("workspace.content", NO_CONTENT)
    if not workpiece.treatment.styles:
        raise RequestError("workspace.style", NO_STYLE)
    first = _request(workpiece, settings, engine)
    chosen = region or whole.region(content)
    edited = bool(workpiece.preset_name) and workpiece.is_edited
    origin = replace(content.origin, preset=workpiece.preset_name, edited=edited)
    count = 1 if region else workpiece.takes
    looked_at = replace(first, source=content.path, region=chosen, origin=origin)
    yield from _numbered(_placed(looked_at, folder or settings.jobs, count), numbers)
    for path in () if region else workpiece.more:
        other = replace(first, source=path, region=None, origin=replace(origin, track=""))
        yield from _numbered(_placed(other, settings.jobs, count), numbers)


def _request(workpiece: Workpiece, settings: Settings, engine: StyleSettings | None) -> RenderRequest:
    chain = Hosting.in_folder(settings.home).resolved(workpiece.treatment.chain)
    return RenderRequest(
        source=Path(),
        stem=Path(),
        device=settings.device,
        origin=Origin(client="window"),
        styles=tuple(
            StyleFile(path=slot.path, weight=slot.weight, part=slot.part) for slot in workpiece.treatment.styles
        ),
        settings=engine or workpiece.treatment.settings,
        chain=planned(chain),
    )


def _numbered(
    placed: Iterator[tuple[str, RenderRequest]], numbers: Mapping[Path, int] | None
) -> Iterator[tuple[str, RenderRequest]]:
    """The same, counted on from the number of their source."""
    for further, (job, request) in enumerate(placed):
        first = (numbers or {}).get(request.source, 0)
        yield job, replace(request, origin=replace(request.origin, take=first + further)) if first else request


def _placed(request: RenderRequest, folder: Path, count: int) -> Iterator[tuple[str, RenderRequest]]:
    """Job ids and requests in a new folder: one job, or as many takes as ``count`` says."""
    job = new_job_id()
    place = folder / job
    place.mkdir(parents=True, exist_ok=True)
    placed = replace(request, stem=place / STEM_FILE)
    if count == 1:
        yield job, placed
    else:
        yield from ((take_id(job, number), take) for number, take in enumerate(takes(placed, count), start=1))
