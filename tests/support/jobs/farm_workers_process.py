"""Workers of a farm, with ``farm_renderer``. Arguments: address, certificates, home, name, how many, shared, cores."""

from __future__ import annotations

import sys
from pathlib import Path

from stylus_daw.commands.reporting import reported
from stylus_daw.commands.serve import told_to_stop
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.farm.worker.processes import WorkerPlace, run_workers
from stylus_daw.farm.worker.turns import CoreTurns
from tests.support.jobs.farm_renderer import RENDERER


def main(address: str, certificates: str, home: str, name: str, count: str, shared: str, cores: str) -> None:
    farm = FarmSettings(
        scheduler=address, certificates=Path(certificates), shared=Path(shared) if shared != "-" else None
    )
    turns = CoreTurns(Path(cores), [0]) if cores != "-" else None
    devices = ("cpu",) * int(count)
    place = WorkerPlace(farm=farm, name=name, devices=devices, home=Path(home), renderer=RENDERER, cores=turns)
    with told_to_stop() as stop:
        run_workers(place, stop, lambda worker, at: print(worker, at, flush=True))


if __name__ == "__main__":
    sys.exit(reported(lambda: main(*sys.argv[1:]), as_json=False))
