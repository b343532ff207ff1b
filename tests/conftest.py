"""Tests that need a tool say so with ``needs``; see tests/support/needs.py."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator

import pytest

from tests.support.needs import go_without, lacking, must_be_here

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Of a shell's background job; children would inherit it, and tests press Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


os.environ.setdefault("STYLUS_RUNTIME", "onnxruntime")  # what users have, wherever OpenVINO is installed beside it


@pytest.hookimpl(wrapper=True)
def pytest_collect_file() -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """Doctests stand in the code. Looking for some here imports every test, where Qt cannot start as well."""
    collectors = yield
    return [one for one in collectors if type(one).__name__ != "DoctestModule"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips are known before anything runs."""
    for item in items:
        for why in unmet(item):
            if not must_be_here():
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for why in unmet(item):
        go_without(why)


def unmet(item: pytest.Item) -> list[str]:
    """What its marks ask for in vain."""
    return [why for mark in item.iter_markers("needs") if (why := lacking(*mark.args))]
