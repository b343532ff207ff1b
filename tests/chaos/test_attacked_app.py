"""The short form of `python -m bench.reliability`: the real app with the real engine, attacked for seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.reliability.deaths import kills, races
from bench.reliability.flood import flood
from bench.reliability.house import House, write_source
from bench.reliability.long_runs import many_waiting
from bench.reliability.measured import Row

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


def test_of_three_starts_exactly_one_lives(house: House) -> None:
    assert not broken(races(house, 1))


def test_an_app_with_many_queued_jobs_answers(house: House) -> None:
    assert not broken(many_waiting(house, 50), but="first pong")
