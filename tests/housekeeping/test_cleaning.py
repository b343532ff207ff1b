"""What the state folder forgets: old copies, logs and caches, and never what a session or a job may still need."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import pytest

from stylus_daw.errors import RequestError
from stylus_daw.housekeeping.cleaning import clean, clean_at_start, lying, remove
from stylus_daw.housekeeping.policy import SAFE, Kind, Policy, read_policy, write_policy
from stylus_daw.jobs.job import RenderRequest, StyleFile
from stylus_daw.jobs.journal.journal import Journal

DAY = 86_400.0
FINISHED = '{\n "phase": "finished",\n "outcome": "done"\n}\n'
ALL = (*SAFE, Kind.STEMS)


def put(path: Path, *, days: float, content: str = "x" * 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    os.utime(path, times=(time.time() - days * DAY,) * 2)
    return path


def job(home: Path, name: str, *, days: float, state: str = FINISHED, stem: bool = True) -> Path:
    folder = home / "jobs" / name
    for file, content in (("input.wav", "x" * 100), ("job.json", "{}"), ("state.json", state)):
        put(folder / file, days=days, content=content)
    if stem:
        put(folder / "stem.wav", days=days)
    return folder


def left(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if not path.is_dir()}


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


def test_an_old_job_keeps_its_stem_and_what_describes_it(home):
    job(home, "a", days=31)
    clean(home, Policy(days=30))
    assert left(home) == {"jobs/a/stem.wav", "jobs/a/job.json", "jobs/a/state.json"}


def test_an_old_job_without_a_stem_goes_with_its_folder(home):
    job(home, "a", days=31, stem=False)
    clean(home, Policy(days=30))
    assert not (home / "jobs" / "a").exists()


def test_old_captures_of_the_plugin_go_and_all_else_in_their_folder_stays(home):
    name = "capture-" + "0123456789abcdef" * 2
    for file, days in ((f"{name}.wav", 31), ("capture-mine.wav", 99), (f"{name[:-1]}0.wav", 1), (".stylus-a.tmp", 1)):
        put(home / "connect" / file, days=days)
    clean(home, Policy(days=30))
    assert left(home) == {"connect/capture-mine.wav", f"connect/{name[:-1]}0.wav"}


def test_what_is_young_stays(home):
    job(home, "a", days=29)
    job(home, "b", days=29, stem=False)
    before = left(home)
    clean(home, Policy(days=30))
    assert left(home) == before


@pytest.mark.parametrize("state", ['{\n "phase": "queued"\n}', '{\n "phase": "running"\n}', "", "not json"])
def test_a_job_that_has_not_surely_ended_stays_whole_however_old(home, state):
    job(home, "a", days=900, state=state, stem=False)
    before = left(home)
    clean(home, Policy(days=0), kinds=ALL)
    assert left(home) == before


def test_a_job_that_the_journal_still_has_to_render_stays_whatever_its_folder_says(home):
    folder = job(home, "a", days=900)
    journal = Journal(home / "journal.sqlite")
    source = folder / "input.wav"
    journal.record_queued(
        [("a", RenderRequest(source=source, stem=folder / "s.wav", styles=(StyleFile(path=source),)))]
    )
    journal.close()
    clean(home, Policy(days=0), kinds=ALL)
    assert source.exists()


def test_stems_go_only_when_they_are_named(home):
    job(home, "a", days=31)
    put(home / "stems" / "Verse 2.wav", days=31)
    clean(home, Policy(days=30, gigabytes=0))
    assert {"jobs/a/stem.wav", "stems/Verse 2.wav"} <= left(home)
    clean(home, Policy(days=30), kinds=ALL)
    assert not {"jobs/a/stem.wav", "stems/Verse 2.wav"} & left(home)


def test_beyond_the_room_the_oldest_goes_first(home):
    for days in (1, 2, 3):
        put(home / "cache" / "peaks" / f"{days}.npy", days=days)
    clean(home, Policy(days=30, gigabytes=200 / 1e9))
    assert left(home) == {"cache/peaks/1.npy", "cache/peaks/2.npy"}


def test_logs_caches_and_temporary_files_go_and_everything_else_stays(home):
    kept = [put(home / name, days=99) for name in ("stylus-daw.log", "bridge.json", "presets/own.json", "mine.txt")]
    put(home / "stylus-daw.log.3", days=99)
    put(home / "cache" / "styles" / "k.safetensors", days=99)
    put(home / ".stylus-0123.tmp", days=0.1)
    young = put(home / "presets" / ".stylus-4567.tmp", days=0)
    mine = put(home / "jobs" / "a" / "my notes.txt", days=99)
    clean(home, Policy(days=30))
    assert {home / name for name in left(home)} == {*kept, young, mine}


def test_a_folder_that_a_host_left_without_job_json_is_emptied(home):
    folder = put(home / "jobs" / "a" / "input.wav", days=31).parent
    os.utime(folder, times=(time.time() - 31 * DAY,) * 2)
    clean(home, Policy(days=30))
    assert not folder.exists()


def test_a_host_that_is_just_copying_an_old_file_in_keeps_it(home):
    copied = put(home / "jobs" / "a" / "input.wav", days=400)  # a copy that keeps the times; job.json comes next
    clean(home, Policy(days=30))
    assert copied.exists()


def test_links_are_neither_followed_nor_removed(home, tmp_path):
    outside = job(tmp_path / "elsewhere", "a", days=99)
    (home / "jobs").mkdir(parents=True)
    (home / "jobs" / "a").symlink_to(outside)
    (home / "cache").symlink_to(tmp_path / "cache")
    precious = put(tmp_path / "cache" / "peaks" / "p.npy", days=99)
    folder = job(home, "b", days=99, stem=False)
    (folder / "input.wav").unlink()
    (folder / "input.wav").symlink_to(precious)
    clean(home, Policy(days=0), kinds=ALL)
    assert precious.exists()
    assert (outside / "stem.wav").exists()


def test_a_dry_run_says_the_same_and_removes_nothing(home):
    job(home, "a", days=31)
    put(home / "stylus-daw.log.1", days=31)
    before = left(home)
    said = clean(home, Policy(days=30), is_dry=True)
    assert left(home) == before
    assert clean(home, Policy(days=30)) == said


def test_the_app_cleans_at_its_start_unless_it_was_told_not_to(home):
    job(home, "a", days=31)
    write_policy(home, Policy(at_start=False))
    clean_at_start(home)
    assert (home / "jobs" / "a" / "input.wav").exists()
    write_policy(home, Policy())
    clean_at_start(home)
    assert left(home / "jobs") == {"a/stem.wav", "a/job.json", "a/state.json"}


@pytest.mark.parametrize(
    "text",
    ["{", "[]", '{"days": -1}', '{"days": "30"}', '{"dayz": 3}', '{"days": NaN}', '{"at_start": 1}', "[" * 9_999],
)
def test_a_policy_that_makes_no_sense_cleans_nothing(home, text):
    job(home, "a", days=99)
    (home / "clean.json").write_text(text, "utf-8")
    with pytest.raises(RequestError):
        read_policy(home)
    before = left(home)
    clean_at_start(home)
    assert left(home) == before


def test_a_policy_can_be_kept_before_the_first_start(tmp_path):
    """With no state folder; one that is made for it is closed to others."""
    write_policy(tmp_path / "new", Policy(days=7.0))
    assert read_policy(tmp_path / "new").days == 7.0
    assert os.name == "nt" or (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_policy_is_read_as_it_was_written(home):
    home.mkdir()
    policy = Policy(days=3.5, gigabytes=1.0, at_start=False)
    write_policy(home, policy)
    assert read_policy(home) == policy


def test_a_journal_that_cannot_be_read_cleans_nothing(home):
    job(home, "a", days=99)
    (home / "journal.sqlite").write_bytes(b"not a database" * 100)
    before = left(home)
    clean_at_start(home)
    assert left(home) == before


def queue(home: Path, name: str, *, source: Path, stem: Path, style: Path) -> None:
    with contextlib.closing(Journal(home / "journal.sqlite")) as journal:
        journal.record_queued([(name, RenderRequest(source=source, stem=stem, styles=(StyleFile(path=style),)))])


def test_stems_of_takes_are_stems_too(home):
    folder = put(home / "jobs" / "win-a" / "stem-2.wav", days=31).parent
    os.utime(folder, times=(time.time() - 31 * DAY,) * 2)
    clean(home, Policy(days=30))
    assert left(home) == {"jobs/win-a/stem-2.wav"}
    clean(home, Policy(days=30), kinds=ALL)
    assert left(home) == set()


def test_what_a_job_renders_again_stays_while_it_waits(home):
    """An old job's input and stem, which a new one has as its source and its style."""
    source, style = job(home, "a", days=900) / "input.wav", job(home, "b", days=900) / "stem.wav"
    queue(home, "again", source=source, stem=home / "jobs" / "again" / "stem.wav", style=style)
    clean(home, Policy(days=0), kinds=ALL)
    assert source.exists()
    assert style.exists()
    assert not (home / "jobs" / "b" / "input.wav").exists()


def test_takes_of_a_job_stay_while_others_of_it_wait(home):
    first = put(home / "jobs" / "win-a" / "stem-1.wav", days=900)
    source = put(home.parent / "loop.wav", days=900)
    queue(home, "win-a-2", source=source, stem=first.with_name("stem-2.wav"), style=source)
    clean(home, Policy(days=0), kinds=ALL)
    assert first.exists()


def test_what_was_listed_goes_and_nothing_else(home):
    chosen, other = job(home, "a", days=31), job(home, "b", days=31)
    listed = [one for one in lying(home) if one.kind is Kind.STEMS and one.path.parent == chosen]
    assert [one.path for one in remove(home, listed)] == [chosen / "stem.wav"]
    assert (other / "stem.wav").exists()
    assert (chosen / "input.wav").exists()


def test_what_has_changed_since_it_was_listed_stays(home):
    folder = job(home, "a", days=31)
    listed = [one for one in lying(home) if one.kind is Kind.STEMS]
    put(folder / "stem.wav", days=2, content="y" * 100)
    assert remove(home, listed) == ()
    assert (folder / "stem.wav").read_text("utf-8") == "y" * 100
