"""Folders of presets: found, saved, shared and refused."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from stylus_daw.errors import PresetError
from stylus_daw.presets.library.folder import MAX_FILE_BYTES
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset


def preset(preset_id: str = "late-night", audio: str = "a.flac", **changes: object) -> Preset:
    return Preset.model_validate(
        {"version": 1, "id": preset_id, "name": preset_id.title(), "styles": [{"audio": audio}]} | changes
    )


def put(folder: Path, made: Preset, audio: bytes = b"sound") -> Preset:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{made.id}.json").write_text(made.to_json())
    for style in made.styles:
        (folder / style.audio).write_bytes(audio)
    return made


@pytest.fixture
def library(tmp_path: Path) -> PresetLibrary:
    return PresetLibrary([tmp_path / "factory"], user_folder=tmp_path / "user")


def test_presets_of_all_folders_are_listed_by_group_and_name(library: PresetLibrary, tmp_path: Path) -> None:
    put(tmp_path / "factory", preset("zither", group="Keys"))
    put(tmp_path / "factory", preset("alto", group="Voices"))
    put(tmp_path / "user", preset("bells", group="Keys"))
    assert library.list() == (("bells", "Bells"), ("zither", "Zither"), ("alto", "Alto"))


@pytest.mark.parametrize("asked", ["late-night", "LATE-Night", "Late Night!", " late night! "])
def test_a_preset_is_found_by_id_and_by_name_in_any_case(library: PresetLibrary, tmp_path: Path, asked: str) -> None:
    made = put(tmp_path / "factory", preset(name="Late Night!"))
    assert library.get(asked) == made


def test_an_unknown_preset_names_the_nearest_and_how_to_list(library: PresetLibrary, tmp_path: Path) -> None:
    put(tmp_path / "factory", preset())
    with pytest.raises(PresetError) as caught:
        library.get("late-nigth")
    assert caught.value.code == "preset.unknown"
    assert 'Did you mean "late-night"?' in caught.value.message
    assert "stylus-daw presets" in caught.value.message


def test_a_library_without_any_folder_is_empty_and_not_an_error(tmp_path: Path) -> None:
    assert PresetLibrary([tmp_path / "nowhere"]).all() == ()


def test_a_saved_preset_comes_back_with_its_styles(library: PresetLibrary, tmp_path: Path) -> None:
    (tmp_path / "Take One.WAV").write_bytes(b"one")
    kept = library.save(preset(), [tmp_path / "Take One.WAV"])
    (tmp_path / "Take One.WAV").unlink()
    assert library.get("late-night") == kept
    (style,) = library.styles(kept)
    assert style.path.read_bytes() == b"one"
    assert (style.title, style.path.suffix) == ("Take One", ".wav")
    assert library.is_own("late-night")


def test_the_same_style_is_stored_once(library: PresetLibrary, tmp_path: Path) -> None:
    for name in ("one.wav", "two.wav"):
        (tmp_path / name).write_bytes(b"same")
    library.save(preset("first"), [tmp_path / "one.wav"])
    library.save(preset("second"), [tmp_path / "two.wav"])
    assert len(list((tmp_path / "user" / "styles").iterdir())) == 1
    library.delete("first")
    assert library.styles(library.get("second"))[0].path.read_bytes() == b"same"


def test_an_edited_factory_preset_takes_its_place_until_it_is_deleted(library: PresetLibrary, tmp_path: Path) -> None:
    original = put(tmp_path / "factory", preset())
    library.save(original.model_copy(update={"notes": "mine"}))
    assert library.get("late-night").notes == "mine"
    assert library.styles(library.get("late-night"))[0].path.is_relative_to(tmp_path / "user")
    library.delete("late-night")
    assert library.get("late-night") == original
    with pytest.raises(PresetError, match="came with stylus-daw"):
        library.delete("late-night")


def test_a_broken_file_is_skipped_told_once_and_listed(
    library: PresetLibrary, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path / "factory", preset())
    for name, content in {
        "cut.json": '{"version": 1, "id": ',
        "list.json": "[]",
        "deep.json": "[" * 100_000,
        "typo.json": '{"id": "typo", "nmae": "x"}',
        "latin.json": '{"name": "\xe9"}',
        "other.json": preset("another").to_json(),
        "big.json": "",
    }.items():
        (tmp_path / "factory" / name).write_bytes(content.encode("latin-1"))
    os.truncate(tmp_path / "factory" / "big.json", MAX_FILE_BYTES + 1)
    caplog.set_level(logging.WARNING)
    assert [one.id for one in library.all()] == ["late-night"]
    broken = library.broken()
    assert {one.path.name for one in broken} == {
        "big.json",
        "cut.json",
        "deep.json",
        "latin.json",
        "list.json",
        "other.json",
        "typo.json",
    }
    assert all(one.path.name in one.reason for one in broken)
    assert len(caplog.records) == len(broken)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege on Windows")
def test_a_link_out_of_the_folder_is_refused(library: PresetLibrary, tmp_path: Path) -> None:
    (tmp_path / "secret.flac").write_bytes(b"secret")
    (tmp_path / "factory").mkdir()
    (tmp_path / "factory" / "a.flac").symlink_to(tmp_path / "secret.flac")
    (tmp_path / "factory" / "late-night.json").write_text(preset().to_json())
    assert library.all() == ()
    assert "not inside" in library.broken()[0].reason
    with pytest.raises(PresetError, match="not inside"):
        library.styles(preset())


def test_a_missing_style_and_a_changed_one_are_named(library: PresetLibrary, tmp_path: Path) -> None:
    (tmp_path / "one.wav").write_bytes(b"one")
    kept = library.save(preset(), [tmp_path / "one.wav"])
    (style,) = library.styles(kept)
    style.path.write_bytes(b"other")
    with pytest.raises(PresetError) as caught:
        library.styles(kept)
    assert caught.value.code == "preset.style_changed"
    style.path.unlink()
    with pytest.raises(PresetError) as caught:
        library.styles(kept)
    assert caught.value.code == "preset.style_missing"


def test_what_cannot_be_saved_says_why_and_leaves_nothing(library: PresetLibrary, tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="does not exist"):
        library.save(preset(), [tmp_path / "gone.wav"])
    with pytest.raises(PresetError, match="2 style files for 1 styles"):
        library.save(preset(), [tmp_path, tmp_path])
    with pytest.raises(PresetError, match="no user folder"):
        PresetLibrary([tmp_path]).save(preset())
    (tmp_path / "one.wav").write_bytes(b"one")
    (tmp_path / "user").write_text("a file where the folder should be")
    with pytest.raises(PresetError, match="could not be saved"):
        library.save(preset(), [tmp_path / "one.wav"])
    assert library.all() == ()


def test_the_library_starts_without_torch_and_without_the_effects() -> None:
    code = (
        "import sys; from stylus_daw.presets.library.library import PresetLibrary; PresetLibrary().all(); "
        "print([name for name in ('torch', 'pedalboard', 'scipy', 'PySide6') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.strip() == "[]"


def test_a_preset_with_a_byte_order_mark_is_read(library: PresetLibrary, tmp_path: Path) -> None:
    made = put(tmp_path / "user", preset())
    path = tmp_path / "user" / f"{made.id}.json"
    path.write_text(made.to_json(), "utf-8-sig")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert library.get(made.id) == made


@pytest.mark.parametrize(("written", "on_disk"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_a_style_is_found_however_its_accents_are_composed(
    library: PresetLibrary, tmp_path: Path, written: str, on_disk: str
) -> None:
    name = unicodedata.normalize(written, "Chöre.flac")
    made = put(tmp_path / "user", preset(audio=name))
    (tmp_path / "user" / name).rename(tmp_path / "user" / unicodedata.normalize(on_disk, name))
    assert library.styles(made)[0].path.name in (name, unicodedata.normalize(on_disk, name))
    (tmp_path / "user" / "styles").mkdir()
    (tmp_path / "user" / "styles" / unicodedata.normalize(on_disk, name)).write_bytes(b"sound")
    assert library.style_named(name) is not None
