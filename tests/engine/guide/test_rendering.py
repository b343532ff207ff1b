"""The guide in the engine: the contract of a render, with the shipped transcriber."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch

from bench.hearing.holes import holes
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.checkpoint import Base
from stylus_daw.engine.guide.listening import MOST_S, excerpts
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.transfer import stylize, stylized
from stylus_daw.errors import JobCancelled
from tests.support.engine.played_notes import note, played, struck

MELODY = played([note(0.1, 0.5, 60), note(0.6, 1.0, 64), note(1.1, 1.9, 67)], 2.0, tilt=2.0)
BRIGHT = played([note(0.1, 0.7, 57), note(0.8, 1.4, 62), note(1.5, 1.9, 69)], 2.0, tilt=0.4, decay_s=0.4)
DRUMS = struck((0.1, 0.6, 1.1, 1.6), (0.35, 0.85, 1.35, 1.85), 2.0)
NOISE = Clip(samples=(0.1 * np.random.default_rng(0).standard_normal((1, 44_100))).astype(np.float32), rate=44_100)
SYLLABLES = np.abs(np.sin(np.arange(44_100) / 3_000)).astype(np.float32)
SPEECH_LIKE = Clip(samples=NOISE.samples * SYLLABLES, rate=44_100)


def on(base: Base, checkpoint: MiniCheckpoint) -> MiniCheckpoint:
    """The checkpoint with a net of its own, on that base."""
    return replace(checkpoint, net=deepcopy(checkpoint.net), config={**checkpoint.config, "base": base.value})


@pytest.fixture(scope="module", params=[Base.GUIDE, Base.BARE_GUIDE])
def mini(request: pytest.FixtureRequest, small_mini: MiniCheckpoint) -> MiniCheckpoint:
    """An untrained net on top of guides, and guides without a net."""
    return on(request.param, small_mini)


@pytest.fixture(scope="module")
def bare(small_mini: MiniCheckpoint) -> MiniCheckpoint:
    return on(Base.BARE_GUIDE, small_mini)


@pytest.fixture(autouse=True)
def few_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def asked(content: Clip, *styles: Clip, **settings: object) -> StyleRequest:
    chosen = tuple(WeightedStyle(clip=style) for style in styles)
    return StyleRequest(content=content, styles=chosen, settings=StyleSettings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [8_000, 22_050, 48_000, 192_000])
def test_every_rate_keeps_length_and_channels(mini: MiniCheckpoint, rate: int) -> None:
    content = played([note(0.05, 0.35, 60)], 0.4, rate=rate)
    out = stylize(asked(content, BRIGHT), mini)
    assert (out.samples.shape, out.rate) == (content.samples.shape, rate)
    assert np.isfinite(out.samples).all()


@pytest.mark.parametrize("length", [1, 2, 441, 8_821])
def test_any_length_works_as_content_and_as_style(mini: MiniCheckpoint, length: int) -> None:
    short = MELODY.slice(10_000, length)
    assert stylize(asked(short, BRIGHT), mini).length == length
    assert stylize(asked(MELODY.slice(0, 20_000), short), mini).length == 20_000


@pytest.mark.parametrize("content", [NOISE, SPEECH_LIKE, DRUMS, MELODY], ids=["noise", "speech", "drums", "melody"])
@pytest.mark.parametrize("style", [NOISE, DRUMS, BRIGHT], ids=["noise", "drums", "notes"])
def test_anything_in_the_sound_of_anything_has_no_holes(
    bare: MiniCheckpoint, content: Clip, style: Clip, request: pytest.FixtureRequest
) -> None:
    if content is MELODY and style is DRUMS:
        reason = "kicks make the result louder as a whole; a melody's faint skirt below 250 Hz then counts as silent"
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    out = stylize(asked(content, style), bare)
    assert out.length == content.length
    assert max(holes(content, out).values()) == 0.0


def test_strength_zero_is_the_input_and_silence_stays(mini: MiniCheckpoint) -> None:
    assert stylize(asked(MELODY, BRIGHT, strength=0.0), mini) is MELODY
    silent = Clip(samples=np.zeros((2, 4_800), np.float32), rate=48_000)
    assert stylize(asked(silent, BRIGHT), mini) is silent


def test_the_same_request_gives_the_same_samples(mini: MiniCheckpoint) -> None:
    first = stylize(asked(MELODY, BRIGHT), mini)
    again = stylize(asked(MELODY, BRIGHT), on(mini.base, mini))  # nothing kept
    np.testing.assert_array_equal(first.samples, again.samples)


def test_structure_is_heard(mini: MiniCheckpoint) -> None:
    low, high = (stylize(asked(MELODY, BRIGHT, structure=s), mini).samples for s in (0.0, 1.0))
    assert np.abs(low - high).max() > 0.01


def test_a_blend_lies_between_its_styles(mini: MiniCheckpoint) -> None:
    ends = [stylize(asked(MELODY, style), mini).samples for style in (BRIGHT, DRUMS)]
    blended = stylize(asked(MELODY, BRIGHT, DRUMS), mini).samples
    apart = np.abs(ends[0] - ends[1]).mean()
    assert all(0 < np.abs(blended - end).mean() < apart for end in ends)


def test_progress_rises_tells_of_the_notes_and_cancels(mini: MiniCheckpoint) -> None:
    seen: list[tuple[float, str]] = []
    stylize(asked(MELODY, BRIGHT), mini, lambda fraction, stage: seen.append((fraction, stage)))
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert any("notes and" in stage for _, stage in seen)

    def stop(fraction: float, stage: str) -> None:
        if stage == "playing the notes":
            raise JobCancelled

    with pytest.raises(JobCancelled):
        stylize(asked(MELODY, BRIGHT), mini, stop)


def test_what_of_the_style_was_used_is_told(mini: MiniCheckpoint) -> None:
    told: dict[str, str] = {}
    stylized(asked(MELODY, BRIGHT), mini, scratch=Scratch(), tell=told.update)
    assert int(told["style_notes"]) >= 1
    stages: list[str] = []
    stylize(asked(MELODY, NOISE), mini, lambda fraction, stage: stages.append(stage))
    assert any("spectrum is matched" in stage for stage in stages)


def test_a_style_is_heard_once(mini: MiniCheckpoint) -> None:
    stages: list[str] = []
    for strength in (0.5, 1.0):
        stages.clear()
        stylize(asked(MELODY, BRIGHT, strength=strength), mini, lambda fraction, stage: stages.append(stage))
    assert stages.index("hearing the notes") > next(i for i, stage in enumerate(stages) if "notes and" in stage)


def test_of_a_long_style_excerpts_are_heard() -> None:
    long = Clip(samples=np.random.default_rng(0).standard_normal((1, 8_000 * 300)).astype(np.float32), rate=8_000)
    heard = excerpts(long)
    assert MOST_S <= heard.seconds < MOST_S + 3
    assert excerpts(MELODY) is MELODY
