"""Plugins as far as they go without one: the list of plugins, channels, missing ones, files that are none."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stylus_daw.audio.clip import Clip
from stylus_daw.chain.apply import apply_chain
from stylus_daw.chain.plugin_spec import PluginSpec, encoded_state
from stylus_daw.chain.plugins.about import PluginDescription, PluginParameter
from stylus_daw.chain.plugins.cache import FileStamp, PluginCache, ScannedFile, ScanOutcome
from stylus_daw.chain.plugins.channels import SPEAKERS, plan_lanes
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.plugins.scan import plugin_files, scan
from stylus_daw.chain.spec import ChainSpec, EffectSpec
from stylus_daw.errors import ChainError

KNOB = PluginParameter(name="gain_db", label="Gain", unit="dB", low=-24, high=24)
VERB = PluginDescription(identifier="VST3-Verb-1", name="Verb", version="2.0", channels=(2,), parameters=(KNOB,))


def scanned(path: Path, outcome: ScanOutcome = ScanOutcome.FOUND) -> ScannedFile:
    path.write_text("a plugin")
    plugins = (VERB,) if outcome is ScanOutcome.FOUND else ()
    return ScannedFile(path=path, stamp=FileStamp.of(path), outcome=outcome, reason="why", plugins=plugins)


def chain(plugin: PluginSpec, **rest: object) -> ChainSpec:
    return ChainSpec.model_validate({"effects": [{"kind": "plugin", "plugin": plugin.model_dump()}], **rest})


def test_files_of_a_relative_folder_are_found_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine" / "One.vst3").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert plugin_files([Path("mine"), Path("./other/../mine")]) == (tmp_path / "mine" / "One.vst3",)


def test_the_list_of_plugins_survives_a_restart_and_knows_a_changed_file(tmp_path: Path) -> None:
    cache, file = PluginCache(tmp_path / "state" / "plugins.json"), tmp_path / "Verb.vst3"
    one = scanned(file)
    cache.put([one])
    again = PluginCache(tmp_path / "state" / "plugins.json")
    assert again.files == (one,)
    assert again.known(file) == one
    os.utime(file, ns=(0, 0))
    assert again.known(file) is None
    file.unlink()
    assert again.known(file) is None


def test_a_blocked_file_stays_blocked_whatever_becomes_of_it(tmp_path: Path) -> None:
    cache, file = PluginCache(tmp_path / "plugins.json"), tmp_path / "Verb.vst3"
    blocked = replace(scanned(file), outcome=ScanOutcome.BLOCKED, reason="You blocked it.")
    cache.put([blocked])
    os.utime(file, ns=(0, 0))
    assert (cache.known(file), cache.plugins) == (blocked, ())
    assert scan(cache, [file]) == (blocked,)
    (missing,) = Hosting(cache=cache).missing(ChainSpec.model_validate(chain(PluginSpec(path=str(file), name="Verb"))))
    assert "blocked by you" in missing.reason


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', '{"version": 1, "files": [{}]}', '{"version": 99}'])
def test_a_list_of_plugins_that_cannot_be_read_costs_a_scan_and_no_more(tmp_path: Path, text: str) -> None:
    (tmp_path / "plugins.json").write_text(text)
    cache = PluginCache(tmp_path / "plugins.json")
    assert cache.files == ()
    cache.put([scanned(tmp_path / "Verb.vst3")])
    assert json.loads((tmp_path / "plugins.json").read_text())["version"] == 1


def test_bundles_are_found_at_any_depth_and_not_looked_into(tmp_path: Path) -> None:
    for inside in ("a/Bundle.vst3/Contents/Inner.vst3", "Single.vst3", "b/c/Deep.VST3", "readme.txt"):
        (tmp_path / inside).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / inside).write_text("x")
    found = [path.relative_to(tmp_path).as_posix() for path in plugin_files([tmp_path, tmp_path / "nowhere"])]
    assert sorted(found) == ["Single.vst3", "a/Bundle.vst3", "b/c/Deep.VST3"]


def test_a_file_that_is_no_plugin_is_refused_in_a_process_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "Text.vst3").write_text("not a plugin")
    (found,) = scan(PluginCache(tmp_path / "plugins.json"), plugin_files([tmp_path]))
    assert found.outcome is ScanOutcome.REFUSED
    assert 'The plugin "Text"' in found.reason


@given(st.sampled_from(list(SPEAKERS)), st.sets(st.integers(1, 8), min_size=1))
def test_lanes_cover_every_channel_once_or_refuse(channels: int, taken: set[int]) -> None:
    if channels not in taken and not taken & {1, 2}:
        with pytest.raises(ChainError, match=f"takes neither {channels} channels"):
            plan_lanes(channels, taken, "Verb")
        return
    lanes = plan_lanes(channels, taken, "Verb")
    assert [at for lane in lanes for at in range(lane.first, lane.first + lane.count)] == list(range(channels))
    assert {lane.wide for lane in lanes} <= taken
    samples = np.random.default_rng(0).uniform(-1, 1, (channels, 7)).astype(np.float32)
    wet = np.concatenate([lane.leaving(lane.entering(samples)) for lane in lanes])
    np.testing.assert_allclose(wet, samples, atol=1e-6)


def test_a_missing_plugin_fails_the_chain_by_name_unless_there_is_consent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hosting = Hosting(cache=PluginCache(tmp_path / "plugins.json"))
    gone = PluginSpec(path="/nowhere/Verb.vst3", name="Verb", version="2.0")
    clip = Clip(samples=np.full((2, 100), 0.5, np.float32), rate=48_000)
    with pytest.raises(ChainError, match=r'The plugin "Verb" 2\.0') as caught:
        apply_chain(clip, chain(gone), hosting=hosting)
    assert caught.value.code == "chain.plugin_missing"
    assert [one.plugin for one in hosting.missing(chain(gone))] == [gone]
    result = apply_chain(clip, chain(gone, allow_missing_plugins=True), hosting=hosting)
    np.testing.assert_array_equal(result.samples, clip.samples)
    assert 'rendered without the plugin "Verb"' in caplog.text


def test_a_plugin_that_crashed_in_its_scan_counts_as_missing_until_it_is_retried(tmp_path: Path) -> None:
    hosting = Hosting(cache=PluginCache(tmp_path / "plugins.json"))
    bad = scanned(tmp_path / "Bad.vst3", ScanOutcome.CRASHED)
    hosting.cache.put([bad])
    (missing,) = hosting.missing(chain(PluginSpec(path=str(bad.path))))
    assert "plugins retry" in missing.reason
    hosting.cache.forget([bad.path])
    assert hosting.missing(chain(PluginSpec(path=str(bad.path)))) == ()


def test_a_plugin_is_found_by_its_identifier_wherever_it_lies(tmp_path: Path) -> None:
    hosting = Hosting(cache=PluginCache(tmp_path / "plugins.json"))
    hosting.cache.put([scanned(tmp_path / "Elsewhere.vst3")])
    old = "/old/V.vst3"
    for plugin in (PluginSpec(path=old, identifier="VST3-Verb-1"), PluginSpec(path=old, name="Verb")):
        assert hosting.locate(plugin) == tmp_path / "Elsewhere.vst3"
        (effect,) = hosting.resolved(chain(plugin)).effects
        assert effect.plugin is not None
        assert effect.plugin.path == str(tmp_path / "Elsewhere.vst3")
    other = PluginSpec(path="/old/V.vst3", identifier="VST3-Verb-2", name="Verb")
    assert hosting.missing(chain(other))
    with pytest.raises(ChainError, match="Verb"):
        hosting.resolved(chain(other))
    consent = chain(other, allow_missing_plugins=True)
    assert hosting.resolved(consent) == consent


def test_a_plugin_in_a_parallel_branch_counts_and_a_bypassed_one_does_not(tmp_path: Path) -> None:
    hosting = Hosting(cache=PluginCache(tmp_path / "plugins.json"))
    gone = {"kind": "plugin", "plugin": {"path": "/nowhere/Verb.vst3"}}
    spec = ChainSpec.model_validate(
        {"effects": [{**gone, "bypass": True}, {"kind": "parallel", "branches": [{}, {"effects": [gone]}]}]}
    )
    assert len(hosting.missing(spec)) == 1
    with pytest.raises(ChainError, match="Verb"):
        hosting.resolved(spec)
    assert hosting.resolved(chain(PluginSpec(path="/x"), allow_missing_plugins=True)).allow_missing_plugins


@given(st.binary(max_size=50), st.dictionaries(st.text(max_size=8), st.booleans() | st.floats(-9, 9) | st.text()))
def test_a_plugin_survives_json(state: bytes, parameters: dict[str, bool | float | str]) -> None:
    plugin = PluginSpec(path="/x/Verb.vst3", raw_state=encoded_state(state), parameters=parameters)
    effect = EffectSpec(kind="plugin", plugin=plugin, mix=0.5)
    again = EffectSpec.model_validate_json(effect.model_dump_json())
    assert again == effect
    assert again.plugin is not None
    assert again.plugin.state == state


def test_the_example_of_the_page_is_an_effect() -> None:
    page = (Path(__file__).parents[3] / "docs" / "plugins.md").read_text("utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert EffectSpec.model_validate_json(example).plugin is not None
