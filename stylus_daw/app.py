"""Composition root: builds the queue, the bridge and (in the render process) the engine.

What is started is stopped in exactly the reverse order. Nothing here imports torch; the render
process does, by :func:`build_renderer`.
"""

from __future__ import annotations

import logging
import logging.handlers
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.job_file import JobFile
from bridge.server import BridgeServer
from stylus_daw.audio.sound import Sound, pieces
from stylus_daw.audio.spool import Scratch, SpooledSound
from stylus_daw.engine.request import StyleSettings
from stylus_daw.jobs.job import Origin, Region, RenderRequest, StyleFile
from stylus_daw.jobs.journal import Journal
from stylus_daw.jobs.queue import JobQueue
from stylus_daw.jobs.worker import RenderWorker
from stylus_daw.presets.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from stylus_daw.settings import Settings, state_folder

if TYPE_CHECKING:
    from stylus_daw.chain.spec import ChainSpec
    from stylus_daw.jobs.render import StemRenderer

RENDERER = "stylus_daw.app:build_renderer"
STEM_FILE = "stem.wav"
LOG_BYTES, LOG_FILES = 2_000_000, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running parts, as the command line and the window use them."""

    settings: Settings
    presets: PresetLibrary
    journal: Journal
    queue: JobQueue
    server: BridgeServer


@contextmanager
def running(settings: Settings, *, warm: bool = True) -> Iterator[App]:
    """The app from start to stop.

    Args:
        settings: where everything lies.
        warm: load the model before the first job comes.
    """
    with ExitStack() as stack:
        presets = PresetLibrary(user_folder=settings.presets)
        journal = Journal(settings.journal)
        stack.callback(journal.close)
        worker = RenderWorker(RENDERER)
        queue = JobQueue(journal, worker)
        queue.start()
        stack.callback(queue.stop)
        if warm:
            worker.warm_up()
        server = BridgeServer(
            jobs=queue,
            presets=presets,
            builder=PresetRequests(presets, settings),
            jobs_folder=settings.jobs,
            state_folder=settings.home,
            allowed_roots=settings.allowed_roots,
            port=settings.port,
        )
        server.start()
        stack.callback(server.stop)
        yield App(settings=settings, presets=presets, journal=journal, queue=queue, server=server)


def build_renderer() -> StemRenderer:
    """What the render process holds. Imports torch and loads the embedded checkpoint."""
    from stylus_daw.engine.local import LocalEngine
    from stylus_daw.jobs.render import StemRenderer

    scratch = scratch_in(state_folder())
    scratch.remove_leftovers()
    engine = LocalEngine(scratch)
    engine.checkpoint(StyleSettings().checkpoint)
    return StemRenderer(engine, PedalboardChain(scratch), scratch)


def scratch_in(home: Path) -> Scratch:
    """Where renders keep what is too long for memory."""
    return Scratch(folder=home / "spool")


class PedalboardChain:
    """The chain of a request, from its JSON form (see ``stylus_daw.jobs.render.Chain``)."""

    def __init__(self, scratch: Scratch | None = None) -> None:
        self._scratch = scratch or Scratch()

    def apply(self, sound: Sound, chain: Mapping[str, Any]) -> Sound:
        from stylus_daw.chain.host import process_chunks
        from stylus_daw.chain.spec import ChainSpec

        spec = ChainSpec.model_validate(dict(chain))
        if not spec.active:
            return sound
        spool = self._scratch.spool(sound.channels)
        for samples in process_chunks(pieces(sound), sound.rate, spec, scratch=self._scratch):
            spool.append(samples)
        return SpooledSound(spool=spool, rate=sound.rate, start=sound.start)

    def keeps_tail(self, chain: Mapping[str, Any]) -> bool:
        return chain.get("tail", "trim") != "trim"


@dataclass(frozen=True, slots=True)
class PresetRequests:
    """Turns what a host asks for into render requests (see ``bridge.services.RequestBuilder``)."""

    presets: PresetLibrary
    settings: Settings

    def build(self, job: JobFile, folder: Path) -> RenderRequest:
        preset = self.presets.get(job.preset)
        origin = Origin(client=job.client, project=job.project, track=job.track, preset=preset.name)
        chosen = job.overridden(preset.to_settings())
        return self.request(
            preset,
            source=Path(job.source),
            stem=folder / STEM_FILE,
            region=job.to_region(),
            settings=chosen,
            origin=origin,
            allows_missing_plugins=job.allow_missing_plugins,
        )

    def build_short(self, job_id: str, wav: Path, preset: str) -> RenderRequest:
        found = self.presets.get(preset)
        folder = self.settings.jobs / job_id
        folder.mkdir(parents=True, exist_ok=True)
        return self.request(
            found,
            source=wav,
            stem=folder / STEM_FILE,
            region=None,
            settings=found.to_settings(),
            origin=Origin(client="osc", preset=found.name),
        )

    def request(
        self,
        preset: Preset,
        *,
        source: Path,
        stem: Path,
        region: Region | None,
        settings: StyleSettings,
        origin: Origin,
        has_chain: bool = True,
        allows_missing_plugins: bool = False,
    ) -> RenderRequest:
        """A request with the preset's styles and, unless it is left out, its chain.

        Raises:
            PresetError: its plugins wait for consent.
            ChainError: a plugin is not on this machine, and the render is not allowed without it.
        """
        chain = self._chain(preset, allows_missing_plugins).model_dump(mode="json") if has_chain else {}
        styles = tuple(
            StyleFile(path=style.path, weight=style.weight, tempo_bpm=style.tempo_bpm)
            for style in self.presets.styles(preset)
        )
        return RenderRequest(
            source=source,
            stem=stem,
            styles=styles,
            region=region,
            settings=settings,
            chain=chain,
            origin=origin,
            device=self.settings.device,
        )

    def _chain(self, preset: Preset, allows_missing_plugins: bool) -> ChainSpec:
        """The preset's chain with its plugins where they lie here: none is missed after the engine's work."""
        from stylus_daw.chain.hosting import Hosting

        preset.check_consent()
        consent = preset.chain.allow_missing_plugins or allows_missing_plugins
        chain = preset.chain.model_copy(update={"allow_missing_plugins": consent})
        return Hosting.in_folder(self.settings.home).resolved(chain)


def log_to_file(settings: Settings, *, level: int = logging.INFO) -> None:
    """Logging of the app: a rotating file in the state folder."""
    handler = logging.handlers.RotatingFileHandler(
        settings.log, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
