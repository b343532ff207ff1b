"""Long runs: many jobs in a row, and a start with many jobs waiting."""

from __future__ import annotations

import contextlib
from pathlib import Path

from bench.reliability.deaths import leftovers
from bench.reliability.house import House, until
from bench.reliability.measured import MIB, Holding, Row, holding_of
from stylus_daw.jobs.job import Origin, RenderRequest, StyleFile
from stylus_daw.jobs.journal.journal import Journal

AT_ONCE = 50  # jobs that wait at a time
WARM_UP = 50  # jobs before the first look: caches fill
GOAL_GROWTH, GOAL_PONG_S = 24 * MIB, 1.0
JOB_S = 30.0


def soak(house: House, jobs: int) -> list[Row]:
    """That many short jobs in a row; what the app and its render process hold before and after."""
    house.start()
    _run(house, "warm", WARM_UP)
    before = _holdings(house)
    done = _run(house, "soak", jobs)
    until(lambda: house.render_pid() != 0, 10)
    after, temps = _holdings(house), leftovers(house)
    house.stop()
    rows = [
        Row(
            question=f"{jobs:,} short jobs in a row",
            goal="all done, no temporary files",
            holds=done == jobs and not temps,
            measured=f"{done:,} done, {temps} temporary files left",
        )
    ]
    return [*rows, *(_flat(name, before[name], after[name]) for name in before)]


def _run(house: House, name: str, jobs: int) -> int:
    done = 0
    for first in range(0, jobs, AT_ONCE):
        names = [f"{name}-{number}" for number in range(first, min(first + AT_ONCE, jobs))]
        for one in names:
            house.hand_in(one)
        until(lambda names=names: all(house.outcome(one) for one in names), JOB_S * len(names))
        done += sum(house.outcome(one) == "done" for one in names)
    return done


def _holdings(house: House) -> dict[str, Holding]:
    assert house.app is not None
    return {"app": holding_of(house.app.pid), "render process": holding_of(house.render_pid())}


def _flat(name: str, before: Holding, after: Holding) -> Row:
    measured = (
        f"memory {before.memory / MIB:.0f} -> {after.memory / MIB:.0f} MiB, "
        f"handles {before.handles} -> {after.handles}, threads {before.threads} -> {after.threads}"
    )
    is_flat = after.handles <= before.handles + 2 and after.threads <= before.threads + 2
    return Row(
        question=f"what the {name} holds",
        goal=f"grows < {GOAL_GROWTH // MIB} MiB, no handle, no thread",
        measured=measured,
        holds=is_flat and after.memory - before.memory < GOAL_GROWTH,
    )


def many_waiting(house: House, jobs: int) -> list[Row]:
    """A journal with that many queued jobs, each with its folder: how soon the app answers after its start."""
    with contextlib.closing(Journal(house.home / "journal.sqlite")) as journal:
        for number in range(jobs):
            folder = house.hand_in(f"wait-{number}", client="bench")
            (folder / "state.json").write_text('{\n "phase": "queued"\n}', "utf-8")
            journal.record_queued([(f"wait-{number}", _request(folder))], number)
    seconds = house.start()
    house.kill()
    return [
        Row(
            question=f"start with {jobs:,} queued jobs to the first pong",
            goal=f"<= {GOAL_PONG_S:g} s",
            measured=f"{seconds:.2f} s",
            holds=seconds <= GOAL_PONG_S,
        )
    ]


def _request(folder: Path) -> RenderRequest:
    source = folder / "input.wav"
    return RenderRequest(
        source=source, stem=folder / "stem.wav", styles=(StyleFile(path=source),), origin=Origin(client="bench")
    )
