"""The battery in small: what must hold for every stem, and measures that see faults."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("librosa")

from bench.fidelity import measures
from bench.fidelity.battery import Bench, check, open_bench
from bench.fidelity.lines import LINES, Case, Finding
from bench.fidelity.page import page
from bench.material.signals import named
from stylus_daw.audio.clip import Clip

RATE = 48_000
LINE = named("plucked line").clip(RATE, 2, 2.0)


@pytest.fixture(scope="module")
def bench() -> Bench:
    return open_bench()


@pytest.mark.parametrize(
    ("content", "style", "rate", "channels"),
    [
        ("isolated attacks", "harpsichord", 44_100, 2),
        ("beat", "warm-pad", 48_000, 1),
        ("click train", "warm-pad", 96_000, 2),
        ("impulse", "brass-section", 44_100, 2),
        ("dull chords", "harpsichord", 48_000, 2),
    ],
)
def test_a_stem_holds_every_line(bench: Bench, content: str, style: str, rate: int, channels: int) -> None:
    case = Case(content=named(content), style=style, rate=rate, channels=channels, seconds=2.0)
    findings = check(case, bench)
    assert {"null", "length", "loudness", "true peak"} <= {finding.line.name for finding in findings}
    failing = [finding for finding in findings if not finding.holds]
    assert [f"{finding.line.name} {finding.value:.3g}" for finding in failing] == []


def test_a_loop_that_begins_with_its_kick_keeps_its_image_and_its_loudness(bench: Bench) -> None:
    case = Case(content=named("beat"), style="brass-section", rate=44_100, channels=2, seconds=1.0)
    assert [finding.line.name for finding in check(case, bench) if not finding.holds] == []


def test_sound_before_an_attack_is_seen() -> None:
    samples = np.zeros((1, RATE), np.float32)
    samples[0, 24_000:] = 0.5
    samples[0, 23_040:24_000] = 0.05
    assert -20.1 < measures.pre_echo_db(Clip(samples=samples, rate=RATE), 24_000) < -19.9


def test_a_lost_sample_is_a_burst() -> None:
    time = np.arange(RATE) / RATE
    tone = (0.2 * np.sin(2 * np.pi * 220 * time))[None].astype(np.float32)
    broken = tone.copy()
    broken[0, 10_000] += 0.3
    whole, torn = (measures.step_burst(Clip(samples=samples, rate=RATE)) for samples in (tone, broken))
    assert torn > 3 * whole
    assert measures.step_ratio(Clip(samples=broken, rate=RATE), Clip(samples=tone, rate=RATE)) > 2


def test_a_bright_style_may_have_larger_steps_than_a_dull_content_but_no_click() -> None:
    time = np.arange(RATE) / RATE
    dull, bright = (
        Clip(samples=(0.2 * np.sin(2 * np.pi * hz * time))[None].astype(np.float32), rate=RATE) for hz in (220, 4000)
    )
    assert measures.step_ratio(bright, dull) > 2
    assert measures.step_ratio_with(bright, dull, bright) < 2
    clicked = bright.samples.copy()
    clicked[0, 10_000] += 0.9
    assert measures.step_ratio_with(bright.with_samples(clicked), dull, bright) > 2


def test_a_gain_on_both_channels_leaves_the_image_and_one_on_the_left_does_not() -> None:
    level, likeness = measures.stereo_change(LINE.with_samples(LINE.samples * np.float32(0.3)), LINE)
    assert level < 0.01
    assert likeness < 0.001
    leaning = LINE.samples * np.array([[1.5], [1.0]], np.float32)
    assert measures.stereo_change(LINE.with_samples(leaning), LINE)[0] > 3


def test_the_right_channel_late_costs_correlation() -> None:
    late = np.stack([LINE.samples[0], np.roll(LINE.samples[1], 20)])
    assert measures.stereo_change(LINE.with_samples(late), LINE)[1] > 0.05


def test_steps_of_level_at_borders_are_seams() -> None:
    noise = np.random.default_rng(0).standard_normal((1, 4 * RATE)).astype(np.float32) * 0.1
    borders = np.zeros(402, bool)
    borders[[100, 101, 200, 201, 300, 301]] = True
    wobbly = noise * np.where((np.arange(4 * RATE) // RATE) % 2, 2.0, 1.0).astype(np.float32)
    content = Clip(samples=noise, rate=RATE)
    assert measures.seam_flux(content.with_samples(wobbly), content, borders)[0] > 1
    tilted = content.with_samples(noise * np.linspace(1, 2, 4 * RATE, dtype=np.float32))
    assert measures.seam_flux(tilted, content, borders)[0] < 1


def test_the_page_hides_nothing_that_fails() -> None:
    case = Case(content=named("impulse"), style="harpsichord", rate=RATE, channels=1, seconds=1.0)
    findings = [Finding(line=LINES["lag"], case=case, value=7.0), Finding(line=LINES["null"], case=case, value=0.0)]
    text = page(findings, "the command")
    assert "7 **fail** (1 of 1)" in text
    assert f"| lag | 7 | {case.name} |" in text
    assert "1 of 2 figures are" in text
