"""Deaths of plugin processes in the middle of renders. Needs the plugin that ``make test-vst3`` builds."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

from bench.reliability.deaths import is_whole
from bench.reliability.house import PRESET, House, children_of, until
from bench.reliability.measured import Row
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.presets.library.library import PresetLibrary

PLUGIN = Path(__file__).parents[2] / "out" / "vst3" / "StylusGain.vst3"
WITH_PLUGIN = "with-plugin"
START_S, FINISH_S = 60.0, 600.0  # s to wait for the render process, and for the last outcome
GOAL = "each job one outcome, the render process lives"


def plugin_kills(house: House, jobs: int, deaths: int) -> list[Row]:
    """That many jobs with a plugin in their chain, and that many kills of its process."""
    question = f"{deaths} kills of plugin processes in {jobs} jobs"
    if not PLUGIN.exists():
        return [Row(question=question, goal=GOAL, measured="not tried: make test-vst3 builds the plugin")]
    _write_preset(house)
    house.start()
    names = [f"plugin-{number}" for number in range(jobs)]
    for name in names:
        house.hand_in(name, preset=WITH_PLUGIN)
    until(lambda: house.render_pid() != 0, START_S)
    render, killed = house.render_pid(), 0
    while killed < deaths and _kill_plugin(house, names):
        killed += 1
    said = until(lambda: all(house.outcome(name) for name in names), FINISH_S)
    lives = house.render_pid() == render
    house.stop()
    return [_row(house, question, names, killed=killed, holds=said and lives)]


def _row(house: House, question: str, names: list[str], *, killed: int, holds: bool) -> Row:
    outcomes = [house.outcome(name) for name in names]
    partial = sum(house.outcome(name) == "done" and not is_whole(house, name) for name in names)
    crashed = sum(house.error_of(name) == "chain.plugin_crashed" for name in names)
    measured = (
        f"{killed} killed; {outcomes.count('done')} done, {crashed} failed by the plugin's name, "
        f"{len(names) - outcomes.count('done') - crashed} otherwise, partial stems {partial}"
    )
    holds = holds and not partial and outcomes.count("done") + crashed == len(names)
    return Row(question=question, goal=GOAL, measured=measured, holds=holds)


def _write_preset(house: House) -> None:
    library = PresetLibrary(user_folder=house.home / "presets")
    factory = library.get(PRESET)
    plugin = {"kind": "plugin", "plugin": {"path": str(PLUGIN), "parameters": {"gain_db": -3.0}}}
    chain = ChainSpec.model_validate({"effects": [plugin]})
    files = [style.path for style in library.styles(factory)]
    library.save(factory.model_copy(update={"id": WITH_PLUGIN, "name": "With Plugin", "chain": chain}), files)


def _kill_plugin(house: House, names: list[str]) -> bool:
    """Kill the next plugin process that is seen; False: none came any more."""
    deadline = time.monotonic() + FINISH_S
    while time.monotonic() < deadline and not all(house.outcome(name) for name in names):
        for pid in children_of(house.render_pid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                until(lambda pid=pid: not Path(f"/proc/{pid}").exists(), START_S)
                return True
        time.sleep(0.002)
    return False
