"""Sizes of the attacks: seconds in the default suite, as long as one likes with ``make chaos``."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

TRIES = int(os.environ.get("STYLUS_CHAOS", "40"))

settings.register_profile(
    "chaos",
    max_examples=TRIES,
    deadline=None,
    derandomize=TRIES <= 40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/chaos/" in item.path.as_posix():
            item.add_marker(pytest.mark.chaos)
