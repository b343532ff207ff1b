"""Plugins in presets: set, saved, recalled in another process; missing, and rendered without."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.clip import Samples
from stylus_daw.chain.apply import apply_chain
from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.plugins.cache import PluginCache
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.plugins.scan import plugin_files, scan
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.errors import ChainError
from tests.vst3.plugin_sounds import chain, fresh, need_zam, noise

pytestmark = pytest.mark.vst3

RENDER = """
import sys, numpy as np
from pathlib import Path
from stylus_daw.audio.clip import Clip
from stylus_daw.chain.apply import apply_chain
from stylus_daw.chain.spec import ChainSpec
if __name__ == "__main__":
    clip = Clip(samples=np.load(sys.argv[1]), rate=48_000)
    spec = ChainSpec.model_validate_json(Path(sys.argv[2]).read_text())
    np.save(sys.argv[3], apply_chain(clip, spec).samples)
"""


def after_a_restart(spec: ChainSpec, dry: Samples, folder: Path) -> Samples:
    """The chain by way of its JSON in a new Python."""
    (folder / "render.py").write_text(RENDER)
    (folder / "chain.json").write_text(spec.model_dump_json())
    np.save(folder / "dry.npy", dry)
    files = [str(folder / one) for one in ("render.py", "dry.npy", "chain.json", "wet.npy")]
    subprocess.run([sys.executable, *files], check=True, env={"STYLUS_HOME": str(folder), "PATH": "/usr/bin:/bin"})
    return np.load(files[-1])


def heard(plugin: PluginSpec, hosting: Hosting) -> Samples:
    return apply_chain(noise(), chain(plugin), hosting=hosting).samples


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("StylusGain", {"gain_db": -7.3}),
        ("StylusTwins", {"gain_db": -7.3, "gain_db_2": 4.0, "parameter_3": -2.0}),
        ("ZaMaximX2", {"threshold_db": -17.0, "release_ms": 60.0}),
        ("ZamDelay", {"time_ms": 123.0, "feedback": 0.4, "dry_wet": 0.7}),
    ],
)
def test_parameters_saved_as_state_sound_the_same_after_a_restart(
    plugins: Path, hosting: Hosting, tmp_path: Path, name: str, parameters: dict[str, float]
) -> None:
    if name.startswith("Zam"):
        need_zam(plugins, name)
    start = fresh(plugins, name)
    saved = hosting.capture(start, parameters)
    assert saved.raw_state
    assert saved.version
    assert {key: saved.parameters[key] for key in parameters} == pytest.approx(parameters, rel=1e-3)
    before = heard(saved, hosting)
    assert np.abs(before - heard(start, hosting)).max() > 0.01
    np.testing.assert_array_equal(after_a_restart(chain(saved), noise().samples, tmp_path), before)


def test_parameters_that_share_a_name_or_have_none_are_all_heard(plugins: Path, hosting: Hosting) -> None:
    values = {"gain_db": -9.0, "gain_db_2": 4.0, "parameter_3": -2.0}
    saved = hosting.capture(fresh(plugins, "StylusTwins"), values)
    assert saved.parameters == pytest.approx(values)
    np.testing.assert_allclose(heard(saved, hosting), noise().samples * 10 ** (-7 / 20), atol=1e-5)


def test_state_that_no_parameter_shows_is_saved_and_recalled(plugins: Path, hosting: Hosting, tmp_path: Path) -> None:
    start = fresh(plugins, "StylusLearn")
    learnt = hosting.capture(hosting.capture(start, {"gain_db": -12, "learn": 1}), {"gain_db": 0, "learn": 0})
    assert learnt.parameters == hosting.capture(start).parameters
    wet = heard(learnt, hosting)
    np.testing.assert_allclose(wet, noise().samples * 10 ** (-12 / 20), atol=1e-5)
    np.testing.assert_array_equal(after_a_restart(chain(learnt), noise().samples, tmp_path), wet)


def test_a_parameter_changed_by_hand_goes_before_the_state(plugins: Path, hosting: Hosting) -> None:
    saved = hosting.capture(fresh(plugins, "StylusGain"), {"gain_db": -12})
    changed = saved.model_copy(update={"parameters": {"gain_db": 6.0}})
    np.testing.assert_allclose(heard(changed, hosting), noise().samples * 10 ** (6 / 20), atol=1e-5)


def test_a_parameter_that_is_not_there_or_out_of_range_is_named(plugins: Path, hosting: Hosting) -> None:
    for parameters, words in (({"gian_db": 1}, 'Did you mean "gain_db"'), ({"gain_db": 25}, "25")):
        with pytest.raises(ChainError, match="StylusGain") as caught:
            hosting.capture(fresh(plugins, "StylusGain"), parameters)
        assert caught.value.code == "chain.plugin_parameter"
        assert words in caught.value.message


def test_a_missing_plugin_is_named_and_rendered_without_only_with_consent(
    hosting: Hosting, caplog: pytest.LogCaptureFixture
) -> None:
    gone = PluginSpec(path="/nowhere/Verb.vst3", name="Verb", version="2.0", identifier="VST3-Verb-1")
    spec = chain(gone, {"kind": "gain", "params": {"gain_db": -6}})
    assert [one.plugin.label for one in hosting.missing(spec)] == ["Verb"]
    with pytest.raises(ChainError, match=r'The plugin "Verb" 2\.0') as caught:
        apply_chain(noise(), spec, hosting=hosting)
    assert caught.value.code == "chain.plugin_missing"
    consent = spec.model_copy(update={"allow_missing_plugins": True})
    result = apply_chain(noise(), consent, hosting=hosting)
    np.testing.assert_allclose(result.samples, noise().samples * 10 ** (-6 / 20), atol=1e-5)
    assert 'rendered without the plugin "Verb"' in caplog.text


def test_a_plugin_that_has_moved_is_found_by_its_identifier(plugins: Path, tmp_path: Path) -> None:
    shutil.copytree(plugins / "StylusGain.vst3", tmp_path / "old" / "StylusGain.vst3")
    hosting = Hosting(cache=PluginCache(tmp_path / "plugins.json"))
    saved = hosting.capture(fresh(tmp_path / "old", "StylusGain"), {"gain_db": -12})
    (tmp_path / "old").rename(tmp_path / "new")
    assert hosting.missing(chain(saved))
    scan(hosting.cache, plugin_files([tmp_path / "new"]))
    assert not hosting.missing(chain(saved))
    np.testing.assert_allclose(heard(saved, hosting), noise().samples * 10 ** (-12 / 20), atol=1e-5)
