"""A preset of many megabytes is read once; whatever changes is seen at the next question."""

from __future__ import annotations

import os

import pytest

from stylus_daw.presets.library.entry_cache import EntryCache
from stylus_daw.presets.library.folder import BrokenPreset, FoundPreset
from stylus_daw.presets.library.library import PresetLibrary


@pytest.fixture
def folder(tmp_path):
    preset = PresetLibrary().all()[0]
    (tmp_path / f"{preset.id}.json").write_text(preset.to_json(), "utf-8")
    return tmp_path


def only(cache, folder):
    (entry,) = cache.entries(folder)
    return entry


def test_an_unchanged_file_is_not_read_again(folder):
    cache = EntryCache()
    assert only(cache, folder) is only(cache, folder)


@pytest.mark.parametrize("change", ["content", "replaced", "time kept"])
def test_a_changed_file_is_read_again(folder, change):
    cache = EntryCache()
    before = only(cache, folder)
    path = next(folder.glob("*.json"))
    text, times = path.read_text("utf-8"), path.stat()
    changed = text.replace(before.preset.name, before.preset.name[::-1])
    if change == "replaced":
        (folder / "new").write_text(changed, "utf-8")
        (folder / "new").replace(path)
    else:
        path.write_text(changed, "utf-8")
    if change == "time kept":  # a copy that keeps the times, of the same length
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert only(cache, folder).preset.name == before.preset.name[::-1]


def test_a_file_that_is_gone_is_forgotten_and_a_new_one_found(folder):
    cache = EntryCache()
    path = next(folder.glob("*.json"))
    text = path.read_text("utf-8")
    assert isinstance(only(cache, folder), FoundPreset)
    path.unlink()
    assert list(cache.entries(folder)) == []
    path.write_text(text, "utf-8")
    assert isinstance(only(cache, folder), FoundPreset)


def test_a_broken_file_is_found_mended(folder):
    cache = EntryCache()
    path = next(folder.glob("*.json"))
    text = path.read_text("utf-8")
    path.write_text("{", "utf-8")
    assert isinstance(only(cache, folder), BrokenPreset)
    path.write_text(text, "utf-8")
    assert isinstance(only(cache, folder), FoundPreset)


def test_what_is_too_large_together_is_read_at_every_question(folder):
    cache = EntryCache(most_bytes=10)
    assert only(cache, folder) is not only(cache, folder)
    assert only(cache, folder) == only(cache, folder)
