"""What the audition of presets calls a failure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.presets.audition import mean_distance, threshold, timbre
from bench.presets.contents import contents
from bench.presets.page import page
from bench.presets.report import Audition, PresetReport, failures
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.level.true_peak import true_peak_db
from stylus_daw.presets.library.library import PresetLibrary

FOUND = tuple(
    Audition(preset=preset, lufs=(-18.0, -17.0), true_peak_db=-1.0, centroid_hz=900.0, from_input=30.0, timbres={})
    for preset in PresetLibrary().all()[:3]
)
FAR = np.array([[0.0, 20, 30], [20, 0, 40], [30, 40, 0]])
REPORT = PresetReport(auditions=FOUND, distances=FAR, threshold=7, seconds=3, contents=("a",), model="mini 123")


def with_first(**changes: object) -> PresetReport:
    return replace(REPORT, auditions=(replace(FOUND[0], **changes), *FOUND[1:]))


def test_what_is_well_does_not_fail() -> None:
    assert failures(REPORT) == ()
    assert REPORT.nearest(2) == (0, 30.0)


@pytest.mark.parametrize(
    ("report", "word"),
    [
        (with_first(lufs=(-60.0, -18.0)), "silent"),
        (with_first(true_peak_db=-0.5), "clips"),
        (with_first(from_input=1.0), "leaves its input"),
        (replace(REPORT, distances=FAR / 4), "sounds like"),
    ],
)
def test_what_must_not_be_is_named(report: PresetReport, word: str) -> None:
    found = failures(report)
    assert word in found[0]
    assert f"- {found[0]}" in page(report)


def test_the_page_has_every_preset_in_every_table() -> None:
    written = page(REPORT)
    for found in FOUND:
        assert written.count(f"`{found.preset.id}`") >= 3
    assert "None fails." in written


def test_the_contents_are_heard_and_differ() -> None:
    pieces = contents(1.0)
    for clip in pieces.values():
        assert (clip.length, clip.rate, clip.channels) == (48_000, 48_000, 2)
        assert integrated_lufs(clip) > -40
        assert true_peak_db(clip) < -1
    first, *others = (timbre(clip) for clip in pieces.values())
    assert all(np.linalg.norm(first - other) > threshold(pieces) for other in others)


def test_timbre_does_not_see_loudness() -> None:
    clip = contents(1.0)["saw chords"]
    quiet = clip.with_samples(clip.samples * np.float32(0.25))
    assert mean_distance({"a": timbre(clip)}, {"a": timbre(quiet)}) < 0.1
