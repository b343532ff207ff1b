"""The long-lived processes of a farm: the scheduler, and the workers of one machine."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.errors import BridgeError
from stylus_daw.farm.address import DEFAULT_PORT, is_loopback, read_host, refuse_plain
from stylus_daw.farm.certificates import security
from stylus_daw.farm.errors import without_dask
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.farm.files.store import DEFAULT_BYTES
from stylus_daw.farm.order import RESOURCE
from stylus_daw.farm.reaching import away, listens_at
from stylus_daw.farm.worker.service import RenderService, ServiceSettings
from stylus_daw.farm.worker.turns import CoreTurns

try:
    import dask.config
    from distributed import Scheduler, Worker
except ImportError as missing:
    raise without_dask(missing) from missing

logger = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
NO_PAGES = f"{LOOPBACK}:0"
"""Dask's web pages ask nobody for a certificate: they have no routes here, and are for this machine only."""
TICK_S = 0.2  # s between two looks whether to stop
AGAIN_S = 1.0  # s between two tries to reach the scheduler
SILENT_S = "30s"  # after which a worker that sends nothing, as after a power failure, counts as gone
DEATHS = 3  # workers that may die under one task: with more, it is the task

_CONFIG = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.scheduler.worker-ttl": SILENT_S,
    "distributed.scheduler.allowed-failures": DEATHS,
    "distributed.worker.memory.spill": False,  # what a task gives is a few hundred bytes
    "distributed.worker.memory.pause": False,  # the model has a process of its own, which Dask does not see
    "distributed.worker.memory.terminate": False,
    "distributed.worker.profile.enabled": False,
    "distributed.comm.timeouts.connect": "10s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerPlace:
    """Where a scheduler listens."""

    host: str = LOOPBACK
    port: int = DEFAULT_PORT
    certificates: Path | None = None

    def __post_init__(self) -> None:
        read_host(self.host)
        if self.certificates is None:
            refuse_plain(self.host)


def run_scheduler(place: SchedulerPlace, stop: threading.Event, ready: Callable[[str], object]) -> None:
    """Schedule until told to stop. ``ready`` gets the address.

    Raises:
        BridgeError: the port is taken, or the host is not this machine's.
        FarmRefusedError: the certificates cannot be used.
    """
    secure = security(place.certificates)

    async def run() -> None:
        scheduler = Scheduler(
            host=read_host(place.host),
            port=place.port,
            protocol="tls" if place.certificates else "tcp",
            security=secure,
            dashboard=False,
            dashboard_address=NO_PAGES,
        )
        async with scheduler:
            ready(scheduler.address)
            while not stop.is_set():
                await asyncio.sleep(TICK_S)

    try:
        with dask.config.set(_CONFIG):
            asyncio.run(run())
    except (OSError, RuntimeError) as error:
        cause = error.__cause__ or error
        wrong = "--port" if getattr(cause, "errno", None) in (errno.EADDRINUSE, errno.EACCES) else "--host"
        text = f"The scheduler cannot listen on {place.host}:{place.port}: {str(cause).rstrip('.')}."
        raise BridgeError("farm.port", f"{text} Name another {wrong}.") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerPlace:
    """The workers of one machine: one per device.

    Attributes:
        farm: where the scheduler is.
        name: of the machine.
        devices: one worker for each.
        home: folder for what they keep.
        renderer: ``"module:function"`` for their render processes.
        host: address on which they are reached; empty: found out.
        most_bytes: that each keeps.
        cores: on which those without a GPU take turns; None: they do not.
    """

    farm: FarmSettings
    name: str
    devices: Sequence[str]
    home: Path
    renderer: str
    host: str = ""
    most_bytes: int = DEFAULT_BYTES
    cores: CoreTurns | None = None

    def __post_init__(self) -> None:
        if self.host:
            read_host(self.host)

    def settings(self, number: int) -> ServiceSettings:
        folder = self.home / "farm" / self.worker_name(number)
        return ServiceSettings(
            renderer=self.renderer,
            folder=folder,
            device=self.devices[number],
            shared=self.farm.shared,
            most_bytes=self.most_bytes,
            cores=self.cores if self.devices[number] == "cpu" else None,
        )

    def worker_name(self, number: int) -> str:
        return f"{self.name}-{number}" if len(self.devices) > 1 else self.name


def run_workers(place: WorkerPlace, stop: threading.Event, ready: Callable[[str, str], object]) -> None:
    """Work until told to stop; a scheduler that goes is waited for. ``ready`` gets name and address of each worker.

    Raises:
        FarmError: ``farm.away``: no scheduler answers at the start.
        FarmRefusedError: the certificates cannot be used.
    """
    scratch = tempfile.mkdtemp(prefix="stylus-daw-dask-")

    async def run() -> None:
        each = (_work(place, number, scratch, stop, ready) for number in range(len(place.devices)))
        await asyncio.gather(*each)

    try:
        with dask.config.set(_CONFIG):
            asyncio.run(run())
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


async def _work(
    place: WorkerPlace, number: int, scratch: str, stop: threading.Event, ready: Callable[[str, str], object]
) -> None:
    has_worked = False
    while not stop.is_set():
        try:
            await _until_it_ends(place, number, scratch, stop, ready)
            has_worked = True
        except (OSError, TimeoutError, RuntimeError, ValueError) as error:
            if not has_worked:
                raise away(place.farm, error) from error
            logger.info("the scheduler is away: %s", error)
        for _ in range(round(AGAIN_S / TICK_S)):
            if not stop.is_set():
                await asyncio.sleep(TICK_S)


async def _until_it_ends(
    place: WorkerPlace, number: int, scratch: str, stop: threading.Event, ready: Callable[[str, str], object]
) -> None:
    """One life of a worker: to the loss of its scheduler, or to ``stop``."""
    name, address, secure = place.worker_name(number), place.farm.address, security(place.farm.certificates)
    host = await _host(place)  # fails where nobody answers: Dask's worker would try for ever, and never say why
    worker = Worker(
        address.url,
        nthreads=1,
        name=name,
        host=host,
        resources={RESOURCE: 1},
        security=secure,
        local_directory=os.path.join(scratch, str(number)),  # noqa: PTH118 - Dask wants text
        plugins=(RenderService(place.settings(number)),),
        dashboard=False,
        dashboard_address=NO_PAGES,
        memory_limit=0,
    )
    async with worker:
        ready(name, worker.address)
        finished = asyncio.ensure_future(worker.finished())
        while not stop.is_set() and not finished.done():
            await asyncio.sleep(TICK_S)


async def _host(place: WorkerPlace) -> str | None:
    """Where clients reach a worker; None: Dask finds out.

    The scheduler of this machine may serve others: a worker that calls it ``localhost`` must not tell them so.
    """
    farm = place.farm
    host = await listens_at(farm.address.url, security(farm.certificates))
    if place.host:
        return read_host(place.host)
    if not is_loopback(farm.address.host):
        return None
    return LOOPBACK if is_loopback(host) else read_host(host)
