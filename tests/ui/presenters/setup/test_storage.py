"""What lies on the disk, and what of it may go, without a window."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from stylus_daw.housekeeping.policy import Kind
from stylus_ui.presenters.history.stem_files import usual_folder
from stylus_ui.presenters.setup.storage import DAY_S, Storage
from stylus_ui.presenters.setup.storage_words import asked_said, file_said, place_said, remove_said, taken_said
from stylus_ui.workspace.workpiece import StyleSlot


def put(path: Path, *, days: float = 40, size: int = 1_000_000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))
    then = time.time() - days * DAY_S
    os.utime(path, times=(then, then))
    os.utime(path.parent, times=(then, then))
    return path


def stem(home: Path, job: str, *, name: str = "stem.wav", size: int = 1_000_000) -> Path:
    return put(home / "jobs" / job / name, size=size)


@pytest.fixture
def home(context) -> Path:
    return context.settings.home


@pytest.fixture
def storage(context) -> Storage:
    return Storage(context)


def test_every_kind_is_counted(storage, home, context) -> None:
    stem(home, "win-a")
    put(home / "cache" / "styles" / "one.safetensors", size=2_000_000)
    storage.look()
    taken = {one.kind: (one.files, one.bytes) for one in storage.taken.value}
    assert set(taken) == set(Kind)
    assert (taken[Kind.STEMS], taken[Kind.CACHES]) == ((1, 1_000_000), (1, 2_000_000))
    said = [taken_said(context.text, one) for one in storage.taken.value if one.kind in (Kind.CACHES, Kind.LOGS)]
    assert said == ["Empty", "2 MB in 1 file. Analysed styles, waveforms and covers; made again when needed."]


def test_what_would_go_is_listed_largest_first_and_nothing_goes_yet(storage, home, context) -> None:
    small, large = stem(home, "win-a"), stem(home, "win-b", size=3_000_000)
    storage.ask(Kind.STEMS)
    asked = storage.asked.value
    assert [one.found.path for one in asked.files] == [large, small]
    assert asked.needs_word
    assert "may be part of a DAW session" in asked_said(context.text, asked)
    assert remove_said(context.text, asked) == "Remove 4 MB in 2 files"
    assert file_said(context.text, asked.files[1]).endswith(" · jobs/win-a/stem.wav")
    storage.leave()
    assert storage.asked.value is None
    assert small.exists()
    assert large.exists()


def test_what_was_listed_goes_and_is_counted_no_more(storage, home) -> None:
    gone, kept = stem(home, "win-a"), put(home / "cache" / "peaks" / "p.npy")
    storage.ask(Kind.STEMS)
    storage.clear()
    assert not gone.parent.exists()
    assert kept.exists()
    assert storage.asked.value is None
    assert {one.kind: one.files for one in storage.taken.value}[Kind.STEMS] == 0


def test_caches_need_no_word(storage, home) -> None:
    put(home / "cache" / "peaks" / "p.npy")
    storage.ask(Kind.CACHES)
    assert not storage.asked.value.needs_word


def test_what_is_younger_than_chosen_is_not_listed(storage, home) -> None:
    stem(home, "win-a")
    storage.days = 365
    storage.ask(Kind.STEMS)
    assert storage.asked.value.files == ()
    storage.days = 30
    assert len(storage.asked.value.files) == 1


def test_starred_takes_and_what_is_open_stay(storage, home, context, tmp_path) -> None:
    starred, take, copy = (
        stem(home, "win-000001"),
        stem(home, "win-000002", name="stem-3.wav"),
        put(home / "stems" / "Bass - Strings 000001.wav"),
    )
    style, free = stem(home, "win-000004"), stem(home, "win-000002", name="stem-1.wav")
    for job in ("win-000001", "win-000002-3"):
        context.take_notes.change(job, is_starred=True)
    context.workspace.set_styles((StyleSlot(path=style),))
    storage.ask(Kind.STEMS)
    assert [one.found.path for one in storage.asked.value.files] == [free]
    assert storage.asked.value.kept == 4
    assert "4 files stay" in asked_said(context.text, storage.asked.value)
    storage.clear()
    assert all(path.exists() for path in (starred, take, copy, style))


def test_a_folder_of_ones_own_is_counted_and_never_listed(storage, home, context, tmp_path) -> None:
    own = put(tmp_path / "mine" / "Verse.wav")
    storage.choose(own.parent)
    place = storage.place.value
    assert (place.folder, place.is_own, place.files, place.bytes) == (own.parent, True, 1, 1_000_000)
    assert "Stylus never removes anything here" in place_said(context.text, place)
    storage.ask(Kind.STEMS)
    assert storage.asked.value.files == ()
    storage.choose(None)
    assert storage.place.value.folder == usual_folder(home)


def test_a_folder_whose_drive_is_unplugged_is_said(storage, context, tmp_path) -> None:
    storage.choose(tmp_path / "away")
    assert "Plug in its drive" in place_said(context.text, storage.place.value)


def test_a_journal_that_cannot_be_read_is_told_and_nothing_is_listed(storage, home) -> None:
    problems: list[Exception] = []
    storage.problem.connect(problems.append)
    stem(home, "win-a")
    (home / "journal.sqlite").write_bytes(b"not a database" * 100)
    storage.ask(Kind.STEMS)
    assert storage.asked.value is None
    assert problems
