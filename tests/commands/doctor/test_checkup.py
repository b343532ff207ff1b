"""What `stylus-daw doctor` says of extras and of a farm."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.commands.doctor import checkup
from stylus_daw.commands.doctor.finding import Finding, State
from stylus_daw.farm.farm_settings import FARM_FILE, FarmSettings, keep_farm
from stylus_daw.own_program import how_to_add
from stylus_daw.settings import Settings


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
