"""What doctor says about DAWs, and the alignment that it measures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stylus_bridge.daws.connect.host import connect_hosts
from stylus_bridge.daws.host import Machine, Place
from stylus_bridge.daws.install import install
from stylus_bridge.daws.reaper.host import HOST
from stylus_bridge.hosts.visitors import Visitors
from stylus_daw.alignment import clicks, compared, lag_of
from stylus_daw.audio.clip import Clip
from stylus_daw.commands.doctor.daw_checks import daws, token_file
from stylus_daw.commands.doctor.finding import Finding, State
from stylus_daw.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "state").mkdir()
    return Settings(home=tmp_path / "state")


@pytest.fixture
def resource(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """REAPER's resource folder of a Linux user."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("platform.system", lambda: "Linux")
    folder = tmp_path / "config" / "REAPER"
    folder.mkdir(parents=True)
    return folder


def reaper_line(settings: Settings) -> Finding:
    [found] = [finding for finding in daws(settings) if finding.name == "REAPER"]
    return found


def installed(resource: Path, settings: Settings) -> Path:
    place = Place(evidence=resource, scripts=resource / "Scripts" / "Stylus")
    install(HOST, place, settings.home)
    return place.scripts


def test_a_daw_that_is_not_here_is_no_worry(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing"))
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    assert all(finding.state is not State.FAILED for finding in daws(settings))


def test_a_daw_without_our_scripts_is_told_how_to_get_them(resource, settings):
    finding = reaper_line(settings)
    assert (finding.state, finding.remedy) == (State.NOTE, "stylus-daw install reaper")
    assert "not installed" in finding.text


def test_installed_scripts_are_well(resource, settings):
    installed(resource, settings)
    Visitors(settings.home, now=lambda: 1_700_000_000.0).note("reaper")
    finding = reaper_line(settings)
    assert finding.state is State.OK
    assert "last contact 2023-11-1" in finding.text


def test_scripts_of_another_version_are_noted(resource, settings):
    manifest = installed(resource, settings) / ".stylus-daw-reaper.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "version": "0.0.1"}))
    assert "scripts 0.0.1" in reaper_line(settings).text
    assert reaper_line(settings).state is State.NOTE


def test_scripts_that_look_elsewhere_are_noted(resource, settings, tmp_path):
    installed(resource, replace(settings, home=tmp_path / "other"))
    assert "they use" in reaper_line(settings).text


def test_a_script_that_is_missing_is_noted(resource, settings):
    (installed(resource, settings) / "Stylus - cancel.lua").unlink()
    assert "Stylus - cancel.lua is missing" in reaper_line(settings).text


def test_the_plugin_is_named_with_its_tracks_last_contact(resource, settings, tmp_path):
    def lines() -> list[Finding]:
        return [finding for finding in daws(settings) if finding.name.startswith("Stylus Connect")]

    assert ["stylus-daw install connect" in finding.text for finding in lines()] == [True]
    built = tmp_path / "built"
    built.mkdir()
    (built / "StylusConnect.clap").write_bytes(b"binary")
    for host, place in connect_hosts(built, Machine(system="Linux", home=tmp_path)):
        install(host, place, settings.home)
    Visitors(settings.home, now=lambda: 1_700_000_000.0).note("connect: Gtr", "0.1.0")
    [line] = lines()
    assert (line.name, line.state) == ("Stylus Connect (CLAP)", State.OK)
    assert "last contact 2023-11-1" in line.text


def test_a_token_that_others_can_read_is_noted(settings):
    path = settings.home / "bridge.json"
    path.touch(mode=0o600)
    assert list(token_file(settings)) == []
    path.chmod(0o644)
    [finding] = token_file(settings)
    assert finding.remedy == f"chmod 600 '{path}'"


@pytest.mark.parametrize("lag", [-300, -1, 0, 1, 77])
def test_the_lag_of_clicks_is_measured_to_the_sample(lag):
    early = clicks().samples[0]
    assert lag_of(np.roll(early, lag), early) == lag


def test_a_filtered_stem_still_tells_its_lag():
    early = clicks().samples[0]
    late = np.convolve(early, np.hanning(65), mode="same")
    assert lag_of(late, early) == 0


def test_a_stem_is_exact_only_at_its_place_and_length():
    content = clicks()
    exact = compared(content, content, content.start)
    assert exact.is_exact
    assert not compared(content, content, content.start + 1).is_exact
    shorter = Clip(samples=content.samples[:, :-1], rate=content.rate)
    assert not compared(content, shorter, content.start).is_exact
    assert not replace(exact, lag_samples=1).is_exact
