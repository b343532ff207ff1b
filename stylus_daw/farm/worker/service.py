"""RenderService: what a worker of the farm does: keeps files, renders in a process of its own, tells of it.

Dask cannot stop a task that runs. So the task only watches over our render process, and when Dask no longer wants the
task (it was cancelled, or whoever asked has gone), the render gets the cancel, grace time and kill of a local one.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from stylus_daw.atomic import write_text_atomic
from stylus_daw.errors import StylusError
from stylus_daw.farm.errors import FULL, FarmError
from stylus_daw.farm.files.shared import SharedFolder
from stylus_daw.farm.files.store import DEFAULT_BYTES, BlobStore, laid_out
from stylus_daw.farm.identity import identity_for
from stylus_daw.farm.order import SERVICE, TOPIC, OrderedFile, Rendered, RenderOrder
from stylus_daw.farm.worker.turns import WAITING, CoreTurns
from stylus_daw.jobs.job import JobDone, JobEnding, JobFailed, JobProgressed, JobWasCancelled
from stylus_daw.jobs.process.worker import RenderCrashError, RenderWorker

logger = logging.getLogger(__name__)

ASK_AGAIN_S = 2.0  # s after which a worker repeats which files it lacks: a message may be lost with a connection
FULL_S = 20.0  # s for which a worker whose disk took nothing is given no more jobs
PATIENCE_S = 60.0  # s without a file after which a worker gives up: whoever asked is gone
PROGRESS_S = 0.5  # s between two words of progress: a hundred workers are 200 messages a second


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """How a worker renders.

    Attributes:
        renderer: ``"module:function"`` for the render process.
        folder: for files that came and stems that were made.
        device: where the model runs.
        shared: a folder that clients see, too.
        most_bytes: that ``folder`` may hold.
        cores: on which it takes turns with the machine's other workers; None: it never waits for them.
    """

    renderer: str
    folder: Path
    device: str = "auto"
    shared: Path | None = None
    most_bytes: int = DEFAULT_BYTES
    cores: CoreTurns | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Full:
    """Why the disk took nothing lately."""

    said: str = ""
    until: float = 0.0

    @classmethod
    def now(cls, said: str) -> Full:
        return cls(said=said, until=time.monotonic() + FULL_S)

    @property
    def message(self) -> str:
        """Empty once it may be tried again."""
        return self.said if time.monotonic() < self.until else ""


class RenderService(WorkerPlugin):
    """The plugin of one Dask worker, which renders one order at a time."""

    name = SERVICE
    idempotent = True

    def __init__(self, settings: ServiceSettings) -> None:
        self._settings = settings
        self._store = BlobStore(settings.folder / "blobs", settings.most_bytes)
        self._results = settings.folder / "results"
        self._shared = SharedFolder(settings.shared) if settings.shared else None
        self._process = RenderWorker(settings.renderer)
        self._cancels: dict[str, threading.Event] = {}
        self._now: Mapping[str, Any] = {}
        self._full = Full()
        self._worker: Worker | None = None

    def setup(self, worker: Worker) -> None:
        self._worker = worker
        worker.handlers.update(stylus_hello=self._hello, stylus_put=self._put, stylus_get=self._get)
        self._process.warm_up()

    def teardown(self, worker: Worker) -> None:
        for cancel in list(self._cancels.values()):
            cancel.set()
        self._process.close()

    def transition(self, key: Any, start: Any, finish: Any, **kwargs: Any) -> None:
        """Dask tells of each change of a task. One that is released while it runs is not wanted any more."""
        if finish in ("cancelled", "released") and (cancel := self._cancels.get(str(key))):
            cancel.set()

    def render(self, order: RenderOrder) -> Rendered:
        """An order to its end. On the thread of its task.

        Raises:
            FarmError: the render process died, or the files do not come; Dask tries again.
        """
        assert self._worker is not None
        worker, name = self._worker, str(self._worker.name)
        complaint = order.identity.complaint(order.checkpoint, identity_for(order.checkpoint), name)
        if complaint:
            return Rendered(state="failed", name=name, code="farm.refused", message=complaint)
        if known := self._known(order.key):
            return replace(known, worker=worker.contact_address or worker.address, name=name)
        with self._wanted(order.task) as cancel:
            found = self._render(order, cancel)
        return replace(found, worker=worker.contact_address or worker.address, name=name)

    async def _hello(self, checkpoint: str, probe: str = "") -> dict[str, Any]:
        identity = await asyncio.to_thread(identity_for, checkpoint)
        sees_shared = bool(self._shared and probe and self._shared.sees(probe))
        assert self._worker is not None
        said = {"name": str(self._worker.name), "device": self._settings.device, "sees_shared": sees_shared}
        said["full"] = self._full.message
        return {**said, "identity": identity.as_json(), "now": dict(self._now), "pid": self._process.pid}

    async def _put(self, upload: str, sha256: str, offset: int, content: bytes, is_last: bool) -> str:
        """An error travels as text: the sender says it in its own words."""
        try:
            put = self._store.put
            await asyncio.to_thread(put, upload, sha256, offset, content, is_last=is_last)
        except FarmError as error:
            if error.code == FULL:
                self._full = Full.now(error.message)
            return error.message
        return ""

    async def _get(self, sha256: str, offset: int, count: int) -> Any:
        from distributed.protocol.serialize import to_serialize

        try:
            return to_serialize(await asyncio.to_thread(self._store.get, sha256, offset, count))
        except FarmError:
            return None

    @contextmanager
    def _wanted(self, task: str):
        """The event that says that nobody wants the task any more."""
        cancel = self._cancels[task] = threading.Event()
        self._tell_now(task=task, fraction=0.0, stage="starting", since=time.time())
        try:
            yield cancel
        finally:
            del self._cancels[task]
            self._now = {}

    def _render(self, order: RenderOrder, cancel: threading.Event) -> Rendered:
        with self._store.held(*(file.sha256 for file in order.files.values())):
            there, to_fetch = self._in_shared_folder(order), {}
            for role, file in order.files.items():
                if role not in there:
                    self._fetch(order, file, cancel)
                    to_fetch[role] = (file.sha256, file.name)
                if self._full.message:
                    return Rendered(state="failed", code=FULL, message=self._full.message)
            if cancel.is_set():
                return Rendered(state="cancelled")
            with laid_out(self._store, to_fetch) as paths:
                return self._rendered(order, {**paths, **there}, cancel)

    def _in_shared_folder(self, order: RenderOrder) -> dict[str, Path]:
        if self._shared is None or not order.probe or not self._shared.sees(order.probe):
            return {}
        found = {role: self._shared.found(file.shared, file.sha256) for role, file in order.files.items()}
        return {role: path for role, path in found.items() if path}

    def _fetch(self, order: RenderOrder, file: OrderedFile, cancel: threading.Event) -> None:
        """Ask for the file until it is here."""
        asked_at = time.monotonic()
        while not (self._store.has(file.sha256) or self._full.message or cancel.is_set()):
            if time.monotonic() - asked_at > PATIENCE_S:
                raise FarmError("farm.transfer", f"'{file.name}' did not arrive within {PATIENCE_S:g} s.")
            self._tell({"op": "need", "task": order.task, "sha256": file.sha256})
            self._store.wait_for(file.sha256, ASK_AGAIN_S)

    def _rendered(self, order: RenderOrder, paths: Mapping[str, Path], cancel: threading.Event) -> Rendered:
        stem = self._settings.folder / "stems" / f"{order.key}.wav"
        stem.parent.mkdir(parents=True, exist_ok=True)
        request = order.request_with(paths, stem, self._settings.device)
        try:
            with self._turn(order.task, cancel):
                if cancel.is_set():
                    return Rendered(state="cancelled")
                self._tell_now(task=order.task, fraction=0.0, stage="starting", since=time.time())
                ending = self._process.render(order.key[:16], request, self._progress(order.task), cancel)
        except RenderCrashError as death:
            if cancel.is_set():
                return Rendered(state="cancelled")
            raise FarmError(death.code, death.message) from death
        except StylusError as error:
            return Rendered(state="failed", code=error.code, message=error.message)
        return self._kept(order, ending)

    def _turn(self, task: str, cancel: threading.Event) -> AbstractContextManager[None]:
        """The files are here before, and travel while others render; the watchdog begins after the wait."""
        cores = self._settings.cores
        if cores is None:
            return nullcontext()
        waiting = JobProgressed(job="", fraction=0.0, stage=WAITING)
        return cores.turn(cancel, lambda: self._progress(task)(waiting))

    def _kept(self, order: RenderOrder, ending: JobEnding) -> Rendered:
        match ending:
            case JobFailed(code=code, message=message):
                return Rendered(state="failed", code=code, message=message)
            case JobWasCancelled():
                return Rendered(state="cancelled")
            case JobDone(stem=stem):
                sha256, size = self._store.add(stem.path)
                said = {name: value for name, value in asdict(stem).items() if name != "path"}
                result = Rendered(state="done", sha256=sha256, size=size, stem=said)
                with suppress(OSError):  # only saves the same work later
                    self._results.mkdir(parents=True, exist_ok=True)
                    write_text_atomic(self._results / f"{order.key}.json", json.dumps(result.as_json()))
                return self._in_shared(order, result)

    def _in_shared(self, order: RenderOrder, result: Rendered) -> Rendered:
        if self._shared and order.probe and self._shared.sees(order.probe):
            return replace(result, shared=self._shared.offer(self._store.path(result.sha256), order.key))
        return result

    def _known(self, key: str) -> Rendered | None:
        """What was made of the same work before, if it is still here."""
        with suppress(OSError, ValueError, TypeError):
            result = Rendered(**json.loads((self._results / f"{key}.json").read_text("utf-8")))
            if self._store.has(result.sha256):
                return result
        return None

    def _progress(self, task: str) -> Callable[[JobProgressed], None]:
        due, since = 0.0, time.time()

        def tell(event: JobProgressed) -> None:
            nonlocal due
            self._tell_now(task=task, fraction=event.fraction, stage=event.stage, since=since)
            if time.monotonic() >= due:
                due = time.monotonic() + PROGRESS_S
                self._tell({"op": "progress", "task": task, "fraction": event.fraction, "stage": event.stage})

        return tell

    def _tell_now(self, **now: Any) -> None:
        self._now = now

    def _tell(self, said: Mapping[str, Any]) -> None:
        assert self._worker is not None
        address = self._worker.contact_address or self._worker.address
        self._worker.log_event(TOPIC, {**said, "worker": address})


def render_order(order: dict[str, Any]) -> dict[str, Any]:
    """The task, as Dask calls it on a worker."""
    service = get_worker().plugins[SERVICE]
    assert isinstance(service, RenderService)
    return service.render(RenderOrder.from_json(order)).as_json()
