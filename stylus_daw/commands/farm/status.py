"""``stylus-daw farm status``."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

from stylus_daw.commands.reporting import say_json
from stylus_daw.engine.request import DEFAULT_CHECKPOINT
from stylus_daw.errors import RequestError
from stylus_daw.farm.client.connection import FarmConnection
from stylus_daw.farm.farm_settings import FarmSettings, read_farm
from stylus_daw.farm.worker_said import WorkerSaid
from stylus_daw.settings import state_folder


def show_status(address: str | None, certificates: Path | None, state_dir: Path | None, *, as_json: bool) -> None:
    """Ask every worker, and print a row for each.

    Raises:
        FarmError: the farm is away.
        RequestError: no farm was named, and none is in use.
    """
    with closing(FarmConnection(_farm(address, certificates, state_dir))) as connection:
        workers = connection.workers(DEFAULT_CHECKPOINT)
    if as_json:
        for worker in workers:
            say_json(_as_json(worker))
    elif workers:
        _print_table(workers)
    else:
        print("The farm has no workers. Start one on each machine: stylus-daw farm worker ADDRESS")


def doing(worker: WorkerSaid) -> str:
    """What a worker does now, for people."""
    if worker.obstacle:
        return worker.obstacle
    return f"{worker.now['fraction']:.0%}, {worker.now['stage']}" if worker.now else "waits"


def _farm(address: str | None, certificates: Path | None, state_dir: Path | None) -> FarmSettings:
    if address:
        return FarmSettings(scheduler=address, certificates=certificates)
    farm = read_farm(state_folder(state_dir))
    if farm is None:
        raise RequestError("farm.none", "No farm is in use. Name its ADDRESS, or set it: stylus-daw farm use ADDRESS")
    return farm


def _as_json(worker: WorkerSaid) -> dict[str, Any]:
    said = {"name": worker.name, "address": worker.address, "device": worker.device}
    return {
        "event": "worker",
        **said,
        "fits": not worker.obstacle,
        "complaint": worker.obstacle,
        "now": worker.now,
    }


def _print_table(workers: tuple[WorkerSaid, ...]) -> None:
    from rich import box
    from rich.table import Table

    from stylus_daw.commands import console

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("worker", "device", "address", "now"):
        table.add_column(heading, overflow="fold")
    for worker in workers:
        table.add_row(worker.name, worker.device, worker.address, doing(worker))
    console.out().print(table)
