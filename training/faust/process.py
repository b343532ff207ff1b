"""FaustProcess: asks the process that runs Faust for notes; kept until a note takes it down or takes too long."""

from __future__ import annotations

import contextlib
import importlib.util
import multiprocessing
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from training.faust.order import Order

ROOT = Path(__file__).parents[2]
LIMIT_S = 60.0
"""For a note; the largest program takes 10 s to compile on a busy machine, and a note some milliseconds."""
END_S = 5.0
"""Until a killed process is gone."""


class FaustFailed(RuntimeError):
    """Faust did not play the note. If its process is gone, the next note starts another."""


class FaustProcess:
    """One process for many notes, started by the first. Use as a context manager, or keep it as long as you live.

    It is not one of ``multiprocessing``'s: the workers of a pool, where voices are played, may not start those.

    Args:
        limit_s: seconds for a note, compiling included.
    """

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id; None before the first note and after a failure."""
        return self._process.pid if self._process else None

    def play(self, order: Order) -> NDArray[np.float32]:
        """The note. Shape: ``[samples]``.

        Raises:
            FaustFailed: the program does not compile, aborts, or takes too long.
            ModuleNotFoundError: DawDreamer is not installed.
        """
        connection = self._connection or self._start()
        try:
            connection.send(order)
            if not connection.poll(self._limit_s):
                raise self._failed(f"did not answer within {self._limit_s:g} s")
            answer = connection.recv()
        except (EOFError, OSError) as error:
            raise self._failed("ended") from error
        if isinstance(answer, str):
            raise FaustFailed(f"Faust refused the program: {answer}")
        return answer

    def close(self) -> None:
        """End the process. Safe to call twice."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait(END_S)
        self._process = self._connection = None

    def _start(self) -> Connection:
        if importlib.util.find_spec("dawdreamer") is None:
            raise ModuleNotFoundError("Faust voices need DawDreamer, which is not installed; run: make setup-train")
        near, far = multiprocessing.Pipe()
        command = [sys.executable, "-m", "training.faust.child", str(far.fileno()), str(round(2 * self._limit_s) + 1)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, pass_fds=[far.fileno()], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        far.close()
        self._connection = near
        return near

    def _failed(self, how: str) -> FaustFailed:
        process = self._process
        with contextlib.suppress(subprocess.TimeoutExpired):
            if process is not None and how == "ended":
                how += f" with {process.wait(END_S)}"
        self.close()
        return FaustFailed(f"The process that runs Faust {how}.")
