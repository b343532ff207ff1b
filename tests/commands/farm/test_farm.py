"""``stylus-daw farm`` where no farm is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def test_certificates_are_made_once(cli, tmp_path):
    made = cli("farm", "certificates", tmp_path / "farm", "--json")
    assert made.returncode == 0, made.stderr
    assert [Path(name).name for name in json.loads(made.stdout)["files"]] == [
        "farm-ca.pem",
        "farm-cert.pem",
        "farm-key.pem",
    ]
    again = cli("farm", "certificates", tmp_path / "farm")
    assert (again.returncode, "exists" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scheduler", "--host", "0.0.0.0"), "stylus-daw farm certificates DIR"),
        (("worker", "studio"), "stylus-daw farm certificates DIR"),
        (("use", "tcp://10.0.0.5:8786"), "stylus-daw farm certificates DIR"),
        (("use", "studio", "--certificates", "nowhere", "--shared"), ""),
        (("use", "studio", "--certificates", "nowhere"), "farm-ca.pem' is missing"),
        (("use", "a..b", "--certificates", "nowhere"), "is not a scheduler's address"),
        (("use", "tcp://localhost", "--certificates", "nowhere"), "is not encrypted, but certificates were named"),
        (("status",), "stylus-daw farm use ADDRESS"),
        (("scheduler", "--certificates", "nowhere"), "farm-ca.pem' is missing"),
    ],
)
def test_what_must_not_or_cannot_be_is_refused_with_what_to_do(cli, arguments, said):
    ended = cli("farm", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_farm_that_is_away_is_told_as_a_failure(cli):
    ended = cli("farm", "status", "127.0.0.1:1")
    assert (ended.returncode, "cannot be reached" in ended.stderr) == (1, True)


def test_a_farm_is_used_and_left(cli, tmp_path):
    assert cli("farm", "use", "localhost:8786").returncode == 0
    kept = json.loads((tmp_path / "home" / "farm.json").read_text())
    assert kept == {"scheduler": "localhost:8786", "certificates": None, "shared": None}
    assert cli("farm", "use", "none").returncode == 0
    assert not (tmp_path / "home" / "farm.json").exists()
