"""``stylus-daw farm``: scheduler, workers, status, certificates, and which farm this machine uses."""

from __future__ import annotations

import logging
import os
import socket
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from stylus_daw.commands.options import Json, StateDir
from stylus_daw.commands.reporting import say_json

app = typer.Typer(help="Other machines: scheduler, worker, status, certificates, use.", rich_markup_mode=None)

Certificates = Annotated[
    Path | None, typer.Option(metavar="DIR", help="The farm's three files; needed for more than this machine.")
]
Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="Of the scheduler: HOST or HOST:PORT.")]
Shared = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder that clients and workers see, under whatever path.")
]


@app.command("certificates")
def certificates(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the three files.")],
    as_json: Json = False,
) -> None:
    """Make the farm's certificates. Whoever has them may run programs on every worker."""
    from stylus_daw.farm.certificates import make_certificates

    paths = make_certificates(folder)
    if as_json:
        say_json({"event": "certificates", "files": [str(path) for path in paths]})
        return
    print(f"{', '.join(path.name for path in paths)} in {folder}. Copy all three to every machine of the farm, and")
    print("nowhere else: whoever has them may run programs on the workers.")


@app.command("scheduler")
def scheduler(
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0: all of this machine's.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port to listen on; 0: any free one.")] = 8786,
    certificates: Certificates = None,
    as_json: Json = False,
) -> None:
    """Share work among workers, until Ctrl-C. One for a farm; it needs no GPU."""
    from stylus_daw.commands.serve import told_to_stop
    from stylus_daw.farm.worker.processes import SchedulerPlace, run_scheduler

    def ready(address: str) -> None:
        _say({"event": "ready", "address": address}, f"The scheduler listens at {address}; stop: Ctrl-C", as_json)

    _log()
    with told_to_stop() as stop:
        run_scheduler(SchedulerPlace(host=host, port=port, certificates=certificates), stop, ready)


@app.command("worker")
def worker(
    address: Address,
    certificates: Certificates = None,
    shared: Shared = None,
    device: Annotated[
        list[str] | None, typer.Option(help="One worker for each; default: every GPU, or else the CPU.")
    ] = None,
    threads: Annotated[int, typer.Option(min=0, help="CPU threads of each worker; 0: all cores, divided.")] = 0,
    name: Annotated[str, typer.Option(help="Name of this machine in the farm.")] = "",
    host: Annotated[str, typer.Option(help="Address on which clients reach this machine; default: found out.")] = "",
    cache_gb: Annotated[float, typer.Option(min=0.1, help="What each worker keeps of files and stems, GB.")] = 10.0,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Render for the farm, until Ctrl-C: one worker for each GPU of this machine."""
    from stylus_daw.app import RENDERER
    from stylus_daw.commands.farm.devices import devices_here, share_cores
    from stylus_daw.commands.serve import told_to_stop
    from stylus_daw.farm.farm_settings import FarmSettings
    from stylus_daw.farm.worker.processes import WorkerPlace, run_workers
    from stylus_daw.farm.worker.turns import cores_here
    from stylus_daw.settings import read_settings

    farm = FarmSettings(scheduler=address, certificates=certificates, shared=shared)
    devices = tuple(device or devices_here())
    share_cores(devices, threads)
    place = WorkerPlace(
        farm=farm,
        name=name or f"{socket.gethostname()}-{os.getpid()}",
        devices=devices,
        home=read_settings(home=state_dir).home,
        renderer=RENDERER,
        host=host,
        most_bytes=round(cache_gb * 1e9),
        cores=cores_here(),
    )

    def ready(worker_name: str, at: str) -> None:
        said = {"event": "ready", "name": worker_name, "address": at}
        _say(said, f"{worker_name} works for {farm.address.url}; stop: Ctrl-C", as_json)

    _log()
    with told_to_stop() as stop:
        run_workers(place, stop, ready)


@app.command("devices", hidden=True)
def devices() -> None:
    """The accelerators of this machine, a name on each line: `worker` asks a process of its own, which may be heavy."""
    from stylus_daw.engine.machine.heavy import accelerators

    for name in accelerators():
        print(name)


@app.command("use")
def use(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="HOST or HOST:PORT; 'none': render here again.")],
    certificates: Certificates = None,
    shared: Shared = None,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """Let this machine's app, window, DAWs and batches render on a farm."""
    from stylus_daw.farm.certificates import security
    from stylus_daw.farm.farm_settings import FarmSettings, keep_farm
    from stylus_daw.settings import state_folder

    resolved = certificates and certificates.expanduser().resolve()
    farm = None
    if address != "none":
        farm = FarmSettings(scheduler=address, certificates=resolved, shared=shared and shared.expanduser().resolve())
        security(farm.certificates)  # refused now, and not at the first render
    keep_farm(state_folder(state_dir), farm)
    where = farm.address.url if farm else None
    _say({"event": "using", "farm": where}, f"Renders go to {where or 'this machine'} from the next start on.", as_json)


@app.command("status")
def status(
    address: Annotated[
        str | None, typer.Argument(metavar="[ADDRESS]", help="Of the scheduler; default: the farm in use.")
    ] = None,
    certificates: Certificates = None,
    state_dir: StateDir = None,
    as_json: Json = False,
) -> None:
    """The workers, whether each fits this machine, and what it does now."""
    from stylus_daw.commands.farm.status import show_status

    show_status(address, certificates, state_dir, as_json=as_json)


def _say(said: Mapping[str, object], words: str, as_json: bool) -> None:
    if as_json:
        say_json(said)
    else:
        print(words, flush=True)


def _log() -> None:
    """Warnings of ours and of Dask's go to stderr; Dask sets levels of its own when it is imported."""
    warnings.filterwarnings("ignore", category=FutureWarning, module="distributed")  # Dask's to Dask
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.WARNING)
