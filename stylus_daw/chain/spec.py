"""EffectSpec, ChainSpec: how a chain is written, in JSON and in Python.

::

    {"effects": [{"kind": "reverb", "params": {"size": 0.7}, "mix": 0.25}], "tail": "trim"}

What is left out takes its default from `stylus_daw.chain.effects` when the spec is made, so that a
saved chain says everything and sounds the same in later versions.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from stylus_daw.chain.effects import EFFECTS, KINDS, PARALLEL, PLUGIN, EffectKind, Parameter, ParameterValue
from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.strict import StrictModel, refuse_unknown
from stylus_daw.errors import PresetError

MAX_EFFECTS = 32  # in series: more than any sensible chain
MAX_BRANCHES = 8  # side by side
MAX_TAIL_SECONDS = 30.0  # s: the longest hall, with room to spare


def _with_kinds(schema: dict[str, Any]) -> None:
    """Write the table of effects into the JSON Schema of an effect."""
    schema["properties"]["kind"]["enum"] = list(KINDS)
    schema["allOf"] = [
        {
            "if": {"properties": {"kind": {"const": kind.kind}}},
            "then": {"properties": {"params": _params_schema(kind), "mix": {"default": kind.mix}}},
        }
        for kind in KINDS.values()
    ]


def _params_schema(kind: EffectKind) -> dict[str, Any]:
    properties = {parameter.name: _param_schema(parameter) for parameter in kind.parameters}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _param_schema(parameter: Parameter) -> dict[str, Any]:
    about: dict[str, Any] = {"description": parameter.meaning, "default": parameter.default}
    if parameter.choices:
        return about | {"enum": list(parameter.choices)}
    kind = "integer" if parameter.is_whole else "number"
    return about | {"type": kind, "minimum": parameter.low, "maximum": parameter.high}


class EffectSpec(StrictModel, json_schema_extra=_with_kinds):
    """One effect of a chain.

    >>> EffectSpec(kind="gain", params={"gain_db": -3}).mix
    1.0
    >>> EffectSpec.model_validate({"kind": "reverb"}).params["size"]
    0.5
    """

    kind: str = Field(description="which effect")
    params: dict[str, ParameterValue] = Field(
        default_factory=dict, description="its knobs; what is left out takes the effect's default"
    )
    bypass: bool = Field(default=False, description="true: kept in the chain but not heard")
    mix: float = Field(
        default=1.0, ge=0, le=1, description="share of the processed signal; left out, the default of its kind"
    )
    plugin: PluginSpec | None = Field(default=None, description="of the kind plugin only: which, and how it is set")
    branches: tuple[BranchSpec, ...] = Field(
        default=(), strict=False, max_length=MAX_BRANCHES, description="of the kind parallel only: what is added up"
    )

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written = handler(self)
        return {key: value for key, value in written.items() if value or key not in ("plugin", "branches")}

    @property
    def is_active(self) -> bool:
        """Whether it changes what is heard."""
        return not self.bypass and self.mix > 0

    def number(self, name: str) -> float:
        """The value of a numeric parameter."""
        return float(self.params[name])

    @classmethod
    def _noun(cls) -> str:
        return "an effect"

    @classmethod
    def _complete(cls, written: dict[str, Any]) -> dict[str, Any]:
        kind = _known_kind(written.get("kind"))
        params = written.get("params", {})
        if not isinstance(params, dict):
            raise PresetError("chain.params", f"params of the effect {kind.kind} is {params!r:.80}; give an object.")
        refuse_unknown(params, kind.defaults, code="chain.param", what=f"parameter of the effect {kind.kind}")
        _check_parts(kind, written)
        checked = {name: _checked(kind, parameter, params) for name, parameter in _by_name(kind)}
        return {"mix": kind.mix} | written | {"params": checked}


class BranchSpec(StrictModel):
    """One branch of a parallel effect; without effects, the sound as it is."""

    gain_db: float = Field(default=0.0, ge=-60, le=24, description="of the branch in the sum, in dB")
    effects: tuple[EffectSpec, ...] = Field(
        default=(), strict=False, max_length=MAX_EFFECTS, description="in the order the sound goes through them"
    )

    @property
    def active(self) -> tuple[EffectSpec, ...]:
        """The effects that change what is heard."""
        return tuple(effect for effect in self.effects if effect.is_active)

    @classmethod
    def _noun(cls) -> str:
        return "a branch"


EffectSpec.model_rebuild()


class ChainSpec(StrictModel):
    """Effects in the order the sound goes through them, and what becomes of their tail.

    >>> ChainSpec().effects
    ()
    """

    effects: tuple[EffectSpec, ...] = Field(
        default=(), strict=False, max_length=MAX_EFFECTS, description="in the order the sound goes through them"
    )
    tail: Literal["trim", "keep", "until_quiet"] = Field(
        default="trim",
        description="trim: as long as the region; keep: longer by tail_seconds; until_quiet: until it is 60 dB down",
    )
    tail_seconds: float = Field(
        default=2.0, ge=0, le=MAX_TAIL_SECONDS, description="seconds of ring-out that keep adds at the end"
    )
    allow_missing_plugins: bool = Field(
        default=False, description="true: consent to rendering without plugins that are not on this machine"
    )
    match_loudness: bool = Field(
        default=False, description="true: the chain's output is as loud (LUFS) as its input, before a final limiter"
    )

    @property
    def active(self) -> tuple[EffectSpec, ...]:
        """The effects that change what is heard."""
        return tuple(effect for effect in self.effects if effect.is_active)

    def tail_samples(self, rate: int) -> int:
        """Samples that the result is longer than the input; of ``until_quiet`` the most."""
        seconds = {"trim": 0.0, "keep": self.tail_seconds, "until_quiet": MAX_TAIL_SECONDS}[self.tail]
        return round(seconds * rate) if self.active else 0

    @classmethod
    def _noun(cls) -> str:
        return "the chain"


def _known_kind(kind: object) -> EffectKind:
    if kind is None:
        raise PresetError("chain.effect", f"An effect has no kind. Known: {', '.join(EFFECTS)}.")
    refuse_unknown([kind], KINDS, code="chain.effect", what="effect")
    return KINDS[str(kind)]


def _check_parts(kind: EffectKind, written: dict[str, Any]) -> None:
    """``plugin`` and ``branches`` stand where they belong, and only one level deep."""
    for key, owner, code in (("plugin", PLUGIN, "chain.plugin"), ("branches", PARALLEL, "chain.branches")):
        if kind is owner and not written.get(key):
            raise PresetError(code, f'An effect of the kind {kind.kind} has no "{key}".')
        if kind is not owner and written.get(key):
            raise PresetError(code, f'The effect {kind.kind} has "{key}", which only the kind {owner.kind} may have.')
    if any(inner == PARALLEL.kind for inner in _inner_kinds(written.get("branches"))):
        raise PresetError("chain.branches", "A parallel effect is inside another one. Move it to the chain itself.")


def _inner_kinds(branches: Any) -> list[object]:
    """Kinds of the effects in branches as they were written, whatever that is."""
    kinds: list[object] = []
    for branch in branches if isinstance(branches, list | tuple) else ():
        effects = branch.get("effects") if isinstance(branch, dict) else getattr(branch, "effects", None)
        for effect in effects if isinstance(effects, list | tuple) else ():
            kinds.append(effect.get("kind") if isinstance(effect, dict) else getattr(effect, "kind", None))
    return kinds


def _by_name(kind: EffectKind) -> list[tuple[str, Parameter]]:
    return [(parameter.name, parameter) for parameter in kind.parameters]


def _checked(kind: EffectKind, parameter: Parameter, params: dict[str, Any]) -> ParameterValue:
    value = params.get(parameter.name, parameter.default)
    name = f"{parameter.name} of the effect {kind.kind}"
    if parameter.choices:
        if value not in parameter.choices:
            refuse_unknown([value], parameter.choices, code="chain.range", what=name)
        return str(value)
    allowed = f"allowed: {parameter.low:g} to {parameter.high:g}{' ' + parameter.unit if parameter.unit else ''}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PresetError("chain.range", f"{name} is {value!r:.80}, which is not a number; {allowed}.")
    if not parameter.low <= value <= parameter.high or (parameter.is_whole and value != int(value)):
        whole = ", whole numbers" if parameter.is_whole else ""
        raise PresetError("chain.range", f"{name} is {value:g}; {allowed}{whole}.")
    return float(value)
