"""Changing a library: names, tags, copies, favourites, numbers, and the trash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stylus_daw.errors import PresetError
from stylus_daw.presets.library import editing
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.library.programs import FIRST_OWN
from stylus_daw.presets.library.search import PresetQuery, search
from stylus_daw.presets.preset import Preset


def preset(preset_id: str, **changes: object) -> Preset:
    written = {"version": 3, "id": preset_id, "name": preset_id.title(), "styles": [{"audio": "a.flac"}]}
    return Preset.model_validate(written | changes)


@pytest.fixture
def library(tmp_path: Path) -> PresetLibrary:
    factory = tmp_path / "factory"
    factory.mkdir()
    (factory / "a.flac").write_bytes(b"sound")
    for made in (
        preset("choir", program=3, group="Voices", tags=["wide", "slow"], author="stylus-daw"),
        preset("bells", program=7, group="Percussive", tags=["metal"], notes="Struck, like a choir of metal."),
    ):
        (factory / f"{made.id}.json").write_text(made.to_json())
    return PresetLibrary([factory], user_folder=tmp_path / "user")


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def aged(folder: Path) -> None:
    """An hour goes by."""
    for path in folder.iterdir():
        os.utime(path, (path.stat().st_atime - 3600, path.stat().st_mtime - 3600))


def test_a_copy_has_an_id_a_name_and_a_number_of_its_own_and_the_same_sound(library: PresetLibrary) -> None:
    copy = editing.duplicate(library, "choir")
    assert (copy.id, copy.name, copy.program) == ("choir-2", "Choir 2", FIRST_OWN)
    assert library.styles(copy)[0].path.read_bytes() == b"sound"
    assert editing.duplicate(library, "choir").id == "choir-3"
    assert editing.duplicate(library, "#7", "Far Bells").id == "far-bells"
    assert library.get("far-bells").tags == ("metal",)


def test_picture_and_licence_go_with_a_copy(library: PresetLibrary, tmp_path: Path) -> None:
    (tmp_path / "factory" / "choir.png").write_bytes(b"picture")
    (tmp_path / "factory" / "choir.licence.txt").write_text("terms")
    copy = editing.duplicate(library, "choir")
    cover, licence = library.cover(copy.id), library.licence(copy.id)
    assert cover is not None
    assert licence is not None
    assert (cover.read_bytes(), licence.read_text()) == (b"picture", "terms")


def test_a_renamed_preset_keeps_its_id_and_number(library: PresetLibrary) -> None:
    before = editing.duplicate(library, "choir")
    after = editing.rename(library, before.id, " Night Choir ")
    assert (after.name, after.id, after.program) == ("Night Choir", before.id, before.program)
    assert library.get("night choir") == after


@pytest.mark.parametrize("name", ["Bells", " BELLS ", "", "x" * 81])
def test_an_impossible_name_is_refused_and_nothing_changes(library: PresetLibrary, tmp_path: Path, name: str) -> None:
    editing.duplicate(library, "choir")
    before = snapshot(tmp_path)
    with pytest.raises(PresetError):
        editing.rename(library, "choir-2", name)
    assert snapshot(tmp_path) == before


def test_a_changed_factory_preset_is_a_copy_in_its_place_until_it_is_deleted(
    library: PresetLibrary, tmp_path: Path
) -> None:
    before = snapshot(tmp_path / "factory")
    changed = editing.tag(library, "choir", add=["mine"])
    assert (changed.program, library.get("#3")) == (3, changed)
    assert library.is_own("choir")
    library.delete("choir")
    assert library.get("choir").tags == ("wide", "slow")
    assert snapshot(tmp_path / "factory") == before


def test_tags_are_added_once_and_taken_away_in_any_case(library: PresetLibrary) -> None:
    assert editing.tag(library, "choir", add=[" Dark ", "WIDE"], remove=["SLOW"]).tags == ("wide", "Dark")
    for tag in ("", "  ", "x" * 41, "two\nlines"):
        with pytest.raises(PresetError, match="is not a valid tag"):
            editing.tag(library, "choir", add=[tag])
    with pytest.raises(PresetError, match="tags"):
        editing.tag(library, "choir", add=[f"tag {number}" for number in range(20)])


def test_favourites_are_remembered_for_factory_presets_too(library: PresetLibrary, tmp_path: Path) -> None:
    library.favourite("choir")
    library.favourite("Bells")
    library.favourite("choir")
    again = PresetLibrary([tmp_path / "factory"], user_folder=tmp_path / "user")
    assert [one.id for one in again.favourites()] == ["bells", "choir"]
    again.favourite("choir", is_favourite=False)
    assert [one.id for one in library.favourites()] == ["bells"]
    assert not library.is_own("bells")
    with pytest.raises(PresetError, match="No preset"):
        library.favourite("nobody")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (PresetQuery(), ["bells", "choir"]),
        (PresetQuery(text="choir"), ["choir", "bells"]),  # name before notes
        (PresetQuery(text="METAL struck"), ["bells"]),
        (PresetQuery(tags=("Wide", "slow")), ["choir"]),
        (PresetQuery(tags=("wide", "metal")), []),
        (PresetQuery(group="voices"), ["choir"]),
        (PresetQuery(author="stylus"), ["choir"]),
        (PresetQuery(text="nothing like this"), []),
    ],
)
def test_presets_are_found_by_what_they_say(library: PresetLibrary, query: PresetQuery, found: list[str]) -> None:
    assert [one.id for one in search(library.all(), query)] == found


def test_numbers_stay_whatever_is_added_and_deleted(library: PresetLibrary) -> None:
    first, second = editing.duplicate(library, "choir"), editing.duplicate(library, "choir")
    assert (first.program, second.program) == (FIRST_OWN, FIRST_OWN + 1)
    library.delete(first.id)
    assert library.get(f"#{FIRST_OWN + 1}") == library.get(f" #{FIRST_OWN + 1} ") == second
    third = editing.duplicate(library, "bells")
    assert third.program == FIRST_OWN  # free again
    assert library.restore(first.id).program == FIRST_OWN + 2  # its own is taken by now
    assert library.get("#3").id == "choir"
    with pytest.raises(PresetError, match="number 99"):
        library.get("#99")


def test_a_number_that_another_has_is_not_taken_from_it(library: PresetLibrary, tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(b"sound")
    assert library.save(preset("mine", program=3), [tmp_path / "a.flac"]).program == FIRST_OWN
    assert library.save(preset("mine", name="Again"), [tmp_path / "a.flac"]).program == FIRST_OWN


def test_a_deleted_preset_comes_back_as_it_was(library: PresetLibrary, tmp_path: Path) -> None:
    copy = editing.duplicate(library, "choir")
    (tmp_path / "user" / f"{copy.id}.png").write_bytes(b"picture")
    before = snapshot(tmp_path)
    gone = library.delete(copy.id)
    assert [one.preset for one in library.trashed()] == [gone.preset] == [copy]
    with pytest.raises(PresetError):
        library.get(copy.id)
    assert library.restore(gone.key) == copy
    assert snapshot(tmp_path) == before
    with pytest.raises(PresetError, match="list --trash"):
        library.restore(copy.id)


def test_a_restored_preset_makes_way_for_one_that_took_its_place(library: PresetLibrary) -> None:
    copy = editing.duplicate(library, "choir", "Mine")
    library.delete("mine")
    newer = editing.duplicate(library, "bells", "Mine")
    back = library.restore("mine")
    assert (back.id, back.tags) == ("mine-2", copy.tags)
    assert library.get("mine") == newer


def test_the_same_preset_can_be_deleted_many_times(library: PresetLibrary) -> None:
    for _ in range(3):
        editing.duplicate(library, "choir", "Mine")
        library.delete("mine")
    assert len(library.trashed()) == len({one.key for one in library.trashed()}) == 3
    assert [one.deleted_at for one in library.trashed()] == sorted(one.deleted_at for one in library.trashed())[::-1]


def test_a_purge_takes_the_trash_and_the_audio_that_only_it_needed(library: PresetLibrary, tmp_path: Path) -> None:
    for name, sound in (("one", b"one"), ("two", b"two")):
        (tmp_path / f"{name}.wav").write_bytes(sound)
        library.save(preset(name), [tmp_path / f"{name}.wav"])
    library.delete("one")
    assert library.purge(older_than_days=1) == 0
    aged(tmp_path / "user" / "styles")
    assert library.purge() == 1
    assert library.trashed() == ()
    assert [path.read_bytes() for path in (tmp_path / "user" / "styles").iterdir()] == [b"two"]
    assert library.styles(library.get("two"))


def test_a_purge_keeps_audio_that_a_preset_may_be_about_to_use(library: PresetLibrary, tmp_path: Path) -> None:
    editing.duplicate(library, "choir", "Mine")
    library.delete("mine")
    assert library.purge() == 1
    assert len(list((tmp_path / "user" / "styles").iterdir())) == 1
    aged(tmp_path / "user" / "styles")
    assert library.purge() == 0
    assert list((tmp_path / "user" / "styles").iterdir()) == []


def test_a_purge_keeps_all_audio_while_a_preset_cannot_be_read(library: PresetLibrary, tmp_path: Path) -> None:
    editing.duplicate(library, "choir", "Mine")
    library.delete("mine")
    (tmp_path / "user" / "broken.json").write_text("{")
    aged(tmp_path / "user" / "styles")
    assert library.purge() == 1
    assert len(list((tmp_path / "user" / "styles").iterdir())) == 1


def test_strangers_in_the_trash_are_passed_over(library: PresetLibrary, tmp_path: Path) -> None:
    editing.duplicate(library, "choir", "Mine")
    library.delete("mine")
    trash = tmp_path / "user" / ".trash"
    (trash / "notes.txt").write_text("?")
    (trash / "12-../../etc").parent.mkdir(parents=True, exist_ok=True)
    (trash / f"{'9' * 30}-mine").mkdir()
    (trash / "77-empty").mkdir()
    assert [one.preset.id for one in library.trashed()] == ["mine"]


def test_a_library_that_only_reads_changes_nothing(tmp_path: Path, library: PresetLibrary) -> None:
    reader = PresetLibrary([tmp_path / "factory"])
    assert reader.trashed() == reader.favourites() == ()
    for change in (
        lambda: editing.duplicate(reader, "choir"),
        lambda: reader.favourite("choir"),
        lambda: editing.rename(reader, "choir", "Other"),
        lambda: reader.delete("choir"),
    ):
        with pytest.raises(PresetError, match=r"no user folder|came with stylus-daw"):
            change()


def test_style_files_are_found_by_bare_name_only(library: PresetLibrary, tmp_path: Path) -> None:
    editing.duplicate(library, "choir")
    (kept,) = (tmp_path / "user" / "styles").iterdir()
    assert library.style_named(kept.name) == kept
    assert library.style_named("../a.flac") is None
    assert library.style_named("other.flac") is None
