"""The short form of `python -m bench.reliability`: the real app with the real engine, attacked for seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.reliability.deaths import kills, races
from bench.reliability.flood import flood
from bench.reliability.full_disks import disk_faults
from bench.reliability.house import House, write_source
from bench.reliability.long_runs import many_waiting
from bench.reliability.measured import Row
from bench.reliability.plugin_deaths import plugin_kills
from tests.support.needs import go_without

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def house(tmp_path: Path):
    made = House(tmp_path / "home", write_source(tmp_path / "source.wav"))
    yield made
    made.kill()


def broken(rows: list[Row], *, but: str = "pings") -> list[Row]:
    """What did not hold; how fast it was is for the bench, not for a test."""
    return [row for row in rows if row.holds is False and but not in row.question]


def test_a_flood_of_hostile_datagrams_costs_no_job_no_memory_and_no_log(house: House) -> None:
    assert not broken(flood(house, 2_000, 1))


def test_kills_of_app_and_render_process_lose_no_job_and_double_none(house: House) -> None:
    assert not broken(kills(house, 2, 1))


@pytest.mark.vst3
def test_kills_of_plugin_processes_fail_their_jobs_by_name_and_no_other(house: House) -> None:
    rows = plugin_kills(house, 3, 1)
    if any(row.holds is None for row in rows):
        go_without("the plugin has not been built; run: make test-vst3", could_be_installed=False)
    assert not broken(rows)


def test_a_disk_that_fills_up_meanwhile_costs_no_job_its_outcome(house: House) -> None:
    rows = disk_faults(house, 2, 1)
    if any(row.holds is None for row in rows):
        go_without("only root may mount a small disk", could_be_installed=False)
    assert not broken(rows)


def test_of_three_starts_exactly_one_lives(house: House) -> None:
    assert not broken(races(house, 1))


def test_an_app_with_many_queued_jobs_answers(house: House) -> None:
    assert not broken(many_waiting(house, 50), but="first pong")
