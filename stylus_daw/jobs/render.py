"""StemRenderer: one request from source file to stem file. Runs in the render process.

The region's handles are restyled and go through the chain with it, so that attacks, tails and
effects find their context, and are cut off at the end: the stem has exactly the region's length.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from stylus_daw import __version__
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Provenance, probe, read, sha256_of, write_stem
from stylus_daw.audio.true_peak import guard_true_peak
from stylus_daw.engine.progress import within
from stylus_daw.engine.request import StyleRequest, WeightedStyle
from stylus_daw.errors import JobCancelled, RequestError
from stylus_daw.jobs.job import Region, RenderRequest, Stem
from stylus_daw.jobs.renderer import ReportProgress

MAX_STYLE_SECONDS = 60.0
ENGINE_SHARE, CHAIN_SHARE = 0.9, 0.97


class Stylizer(Protocol):
    """The engine, as far as a job needs it."""

    def stylize(self, request: StyleRequest, device: str, progress: ReportProgress) -> Clip: ...

    def model(self, name: str, device: str) -> tuple[str, str]:
        """Name and SHA-256 of a checkpoint."""
        ...


class Chain(Protocol):
    """The effects: a clip through the chain of a request, in its JSON form."""

    def apply(self, clip: Clip, chain: Mapping[str, Any]) -> Clip: ...

    def keeps_tail(self, chain: Mapping[str, Any]) -> bool: ...


class StemRenderer:
    """See :class:`stylus_daw.jobs.renderer.Renderer`."""

    def __init__(self, engine: Stylizer, chain: Chain) -> None:
        self._engine = engine
        self._chain = chain

    def render(self, request: RenderRequest, progress: ReportProgress, is_cancelled: Callable[[], bool]) -> Stem:
        began = time.monotonic()
        progress(0.0, "reading")
        content = read_content(request)
        styled = self._stylize(content, request, within(progress, 0.0, ENGINE_SHARE))
        if is_cancelled():
            raise JobCancelled
        progress(ENGINE_SHARE, "effects")
        clip = self._effects(styled, request)
        if clip is not content:
            clip = guard_true_peak(clip, content)
        clip = _region_of(clip, request.region, keeps_tail=self._chain.keeps_tail(request.chain))
        progress(CHAIN_SHARE, "writing")
        if is_cancelled():
            raise JobCancelled
        write_stem(request.stem, clip, self._provenance(request), protect=_protected(request))
        progress(1.0, "done")
        return Stem(
            path=request.stem, start=clip.start, length=clip.length, rate=clip.rate, channels=clip.channels,
            seconds_taken=time.monotonic() - began,
        )  # fmt: skip

    def _stylize(self, content: Clip, request: RenderRequest, progress: ReportProgress) -> Clip:
        styles = tuple(
            WeightedStyle(clip=_read_style(style.path), weight=style.weight, tempo_bpm=style.tempo_bpm)
            for style in request.styles
        )
        before = request.region.before if request.region else 0
        asked = StyleRequest(content=content, styles=styles, settings=request.settings, before=before)
        return self._engine.stylize(asked, request.device, progress)

    def _effects(self, styled: Clip, request: RenderRequest) -> Clip:
        """The chain; a tail that is kept must not hold what follows the region."""
        if self._chain.keeps_tail(request.chain) and request.region and request.region.after:
            styled = styled.slice(0, styled.length - request.region.after)
        return self._chain.apply(styled, request.chain)

    def _provenance(self, request: RenderRequest) -> Provenance:
        settings = asdict(request.settings)
        model, sha256 = self._engine.model(request.settings.checkpoint, request.device)
        settings["styles"] = [[style.path.name, style.weight] for style in request.styles]
        settings["chain"] = request.chain
        return Provenance(
            preset=request.origin.preset, settings=settings, model=model, model_sha256=sha256,
            source_sha256=sha256_of(request.source), app_version=__version__,
        )  # fmt: skip


def read_content(request: RenderRequest) -> Clip:
    """The region with its handles, placed so that the region's first sample lies at its time reference.

    Raises:
        AudioFileError: the source cannot be read, or the region reaches beyond it.
        RequestError: the source has another rate than the region.
    """
    region = request.region
    if region is None:
        return read(request.source)
    info = probe(request.source)
    if info.rate != region.rate:
        text = (
            f"The region counts samples at {region.rate} Hz, but {request.source.name} has {info.rate} Hz. "
            "Send the file at the session's rate."
        )
        raise RequestError("audio.rate_mismatch", text)
    total = region.before + region.length + region.after
    clip = read(request.source, first=region.source_offset, length=total)
    return Clip(samples=clip.samples, rate=clip.rate, start=region.time_reference - region.before)


def _read_style(path: Any) -> Clip:
    info = probe(path)
    return read(path, length=min(info.frames, round(MAX_STYLE_SECONDS * info.rate)))


def _region_of(clip: Clip, region: Region | None, *, keeps_tail: bool) -> Clip:
    """Without the handles; a tail that is kept stays."""
    if region is None:
        return clip
    return clip.slice(region.before, clip.length - region.before if keeps_tail else region.length)


def _protected(request: RenderRequest) -> tuple[Any, ...]:
    return (request.source, *(style.path for style in request.styles))
