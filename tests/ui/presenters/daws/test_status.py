"""The DAW status without a window: states, scripts, installing, alignment, the log."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.daws.host import Machine
from stylus_bridge.hosts.visitors import Visitors
from stylus_daw.alignment import Alignment
from stylus_daw.app import App
from stylus_daw.errors import BridgeError
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_scripts import ScriptState, daw_lines
from stylus_ui.presenters.daws.osc_log import OscLog
from stylus_ui.presenters.daws.status import Bridge, BridgeState, DawStatus
from stylus_ui.presenters.daws.status_words import bar_words, daw_words, install_words, sentence
from stylus_ui.screenshots.core import HandWorker, hand_core
from stylus_ui.state.text import Text
from tests.support.waiting import eventually

EXACT = Alignment(lag_samples=0, start_sample=5, expected_start_sample=5, length_samples=9, expected_length_samples=9)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Linux on which REAPER was run."""
    (tmp_path / "user" / ".config" / "REAPER").mkdir(parents=True)
    return Machine(system="Linux", home=tmp_path / "user")


@pytest.fixture
def status(context: UiContext, machine: Machine) -> Iterator[DawStatus]:
    made = DawStatus(context, machine=machine, measure=lambda: EXACT)
    yield made
    made.close()


@pytest.fixture
def app(context: UiContext) -> Iterator[App]:
    with hand_core(context.settings, HandWorker()) as made:
        yield made


def line_of(status: DawStatus, name: str):
    return next(line for line in status.daws.value if line.name == name)


def test_it_starts_gets_ready_hears_a_daw_and_tells_a_failure(status, context, app):
    text = Text()
    assert bar_words(text, status.bridge.value) == "Starting…"
    context.app_ready.value = app
    assert bar_words(text, status.bridge.value) == "Ready for your DAW"
    with BridgeClient(context.settings.home) as daw:
        daw.hello("ardour", "8.4")
    eventually(lambda: status.tick() or status.bridge.value.state is BridgeState.CONNECTED)
    assert bar_words(text, status.bridge.value) == "Ardour connected"
    context.app_ready.value = None
    context.core_problem.value = "No port is free."
    assert (status.bridge.value.state, sentence(text, status.bridge.value)) == (BridgeState.FAILED, "No port is free.")


def test_a_port_that_is_taken_is_told_and_the_next_one_is_shown(context, machine):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        taken = other.getsockname()[1]
        settings = replace(context.settings, port=taken)
        with hand_core(settings, HandWorker()) as app:
            status = DawStatus(replace(context, settings=settings), machine=machine)
            context.app_ready.value = app
            bridge = status.bridge.value
            assert (bridge.taken_port, bridge.port) == (taken, app.server.port)
            assert sentence(Text(), bridge).startswith(f"Port {taken} belongs to another program, so {app.server.port}")
            context.app_ready.value = None


def test_a_daw_of_yesterday_is_not_connected_but_remembered(status, context, app):
    Visitors(context.settings.home, now=lambda: 1_000_000.0).note("reaper")
    context.app_ready.value = app
    status.look()
    assert status.bridge.value.state is BridgeState.READY
    said = daw_words(Text(), line_of(status, "reaper"), datetime(2025, 1, 1))
    assert said == "Script not installed · last heard 1970-01-12"


def test_scripts_are_installed_and_what_is_to_be_clicked_is_told(status, context, machine):
    status.look()
    assert line_of(status, "reaper").scripts is ScriptState.NOT_INSTALLED
    assert line_of(status, "live").scripts is ScriptState.NO_DAW
    status.install("reaper")
    told = status.told.value["reaper"]
    assert told.is_good
    assert "files installed. Then:" in told.text
    assert told.steps
    assert line_of(status, "reaper").scripts is ScriptState.INSTALLED
    assert install_words(Text(), line_of(status, "reaper")) == "Install again"
    status.install("reaper")
    assert status.told.value["reaper"].text.startswith("Everything was already installed.")
    elsewhere = daw_lines(context.settings.home / "other", machine)
    assert next(line for line in elsewhere if line.name == "reaper").scripts is ScriptState.ELSEWHERE


def test_scripts_go_into_a_folder_of_the_users_choice_and_never_over_a_file_of_theirs(status, tmp_path):
    status.install("reaper", tmp_path / "portable")
    assert any((tmp_path / "portable").rglob("*.lua"))
    own = next(path for path in (tmp_path / "portable").rglob("*.lua"))
    own.write_text("mine")
    status.install("reaper", tmp_path / "portable")
    told = status.told.value["reaper"]
    assert (told.is_good, own.read_text()) == (False, "mine")
    assert own.name in told.text


def test_the_alignment_test_tells_what_it_found(context, machine, app):
    found = [EXACT, replace(EXACT, lag_samples=-3), BridgeError("demo.app", "The app did not start.")]

    def measure() -> Alignment:
        result = found.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    status = DawStatus(context, machine=machine, measure=measure)
    status.test_alignment()
    assert len(found) == 3
    context.app_ready.value = app
    said = []
    for _ in range(3):
        status.test_alignment()
        said.append((status.alignment.value.is_good, status.alignment.value.text[:20]))
    assert said == [(True, "Exact to the sample:"), (False, "The stem is -3 sampl"), (False, "The app did not star")]
    context.app_ready.value = None


def test_the_log_shows_what_passes_once_and_never_the_token(context, app):
    log = OscLog(context)
    assert log.poll() == []
    context.app_ready.value = app
    with BridgeClient(context.settings.home) as daw:
        daw.ping()
        first = log.poll()
        assert ["/stylus/ping" in first[0], "/stylus/pong" in first[1], len(first)] == [True, True, 2]
        assert log.poll() == []
        for _ in range(200):
            daw.ping()
    assert len(log.poll()) == len(log.lines) == 300
    assert app.server.token not in "\n".join(log.lines)
    context.app_ready.value = None


@pytest.mark.parametrize(("daws", "said"), [(("REAPER", "Ardour"), "REAPER and 1 more connected")])
def test_several_daws_fit_into_the_bar(daws, said):
    assert bar_words(Text(), Bridge(state=BridgeState.CONNECTED, port=47120, daws=daws)) == said
