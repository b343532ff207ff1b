"""Automation lanes as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.commands.render.envelope_file import read_envelope
from stylus_daw.errors import RequestError


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("lane.csv", "seconds,factor\n0,0\n1.5,2\n"),
        ("lane.csv", "0,0\n1.5,2"),
        ("lane.txt", "\ufeff0,0\r\n1.5,2\r\n"),
        ("lane.csv", "Samples,Factor\n0,0\n72000,2\n"),
        ("lane.csv", "seconds;factor\n0;0\n1,5;2\n"),
        ("lane.csv", "0;0\r\n1.5;2\r\n"),
        ("lane.tsv", "samples\tfactor\n0\t0\n72000\t2\n"),
        ("lane.txt", "0\t0\n1,5\t2"),
        ("lane.json", "[[0, 0], [1.5, 2]]"),
        ("lane.json", '{"samples": [[0, 0], [72000, 2]]}'),
        ("lane.json", '{"seconds": [[0, 0], [1.5, 2]]}'),
    ],
)
def test_a_lane_is_read_in_seconds_or_samples(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    assert read_envelope(path, 48_000) == ((0.0, 0.0), (1.5, 2.0))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("lane.csv", "", "0 points"),
        ("lane.csv", "0,0\n1,loud", "Point 2"),
        ("lane.csv", "0,3", "allowed: 0 to 2"),
        ("lane.json", "[[0, 0]", "is not JSON"),
        ("lane.json", '{"beats": [[0, 1]]}', "must be"),
        ("lane.json", "3", "must be"),
        ("lane.csv", "nan,1", "nan"),
    ],
)
def test_a_lane_that_is_none_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(RequestError, match=words):
        read_envelope(path, 48_000)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        read_envelope(tmp_path / "none.csv", 48_000)
