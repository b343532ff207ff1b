"""The transport without a window: what is heard of the workspace, on a dummy output."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.jobs.job import JobWasCancelled
from stylus_ui.audition.programme import Layer
from stylus_ui.audition.sources import FileSource
from stylus_ui.context import UiContext
from stylus_ui.presenters.listening.transport import Transport
from stylus_ui.state.player import Side
from stylus_ui.workspace.content_file import content_of
from stylus_ui.workspace.workpiece import Selection
from tests.support.ui.dummy_outputs import DummyOutputs
from tests.support.ui.sounds import RATE, take_of, write_tone
from tests.support.ui.worlds import AtOnce
from tests.support.waiting import eventually


@pytest.fixture
def outputs() -> DummyOutputs:
    return DummyOutputs()


@pytest.fixture
def transport(context: UiContext, outputs: DummyOutputs) -> Iterator[Transport]:
    at_once = AtOnce()
    made = Transport(
        context.workspace, preferences=context.preferences, dispatcher=at_once, background=at_once, outputs=outputs
    )
    made.start()
    eventually(lambda: made.output.value.names or made.output.value.problem)
    yield made
    made.close()


@pytest.fixture
def content(context: UiContext, tmp_path: Path, transport: Transport) -> Path:
    path = write_tone(tmp_path / "loop.wav")
    context.workspace.open_content(content_of(path))
    return path


def finish_take(context: UiContext, content: Path, tmp_path: Path, *, level: float = 0.5) -> None:
    stem = write_tone(tmp_path / "stem.wav", seconds=1.0, level=level)
    take, done = take_of(content, stem, first=24_000, length=48_000)
    context.workspace.takes.add(take)
    context.workspace.on_event(done)


def ticked(transport: Transport, condition) -> None:
    eventually(lambda: transport.tick() or condition())


def test_content_plays_and_the_playhead_moves(transport, content, outputs):
    assert (transport.length_s.value, transport.has_result.value, transport.side.value) == (2.0, False, Side.ORIGINAL)
    transport.toggle()
    assert transport.playing.value
    ticked(transport, lambda: transport.position_s.value > 0.02)
    transport.toggle()
    assert not transport.playing.value
    ticked(transport, lambda: not outputs.written[-1].any())
    assert not transport.playing.value


def test_the_first_result_becomes_what_is_heard_and_lies_where_its_region_was(transport, context, content, tmp_path):
    finish_take(context, content, tmp_path)
    assert transport.has_result.value
    assert transport.side.value is Side.RESULT
    programme = transport.audible.programme.value
    assert [(layer.at, layer.length) for layer in programme.result.layers] == [(24_000, 48_000)]
    transport.hear(Side.ORIGINAL)
    assert transport.side.value is Side.ORIGINAL


def test_the_take_before_stays_heard_while_another_is_rendered_and_after_a_cancel(
    transport, context, content, tmp_path
):
    finish_take(context, content, tmp_path)
    transport.hear(Side.ORIGINAL)
    take, done = take_of(content, write_tone(tmp_path / "other.wav"), first=0, length=96_000, job="b")
    context.workspace.takes.add(take)
    assert (transport.has_result.value, transport.side.value) == (True, Side.ORIGINAL)
    context.workspace.on_event(JobWasCancelled(job="b"))
    assert transport.audible.programme.value.result.layers[0].source.path.name == "stem.wav"
    context.workspace.takes.add(again := replace(take, job="c"))
    context.workspace.on_event(replace(done, job=again.job))
    assert transport.audible.programme.value.result.layers[0].source.path.name == "other.wav"
    assert transport.side.value is Side.RESULT


def test_without_a_result_only_the_original_can_be_heard(transport, content):
    transport.hear(Side.DIFFERENCE)
    assert transport.side.value is Side.ORIGINAL


class Slow(AtOnce):
    """What is asked for is done when somebody says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], object]] = []
        self.is_slow = False

    def run(self, work, *, done=None, failed=None):
        if not self.is_slow:
            return super().run(work, done=done, failed=failed)
        self.waiting.append(lambda: super(Slow, self).run(work, done=done, failed=failed))
        return lambda: None


def test_b_goes_out_at_once_for_content_without_a_result_however_long_it_takes_to_open(context, outputs, tmp_path):
    slow, workspace = Slow(), context.workspace
    transport = Transport(workspace, preferences=context.preferences, dispatcher=slow, background=slow, outputs=outputs)
    transport.start()
    content = write_tone(tmp_path / "loop.wav")
    workspace.open_content(content_of(content))
    finish_take(context, content, tmp_path)
    assert transport.side.value is Side.RESULT
    slow.is_slow = True
    workspace.open_content(content_of(write_tone(tmp_path / "long.wav")))
    assert slow.waiting, "it is being opened"
    assert (transport.side.value, transport.has_result.value) == (Side.ORIGINAL, False)
    slow.waiting[0]()
    assert (transport.side.value, transport.has_result.value) == (Side.ORIGINAL, False)
    transport.close()


