"""A stubbed REAPER in a real Lua, and the real app behind it with an engine that turns the sound upside down."""

from __future__ import annotations

import json
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from stylus_bridge.daws.host import Place
from stylus_bridge.daws.install import install
from stylus_bridge.daws.reaper.host import HOST
from stylus_bridge.host_requests import HostRequests
from stylus_bridge.server import BridgeServer
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import write_audio
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.engine.request import StyleRequest
from stylus_daw.errors import EngineError, JobCancelled, StylusError
from stylus_daw.jobs.job import JobDone, JobEvent, JobFailed, JobProgressed, JobWasCancelled, RenderRequest
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.queue import JobQueue
from stylus_daw.jobs.stem_renderer import StemRenderer
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings

HERE = Path(__file__).parent
RENDER, CHOOSE, CANCEL = (
    "Stylus - render selection (last preset).lua",
    "Stylus - choose preset and render.lua",
    "Stylus - cancel.lua",
)
PATIENCE_S = 20.0


class LuaFault(AssertionError):
    """The script broke one of REAPER's rules, or raised."""


def lua_text(text: str) -> str:
    """A Lua string literal of any text."""
    return '"' + "".join(f"\\{byte:03d}" for byte in text.encode()) + '"'


class Reaper:
    """The stubbed REAPER. ``do`` runs Lua in which ``stub`` builds the session and ``world`` shows what happened."""

    def __init__(self, scripts: Path, lua: str = "lua5.4") -> None:
        self.scripts = scripts
        self._lua = subprocess.Popen(
            [lua, str(HERE / "driver.lua"), str(HERE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def do(self, chunk: str) -> Any:
        """Run Lua; gives what it returns."""
        assert self._lua.stdin is not None
        assert self._lua.stdout is not None
        code = chunk.encode()
        self._lua.stdin.write(b"%d\n%s" % (len(code), code))
        self._lua.stdin.flush()
        answer = json.loads(self._lua.stdout.readline())
        if answer["faults"] or answer.get("error"):
            raise LuaFault("\n".join([*answer["faults"], answer.get("error", "")]))
        return answer.get("result")

    def click(self, action: str) -> None:
        """Run an action of ours."""
        self.do(f"stub.run({lua_text(str(self.scripts / action))})")

    def pump(self, rounds: int = 1, seconds: float = 0.25) -> bool:
        """Let REAPER's loop go round; False when no script runs any more."""
        return self.do(f"return stub.pump({rounds}, {seconds})")

    def pump_until(self, is_over: Callable[[], bool], seconds: float = 0.25) -> None:
        """Go round until ``is_over``. REAPER's clock runs ``seconds`` a round; a round takes a hundredth of one."""
        deadline = time.monotonic() + PATIENCE_S
        while not is_over():
            assert time.monotonic() < deadline, "nothing happened"
            self.pump(1, seconds)
            time.sleep(0.01)

    def finish(self, seconds: float = 0.05) -> None:
        """Go round until our scripts have nothing left to do."""
        deadline = time.monotonic() + PATIENCE_S
        while self.pump(1, seconds):
            assert time.monotonic() < deadline, "the scripts go on and on"
            time.sleep(0.01)

    @property
    def messages(self) -> list[str]:
        return self.do("return world.messages")

    def close(self) -> None:
        assert self._lua.stdin is not None
        assert self._lua.stdout is not None
        self._lua.stdin.close()
        self._lua.wait(10)
        self._lua.stdout.close()


class UpsideDown:
    """An engine whose stem is the content times -1: its place can be told to the sample."""

    def __init__(self) -> None:
        self.content: Clip | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.failure: StylusError | None = None

    def stylize(self, request: StyleRequest, device: str, progress: ReportProgress) -> Clip:
        self.content = request.content
        progress(0.4, "styling")
        while not self.gate.wait(0.05):
            progress(0.4, "styling")
        if self.failure:
            raise self.failure
        return request.content.with_samples(-request.content.samples)

    def model(self, name: str, device: str) -> tuple[str, str]:
        return "upside-down", "0" * 64

    def circumstances(self, settings: Any, device: str) -> dict[str, str]:
        return {}


class NoChain:
    def apply(self, clip: Clip, chain: Mapping[str, Any]) -> Clip:
        return clip

    def keeps_tail(self, chain: Mapping[str, Any]) -> bool:
        return False


@dataclass
class RenderHere:
    """A worker of the queue that renders in the queue's own thread."""

    engine: UpsideDown = field(default_factory=UpsideDown)

    def render(
        self, job: str, request: RenderRequest, on_progress: Callable[[JobProgressed], None], cancelled: threading.Event
    ) -> JobEvent:
        def progress(fraction: float, stage: str) -> None:
            if cancelled.is_set():
                raise JobCancelled
            on_progress(JobProgressed(job=job, fraction=fraction, stage=stage))

        try:
            stem = StemRenderer(self.engine, NoChain()).render(request, progress, cancelled.is_set)
            return JobDone(job=job, stem=stem)
        except JobCancelled:
            return JobWasCancelled(job=job)
        except StylusError as error:
            return JobFailed(job=job, code=error.code, message=error.message)

    def close(self) -> None:
        self.engine.gate.set()


class Studio:
    """A folder with a state folder, an installed set of scripts, audio files, and a place for REAPER's own media."""

    def __init__(self, root: Path, *, home: Path | None = None, lua: str = "lua5.4") -> None:
        self.root = root
        self.home = home or root / "state"
        self.media = root / "media"
        self.media.mkdir(parents=True)
        self.worker = RenderHere()
        place = Place(evidence=root, scripts=root / "Scripts" / "Stylus")
        install(HOST, place, self.home)
        self.reaper = Reaper(place.scripts, lua)
        self.reaper.do(f"world.media = {lua_text(str(self.media))}")
        self.reaper.do('world.ext["stylus/preset"] = "warm-strings"')

    @property
    def engine(self) -> UpsideDown:
        return self.worker.engine

    @contextmanager
    def app(self) -> Iterator[BridgeServer]:
        """The app, running."""
        settings = Settings(home=self.home, port=0)
        journal = Journal(_made(self.home) / "journal.sqlite")
        queue = JobQueue(journal, self.worker)
        queue.start()
        presets = PresetLibrary()
        server = BridgeServer(
            jobs=queue,
            presets=presets,
            builder=HostRequests(
                requests=PresetRequests(presets=presets, settings=settings), jobs_folder=settings.jobs
            ),
            jobs_folder=settings.jobs,
            state_folder=settings.home,
            port=0,
        )
        server._watcher._poll_s = 0.02  # or every test would wait half a second
        server.start()
        try:
            yield server
        finally:
            server.stop()
            queue.stop()
            journal.close()

    def audio(self, name: str, *, seconds: float = 1.0, rate: int = 48_000, channels: int = 2) -> Path:
        """A file of noise that is the same in every run."""
        noise = np.random.default_rng(7).uniform(-0.5, 0.5, (channels, round(seconds * rate)))
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_audio(path, Clip(samples=noise.astype(np.float32), rate=rate))
        return path

    def job_folders(self) -> list[Path]:
        jobs = self.home / "jobs"
        return sorted(jobs.iterdir()) if jobs.is_dir() else []


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def silence_is_an_error() -> EngineError:
    return EngineError("engine.silent", 'The region is silent: "nothing" to restyle.')
