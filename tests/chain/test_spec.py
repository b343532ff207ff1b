"""How a chain is written, and what is said about mistakes in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stylus_daw.chain.effects import EFFECTS, KINDS, EffectKind, Parameter
from stylus_daw.chain.spec import MAX_EFFECTS, ChainSpec, EffectSpec
from stylus_daw.errors import PresetError


def values(parameter: Parameter) -> st.SearchStrategy[float | str]:
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if parameter.is_whole:
        return st.integers(int(parameter.low), int(parameter.high)).map(float)
    return st.floats(parameter.low, parameter.high)


def written(kind: EffectKind) -> st.SearchStrategy[dict[str, object]]:
    params = st.fixed_dictionaries({}, optional={one.name: values(one) for one in kind.parameters})
    return st.fixed_dictionaries(
        {"kind": st.just(kind.kind), "params": params, "bypass": st.booleans(), "mix": st.floats(0, 1)}
    )


any_effect = st.sampled_from(list(EFFECTS.values())).flatmap(written)


@settings(max_examples=40, deadline=None)
@given(st.lists(any_effect, max_size=4), st.sampled_from(["trim", "keep"]), st.floats(0, 30))
def test_a_chain_survives_json(effects: list[dict[str, object]], tail: str, tail_seconds: float) -> None:
    spec = ChainSpec.model_validate({"effects": effects, "tail": tail, "tail_seconds": tail_seconds})
    assert ChainSpec.model_validate(json.loads(spec.model_dump_json())) == spec


@pytest.mark.parametrize("kind", EFFECTS.values(), ids=lambda kind: kind.kind)
def test_what_is_left_out_takes_the_default_of_the_table(kind: EffectKind) -> None:
    effect = EffectSpec.model_validate({"kind": kind.kind})
    assert effect.params == kind.defaults
    assert effect.mix == kind.mix
    assert EffectSpec(kind=kind.kind) == effect


@pytest.mark.parametrize("kind", EFFECTS.values(), ids=lambda kind: kind.kind)
def test_the_table_holds_its_own_defaults_and_refuses_what_lies_outside(kind: EffectKind) -> None:
    for parameter in kind.parameters:
        if parameter.choices:
            assert parameter.default in parameter.choices
            continue
        assert parameter.low <= float(parameter.default) <= parameter.high
        for outside in (parameter.low - 1, parameter.high + 1, float("nan"), float("inf")):
            with pytest.raises(PresetError) as caught:
                EffectSpec(kind=kind.kind, params={parameter.name: outside})
            assert caught.value.code == "chain.range"
            assert f"{parameter.name} of the effect {kind.kind} is {outside:g}" in caught.value.message
            assert f"allowed: {parameter.low:g} to {parameter.high:g}" in caught.value.message


@pytest.mark.parametrize(
    ("wrong", "code", "words"),
    [
        ({"kind": "reverbb"}, "chain.effect", 'Did you mean "reverb"?'),
        ({"kind": "zzz"}, "chain.effect", "Known: low_shelf"),
        ({}, "chain.effect", "no kind"),
        ({"kind": 3}, "chain.effect", '"3"'),
        ({"kind": "plugin"}, "chain.plugin", 'no "plugin"'),
        ({"kind": "gain", "plugin": {"path": "/x.vst3"}}, "chain.plugin", "only the kind plugin"),
        ({"kind": "plugin", "plugin": {"pth": "/x.vst3"}}, "preset.key", 'Did you mean "path"?'),
        ({"kind": "plugin", "plugin": {"path": "/x.vst3"}, "params": {"size": 1}}, "chain.param", "effect plugin"),
        ({"kind": "plugin", "plugin": {"path": "/x.vst3", "raw_state": "§"}}, "chain.plugin_state", "not base64"),
        ({"kind": "plugin", "plugin": {"path": "/x.vst3", "format": "VST2"}}, "preset.value", "'VST2'"),
        ({"kind": "parallel"}, "chain.branches", 'no "branches"'),
        ({"kind": "parallel", "branches": [{}] * 9}, "preset.value", "branches"),
        ({"kind": "parallel", "branches": [{"gain_db": 99}]}, "preset.value", "gain_db in a branch"),
        ({"kind": "parallel", "branches": [{"effects": [{"kind": "parallel"}]}]}, "chain.branches", "inside another"),
        ({"kind": "gain", "branches": [{}]}, "chain.branches", "only the kind parallel"),
        ({"kind": "reverb", "params": {"sizee": 1}}, "chain.param", 'Did you mean "size"?'),
        ({"kind": "reverb", "params": [1]}, "chain.params", "give an object"),
        ({"kind": "reverb", "params": {"size": "big"}}, "chain.range", "not a number"),
        ({"kind": "reverb", "params": {"size": True}}, "chain.range", "not a number"),
        ({"kind": "high_pass", "params": {"poles": 1.5}}, "chain.range", "whole numbers"),
        ({"kind": "ladder", "params": {"mode": "lpf 12"}}, "chain.range", 'Did you mean "lpf12"?'),
        ({"kind": "reverb", "mixx": 0.2}, "preset.key", 'Did you mean "mix"?'),
        ({"kind": "reverb", "mix": 1.2}, "preset.value", "mix in an effect"),
        ({"kind": "reverb", "mix": float("nan")}, "preset.value", "mix in an effect"),
        ({"kind": "reverb", "bypass": "yes"}, "preset.value", "'yes'"),
    ],
)
def test_a_mistake_in_an_effect_is_named(wrong: dict[str, object], code: str, words: str) -> None:
    with pytest.raises(PresetError) as caught:
        ChainSpec.model_validate({"effects": [wrong]})
    assert caught.value.code == code
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"efects": []}, 'Did you mean "effects"?'),
        ({"tail": "hold"}, "'keep' or 'until_quiet'"),
        ({"tail_seconds": 31}, "less than or equal to 30"),
        ({"effects": [{"kind": "gain"}] * (MAX_EFFECTS + 1)}, "effects in the chain"),
        ({"effects": 3}, "effects in the chain"),
    ],
)
def test_a_mistake_in_a_chain_is_named(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(PresetError) as caught:
        ChainSpec.model_validate(wrong)
    assert words in caught.value.message


def test_only_audible_effects_are_active() -> None:
    spec = ChainSpec.model_validate(
        {"effects": [{"kind": "gain", "bypass": True}, {"kind": "gain", "mix": 0}, {"kind": "invert"}]}
    )
    assert [effect.kind for effect in spec.active] == ["invert"]


def test_the_json_schema_carries_every_range_of_the_table() -> None:
    schema = ChainSpec.model_json_schema()["$defs"]["EffectSpec"]
    assert schema["properties"]["kind"]["enum"] == list(KINDS)
    reverb = next(case["then"] for case in schema["allOf"] if case["if"]["properties"]["kind"]["const"] == "reverb")
    assert reverb["properties"]["params"]["properties"]["pre_delay_ms"]["maximum"] == 250
    assert reverb["properties"]["mix"]["default"] == EFFECTS["reverb"].mix
