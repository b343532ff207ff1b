"""What a preset becomes as a request, and what must not render is refused before."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.chain_plan import ChainPlan
from stylus_daw.errors import ChainError
from stylus_daw.jobs.job import Origin, RenderRequest
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings

ABSENT = {"path": "/plugins/Gone.vst3", "identifier": "VST3-Gone-1", "name": "Gone", "version": "1.0"}


@pytest.fixture
def requests(tmp_path: Path) -> PresetRequests:
    return PresetRequests(presets=PresetLibrary(user_folder=tmp_path / "presets"), settings=Settings(home=tmp_path))


def asked(requests: PresetRequests, preset: Preset, **consent: bool) -> RenderRequest:
    source, stem = Path("content.wav"), Path("stem.wav")
    return requests.request(
        preset, source=source, stem=stem, region=None, settings=preset.to_settings(), origin=Origin(), **consent
    )


def with_a_plugin_that_is_not_here(requests: PresetRequests) -> Preset:
    preset = requests.presets.get("warm-strings")
    return Preset.model_validate(preset.model_dump() | {"chain": {"effects": [{"kind": "plugin", "plugin": ABSENT}]}})


def test_a_factory_preset_becomes_a_request_with_its_styles_and_chain(requests: PresetRequests) -> None:
    preset = requests.presets.get("tape-tines")
    request = asked(requests, preset)
    assert [style.weight for style in request.styles] == [style.weight for style in preset.styles]
    assert all(style.path.is_file() for style in request.styles)
    assert len(request.chain.spec["effects"]) == len(preset.chain.effects)


def test_a_missing_plugin_is_refused_before_anything_is_rendered(requests: PresetRequests) -> None:
    with pytest.raises(ChainError, match="Gone") as caught:
        asked(requests, with_a_plugin_that_is_not_here(requests))
    assert caught.value.code == "chain.plugin_missing"


def test_one_render_can_be_allowed_without_it(requests: PresetRequests) -> None:
    request = asked(requests, with_a_plugin_that_is_not_here(requests), allows_missing_plugins=True)
    assert request.chain.spec["allow_missing_plugins"] is True


def test_without_the_chain_nothing_is_missed(requests: PresetRequests) -> None:
    assert asked(requests, with_a_plugin_that_is_not_here(requests), has_chain=False).chain == ChainPlan()
