"""The process that runs Faust: notes are asked for over a pipe. Started by ``process.py``.

Arguments: the pipe's file descriptor, and after how many seconds in one note it ends itself, should nobody be there any
more to end it. It imports neither the voices nor pedalboard: JUCE would be there twice.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from multiprocessing.connection import Connection
from typing import Any

import dawdreamer
import numpy as np
from numpy.typing import NDArray

from training.faust.order import Order

BLOCK = 32
"""Samples. Faust reads the gate once a block, so a key is let go that exactly."""


class Instrument:
    """A compiled program.

    Raises:
        RuntimeError: Faust does not compile it.
    """

    def __init__(self, text: str, rate: int) -> None:
        engine: Any = dawdreamer  # its module in C++ has no types
        self._engine = engine.RenderEngine(rate, BLOCK)
        self._faust = self._engine.make_faust_processor("faust")
        if not (self._faust.set_dsp_string(text) and self._faust.compile()):
            raise RuntimeError("Faust does not compile it")
        self._engine.load_graph([(self._faust, [])])
        names = {fact["name"].rsplit("/", 1)[-1]: fact for fact in self._faust.get_parameters_description()}
        self._index = {name: fact["index"] for name, fact in names.items()}
        self._gate = names["gate"]["name"]

    def play(self, order: Order) -> NDArray[np.float32]:
        """The note, from a state of rest. Shape: ``[samples]``."""
        for name in self._index.keys() & order.values.keys():
            self._faust.set_parameter(self._index[name], order.values[name])
        gate = np.zeros(order.length + BLOCK, np.float32)
        gate[: order.held] = 1
        self._faust.set_automation(self._gate, gate)
        self._engine.render((order.length + BLOCK) / order.rate)
        return np.array(self._engine.get_audio()[0, : order.length], np.float32)


def serve(connection: Connection, limit_s: int) -> None:
    """Until the other end is closed. An answer is audio, or what was wrong."""
    instruments: dict[tuple[str, int], Instrument] = {}
    while True:
        try:
            order = connection.recv()
        except EOFError:
            return
        signal.alarm(limit_s)
        key = order.text, order.rate
        try:
            if key not in instruments:
                instruments[key] = Instrument(*key)
            connection.send(instruments[key].play(order))
        except (RuntimeError, ValueError, TypeError, KeyError) as error:
            connection.send(str(error).strip())
        signal.alarm(0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what aborts here may
    serve(Connection(int(sys.argv[1])), int(sys.argv[2]))
    os._exit(0)  # past the destructors of LLVM and JUCE, which may abort as well
