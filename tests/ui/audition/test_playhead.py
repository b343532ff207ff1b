"""Where the ear is while the feed runs ahead of it."""

from __future__ import annotations

import pytest

from stylus_ui.audition.feed import Heard
from stylus_ui.audition.playhead import heard_position


@pytest.mark.parametrize(
    ("position", "uninterrupted", "after_s", "expected"),
    [
        (9_600, 9_600, 0.0, 4_800),
        (9_600, 9_600, 0.05, 7_200),
        (9_600, 9_600, 9.0, 9_600),
        (2_400, 2_400, 0.0, 0),
        (2_400, 50_400, 0.0, 45_600),
    ],
    ids=["behind the feed", "catching up", "never ahead of it", "just begun", "the loop has just turned"],
)
def test_the_playhead_is_behind_the_feed_by_the_latency(position, uninterrupted, after_s, expected):
    heard = Heard(position=position, uninterrupted=uninterrupted, is_playing=True, at=5.0)
    found = heard_position(heard, 5.0 + after_s, rate=48_000, latency_s=0.1, span=(0, 48_000))
    assert found == expected


def test_a_playhead_that_stands_is_where_it_was_put():
    assert heard_position(Heard(position=7), 9.0, rate=48_000, latency_s=0.1, span=None) == 7