def test_both_sides_are_as_loud_as_the_quieter_unless_that_is_switched_off(transport, context, content, tmp_path):
    context.workspace.select(Selection(first=24_000, length=48_000))
    finish_take(context, content, tmp_path, level=0.5)
    programme = transport.audible.programme.value
    assert programme.original.gain_db == 0.0
    assert programme.result.gain_db == pytest.approx(-6.02, abs=0.05)
    original = transport.audible.loudness.value.original
    assert transport.lufs.value == pytest.approx(original, abs=0.01)
    transport.audible.matched.value = False
    assert transport.audible.programme.value.result.gain_db == 0.0
    transport.side.value = Side.DIFFERENCE
    assert transport.lufs.value == -math.inf


def test_the_selection_is_what_is_looped_and_where_one_begins(transport, context, content):
    context.workspace.select(Selection(first=12_000, length=24_000))
    assert transport.audible.programme.value.loop == (12_000, 36_000)
    transport.to_start()
    assert transport.position_s.value == 0.25
    assert transport.position == 12_000


def test_other_content_stops_and_begins_at_its_beginning(transport, context, content, tmp_path):
    finish_take(context, content, tmp_path)
    transport.play()
    context.workspace.open_content(content_of(write_tone(tmp_path / "other.wav", seconds=1.0)))
    assert not transport.playing.value
    assert (transport.length_s.value, transport.position_s.value) == (1.0, 0.0)
    assert (transport.has_result.value, transport.side.value) == (False, Side.ORIGINAL)


def test_a_result_whose_file_has_gone_is_told_and_leaves_the_original(transport, context, content, tmp_path):
    told = []
    transport.audible.problem.connect(told.append)
    stem = write_tone(tmp_path / "stem.wav", seconds=1.0)
    take, done = take_of(content, stem, first=0, length=48_000)
    context.workspace.takes.add(take)
    stem.unlink()
    context.workspace.on_event(done)
    assert [error.code for error in told] == ["audio.missing"]
    assert (transport.length_s.value, transport.has_result.value) == (2.0, False)


def test_a_draft_lies_over_the_result_and_is_looped_until_it_goes(transport, context, content, tmp_path):
    source = FileSource(write_tone(tmp_path / "draft.wav", seconds=0.5))
    transport.show_draft(Layer(source=source, length=source.length, at=30_000))
    programme = transport.audible.programme.value
    assert programme.loop == (30_000, 54_000)
    assert transport.side.value is Side.RESULT
    transport.show_draft(None)
    assert transport.audible.programme.value.loop == (0, 2 * RATE)
    assert transport.side.value is Side.ORIGINAL


def test_a_draft_or_a_result_that_comes_while_it_plays_is_heard_without_a_stop(transport, context, content, tmp_path):
    shown = []
    transport.audible.programme.changed.connect(shown.append)
    transport.play()
    source = FileSource(write_tone(tmp_path / "draft.wav", seconds=0.5, level=0.5))
    transport.show_draft(Layer(source=source, length=source.length, at=0))
    assert (transport.playing.value, len(shown)) == (True, 1)
    finish_take(context, content, tmp_path)
    transport.show_draft(None)
    assert transport.playing.value
    assert None not in shown
    ticked(transport, lambda: transport.position_s.value > 0.02)
    assert transport.playing.value


def test_seeking_stays_inside_the_content(transport, content):
    transport.seek(-1.0)
    assert transport.position_s.value == 0.0
    transport.step(0.5)
    assert transport.position_s.value == 0.5
    transport.seek(99.0)
    assert transport.position == 2 * RATE - 1


def test_a_preview_pauses_the_work_and_ends_by_itself_or_is_stopped(transport, content, outputs, tmp_path):
    style = write_tone(tmp_path / "style.wav", seconds=0.1)
    transport.play()
    transport.preview(style)
    assert (transport.playing.value, transport.previewing.value) == (False, style)
    ticked(transport, lambda: transport.previewing.value is None)
    assert max(np.abs(block).max() for block in outputs.written) > 0.05
    transport.preview(style)
    transport.toggle()
    assert (transport.playing.value, transport.previewing.value) == (False, None)


def test_a_preview_that_cannot_be_read_is_told(transport, tmp_path):
    told = []
    transport.preview_problem.connect(told.append)
    transport.preview(tmp_path / "gone.wav")
    assert transport.previewing.value is None
    assert [error.code for error in told] == ["audio.missing"]


def test_no_output_says_why_and_trying_again_finds_one(transport, content, outputs):
    outputs.names = ()
    transport.retry()
    eventually(lambda: transport.output.value.problem)
    assert transport.device.value == ""
    outputs.names = ("Headphones",)
    transport.play()
    eventually(lambda: transport.device.value == "Headphones")


def test_the_chosen_output_the_loop_and_the_volume_are_remembered(transport, context, outputs):
    transport.choose_device("Headphones")
    transport.loop.value = False
    transport.volume_db.value = -12.0
    eventually(lambda: transport.device.value == "Headphones")
    at_once = AtOnce()
    again = Transport(
        context.workspace, preferences=context.preferences, dispatcher=at_once, background=at_once, outputs=outputs
    )
    assert (again.chosen_device, again.loop.value, again.volume_db.value) == ("Headphones", False, -12.0)
