"""The plugin process from the inside: the only module that loads third-party code.

Everything happens on the main thread, where plugins and their windows have to be. The process serves one
plugin file and is killed, never asked, to end. When its parent has gone, or a call outlives its time
because the parent could not kill it, it ends by itself: the watchdog is faulthandler's, whose C thread
needs nothing from an interpreter that a plugin holds up.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import sys
import threading
from collections.abc import Mapping
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import numpy as np

from stylus_daw.audio.clip import Samples
from stylus_daw.chain.plugin_spec import PluginValue
from stylus_daw.chain.plugins.about import CapturedPlugin, PluginDescription
from stylus_daw.chain.plugins.channels import Lane, plan_lanes
from stylus_daw.chain.plugins.loaded import LoadedPlugin, PluginRefusal, names_in
from stylus_daw.errors import ChainError

WATCHDOG_MARGIN_S = 5.0  # s after which the process ends itself if its parent has not killed it
MAX_LATENCY_S = 60  # s of silence in which a plugin's latency must settle


def run_child(connection: Connection) -> None:
    """Entry point of the process: answers ``(verb, arguments, timeout_s)`` with ``("ok", value)`` or an error."""
    _be_a_good_child()
    child = _Child()
    while True:
        try:
            verb, arguments, timeout_s = connection.recv()
        except (EOFError, OSError):
            os._exit(0)
        with _watched(timeout_s):
            answer = _answer(child, verb, arguments)
        try:
            connection.send(answer)
        except OSError:
            os._exit(0)


def _answer(child: _Child, verb: str, arguments: Mapping[str, Any]) -> tuple[Any, ...]:
    try:
        return "ok", getattr(child, verb)(**arguments)
    except PluginRefusal as refusal:
        return "error", refusal.code, refusal.text
    except ChainError as error:
        return "error", error.code, error.message
    except (ImportError, RuntimeError, ValueError, TypeError, AttributeError, KeyError) as error:
        # What pedalboard raises for plugins that load badly or do not behave.
        return "error", "chain.plugin_failed", str(error)


class _Child:
    """What may be asked of the process. One plugin at a time is open for sound."""

    def __init__(self) -> None:
        self._kept: list[LoadedPlugin] = []  # never deleted: many plugins crash or complain when they are
        self._lanes: list[tuple[Lane, LoadedPlugin]] = []

    def scan(self, path: str) -> list[PluginDescription]:
        """Every plugin of a file."""
        return [self._load(path, name).describe() for name in names_in(path)]

    def capture(self, path: str, name: str, state: bytes, parameters: dict[str, PluginValue]) -> CapturedPlugin:
        """The plugin after it was set."""
        return self._set_up(path, name, state, parameters).capture()

    def edit(self, path: str, name: str, state: bytes, parameters: dict[str, PluginValue]) -> CapturedPlugin:
        """The plugin after its window was closed."""
        plugin = self._set_up(path, name, state, parameters)
        plugin.show_editor()
        return plugin.capture()

    def open(
        self, path: str, name: str, state: bytes, parameters: dict[str, PluginValue], channels: int, rate: int
    ) -> tuple[int, str, int]:
        """Get ready for sound; returns the latency in samples, the version and the number of instances."""
        probe = self._load(path, name)
        lanes = plan_lanes(channels, probe.channel_counts({1, 2, channels}, rate), probe.name)
        changed = probe.differing(state, parameters)
        for lane in lanes:
            plugin = self._load(path, name)
            plugin.restore(state, changed)
            self._lanes.append((lane, plugin))
        latencies = {plugin.settle(lane.wide, rate, MAX_LATENCY_S * rate) for lane, plugin in self._lanes}
        if len(latencies) > 1:
            raise PluginRefusal("chain.plugin_failed", f"its instances report different latencies: {latencies}")
        return latencies.pop(), probe.version, len(lanes)

    def block(self, samples: Samples, rate: int) -> Samples:
        """One block through every lane, late by the latency. Shape: ``[channels, BLOCK]`` in and out."""
        wet = np.empty_like(samples)
        for lane, plugin in self._lanes:
            out = plugin.process(lane.entering(samples), rate)
            wet[lane.first : lane.first + lane.count] = lane.leaving(out)
        return wet

    def _load(self, path: str, name: str) -> LoadedPlugin:
        plugin = LoadedPlugin(path, name)
        self._kept.append(plugin)
        return plugin

    def _set_up(self, path: str, name: str, state: bytes, parameters: dict[str, PluginValue]) -> LoadedPlugin:
        changed = self._load(path, name).differing(state, parameters)
        plugin = self._load(path, name)
        plugin.learn_parameters()
        plugin.restore(state, changed)
        return plugin


@contextlib.contextmanager
def _watched(timeout_s: float | None) -> Any:
    if timeout_s is None:
        yield
        return
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        faulthandler.dump_traceback_later(timeout_s + WATCHDOG_MARGIN_S, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


def _be_a_good_child() -> None:
    """Leave stdout to the parent, end with it, and let no system window tell of a crash."""
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(0x0001 | 0x0002 | 0x8000)


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(0)
