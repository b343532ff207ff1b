"""A batch as a CSV."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.commands.batch.sheet import read_sheet
from stylus_daw.engine.knobs.style_settings import KNOBS
from stylus_daw.errors import RequestError


def sheet(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sheet.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_has_its_preset_name_and_knobs_and_paths_begin_at_the_sheet(tmp_path: Path) -> None:
    rows = read_sheet(sheet(tmp_path, "Source,preset,out,strength\na.wav,warm-strings,x/y,0.5\n\n/abs/b.wav,,,\n"))
    assert [row.line for row in rows] == [2, 4]
    assert (rows[0].source, rows[0].preset, rows[0].out) == (tmp_path / "a.wav", "warm-strings", "x/y")
    assert rows[0].knobs == {"strength": 0.5}
    assert (rows[1].source, rows[1].preset, rows[1].knobs) == (Path("/abs/b.wav"), None, {})


def test_a_spreadsheet_with_semicolons_and_decimal_commas_is_read(tmp_path: Path) -> None:
    (row,) = read_sheet(sheet(tmp_path, '\ufeffsource;style;strength\n"a;1.wav";s.wav=0.7|t.wav;0,5\n'))
    assert row.source.name == "a;1.wav"
    assert row.styles == (str(tmp_path / "s.wav=0.7"), str(tmp_path / "t.wav"))
    assert row.knobs == {"strength": 0.5}


@pytest.mark.parametrize("cells", ["a.wav,loud", ",0.5", "a.wav,0.5,more"])
def test_a_bad_row_complains_and_leaves_the_others(tmp_path: Path, cells: str) -> None:
    bad, good = read_sheet(sheet(tmp_path, f"source,strength\n{cells}\nb.wav,1\n"))
    assert bad.complaint is not None
    assert "Line 2" in bad.complaint.message
    assert good.complaint is None


@pytest.mark.parametrize("heading", ["", "preset,strength", "source,loudness", "source,preset,preset"])
def test_a_bad_heading_is_refused_with_the_columns_that_are_allowed(tmp_path: Path, heading: str) -> None:
    with pytest.raises(RequestError, match="allowed: source, preset, style, out, strength"):
        read_sheet(sheet(tmp_path, f"{heading}\na.wav,1\n"))


def test_every_knob_is_a_column(tmp_path: Path) -> None:
    (row,) = read_sheet(sheet(tmp_path, ",".join(["source", *KNOBS]) + "\na.wav" + "," * len(KNOBS) + "\n"))
    assert row.knobs == {}


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(b"\xff\xfe\x00\x00")
    with pytest.raises(RequestError, match="Save it as CSV in UTF-8"):
        read_sheet(path)
