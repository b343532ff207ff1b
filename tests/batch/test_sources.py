"""Which files a batch takes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from stylus_daw.batch.naming import MOST_PART_BYTES, checked_place, filled
from stylus_daw.batch.sources import found_sources
from stylus_daw.errors import RequestError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in (
        "b.wav",
        "a.WAV",
        "notes.txt",
        ".hidden.wav",
        "drums/kick.flac",
        "drums/more/snare.mp3",
        "out/stem.wav",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


def names(tree: Path, *written: object, recursive: bool = False) -> list[str]:
    found = found_sources([str(one) for one in written], recursive=recursive, but=tree / "out")
    return [one.path.relative_to(tree).as_posix() for one in found]


def test_a_folder_gives_its_audio_sorted_and_its_folders_on_request(tree: Path) -> None:
    assert names(tree, tree) == ["a.WAV", "b.wav"]
    assert names(tree, tree, recursive=True) == ["a.WAV", "b.wav", "drums/kick.flac", "drums/more/snare.mp3"]


def test_a_pattern_gives_audio_only_and_never_the_output_folder(tree: Path) -> None:
    assert names(tree, f"{tree}/*") == ["a.WAV", "b.wav"]
    assert names(tree, f"{tree}/**/*.*") == ["a.WAV", "b.wav", "drums/kick.flac", "drums/more/snare.mp3"]


def test_a_file_that_is_found_twice_is_taken_once(tree: Path) -> None:
    assert names(tree, tree / "b.wav", tree, f"{tree}/*.wav") == ["b.wav", "a.WAV"]


def test_a_folder_keeps_where_a_file_lay(tree: Path) -> None:
    found = found_sources([str(tree)], recursive=True, but=tree / "out")
    assert [one.folder.as_posix() for one in found] == [".", ".", "drums", "drums/more"]


def test_a_name_with_brackets_is_a_file_first(tree: Path) -> None:
    (tree / "[x].wav").touch()
    assert names(tree, tree / "[x].wav") == ["[x].wav"]


def test_an_empty_name_is_not_this_folder(tree: Path) -> None:
    with pytest.raises(RequestError, match="empty"):
        found_sources([""], recursive=False, but=tree / "out")


def test_a_folder_whose_audio_is_all_in_the_output_folder_says_so(tree: Path) -> None:
    with pytest.raises(RequestError, match=r"All audio in .* lies in the output folder .* Name another --out"):
        found_sources([str(tree / "drums")], recursive=True, but=tree)


@pytest.mark.parametrize("written", ["*.aiff", "notes", "out"])
def test_nothing_to_do_is_refused(tree: Path, written: str) -> None:
    (tree / "notes").mkdir()
    with pytest.raises(RequestError):
        names(tree, f"{tree}/{written}")


@pytest.mark.parametrize(
    "template",
    [
        "{name.__class__}",
        "{name!r}",
        "{0}",
        "{",
        "/tmp/{name}",
        "../{name}",
        "C:/{name}",
        "",
        "{name}?",
        ".stylus-batch/{name}",
        "{index:300d}",
    ],
)
def test_a_template_cannot_lead_astray(template: str) -> None:
    values = {"name": "a", "folder": Path(), "sound": "s", "index": 1}
    with pytest.raises(RequestError):
        filled(template, values)


def test_a_name_that_is_not_utf_8_is_filled_without_the_bytes_that_have_no_letter() -> None:
    values = {"name": os.fsdecode(b"\xff\xfekick"), "folder": Path(), "sound": "s", "index": 1}
    assert filled("{folder}/{name} - {sound}", values) == "__kick - s.wav"


def test_a_long_name_is_cut_where_it_is_made_and_refused_where_it_was_written() -> None:
    values = {"name": "n" * 300, "folder": Path(), "sound": "\u00e9" * 300, "index": 1}
    made = filled("{folder}/{name} - {sound}", values)
    assert len(made.encode()) in (MOST_PART_BYTES - 1, MOST_PART_BYTES)
    assert checked_place(made) == made
    with pytest.raises(RequestError, match="too long"):
        checked_place("n" * 300)


def test_what_fills_a_template_cannot_lead_astray_either() -> None:
    values = {"name": "../../etc/passwd", "folder": Path(), "sound": "a/b", "index": 1}
    assert filled("{name} {sound}", values) == "_._.._etc_passwd a_b.wav"
    with pytest.raises(RequestError):
        checked_place("a/../../b")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="Windows has other permissions")
def test_a_folder_that_may_not_be_read_is_told_and_not_left_out_in_silence(tmp_path: Path) -> None:
    was = os.geteuid()
    root = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    try:
        (root / "closed").mkdir()
        (root / "a.wav").touch()
        (root / "closed").chmod(0)
        root.chmod(0o755)
        if was == 0:
            os.seteuid(65_534)
        found = found_sources([str(root)], recursive=True, but=tmp_path)
    finally:
        if was == 0:
            os.seteuid(0)
        (root / "closed").chmod(0o700)
        shutil.rmtree(root)
    assert [(one.path.name, one.complaint is None) for one in found] == [("a.wav", True), ("closed", False)]
    assert found[1].complaint is not None
    assert "cannot be read: Permission denied" in found[1].complaint.message
