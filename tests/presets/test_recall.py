"""Presets as hosts recall them: by id, name or number; and those that wait for consent."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.host_requests import HostRequests
from stylus_daw.errors import PresetError
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings


@pytest.fixture
def requests(tmp_path: Path) -> HostRequests:
    settings = Settings(home=tmp_path)
    library = PresetLibrary(user_folder=settings.presets)
    return HostRequests(requests=PresetRequests(presets=library, settings=settings), jobs_folder=settings.jobs)


@pytest.mark.parametrize("asked", ["glass-vibes", "Glass Vibes", "GLASS VIBES", "#9", " # 9 "])
def test_a_host_recalls_by_id_name_or_number(requests: HostRequests, tmp_path: Path, asked: str) -> None:
    made = requests.build_short("job-1", tmp_path / "in.wav", asked)
    assert made.origin.preset == "Glass Vibes"
    assert [style.path.name for style in made.styles] == ["vibraphone.flac"]
    region = {"start": 0, "length": 10, "rate": 48_000}
    job = JobFile.model_validate({"protocol": 1, "job": "job-1", "source": "in.wav", "region": region, "preset": asked})
    assert requests.build(job, tmp_path).chain == made.chain


def test_a_number_that_no_preset_has_is_named(requests: HostRequests, tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="number 16000"):
        requests.build_short("job-1", tmp_path / "in.wav", "#16000")


def test_no_request_is_built_of_plugins_without_consent(requests: HostRequests, tmp_path: Path) -> None:
    plugin = {"kind": "plugin", "plugin": {"path": "/vst3/Verb.vst3"}}
    chain = {"effects": [plugin], "allow_missing_plugins": True}  # it is not here, which is another refusal
    vibes = requests.requests.presets.get("glass-vibes")
    waiting = type(vibes).model_validate(vibes.model_dump(mode="json") | {"chain": chain, "untrusted_plugins": True})
    requests.requests.presets.save(waiting)
    with pytest.raises(PresetError) as caught:
        requests.build_short("job-1", tmp_path / "in.wav", "glass-vibes")
    assert caught.value.code == "preset.consent"
    requests.requests.presets.save(waiting.model_copy(update={"untrusted_plugins": False}))
    assert (
        requests.build_short("job-1", tmp_path / "in.wav", "glass-vibes").chain.spec["effects"][0]["kind"] == "plugin"
    )
