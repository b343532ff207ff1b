"""The thread that carries the feed to a device: a device that is not there, comes, breaks, hangs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_ui.audition import output as output_module
from stylus_ui.audition.feed import Feed
from stylus_ui.audition.output import Output, OutputState
from stylus_ui.audition.programme import Layer, Programme, Track
from stylus_ui.audition.sources import ClipSource
from tests.support.ui.dummy_outputs import DummyOutputs
from tests.support.waiting import eventually


def ones(frames: int = 480_000) -> Programme:
    source = ClipSource(Clip(samples=np.full((1, frames), 0.5, np.float32), rate=48_000))
    return Programme(rate=48_000, length=frames, original=Track(layers=(Layer(source=source, length=frames),)))


@pytest.fixture
def outputs() -> DummyOutputs:
    return DummyOutputs()


@contextmanager
def started(outputs: DummyOutputs, device: str = "") -> Iterator[tuple[Feed, Output, list[OutputState]]]:
    feed, states = Feed(), []
    output = Output(feed, states.append, outputs=outputs)
    output.start(device)
    try:
        yield feed, output, states
    finally:
        output.close()
    assert not output._thread.is_alive()


def play(feed: Feed, output: Output) -> None:
    feed.command(lambda mixer: mixer.load(ones()))
    feed.command(lambda mixer: mixer.play())
    output.wake()


def test_the_device_is_known_before_anything_plays(outputs):
    with started(outputs) as (_, _, states):
        eventually(lambda: states)
        assert (states[0].device, states[0].names, states[0].problem) == ("Loudspeaker", outputs.names, "")
        assert outputs.written == []


def test_what_plays_reaches_the_device(outputs):
    with started(outputs) as (feed, output, _):
        play(feed, output)
        eventually(lambda: len(outputs.written) > 2)
        assert outputs.written[1].shape == (2, outputs.frames)
        np.testing.assert_array_equal(outputs.written[1], 0.5)


def test_no_device_says_so_and_one_that_comes_later_is_found(outputs):
    outputs.names = ()
    with started(outputs) as (feed, output, states):
        eventually(lambda: states)
        assert states[0].device == ""
        assert "No sound output was found" in states[0].problem
        play(feed, output)
        eventually(lambda: feed.heard.obeyed == 2 and not feed.heard.is_playing)
        outputs.names = ("Headphones",)
        output.choose("")
        eventually(lambda: output.state.device == "Headphones")
        play(feed, output)
        eventually(lambda: outputs.written)


def test_a_device_that_does_not_open_is_named(outputs):
    outputs.refused = {"Loudspeaker"}
    with started(outputs) as (_, output, states):
        eventually(lambda: states)
        assert (states[0].device, states[0].wanted) == ("", "Loudspeaker")
        output.choose("Headphones")
        eventually(lambda: output.state.device == "Headphones")


def test_another_device_takes_over_while_it_plays(outputs):
    with started(outputs) as (feed, output, _):
        play(feed, output)
        eventually(lambda: outputs.written)
        output.choose("Headphones")
        eventually(lambda: outputs.opened_names[-1] == "Headphones" and feed.heard.is_playing)


def test_a_device_that_hangs_is_let_go(outputs, monkeypatch):
    monkeypatch.setattr(output_module, "STUCK_S", 0.01)
    with started(outputs) as (feed, output, states):
        play(feed, output)
        eventually(lambda: outputs.written)
        outputs.hang()
        outputs.names = ()
        eventually(lambda: output.free_if_stuck() or output.state.problem)
        assert not feed.heard.is_playing
        assert states[-1].device == ""


def test_closing_frees_a_device_that_hangs(outputs):
    with started(outputs) as (feed, output, _):
        play(feed, output)
        eventually(lambda: outputs.written)
        outputs.hang()
        eventually(lambda: outputs.is_hanging)
        output.close(0.4)


def test_a_fault_of_the_device_is_told_and_the_thread_lives_on(outputs):
    with started(outputs) as (feed, output, states):
        play(feed, output)
        eventually(lambda: outputs.written)
        outputs.fault = RuntimeError("driver")
        eventually(lambda: "driver" in states[-1].problem)
        outputs.fault = None
        output.choose("")
        eventually(lambda: output.state.device)
        assert threading.active_count() > 1
