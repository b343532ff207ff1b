"""Preset files of older versions, as those versions wrote them, and the schema of today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from stylus_daw.presets.library.folder import read_preset
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset, schema_text
from stylus_daw.presets.versions import STEPS, VERSION

OLD = Path(__file__).parent / "old"
SCHEMA_FILE = Path(__file__).parents[2] / "docs" / "preset.schema.json"


def test_a_file_of_version_1_is_the_preset_that_it_was() -> None:
    """``tape-tines.json`` came with the first release; today's file differs in what versions 2 and 3 brought."""
    old = read_preset(OLD / "tape-tines.json")
    assert json.loads((OLD / "tape-tines.json").read_text())["version"] == 1
    assert (old.version, old.program, old.untrusted_plugins) == (VERSION, None, False)
    today = PresetLibrary().get("tape-tines")
    styles = tuple(style.model_copy(update={"tempo_bpm": None}) for style in today.styles)
    assert old == today.model_copy(update={"program": None, "styles": styles})


def test_an_old_file_is_written_again_in_todays_version() -> None:
    old = read_preset(OLD / "tape-tines.json")
    assert json.loads(old.to_json())["version"] == VERSION
    assert Preset.model_validate_json(old.to_json()) == old


def test_there_is_a_step_from_every_old_version() -> None:
    assert set(STEPS) == set(range(1, VERSION))


def test_the_schema_file_is_todays() -> None:
    """`stylus-daw presets schema > docs/preset.schema.json` writes it."""
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text()


def test_the_schema_explains_every_key() -> None:
    schema = json.loads(schema_text())
    assert schema["$schema"].endswith("2020-12/schema")
    for name, part in {"": schema, **schema["$defs"]}.items():
        unexplained = [key for key, field in part.get("properties", {}).items() if not _explained(field)]
        assert unexplained == [], name


def _explained(field: dict[str, Any]) -> bool:
    return bool(field.get("description"))
