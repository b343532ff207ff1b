"""Deaths: the app and the render process are killed or stopped at any moment, and what becomes of the jobs."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from collections import Counter

import soundfile

from bench.reliability.house import House, until
from bench.reliability.measured import Row
from stylus_bridge.wire.protocol import FINAL
from stylus_daw.atomic import PREFIX
from stylus_daw.jobs.journal.journal import JobRecord, Journal

FINISH_S = 1_800.0
UNDER_WAY_S = 20.0  # s to wait for a render before a kill: the app starts and loads its model
GOAL_NOTICED_S = 60.0
HEARD_S, HOST = 30.0, "bench"


def kills(house: House, jobs: int, deaths: int) -> list[Row]:
    """That many jobs, and that many kills of the app and of its render process meanwhile.

    Every second kill waits for a render to be under way; the others come at any moment, most while a model is loaded.
    """
    names = [f"kill-{number}" for number in range(jobs)]
    with contextlib.closing(Host(house)) as host:
        killed = _killed(house, host, names, deaths)
        said = until(lambda: host.listens() and all(house.outcome(name) for name in names), FINISH_S)
        house.stop()
        house.start()
        host.say_hello()
        until(lambda: host.listens() and host.ends.keys() >= set(names), HEARD_S)
        house.stop()
        return [_row_of_kills(house, names, killed, said), _row_of_ends(host, names)]


def _killed(house: House, host: Host, names: list[str], deaths: int) -> dict[str, int]:
    """Hand in the jobs, and kill; how many of each."""
    chance = random.Random(2)
    house.start()
    host.say_hello()
    for name in names:
        house.hand_in(name, client=HOST)
    killed = {"app": 0, "render": 0}
    for number in range(deaths):
        if all(house.outcome(name) for name in names):
            break
        if number % 2:
            until(lambda: host.listens() and any(house.is_rendering(name) for name in names), UNDER_WAY_S)
        time.sleep(chance.uniform(0.05, 0.8 if number % 2 == 0 else 0.2))
        killed[who := _kill_one(house, chance)] += 1
        host.listens()
        if who == "app":
            host.say_hello()
    return killed


class Host:
    """A DAW that lives through all the deaths and notes which ends it is told.

    As a DAW's script does, it looks at its socket all the time: what nobody reads, the system drops.
    """

    def __init__(self, house: House) -> None:
        self._client = house.client(timeout_s=1.0, attempts=8)
        self.ends: Counter[str] = Counter()

    def close(self) -> None:
        self._client.close()

    def say_hello(self) -> None:
        self._client.hello(HOST)

    def listens(self) -> bool:
        """Take in what came; always true."""
        self.ends.update(event.job for event in self._client.heard() if isinstance(event, FINAL))
        return True


def _row_of_ends(host: Host, names: list[str]) -> Row:
    untold = sum(name not in host.ends for name in names)
    again = sum(count > 1 for count in host.ends.values())
    return Row(
        question="what a host is told of these jobs, with a hello after each start",
        goal="every end",
        measured=f"{len(names) - untold} of {len(names)} ends; {again} of them more than once, the app died in between",
        holds=not untold,
    )


def _kill_one(house: House, chance: random.Random) -> str:
    render = house.render_pid()
    if render and chance.random() < 0.5:
        with contextlib.suppress(ProcessLookupError):
            os.kill(render, signal.SIGKILL)
        return "render"
    house.kill()
    house.start()
    return "app"


def _row_of_kills(house: House, names: list[str], killed: dict[str, int], said: bool) -> Row:
    outcomes = [house.outcome(name) for name in names]
    with contextlib.closing(Journal(house.home / "journal.sqlite")) as journal:
        known = {record.job: record for record in journal.newest(len(names) + 10)}
    lost = sum(name not in known or not known[name].is_finished for name in names)
    partial = sum(
        outcome == "done" and not is_whole(house, name) for name, outcome in zip(names, outcomes, strict=True)
    )
    disagree = sum(_outcome_in(known, name) != outcome for name, outcome in zip(names, outcomes, strict=True))
    doubled = len(known) - len(set(known))
    given_up = sum(outcome == "failed" for outcome in outcomes)
    measured = (
        f"{killed['app']} kills of the app, {killed['render']} of the render process; lost {lost}, doubled {doubled}, "
        f"partial stems {partial}, folder and journal disagree {disagree}; done {outcomes.count('done')}, "
        f"set aside after repeated deaths {given_up}"
    )
    holds = said and not (lost or doubled or partial or disagree)
    return Row(
        question=f"{sum(killed.values())} kills in {len(names)} jobs",
        goal="0 lost, 0 doubled, 0 partial",
        measured=measured,
        holds=holds,
    )


def _outcome_in(known: dict[str, JobRecord], name: str) -> str | None:
    entered = known[name].outcome if name in known else None
    return entered.value if entered else None


def is_whole(house: House, name: str) -> bool:
    """The job's stem is as long as its source."""
    folder = house.jobs / name
    return soundfile.info(folder / "stem.wav").frames == soundfile.info(folder / "input.wav").frames


def races(house: House, rounds: int) -> list[Row]:
    """Three apps start at once on one folder, again and again: exactly one may live."""
    alone = 0
    for _ in range(rounds):
        racers = [house.launch() for _ in range(3)]
        until(lambda racers=racers: sum(racer.poll() is None for racer in racers) <= 1, 60)
        living = [racer for racer in racers if racer.poll() is None]
        until(lambda living=living: _answers(house, living), 30)
        alone += len(living) == 1 and _answers(house, living)
        for racer in racers:
            racer.kill()
            racer.communicate()
    return [
        Row(
            question=f"{rounds} races of three starts",
            goal="exactly one lives and answers",
            measured=f"{alone} of {rounds}",
            holds=alone == rounds,
        )
    ]


def _answers(house: House, living: list) -> bool:
    with contextlib.suppress(Exception), house.client(timeout_s=0.5, attempts=1) as client:
        client.ping()
        return house.endpoint().pid == living[0].pid
    return False


def stopped(house: House) -> list[Row]:
    """SIGSTOP on the render process: noticed, replaced, and the queue goes on."""
    house.start()
    house.hand_in("stop-0")
    until(lambda: house.outcome("stop-0") is not None, 120)
    asleep = house.render_pid()
    os.kill(asleep, signal.SIGSTOP)
    for number in range(1, 4):
        house.hand_in(f"stop-{number}")
    began = time.monotonic()
    noticed = until(lambda: house.render_pid() not in (asleep, 0), 120)
    seconds = time.monotonic() - began
    done = until(lambda: all(house.outcome(f"stop-{n}") == "done" for n in range(1, 4)), 120)
    house.stop()
    holds = noticed and done and seconds <= GOAL_NOTICED_S
    return [
        Row(
            question="the render process is stopped (SIGSTOP)",
            goal=f"noticed in <= {GOAL_NOTICED_S:g} s, all jobs done",
            measured=f"replaced after {seconds:.0f} s; jobs done: {done}",
            holds=holds,
        )
    ]


def leftovers(house: House) -> int:
    """Temporary files anywhere in the state folder."""
    return sum(1 for _ in house.home.rglob(f"{PREFIX}*"))
