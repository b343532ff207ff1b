"""FarmConnection: this machine's end of a farm: who is there, whether they fit, and what they need or tell."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from stylus_daw.errors import StylusError
from stylus_daw.farm.certificates import security
from stylus_daw.farm.errors import FarmRefusedError, without_dask
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.farm.files.shared import SharedFolder
from stylus_daw.farm.identity import Identity, identity_for, runtime
from stylus_daw.farm.order import TOPIC
from stylus_daw.farm.reaching import CONNECT_S, away, reach
from stylus_daw.farm.worker_said import WorkerSaid

try:
    import dask.config
    from distributed import Client

    from stylus_daw.farm.files.transfer import upload
except ImportError as missing:
    raise without_dask(missing) from missing

logger = logging.getLogger(__name__)

dask.config.set({"distributed.comm.timeouts.connect": "5s"})  # Dask's 30 s are long for a worker that has died

HELLO_S = 5.0  # s for which what a worker said of itself holds; the task looks again
Listener = Callable[[Mapping[str, Any]], None]


class FarmConnection:
    """Made for one farm; closed once. All methods may be called from any thread.

    Raises:
        FarmError: ``farm.away``: no scheduler answers, or it does not accept the certificate.
        FarmRefusedError: Dask here and there do not fit.
    """

    def __init__(self, settings: FarmSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._tasks: dict[str, tuple[Mapping[str, Path], Listener]] = {}
        self._uploads: set[tuple[str, str]] = set()
        self._said: tuple[str, float, tuple[WorkerSaid, ...]] = ("", 0.0, ())
        self._stack = ExitStack()
        self.probe = ""
        if settings.shared:
            self.probe = self._stack.enter_context(SharedFolder(settings.shared).probed())
        self.client = _client(settings)
        self._stack.callback(self.client.close, timeout=CONNECT_S)
        self.client.subscribe_topic(TOPIC, self._heard)

    def close(self) -> None:
        self._stack.close()

    @property
    def is_open(self) -> bool:
        return self.client.status == "running"

    def attend(self, task: str, files: Mapping[str, Path], listener: Listener) -> None:
        """Send the workers of a task what they lack (``files`` by hash), and tell of its progress."""
        with self._lock:
            self._tasks[task] = (files, listener)

    def leave(self, task: str) -> None:
        with self._lock:
            self._tasks.pop(task, None)

    def workers(self, checkpoint: str) -> tuple[WorkerSaid, ...]:
        """Every worker, with whether it may render with this checkpoint for this machine.

        Raises:
            FarmError: ``farm.away``.
        """
        name, at, said = self._said
        if name == checkpoint and time.monotonic() - at < HELLO_S:
            return said
        try:
            heard: Any = self.client.sync(self._hellos, checkpoint)
        except (OSError, TimeoutError, RuntimeError, AttributeError) as error:  # the latter while it closes
            raise away(self._settings, error) from error
        here = identity_for(checkpoint)
        workers = (_worker(address, raw, here, checkpoint) for address, raw in heard.items())
        said = tuple(sorted(workers, key=lambda one: (one.name, one.address)))
        if said:
            self._said = (checkpoint, time.monotonic(), said)
        return said

    def forget_workers(self) -> None:
        """Ask again at the next question."""
        self._said = ("", 0.0, ())

    async def _hellos(self, checkpoint: str) -> dict[str, Any]:
        scheduler: Any = self.client.scheduler
        addresses = list(await scheduler.ncores())
        asked = (self._hello(address, checkpoint) for address in addresses)
        return {
            address: said
            for address, said in zip(addresses, await asyncio.gather(*asked), strict=True)
            if said is not None
        }

    async def _hello(self, address: str, checkpoint: str) -> Mapping[str, Any] | None:
        """What a worker says of itself; empty where it cannot be reached, None where it is somebody else's Dask."""
        try:
            return await asyncio.wait_for(
                self.client.rpc(address).stylus_hello(checkpoint=checkpoint, probe=self.probe), CONNECT_S
            )
        except AttributeError:
            logger.info("%s is a worker of Dask, but not of this farm", address)
            return None
        except (OSError, TimeoutError) as error:
            logger.info("the worker %s does not answer: %r", address, error)
            return {}

    async def _heard(self, event: tuple[float, Mapping[str, Any]]) -> None:
        """On Dask's thread: what a worker tells to everybody."""
        _, said = event
        with self._lock:
            attended = self._tasks.get(str(said.get("task")))
        if attended is None:
            return
        files, listener = attended
        if said.get("op") == "need":
            await self._send(str(said["worker"]), str(said["sha256"]), files)
        else:
            listener(said)

    async def _send(self, worker: str, sha256: str, files: Mapping[str, Path]) -> None:
        """Only what the task was ordered with: a worker cannot ask for other files."""
        path, this = files.get(sha256), (worker, sha256)
        if path is None or this in self._uploads:
            return
        self._uploads.add(this)
        try:
            await upload(self.client, worker, sha256, path)
        except (OSError, StylusError) as error:
            logger.warning("'%s' was not sent to %s: %s", path.name, worker, error)
        finally:
            self._uploads.discard(this)


def _client(settings: FarmSettings) -> Client:
    secure = security(settings.certificates)
    try:
        asyncio.run(reach(settings.address.url, secure, "client"))
        client = Client(
            settings.address.url,
            security=secure,
            timeout=CONNECT_S,
            set_as_default=False,
            name="stylus-daw",
        )
    except (OSError, TimeoutError, RuntimeError) as error:
        raise away(settings, error) from error
    complaint = other_versions(_scheduler_runtime(client))
    if complaint:
        client.close()
        raise FarmRefusedError("farm.versions", complaint)
    return client


def _scheduler_runtime(client: Client) -> str:
    """Dask's own check only warns, and asks every worker: one that is silent would cost ten seconds."""
    scheduler: Any = client.scheduler
    said: Any = client.sync(scheduler.versions, packages=[])
    packages = said.get("packages") or {}
    major_minor = ".".join(str(packages.get("python", "")).split(".")[:2])
    return f"Python {major_minor}, distributed {packages.get('distributed')}"


def other_versions(scheduler: str) -> str:
    """Why a scheduler of these versions cannot be talked to; empty where it can.

    >>> other_versions(runtime())
    ''
    """
    if scheduler == runtime():
        return ""
    return (
        f"The farm's scheduler has {scheduler}, this machine {runtime()}. Install the same versions on all machines: "
        "pip install -U 'stylus-daw[farm]'."
    )


def _worker(address: str, raw: Mapping[str, Any], here: Identity, checkpoint: str) -> WorkerSaid:
    if not raw:
        text = f"{address} does not answer this machine."
        return WorkerSaid(
            address=address,
            name=address,
            silent=f"{text} If it runs, start it with --host and an address that is reached from here.",
        )
    name = str(raw["name"])
    return WorkerSaid(
        address=address,
        name=name,
        device=str(raw["device"]),
        complaint=here.complaint(checkpoint, Identity(**raw["identity"]), name),
        full=str(raw.get("full", "")),
        sees_shared=bool(raw["sees_shared"]),
        now=raw["now"],
    )
