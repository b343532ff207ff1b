"""Scanning real plugins: what is found, and what a plugin that crashes or hangs may do: nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stylus_daw.chain.plugins.cache import PluginCache, ScannedFile, ScanOutcome
from stylus_daw.chain.plugins.hosting import Hosting, MissingPlugin
from stylus_daw.chain.plugins.process import Timeouts
from stylus_daw.chain.plugins.scan import plugin_files, scan
from tests.vst3.plugin_sounds import fresh

pytestmark = pytest.mark.vst3


@pytest.fixture(scope="module")
def scanned(plugins: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[PluginCache, dict[str, ScannedFile]]:
    cache = PluginCache(tmp_path_factory.mktemp("scan") / "plugins.json")
    found = scan(cache, plugin_files([plugins]), timeouts=Timeouts(scan_s=8))
    return cache, {one.path.stem: one for one in found}


Scanned = tuple[PluginCache, dict[str, ScannedFile]]


def test_a_scan_tells_channels_latency_and_parameters_with_units_and_ranges(scanned: Scanned) -> None:
    (about,) = scanned[1]["StylusLate1000"].plugins
    assert (about.name, about.version, about.maker, about.format) == ("StylusLate1000", "1.2.3", "Stylus tests", "VST3")
    assert (about.channels, about.latency_samples, about.is_effect) == ((2,), 1000, True)
    gain = next(one for one in about.parameters if one.name == "gain_db")
    assert (gain.label, gain.unit, gain.low, gain.high, gain.default) == ("Gain", "dB", -24, 24, 0)
    assert not gain.is_meter
    assert [one.plugins[0].channels for one in map(scanned[1].get, ("StylusMono", "StylusFour")) if one] == [(1,), (4,)]


def test_what_crashes_or_hangs_is_named_and_harms_no_other(scanned: Scanned) -> None:
    files = scanned[1]
    assert files["StylusCrashLoad"].outcome is ScanOutcome.CRASHED
    assert files["StylusHangLoad"].outcome is ScanOutcome.HUNG
    for name in ("StylusCrashLoad", "StylusHangLoad"):
        assert f'The plugin "{name}"' in files[name].reason
    good = [one for name, one in files.items() if not name.endswith("Load")]
    assert len(good) >= 8
    assert all(one.outcome is ScanOutcome.FOUND for one in good)


def test_a_file_that_is_no_plugin_is_refused_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "Text.vst3").write_text("not a plugin")
    (found,) = scan(PluginCache(tmp_path / "plugins.json"), plugin_files([tmp_path]))
    assert found.outcome is ScanOutcome.REFUSED
    assert "Text" in found.reason


def test_a_second_scan_loads_nothing_not_even_after_a_restart(scanned: Scanned, plugins: Path) -> None:
    cache, files = scanned
    again = PluginCache(cache._file)
    loaded: list[ScannedFile] = []
    found = scan(again, plugin_files([plugins]), on_scanned=loaded.append)
    assert loaded == []
    assert {one.path.stem: one for one in found} == files


def test_only_a_changed_file_or_a_retry_is_loaded_again(plugins: Path, tmp_path: Path) -> None:
    bad = tmp_path / "StylusCrashLoad.vst3"
    shutil.copytree(plugins / bad.name, bad)
    cache = PluginCache(tmp_path / "plugins.json")
    loaded: list[ScannedFile] = []
    for _ in range(2):
        scan(cache, [bad], on_scanned=loaded.append)
    assert [one.outcome for one in loaded] == [ScanOutcome.CRASHED]
    cache.forget([bad])
    scan(cache, [bad], on_scanned=loaded.append)
    assert len(loaded) == 2
    updated = next((plugins / "StylusGain.vst3").rglob("*.so"))
    shutil.copy(updated, next(bad.rglob("*.so")))
    (found,) = scan(cache, [bad], on_scanned=loaded.append)
    assert (len(loaded), found.outcome) == (3, ScanOutcome.FOUND)


def test_a_plugin_that_crashed_in_the_scan_counts_as_missing(scanned: Scanned, plugins: Path) -> None:
    place = Hosting(cache=scanned[0]).locate(fresh(plugins, "StylusCrashLoad"))
    assert isinstance(place, MissingPlugin)
    assert "plugins retry" in place.reason


def test_the_command_line_scans_lists_shows_retries_and_sets(plugins: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plugins"
    for name in ("StylusGain", "StylusCrashLoad"):
        shutil.copytree(plugins / f"{name}.vst3", folder / f"{name}.vst3")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "stylus_daw", "plugins", *words, "--state-dir", str(tmp_path / "home")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    first = run("scan", "--folder", str(folder))
    assert first.returncode == 0
    assert "StylusGain 1.2.3" in first.stdout
    assert 'The plugin "StylusCrashLoad"' in first.stderr
    assert run("list").stdout == first.stdout
    assert "gain_db: -24 to 24 dB, default 0.0" in run("show", "stylusgain").stdout
    assert "crashed" in run("retry").stderr
    effect = json.loads(run("set", "StylusGain", "gain_db=-6").stdout)
    assert (effect["kind"], effect["plugin"]["parameters"]) == ("plugin", {"gain_db": -6.0})
    wrong = run("set", "StylusGain", "gian_db=-6")
    assert (wrong.returncode, 'Did you mean "gain_db"?' in wrong.stderr) == (1, True)
    assert 'Did you mean "StylusGain"?' in run("show", "StylusGian").stderr
