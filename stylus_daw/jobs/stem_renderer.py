"""StemRenderer: one request from source file to stem file. Runs in the render process.

The region's handles are restyled and go through the chain with it, so that attacks, tails and
effects find their context, and are cut off at the end: the stem has exactly the region's length.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from stylus_daw import __version__
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import (
    OnShort,
    Provenance,
    Shortfall,
    ShortFileError,
    log_short,
    opened_sound,
    probe,
    read,
    sha256_of,
    speaker_mask_of,
    write_stem,
)
from stylus_daw.audio.level.true_peak import guarded
from stylus_daw.audio.sound import Sound, Watched, part, placed
from stylus_daw.audio.spool import Scratch
from stylus_daw.chain_plan import ChainPlan
from stylus_daw.engine.notes.note import HEARD_ROWS
from stylus_daw.engine.progress import ReportProgress, within
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.share import Shared
from stylus_daw.errors import JobCancelled, RequestError
from stylus_daw.jobs.job import Region, RenderRequest, Stem, StyleFile
from stylus_daw.jobs.share_file import write_share
from stylus_daw.regular_file import links_refused

MAX_STYLE_SECONDS = 60.0  # s: a style is held in memory, and a few seconds say all that is used
# Where in the progress of a render each part ends: about its share of the time on two cores.
ENGINE_SHARE, CHAIN_SHARE, PEAKS_SHARE = 0.85, 0.9, 0.96  # where each stage ends on the progress bar
BYTES = 4  # per sample, float32


class Stylizer(Protocol):
    """The engine, as far as a job needs it."""

    def stylize(self, request: StyleRequest, device: str, progress: ReportProgress) -> Sound:
        """The content restyled; the content itself where nothing is to be done."""
        ...

    def model(self, name: str, device: str) -> tuple[str, str]:
        """Name and SHA-256 of a checkpoint."""
        ...

    def circumstances(self, settings: StyleSettings, device: str) -> Mapping[str, Any]:
        """What decided the sound besides request and checkpoint, after the render; goes to JSON."""
        ...


class Chain(Protocol):
    """The effects: a sound through the chain of a request."""

    def apply(self, sound: Any, plan: ChainPlan, /) -> Sound:
        """The sound itself where the chain does nothing. What the engine gave as a clip comes as a clip."""
        ...


class StemRenderer:
    """See :class:`stylus_daw.jobs.process.renderer.Renderer`.

    Args:
        engine: makes the sound.
        chain: the effects.
        scratch: where sound that is too long for memory is stored meanwhile.
    """

    def __init__(self, engine: Stylizer, chain: Chain, scratch: Scratch | None = None) -> None:
        self._engine = engine
        self._chain = chain
        self._scratch = scratch or Scratch()

    def render(self, request: RenderRequest, progress: ReportProgress, is_cancelled: Callable[[], bool]) -> Stem:
        began = time.monotonic()

        def step(fraction: float, stage: str) -> None:
            if is_cancelled():
                raise JobCancelled
            progress(fraction, stage)

        step(0.0, "reading")
        short: list[Shortfall] = []
        with opened_content(request, self._scratch, lambda told: short.append(_logged(told))) as content:
            if request.share:
                return write_share(request, self._engine, content, self._scratch, step)
            source = _Source.of(request)
            self._require(request, content)
            sound = self._stylized(content, request, within(step, 0.0, ENGINE_SHARE))
            sound = self._with_effects(sound, request, within(step, ENGINE_SHARE, CHAIN_SHARE))
            if sound is not content:
                sound = _guarded(sound, content, request, within(step, CHAIN_SHARE, PEAKS_SHARE))
            sound = _region_of(sound, request.region, keeps_tail=request.chain.keeps_tail)
            self._write(_watched(sound, within(step, PEAKS_SHARE, 1.0), "writing"), request, source)
        progress(1.0, "done")
        return Stem(
            path=request.stem,
            start=sound.start,
            length=sound.length,
            rate=sound.rate,
            channels=sound.channels,
            seconds_taken=time.monotonic() - began,
            short=short[0] if short else None,
        )

    def _require(self, request: RenderRequest, content: Sound) -> None:
        """Space for what the engine and the chain hold at once."""
        audio = BYTES * content.channels * content.length
        self._scratch.require([audio, audio] if request.chain.is_active else [audio])

    def _stylized(self, content: Sound, request: RenderRequest, progress: ReportProgress) -> Sound:
        styles = tuple(
            WeightedStyle(clip=_read_style(style), weight=style.weight, tempo_bpm=style.tempo_bpm)
            for style in request.styles
        )
        before = request.region.before if request.region else 0
        heard = Shared.of(request.heard, rows=HEARD_ROWS) if request.heard else None
        asked = StyleRequest(content=content, styles=styles, settings=request.settings, before=before, heard=heard)
        return self._engine.stylize(asked, request.device, progress)

    def _with_effects(self, sound: Sound, request: RenderRequest, progress: ReportProgress) -> Sound:
        """The chain; a tail that is kept must not hold what follows the region."""
        progress(0.0, "effects")
        if request.chain.keeps_tail and request.region and request.region.after:
            sound = part(sound, 0, sound.length - request.region.after)
        heard = sound if isinstance(sound, Clip) else _watched(sound, progress, "effects")
        wet = self._chain.apply(heard, request.chain)
        return sound if wet is heard else wet

    def _write(self, sound: Sound, request: RenderRequest, source: _Source) -> None:
        write_stem(
            request.stem,
            sound,
            self._provenance(request, source.sha256),
            protect=_protected(request),
            speaker_mask=source.speaker_mask,
            replaces_links=request.is_in_job_folder,
        )

    def _provenance(self, request: RenderRequest, source_sha256: str) -> Provenance:
        settings = asdict(request.settings)
        model, sha256 = self._engine.model(request.settings.checkpoint, request.device)
        settings["styles"] = [_told(style) for style in request.styles]
        settings["chain"] = request.chain.spec
        settings["circumstances"] = dict(self._engine.circumstances(request.settings, request.device))
        return Provenance(
            preset=request.origin.preset,
            settings=settings,
            model=model,
            model_sha256=sha256,
            source_sha256=source_sha256,
            app_version=__version__,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """What a stem says of its source, taken when the source is opened: it may be changed or gone at the end."""

    speaker_mask: int
    sha256: str

    @classmethod
    def of(cls, request: RenderRequest) -> _Source:
        with _as_checked(request):
            return cls(speaker_mask=speaker_mask_of(request.source), sha256=sha256_of(request.source))


def _logged(short: ShortFileError) -> Shortfall:
    log_short(short)
    return short.shortfall


def _told(style: StyleFile) -> list[Any]:
    """Name, weight and, where it is not the whole file, the part."""
    told = [style.path.name, style.weight]
    return [*told, [style.part.start_s, style.part.end_s]] if style.part else told


def _guarded(sound: Sound, content: Sound, request: RenderRequest, progress: ReportProgress) -> Sound:
    """The sound with its true peaks limited; as loud as before where the chain keeps loudness."""
    return guarded(
        sound,
        content,
        keeps_loudness=request.chain.keeps_loudness,
        listener=lambda fraction: progress(fraction, "checking the peaks"),
    )


@contextmanager
def opened_content(request: RenderRequest, scratch: Scratch, on_short: OnShort) -> Iterator[Sound]:
    """The region with its handles, placed so that the region's first sample is at its time reference.

    Args:
        request: names the source.
        scratch: for a long one.
        on_short: is told of a source that breaks off, unless a region of it was asked for.

    Raises:
        AudioFileError: the source cannot be read, or the region reaches beyond it.
        RequestError: the source has another rate than the region.
    """
    region = request.region
    if region is None:
        with _opened_source(request, scratch, on_short) as sound:
            yield sound
        return
    with _as_checked(request):
        info = probe(request.source)
    if info.rate != region.rate:
        text = (
            f"The region counts samples at {region.rate} Hz, but {request.source.name} has {info.rate} Hz. "
            "Send the file at the session's rate."
        )
        raise RequestError("audio.rate_mismatch", text)
    total = region.before + region.length + region.after
    with _opened_source(request, scratch, log_short, first=region.source_offset, length=total) as sound:
        yield placed(sound, region.time_reference - region.before)


@contextmanager
def _opened_source(request: RenderRequest, scratch: Scratch, on_short: OnShort, **stretch: int) -> Iterator[Sound]:
    with ExitStack() as stack:
        with _as_checked(request):
            sound = stack.enter_context(opened_sound(request.source, scratch, on_short=on_short, **stretch))
        yield sound


def _as_checked(request: RenderRequest) -> AbstractContextManager[None]:
    """What the desk found in a job's own folder must lie there when it is opened, too; see ``docs/security.md``."""
    is_the_hosts = request.is_in_job_folder and request.source.parent == request.stem.parent
    return links_refused() if is_the_hosts else nullcontext()


def _read_style(style: StyleFile) -> Clip:
    """The part that is the reference, else the beginning."""
    info = probe(style.path)
    first, length = style.part.samples(info.rate, info.frames, style.path.name) if style.part else (0, info.frames)
    return read(style.path, first=first, length=min(length, round(MAX_STYLE_SECONDS * info.rate)))


def _region_of(sound: Sound, region: Region | None, *, keeps_tail: bool) -> Sound:
    """Without the handles; a tail that is kept stays."""
    if region is None:
        return sound
    return part(sound, region.before, sound.length - region.before if keeps_tail else region.length)


def _watched(sound: Sound, progress: ReportProgress, stage: str) -> Sound:
    return Watched(source=sound, listener=lambda fraction: progress(min(1.0, fraction), stage))


def _protected(request: RenderRequest) -> tuple[Any, ...]:
    return (request.source, *(style.path for style in request.styles))
