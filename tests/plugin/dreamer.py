"""A DAW for one test: DawDreamer with the VST3 in a process of its own. Everything it heard goes into an .npz file.

Arguments: the plugin, the sample rate, the block size, the file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dawdreamer
import numpy as np

from stylus_daw.rehearsal import bundled_region

SECONDS = 1.0


class Daw:
    """One track with music and the plugin; every render is a pass of the transport from 0."""

    def __init__(self, plugin: Path, rate: int, block: int, music: np.ndarray) -> None:
        self._engine = dawdreamer.RenderEngine(rate, block)
        source = self._engine.make_playback_processor("music", music)
        self.plugin = self._engine.make_plugin_processor("connect", str(plugin))
        self._engine.load_graph([(source, []), (self.plugin, ["music"])])
        names = {facts["name"]: facts["index"] for facts in self.plugin.get_parameters_description()}
        self._index = names

    def set(self, name: str, value: float) -> None:
        self.plugin.set_parameter(self._index[name], value)

    def play(self, seconds: float) -> np.ndarray:
        """What is heard, (frames, 2)."""
        self._engine.render(seconds)
        return np.array(self._engine.get_audio().T)

    def status(self) -> int:
        self.play(0.001)
        return int(float(self.plugin.get_parameter_text(self._index["Status"])))

    def until(self, *wanted: int) -> None:
        end = time.monotonic() + 120
        while (status := self.status()) not in wanted:
            assert time.monotonic() < end, f"status {status} instead of {wanted}"
            time.sleep(0.05)


def main(plugin: Path, rate: int, block: int, out: Path) -> None:
    music = np.ascontiguousarray(bundled_region().with_handles.samples[:, : 3 * rate], np.float32)
    daw = Daw(plugin, rate, block, music)
    heard = dict(_story(daw))
    daw.plugin.save_state(str(out.with_suffix(".state")))
    again = Daw(plugin, rate, block, music)
    again.plugin.load_state(str(out.with_suffix(".state")))
    heard["reopened"] = again.play(2 * SECONDS)
    np.savez(out, music=music.T, **heard)


def _story(daw: Daw) -> Iterator[tuple[str, np.ndarray]]:
    daw.until(1)
    daw.set("Preset number", 1 / 999)
    daw.set("Capture", 1.0)
    yield "captured", daw.play(SECONDS)
    daw.until(4)
    daw.set("Render", 1.0)
    daw.until(6, 7)
    yield "result", daw.play(2 * SECONDS)
    daw.set("Result (B)", 0.0)
    yield "original", daw.play(2 * SECONDS)
    daw.set("Result (B)", 1.0)
    daw.play(0.001)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
