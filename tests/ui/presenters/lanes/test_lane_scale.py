"""What stands at the left edge of a lane; without a window."""

from __future__ import annotations

from itertools import pairwise

import pytest

from stylus_daw.audio.spectrogram import band_edges_hz
from stylus_ui.drawing.mel_tiles import GEOMETRY
from stylus_ui.presenters.lanes.lane_scale import APART, TOP, scale
from stylus_ui.state.text import Text


@pytest.mark.parametrize("shows_mel", [False, True])
def test_labels_never_lie_over_each_other_or_the_tag(shows_mel: bool) -> None:
    for height in range(100, 800, 7):
        marks = scale(height, Text(), shows_mel=shows_mel)
        assert len(marks) >= 2
        assert all(after.y - before.y >= APART for before, after in pairwise(marks))
        assert marks[0].y >= TOP
        assert marks[-1].y <= height


def test_a_level_stands_where_the_waveform_has_it() -> None:
    found = {(mark.label, round(mark.y)) for mark in scale(400, Text(), shows_mel=False)}
    assert {("−6", round(200 + 200 * 10 ** (-6 / 20))), ("−12", round(200 - 200 * 10 ** (-12 / 20)))} <= found


def test_a_tone_stands_where_the_picture_has_its_band() -> None:
    edges, height = band_edges_hz(GEOMETRY), 800
    at = {mark.label: mark.y for mark in scale(height, Text(), shows_mel=True)}
    assert {"100 Hz", "1 kHz", "10 kHz"} <= at.keys()
    for label, hz in (("100 Hz", 100), ("1 kHz", 1_000), ("10 kHz", 10_000)):
        band = sum(edge < hz for edge in edges) - 1
        row = height * (1 - band / GEOMETRY.bands)
        assert at[label] == pytest.approx(row, abs=2.5 * height / GEOMETRY.bands)
