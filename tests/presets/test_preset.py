"""What a preset file may say, and what it makes of itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.errors import PresetError, RequestError
from stylus_daw.presets.preset import Preset, PresetSettings, json_schema, slug
from stylus_daw.presets.versions import migrated


def written(**changes: Any) -> dict[str, Any]:
    return {"version": 3, "id": "late-night", "name": "Late Night", "styles": [{"audio": "styles/a.flac"}]} | changes


def optional(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high)


any_settings = st.fixed_dictionaries(
    {},
    optional={
        "strength": optional(0, 2),
        "structure": optional(0, 1),
        "structure_end": optional(0, 1),
        "sharpness": optional(0.25, 4),
        "start": optional(0.05, 1),
        "steps": st.none() | st.integers(1, 200),
        "seed": st.integers(0, 2**31 - 1),
        "matching": st.sampled_from(["rows", "channels", "exact"]),
        "sampler": st.sampled_from([None, "ddim", "dpmpp", "unipc", "lcm"]),
        "quality": st.sampled_from(["draft", "normal", "high"]),
    },
)
any_style = st.fixed_dictionaries(
    {"audio": st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8}){0,2}\.flac", fullmatch=True)},
    optional={"weight": st.floats(1e-6, 1e6), "title": st.text(max_size=20)},
)


@settings(max_examples=40, deadline=None)
@given(name=st.text(min_size=1, max_size=80), knobs=any_settings, styles=st.lists(any_style, min_size=1, max_size=8))
def test_a_preset_survives_its_file(name: str, knobs: dict[str, Any], styles: list[dict[str, Any]]) -> None:
    preset = Preset.model_validate(written(name=name, settings=knobs, styles=styles))
    assert Preset.model_validate(json.loads(preset.to_json())) == preset
    made = preset.to_settings()
    assert all(getattr(made, key) == (Quality(value) if key == "quality" else value) for key, value in knobs.items())


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"stiles": []}, "preset.key", 'Did you mean "styles"?'),
        ({"settings": {"strenght": 1}}, "preset.key", 'Did you mean "strength"?'),
        ({"styles": [{"audio": "a.flac", "wheight": 1}]}, "preset.key", 'Did you mean "weight"?'),
        ({"chain": {"effects": [{"kind": "revreb"}]}}, "chain.effect", 'Did you mean "reverb"?'),
        ({"styles": []}, "preset.value", "styles in the preset"),
        ({"styles": [{"audio": "a.flac", "weight": 0}]}, "preset.value", "weight in a style"),
        ({"styles": [{"audio": "a.flac", "sha256": "abc"}]}, "preset.value", "sha256 in a style"),
        ({"id": "Late Night"}, "preset.value", "'Late Night'"),
        ({"id": "late-night\n"}, "preset.value", "id in the preset"),
        ({"id": "../late"}, "preset.value", "id in the preset"),
        ({"name": ""}, "preset.value", "name in the preset"),
        ({"name": 3}, "preset.value", "It is 3"),
        ({"settings": {"strength": "1"}}, "preset.value", "strength in the settings"),
        ({"settings": {"strength": True}}, "preset.value", "strength in the settings"),
        ({"settings": {"steps": 2.5}}, "preset.value", "steps in the settings"),
        ({"settings": {"quality": "best"}}, "preset.value", "'draft', 'normal' or 'high'"),
        ({"version": 4}, "preset.version", "Update stylus-daw"),
        ({"version": "1"}, "preset.version", "allowed: 1 to 3"),
        ({"version": 0}, "preset.version", "allowed: 1 to 3"),
    ],
)
def test_a_mistake_is_named(change: dict[str, Any], code: str, words: str) -> None:
    with pytest.raises(PresetError) as caught:
        Preset.model_validate(written(**change))
    assert caught.value.code == code
    assert words in caught.value.message


@pytest.mark.parametrize("missing", ["id", "name", "styles"])
def test_what_must_be_there_is_asked_for(missing: str) -> None:
    content = written()
    del content[missing]
    with pytest.raises(PresetError, match=f"{missing} in the preset: Field required"):
        Preset.model_validate(content)


@pytest.mark.parametrize("audio", ["../a.flac", "styles/../../a.flac", "/etc/a.flac", "C:\\a.flac", "C:a.flac", "a\0b"])
def test_a_style_outside_the_folder_is_refused(audio: str) -> None:
    with pytest.raises(PresetError) as caught:
        Preset.model_validate(written(styles=[{"audio": audio}]))
    assert caught.value.code == "preset.path"


@pytest.mark.parametrize("name", ["strength", "structure", "sharpness", "start", "steps", "seed"])
def test_settings_have_the_ranges_of_the_engine(name: str) -> None:
    field = PresetSettings.model_json_schema()["properties"][name]
    limits = field if "minimum" in field else field["anyOf"][0]
    for value in (limits["minimum"], limits["maximum"]):
        assert getattr(StyleSettings(**{name: value}), name) == value
    for value in (limits["minimum"] - 0.01, limits["maximum"] + 1):
        with pytest.raises(RequestError):
            StyleSettings(**{name: value})


def test_a_fresh_preset_leaves_everything_to_the_checkpoint() -> None:
    assert Preset.model_validate(written()).to_settings() == StyleSettings()


def test_an_override_takes_the_place_of_the_presets_own_value() -> None:
    preset = Preset.model_validate(written(settings={"strength": 0.4, "seed": 7}))
    made = preset.to_settings({"strength": 0.8, "quality": Quality.HIGH})
    assert made == StyleSettings(strength=0.8, seed=7, quality=Quality.HIGH)
    assert preset.to_settings({"strength": None, "quality": "draft"}).strength is None


@pytest.mark.parametrize(
    ("override", "words"), [({"strenth": 1}, 'Did you mean "strength"?'), ({"strength": 3}, "equal to 2. It is 3")]
)
def test_a_wrong_override_is_named(override: dict[str, Any], words: str) -> None:
    with pytest.raises(PresetError) as caught:
        Preset.model_validate(written()).to_settings(override)
    assert words in caught.value.message


def test_old_versions_are_brought_up_step_by_step() -> None:
    steps = {1: lambda old: {"title": old["name"]}, 2: lambda old: {"label": old["title"]}}
    assert migrated({"version": 1, "name": "A"}, steps, newest=3) == {"label": "A", "version": 3}


def test_the_json_schema_can_be_written_down_and_refuses_unknown_keys() -> None:
    schema = json.loads(json.dumps(json_schema()))
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"id", "name", "styles"}


@given(st.text(max_size=100))
@settings(max_examples=40, deadline=None)
def test_every_name_gives_an_id_that_the_schema_takes(name: str) -> None:
    assert Preset.model_validate(written(id=slug(name)))
