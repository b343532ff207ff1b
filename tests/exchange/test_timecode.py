"""A session's start as timecode, in samples."""

from __future__ import annotations

import pytest

from stylus_daw.commands.export import samples_of
from stylus_daw.errors import RequestError


@pytest.mark.parametrize(
    ("text", "frame_rate", "samples"),
    [
        ("01:00:00:00", "23.976", 172_972_800),
        ("01:00:00", "23.976", 172_972_800),
        ("01:00:00:00", "29.97", 172_972_800),
        ("01:00:00:12", "24", 172_824_000),
        ("01:00:00:00", "25", 172_800_000),
        ("00:01:00;02", "29.97df", 2_882_880),  # the 1,800th frame: 00 and 01 are left out
        ("00:10:00;00", "29.97df", 28_799_971),  # 17,982 frames
        ("01:00:00;00", "59.94df", 172_799_827),
        ("480", "23.976", 480),
        ("01:00:00", None, 172_800_000),
    ],
)
def test_a_start_is_counted_in_frames_of_its_rate(text: str, frame_rate: str | None, samples: int) -> None:
    assert samples_of(text, 48_000, frame_rate) == samples


@pytest.mark.parametrize(
    ("text", "frame_rate", "words"),
    [
        ("01:00:00:00", None, "--frame-rate"),
        ("01:00:00:24", "23.976", "allowed there at 23.976: 0 to 23"),
        ("00:01:00;01", "29.97df", "2 to 29"),
        ("01:00", "25", "01:00:00:00"),
        ("01:00:00:00", "26", "allowed: 23.976, 24"),
    ],
)
def test_a_start_that_is_none_is_refused(text: str, frame_rate: str | None, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        samples_of(text, 48_000, frame_rate)
