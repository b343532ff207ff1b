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


@pytest.mark.parametrize("cell", ['"b.wav', '"b".wav', "x" * 200_000])
def test_a_quotation_mark_without_its_pair_is_refused_and_swallows_no_rows(tmp_path: Path, cell: str) -> None:
    with pytest.raises(RequestError, match=r"Line 3 of the sheet .* Look for a quotation mark without its pair"):
        read_sheet(sheet(tmp_path, f"source,strength\na.wav,1\n{cell},1\nc.wav,1\n"))


def test_blanks_before_a_quoted_cell_are_not_part_of_it(tmp_path: Path) -> None:
    (row,) = read_sheet(sheet(tmp_path, 'source, preset\na.wav, "Warm Strings"\n'))
    assert row.preset == "Warm Strings"


def test_every_knob_is_a_column(tmp_path: Path) -> None:
    (row,) = read_sheet(sheet(tmp_path, ",".join(["source", *KNOBS]) + "\na.wav" + "," * len(KNOBS) + "\n"))
    assert row.knobs == {}


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes("source\nGröße.wav\n".encode("cp1252"))
    with pytest.raises(RequestError, match=r"not in UTF-8 \(line 2\). Save it as 'CSV UTF-8'"):
        read_sheet(path)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "sep=;\nsource;strength\nGröße.wav;0,5\n"),
        ("utf-8-sig", "source,strength\r\nGröße.wav,0.5\r\n"),
        ("utf-8", "source,strength\rGröße.wav,0.5\r"),
        ("utf-16", "source\tstrength\r\nGröße.wav\t0,5\r\n"),
    ],
    ids=["Excel's hint", "Excel's UTF-8", "line ends of old Macs", "Excel's Unicode text"],
)
def test_what_spreadsheets_write_is_read(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    (row,) = read_sheet(path)
    assert (row.source, row.knobs, row.complaint) == (tmp_path / "Größe.wav", {"strength": 0.5}, None)


@pytest.mark.parametrize("cell", ["a\x00.wav", '"a\nb.wav"', "a\x1b[31m.wav"])
def test_control_characters_are_a_complaint_of_their_row(tmp_path: Path, cell: str) -> None:
    bad, good = read_sheet(sheet(tmp_path, f"source,strength\n{cell},1\nb.wav,1\n"))
    assert bad.complaint is not None
    assert "holds a control character" in bad.complaint.message
    assert (good.complaint, good.source.name) == (None, "b.wav")


def test_a_home_folder_is_one(tmp_path: Path) -> None:
    (row,) = read_sheet(sheet(tmp_path, "source,style\n~/a.wav,~/s.wav=0.5\n"))
    assert (row.source, row.styles) == (Path.home() / "a.wav", (f"{Path.home()}/s.wav=0.5",))


def test_a_tilde_is_the_home_by_itself_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "me"))
    text = "source,style,envelope\n~/a.wav,~/s.wav=2,~/e.json\n~kick.wav,~loop.wav,~e.json\n"
    home, odd = read_sheet(sheet(tmp_path, text))
    assert home.source == tmp_path / "me" / "a.wav"
    assert home.styles == (str(tmp_path / "me" / "s.wav=2"),)
    assert home.knobs["envelope"] == tmp_path / "me" / "e.json"
    assert (odd.source, odd.styles) == (tmp_path / "~kick.wav", (str(tmp_path / "~loop.wav"),))


def test_empty_cells_at_the_end_of_rows_are_left_out_as_spreadsheets_write_them(tmp_path: Path) -> None:
    rows = read_sheet(sheet(tmp_path, "source,out,,\na.wav,x,,\nb.wav,,,\n,,,\n"))
    assert [(row.line, row.source.name, row.out, row.complaint) for row in rows] == [
        (2, "a.wav", "x", None),
        (3, "b.wav", "", None),
    ]


def test_a_tab_may_be_named_as_separator(tmp_path: Path) -> None:
    (row,) = read_sheet(sheet(tmp_path, "sep=\t\nsource\tstrength\na.wav\t0.5\n"))
    assert row.knobs == {"strength": 0.5}
