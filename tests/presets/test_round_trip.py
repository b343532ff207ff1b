"""Presets of every kind survive their file, and fit the schema that is handed out."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stylus_daw.chain.effects import EFFECTS, EffectKind, Parameter
from stylus_daw.errors import PresetError
from stylus_daw.presets.library.folder import parse_preset
from stylus_daw.presets.preset import Preset, json_schema

SCHEMA = json_schema()


def optional(low: float, high: float) -> st.SearchStrategy[float | None]:
    return st.none() | st.floats(low, high)


def parameter_values(parameter: Parameter) -> st.SearchStrategy[Any]:
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if parameter.is_whole:
        return st.integers(int(parameter.low), int(parameter.high))
    return st.floats(parameter.low, parameter.high)


def effects_of(kind: EffectKind) -> st.SearchStrategy[dict[str, Any]]:
    params = st.fixed_dictionaries({}, optional={one.name: parameter_values(one) for one in kind.parameters})
    return st.fixed_dictionaries(
        {"kind": st.just(kind.kind)},
        optional={"params": params, "bypass": st.booleans(), "mix": st.floats(0, 1)},
    )


plain_effects = st.sampled_from(list(EFFECTS.values())).flatmap(effects_of)
plugin_values = st.booleans() | st.floats(-1e6, 1e6) | st.text(max_size=8)
plugins = st.fixed_dictionaries(
    {"path": st.text(min_size=1, max_size=30)},
    optional={
        "name": st.text(max_size=20),
        "identifier": st.text(max_size=20),
        "version": st.text(max_size=8),
        "raw_state": st.binary(max_size=40).map(lambda state: base64.b64encode(state).decode()),
        "parameters": st.dictionaries(st.text(max_size=10), plugin_values, max_size=3),
    },
)
plugin_effects = st.fixed_dictionaries(
    {"kind": st.just("plugin"), "plugin": plugins}, optional={"bypass": st.booleans(), "mix": st.floats(0, 1)}
)
branches = st.fixed_dictionaries(
    {}, optional={"gain_db": st.floats(-60, 24), "effects": st.lists(plain_effects | plugin_effects, max_size=2)}
)
parallel_effects = st.fixed_dictionaries(
    {"kind": st.just("parallel"), "branches": st.lists(branches, min_size=1, max_size=2)}
)
chains = st.fixed_dictionaries(
    {},
    optional={
        "effects": st.lists(plain_effects | plain_effects | plugin_effects | parallel_effects, max_size=4),
        "tail": st.sampled_from(["trim", "keep"]),
        "tail_seconds": st.floats(0, 30),
        "match_loudness": st.booleans(),
    },
)
knobs = st.fixed_dictionaries(
    {},
    optional={
        "strength": optional(0, 2),
        "structure": optional(0, 1),
        "sharpness": optional(0.25, 4),
        "start": optional(0.05, 1),
        "steps": st.none() | st.integers(1, 200),
        "seed": st.integers(0, 2**31 - 1),
        "quality": st.sampled_from(["draft", "normal", "high"]),
        "checkpoint": st.text(min_size=1, max_size=20),
    },
)
styles = st.fixed_dictionaries(
    {"audio": st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8}){0,2}\.flac", fullmatch=True)},
    optional={
        "weight": st.floats(1e-6, 1e6),
        "title": st.text(max_size=20),
        "licence": st.text(max_size=10),
        "sha256": st.none() | st.from_regex("[0-9a-f]{64}", fullmatch=True),
    },
)
presets = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True),
        "name": st.text(min_size=1, max_size=80),
        "styles": st.lists(styles, min_size=1, max_size=8),
    },
    optional={
        "version": st.sampled_from([1, 2, 3]),
        "author": st.text(max_size=20),
        "notes": st.text(max_size=40),
        "group": st.text(max_size=20),
        "tags": st.lists(st.text(max_size=10), max_size=16),
        "licence": st.text(max_size=20),
        "program": st.none() | st.integers(0, 128 * 128 - 1),
        "untrusted_plugins": st.booleans(),
        "settings": knobs,
        "chain": chains,
    },
)


def check(written: dict[str, Any]) -> None:
    """The preset says what was written, and its file says what it says."""
    preset = parse_preset(json.dumps(written).encode())
    again = parse_preset(preset.to_json().encode())
    assert again == preset
    assert again.to_json() == preset.to_json()
    assert (preset.id, preset.name, len(preset.styles)) == (written["id"], written["name"], len(written["styles"]))
    for name, value in written.get("settings", {}).items():
        assert getattr(again.settings, name) == value
    for effect, wanted in zip(again.chain.effects, written.get("chain", {}).get("effects", ()), strict=True):
        assert effect.kind == wanted["kind"]
        assert {name: effect.params[name] for name in wanted.get("params", {})} == wanted.get("params", {})
    assert bool(preset.plugins) == ('"kind": "plugin"' in json.dumps(written))
    assert list(mistakes(json.loads(preset.to_json()), SCHEMA)) == []


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(presets)
def test_a_preset_survives_its_file(written: dict[str, Any]) -> None:
    check(written)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(presets)
def test_ten_thousand_presets_survive_their_files(written: dict[str, Any]) -> None:
    check(written)


@pytest.mark.parametrize(
    "change",
    [
        {"stiles": []},
        {"id": "Not This"},
        {"name": ""},
        {"styles": []},
        {"program": -1},
        {"program": 1.5},
        {"settings": {"strength": 3}},
        {"settings": {"strenght": 1}},
        {"chain": {"effects": [{"kind": "revreb"}]}},
        {"chain": {"effects": [{"kind": "reverb", "params": {"size": 2}}]}},
        {"chain": {"tail": "cut"}},
    ],
)
def test_the_schema_refuses_what_the_program_refuses(change: dict[str, Any]) -> None:
    written = {"version": 3, "id": "choir", "name": "Choir", "styles": [{"audio": "a.flac"}]}
    assert list(mistakes(written, SCHEMA)) == []
    assert list(mistakes(written | change, SCHEMA))
    with pytest.raises(PresetError):
        Preset.model_validate(written | change)


TYPES: dict[str, Any] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def mistakes(value: Any, schema: dict[str, Any]) -> Any:
    """What JSON Schema 2020-12 has against a value, for the words that our schema uses."""
    if "$ref" in schema:
        yield from mistakes(value, SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    if "anyOf" in schema and all(list(mistakes(value, one)) for one in schema["anyOf"]):
        yield f"{value!r} is none of anyOf"
    for one in schema.get("allOf", ()):
        if "if" not in one or not list(mistakes(value, one["if"])):
            yield from mistakes(value, one.get("then", {} if "if" in one else one))
    if "type" in schema and not has_type(value, schema["type"]):
        yield f"{value!r} is not of type {schema['type']}"
        return
    if ("const" in schema and value != schema["const"]) or ("enum" in schema and value not in schema["enum"]):
        yield f"{value!r} is not allowed"
    yield from limits(value, schema)
    if isinstance(value, dict):
        yield from members(value, schema)
    if isinstance(value, list):
        for one in value:
            yield from mistakes(one, schema.get("items", {}))


def has_type(value: Any, name: str) -> bool:
    if name in ("number", "integer"):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and (name == "number" or value == int(value))
    return isinstance(value, TYPES[name])


def limits(value: Any, schema: dict[str, Any]) -> Any:
    if isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{value!r} is out of range"
    if isinstance(value, str):
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
            yield f"{value!r} is too short or too long"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{value!r} has the wrong form"
    if isinstance(value, list) and not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
        yield f"{len(value)} items"


def members(value: dict[str, Any], schema: dict[str, Any]) -> Any:
    known = schema.get("properties", {})
    yield from (f"{name} is missing" for name in schema.get("required", ()) if name not in value)
    for name, inner in value.items():
        if name in known:
            yield from mistakes(inner, known[name])
        elif schema.get("additionalProperties") is False:
            yield f"{name} is unknown"
