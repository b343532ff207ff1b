"""docs/presets.md says what the schema and the table of effects say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stylus_daw.chain.effects import EFFECTS, EffectKind, Parameter
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.presets.preset import Preset, json_schema
from stylus_daw.presets.versions import VERSION

PAGE = (Path(__file__).parents[2] / "docs" / "presets.md").read_text(encoding="utf-8")
SCHEMA = json_schema()
PREFIXES = {
    "": "",
    "PresetStyle": "styles[].",
    "PresetSettings": "settings.",
    "ChainSpec": "chain.",
    "EffectSpec": "chain.effects[].",
    "PluginSpec": "chain.effects[].plugin.",
    "BranchSpec": "chain.effects[].branches[].",
}
OBJECTS = {name: SCHEMA["$defs"][name] if name else SCHEMA for name in PREFIXES}


def key_rows() -> Iterator[str]:
    for name, schema in OBJECTS.items():
        prefix = PREFIXES[name]
        for key, field in schema["properties"].items():
            default = "required" if key in schema.get("required", ()) else _default(field)
            yield f"| `{prefix}{key}` | {_allowed(field)} | {default} | {field.get('description', '')} |"


def effect_rows() -> Iterator[str]:
    for kind in EFFECTS.values():
        yield f"| **`{kind.kind}`** | mix 0 to 1 | {kind.mix:g} | {kind.meaning} |"
        yield from (_parameter_row(kind, parameter) for parameter in kind.parameters)


def _parameter_row(kind: EffectKind, parameter: Parameter) -> str:
    if parameter.choices:
        return f"| `{parameter.name}` | {', '.join(parameter.choices)} | {parameter.default} | {parameter.meaning} |"
    unit = f" {parameter.unit}" if parameter.unit else ""
    allowed = f"{parameter.low:g} to {parameter.high:g}{unit}"
    return f"| `{parameter.name}` | {allowed} | {parameter.default:g} | {parameter.meaning} |"


def _allowed(field: dict[str, Any]) -> str:
    field = next((one for one in field.get("anyOf", ()) if one.get("type") != "null"), {}) | field
    if "const" in field:
        return str(field["const"])
    if "enum" in field and len(field["enum"]) < 10:
        return ", ".join(field["enum"])
    if "minimum" in field:
        return f"{_number(field['minimum'])} to {_number(field['maximum'])}"
    if "pattern" in field:
        return "lower-case words-with-hyphens" if "maxLength" in field else "64 hexadecimal digits"
    return {"array": "list", "string": "text", "boolean": "true, false"}.get(field.get("type", ""), "object")


def _number(value: float) -> str:
    return f"{value:g}" if value < 1_000 else f"{value:.0f}"


def _default(field: dict[str, Any]) -> str:
    if "default" not in field:
        return "{}"
    return json.dumps(field["default"])


def expect(rows: Iterator[str]) -> None:
    missing = [row for row in rows if row not in PAGE]
    assert not missing, "docs/presets.md lacks:\n" + "\n".join(missing)


def test_the_page_has_a_row_for_every_key() -> None:
    expect(key_rows())


def test_the_page_has_a_row_for_every_effect_and_parameter() -> None:
    expect(effect_rows())


def test_the_page_has_no_row_that_does_not_exist() -> None:
    tables = PAGE[PAGE.index("\n## Keys") :]
    rows = {line for line in tables.splitlines() if line.startswith(("| `", "| **`"))}
    assert rows == {*key_rows(), *effect_rows()}


def test_the_examples_of_the_page_are_valid() -> None:
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    assert len(examples) >= 2
    for example in examples:
        assert Preset.model_validate(example) if "version" in example else ChainSpec.model_validate(example)
    assert f"version `{VERSION}`" in PAGE
