"""A real farm on this machine: the command line's processes, over TLS, with the shipped model."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stylus_daw.farm.certificates import make_certificates
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.settings import HOME_VARIABLE

FARM = [sys.executable, "-m", "stylus_daw.cli", "farm"]


class Rig:
    """A scheduler, and as many workers as are asked for, with one CPU thread each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._certificates = folder / "certificates"
        make_certificates(self._certificates)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            self._address = f"127.0.0.1:{one.getsockname()[1]}"
        self.workers: list[subprocess.Popen[str]] = []
        port = self._address.rpartition(":")[2]
        self._scheduler = self._started("scheduler", "--port", port, "--certificates", self._certificates)

    @property
    def settings(self) -> FarmSettings:
        return FarmSettings(scheduler=self._address, certificates=self._certificates)

    @property
    def scheduler_pid(self) -> int:
        return self._scheduler.pid

    def add_workers(self, count: int) -> None:
        for _ in range(count):
            name = f"w{len(self.workers)}"
            options = ("--name", name, "--threads", 1, "--device", "cpu", "--state-dir", self._folder / name)
            self.workers.append(self._started("worker", self._address, "--certificates", self._certificates, *options))

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.terminate()
        for process in (*self.workers, self._scheduler):
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

    def _started(self, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*FARM, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, HOME_VARIABLE: str(self._folder / "home")},
        )
        assert process.stdout is not None
        if not process.stdout.readline():
            raise RuntimeError(f"farm {arguments[0]} did not start")
        return process


@contextmanager
def rig(folder: Path, workers: int) -> Iterator[Rig]:
    """A farm with that many workers, for the block."""
    folder.mkdir()
    made = Rig(folder)
    try:
        made.add_workers(workers)
        yield made
    finally:
        made.close()
