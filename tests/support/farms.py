"""A real farm on this machine: a scheduler and workers as processes, over TLS."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

from stylus_daw.errors import StylusError
from stylus_daw.farm.certificates import make_certificates
from stylus_daw.farm.client.farm_worker import FarmWorker
from stylus_daw.farm.farm_settings import FarmSettings
from stylus_daw.jobs.job import JobEnding, JobProgressed, RenderRequest
from tests.support.processes import COMMAND


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class LocalFarm:
    """Its processes are killed when it is closed. ``said`` are the lines with which they began."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.folder = folder
        self.said: list[str] = []
        self.certificates = folder / "certificates"
        make_certificates(self.certificates)
        self.port = free_port()
        self._processes: list[subprocess.Popen[str]] = []
        self._clients: list[FarmWorker] = []
        self.scheduler = self.start_scheduler(host)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def settings(self, shared: Path | None = None) -> FarmSettings:
        return FarmSettings(scheduler=self.address, certificates=self.certificates, shared=shared)

    def start_scheduler(self, host: str = "127.0.0.1") -> subprocess.Popen[str]:
        place = ["--host", host, "--port", self.port, "--certificates", self.certificates]
        return self._started([*COMMAND, "farm", "scheduler", *place], lines=1)

    def start_workers(
        self, name: str, count: int = 1, shared: Path | None = None, cores: Path | None = None
    ) -> subprocess.Popen[str]:
        """Workers without a model, in one process. ``cores``: the folder of the one core on which they take turns."""
        module = [sys.executable, "-m", "tests.support.jobs.farm_workers_process"]
        arguments = [self.address, self.certificates, self.folder / name, name, count, shared or "-", cores or "-"]
        return self._started([*module, *arguments], lines=count)

    def start_real_worker(self, name: str, threads: int = 1) -> subprocess.Popen[str]:
        """With the shipped model."""
        command = [*COMMAND, "farm", "worker", self.address, "--certificates", self.certificates, "--name", name]
        options = ["--threads", threads, "--device", "cpu", "--state-dir", self.folder / name]
        return self._started([*command, *options], lines=1)

    def client(self, shared: Path | None = None) -> FarmWorker:
        """This machine's end, which does not render itself."""
        client = FarmWorker(self.settings(shared))
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()
        for process in self._processes:
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        for process in self._processes:
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

    def _started(self, command: list[object], *, lines: int) -> subprocess.Popen[str]:
        errors = self.folder / f"{len(self._processes)}.log"
        with errors.open("w") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "STYLUS_HOME": str(self.folder / "home")},
            )
        self._processes.append(process)
        assert process.stdout is not None
        for _ in range(lines):
            self.said.append(process.stdout.readline())
            assert self.said[-1], errors.read_text()
        return process


class Render(threading.Thread):
    """One render on its way."""

    def __init__(self, client: FarmWorker, request: RenderRequest) -> None:
        super().__init__(daemon=True)
        self._client, self._request = client, request
        self.cancelled = threading.Event()
        self.progress: list[JobProgressed] = []
        self.ending: JobEnding | StylusError | None = None
        self.start()

    def run(self) -> None:
        try:
            self.ending = self._client.render("job", self._request, self.progress.append, self.cancelled)
        except StylusError as error:  # the test looks at it
            self.ending = error

    def ended(self, timeout_s: float = 30.0) -> JobEnding | StylusError | None:
        self.join(timeout_s)
        assert not self.is_alive(), "the render did not end"
        return self.ending
