"""What `stylus-daw doctor` says of extras, of a farm and of the journal."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from stylus_daw.commands.doctor import checkup
from stylus_daw.commands.doctor.finding import Finding, State
from stylus_daw.farm.farm_settings import FARM_FILE, FarmSettings, keep_farm
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.own_program import how_to_add
from stylus_daw.settings import JOURNAL, Settings


def findings(name: str, home: Path) -> list[Finding]:
    (examination,) = (one for one in checkup.EXAMINATIONS if one.name == name)
    return list(examination.findings(Settings(home=home)))


def test_an_extra_that_is_missing_is_added_as_stylus_daw_itself_was(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(checkup, "ESSENTIAL", ())
    monkeypatch.setattr(checkup, "OPTIONAL", {"no-such-package": ("nobody needs it", "farm")})
    (finding,) = findings("packages", tmp_path)
    assert (finding.state, finding.remedy) == (State.NOTE, f"nobody needs it: {how_to_add('farm')}")


def test_a_farm_in_use_is_named_and_a_damaged_setting_fails(tmp_path: Path) -> None:
    assert findings("farm", tmp_path) == []
    keep_farm(tmp_path, FarmSettings(scheduler="localhost:9000"))
    (finding,) = findings("farm", tmp_path)
    assert finding.text.startswith("renders go to tcp://localhost:9000; ")
    (tmp_path / FARM_FILE).write_text("{")
    (finding,) = findings("farm", tmp_path)
    assert (finding.state, "stylus-daw farm use" in finding.text) == (State.FAILED, True)


def test_a_journal_is_counted_and_left_as_it_is(tmp_path: Path) -> None:
    assert findings("journal", tmp_path) == []
    with closing(Journal(tmp_path / JOURNAL)):
        (finding,) = findings("journal", tmp_path)
    assert (finding.state, finding.text) == (State.OK, "0 jobs")
    before = (tmp_path / JOURNAL).read_bytes()
    assert findings("journal", tmp_path) == [finding]
    assert (tmp_path / JOURNAL).read_bytes() == before


@pytest.mark.parametrize("damage", ["cut", "scribbled", "replaced"])
def test_a_damaged_journal_is_a_finding_that_says_what_is_lost(tmp_path: Path, damage: str) -> None:
    path = tmp_path / JOURNAL
    with closing(Journal(path)), closing(sqlite3.connect(path)) as db:
        row = "INSERT INTO jobs (job, request, phase, event, stem, queued_at) VALUES (?, ?, 'queued', '{}', '', 0)"
        db.executemany(row, [(f"job-{i}", "x" * 500) for i in range(200)])
        db.commit()
    (finding,) = findings("journal", tmp_path)
    assert (finding.state, finding.text) == (State.OK, "200 jobs")
    content = path.read_bytes()
    half = len(content) // 2
    damaged = {
        "cut": content[:half],
        "scribbled": content[:half] + b"?" * 20_000 + content[half + 20_000 :],
        "replaced": b"not a database" * 100,
    }
    path.write_bytes(damaged[damage])
    (finding,) = findings("journal", tmp_path)
    assert finding.state is State.FAILED
    assert str(path) in finding.text
    assert f"move {path}* elsewhere" in finding.remedy
    assert path.read_bytes() == damaged[damage]


def test_a_journal_of_a_newer_version_asks_for_an_update(tmp_path: Path) -> None:
    with closing(Journal(tmp_path / JOURNAL)), closing(sqlite3.connect(tmp_path / JOURNAL)) as db:
        db.execute("PRAGMA user_version = 99")
    (finding,) = findings("journal", tmp_path)
    assert (finding.state, finding.remedy) == (State.FAILED, "update stylus-daw")
