"""Composition root: builds the queue, the bridge and (in the render process) the engine.

What is started is stopped in exactly the reverse order. Nothing here imports torch; the render
process does, by :func:`build_renderer`.
"""

from __future__ import annotations

import logging
import logging.handlers
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stylus_bridge.host_requests import HostRequests
from stylus_bridge.server import BridgeServer
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import JobError
from stylus_daw.farm.farm_settings import read_farm
from stylus_daw.housekeeping.cleaning import clean_at_start
from stylus_daw.jobs.dispatcher import Lanes
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.process.worker import RenderWorker
from stylus_daw.jobs.queue import JobQueue
from stylus_daw.only_one import only_one
from stylus_daw.plain_text import plain
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings, state_folder

if TYPE_CHECKING:
    from stylus_daw.farm.client.farm_worker import FarmWorker
    from stylus_daw.jobs.stem_renderer import StemRenderer

RENDERER = "stylus_daw.app:build_renderer"
MOST_OF_A_LINE = 4_000  # letters
SWITCH_S = 0.0005
"""How long a thread keeps Python to itself while another waits. By default 5 ms, and a message from a host waits for
several turns: between its arrival and its answer it gives Python up and takes it again."""
LOG_BYTES, LOG_FILES = 2_000_000, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The running parts, as the command line and the window use them."""

    settings: Settings
    presets: PresetLibrary
    journal: Journal
    queue: JobQueue
    server: BridgeServer

    def check(self) -> None:
        """Nothing that must run is gone.

        Raises:
            JobError: ``app.thread_lost``: end the app; at its next start, jobs that are not finished continue.
        """
        for thread in (*self.queue.threads, *self.server.threads):
            if thread.is_lost:
                text = f"A part of stylus-daw ({thread.name}) has failed for good; the log says why. Start it again."
                raise JobError("app.thread_lost", text)


@contextmanager
def running(settings: Settings, *, warm: bool = True) -> Iterator[App]:
    """The app from start to stop.

    Args:
        settings: where everything is stored.
        warm: load the model before the first job comes.

    Raises:
        BridgeError: ``bridge.running``: there is one for this state folder already.
    """
    with ExitStack() as stack:
        stack.enter_context(only_one(settings.home))
        stack.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(SWITCH_S)
        presets = PresetLibrary(user_folder=settings.presets)
        journal = Journal(settings.journal)
        stack.callback(journal.close)
        worker, lanes = stack.enter_context(_worker(settings))
        queue = JobQueue(journal, worker, lanes)
        queue.start()
        stack.callback(queue.stop)
        if warm:
            worker.warm_up()
        server = BridgeServer(
            jobs=queue,
            presets=presets,
            builder=HostRequests(
                requests=PresetRequests(presets=presets, settings=settings), jobs_folder=settings.jobs
            ),
            jobs_folder=settings.jobs,
            state_folder=settings.home,
            allowed_roots=settings.allowed_roots,
            port=settings.port,
        )
        server.start()
        stack.callback(server.stop)
        threading.Thread(target=clean_at_start, args=(settings.home,), name="housekeeping", daemon=True).start()
        yield App(settings=settings, presets=presets, journal=journal, queue=queue, server=server)


@contextmanager
def _worker(settings: Settings) -> Iterator[tuple[RenderWorker | FarmWorker, Lanes]]:
    """A render process of this machine, or the farm that the state folder names, with that process for its absence.

    And how many jobs it takes at once: a farm, one for each of its workers.
    """
    local, farm = RenderWorker(RENDERER), read_farm(settings.home)
    if farm is None:
        yield local, Lanes()
        return
    from stylus_daw.farm.client.farm_worker import MOST_LANES, FarmWorker

    worker = FarmWorker(farm, local)
    yield worker, Lanes(most=MOST_LANES, now=worker.room)


def build_renderer() -> StemRenderer:
    """What the render process holds; loads the embedded checkpoint."""
    from stylus_daw.chain.pedalboard_chain import PedalboardChain
    from stylus_daw.engine.local import LocalEngine
    from stylus_daw.jobs.process.priority import keep_few_heaps
    from stylus_daw.jobs.stem_renderer import StemRenderer

    keep_few_heaps()
    scratch = Scratch(folder=Settings(home=state_folder()).spool)
    scratch.remove_leftovers()
    engine = LocalEngine(scratch)
    engine.checkpoint(StyleSettings().checkpoint)
    return StemRenderer(engine, PedalboardChain(scratch), scratch)


class LogFormatter(logging.Formatter):
    """Nothing that a host or a file says can look like a line of the log: what follows a line's end is indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        lines = super().formatMessage(record).replace("\t", " ").split("\n")
        return "\n    ".join(plain(line, MOST_OF_A_LINE) for line in lines)


def log_to_file(settings: Settings, *, level: int = logging.INFO) -> None:
    """Logging of the app: a rotating file in the state folder."""
    handler = logging.handlers.RotatingFileHandler(
        settings.log, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8"
    )
    handler.setFormatter(LogFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
