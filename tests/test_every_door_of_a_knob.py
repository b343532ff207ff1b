"""A knob is written once, in StyleSettings; every door reads it from there. One more field is one more knob."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel, ValidationError, create_model
from typer.testing import CliRunner

from stylus_bridge.folders.job_file import JobFile
from stylus_daw.chain.strict import StrictModel
from stylus_daw.cli import build
from stylus_daw.commands.render.control_options import KnobValues, with_knobs
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.knobs.knob import DialSpec, Knob, Place, knobs_of, setting
from stylus_daw.engine.knobs.pages import job_rows, preset_rows, with_rows
from stylus_daw.engine.knobs.schema import override_fields, preset_fields
from stylus_daw.engine.knobs.style_settings import KNOBS, StyleSettings
from stylus_daw.errors import PresetError, RequestError
from stylus_daw.presets.preset import Preset
from stylus_ui.presenters.sound.knob_dials import turned_knobs

DOCS = Path(__file__).parent.parent / "docs"
NUMBERS = [name for name, knob in KNOBS.items() if knob.low is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreSettings(StyleSettings):
    """The table with one knob more."""

    shimmer_db: float | None = setting(
        None,
        Knob(
            low=0,
            high=3,
            unit="dB",
            default={Method.ONE_PASS: 0.5, Method.INVERSION: 1.0},
            meaning="how much it glitters",
            left_open="a little",
            dial=DialSpec(place=Place.MORE, label="Shimmer", hint="How much it glitters.", unit="dB", decimals=1),
        ),
    )


MORE = knobs_of(MoreSettings)


def another_value(knob: Knob) -> Any:
    """An allowed value that is not what the knob is at first, as JSON has it."""
    if knob.low is not None:
        return knob.type(knob.high)
    if knob.type is tuple:
        return [[0.0, 1.0], [2.0, 0.5]]
    return knob.choices[-1] if knob.choices else {bool: True}.get(knob.type, "another")


def held(knob: Knob, value: Any) -> Any:
    """The same as the engine holds it."""
    return tuple(tuple(point) for point in value) if knob.type is tuple else value


def preset(settings: Mapping[str, Any]) -> Preset:
    return Preset.model_validate({"id": "a", "name": "A", "styles": [{"audio": "a.flac"}], "settings": settings})


def job(override: Mapping[str, Any]) -> JobFile:
    region = {"start": 0, "length": 10, "rate": 48_000}
    return JobFile.model_validate(
        {"job": "a", "source": "in.wav", "region": region, "preset": "p", "override": override}
    )


def given_to_a_command(arguments: list[str], knobs: Mapping[str, Knob]) -> Mapping[str, Any]:
    """What a command with these knobs is given when it is called."""
    taken: list[Mapping[str, Any]] = []

    def command(*, knobs: KnobValues) -> None:
        taken.append(knobs)

    app = typer.Typer()
    app.command()(with_knobs(command, knobs))
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    return taken[0]


@pytest.mark.parametrize("name", KNOBS)
def test_a_knob_goes_through_every_door_to_the_engine(name: str) -> None:
    knob, value = KNOBS[name], another_value(KNOBS[name])
    wanted = StyleSettings(**{name: value})
    assert getattr(wanted, name) == held(knob, value) != knob.initial
    assert preset({name: value}).to_settings() == wanted
    assert preset({}).to_settings({name: value}) == wanted
    assert job({name: value}).overridden(StyleSettings()) == wanted
    assert StyleSettings(**json.loads(json.dumps(asdict(wanted)))) == wanted


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_out_of_range_is_refused_at_every_door(name: str) -> None:
    low, high = KNOBS[name].range
    for value in (low - 1, high + 1):
        with pytest.raises(RequestError, match=f"{name} is .*; allowed: {low:g} to "):
            StyleSettings(**{name: value})
        with pytest.raises(PresetError, match=f"{name} in the settings: Input should be"):
            preset({name: value})
        with pytest.raises(ValidationError, match=f"override.{name}"):
            job({name: value})


@pytest.mark.parametrize("name", KNOBS)
def test_what_a_knob_is_at_first_and_its_defaults_are_allowed(name: str) -> None:
    knob = KNOBS[name]
    assert knob.checked(knob.initial) == knob.initial
    for method in Method:
        default = knob.default_for(method)
        assert default is None or knob.checked(default) == default
    assert knob.used_by


def test_every_knob_is_an_option_of_render() -> None:
    import typer.main

    command = typer.main.get_command(build()).commands["render"]  # pyright: ignore[reportAttributeAccessIssue]
    options = {one.name: one.opts[0] for one in command.params}
    assert KNOBS.keys() <= options.keys()
    assert {options["low_keep_hz"], options["tempo_bpm"], options["tempo_sync"]} == {
        "--low-keep-hz",
        "--tempo",
        "--tempo-sync",
    }


def test_a_command_is_given_the_knobs_that_were_turned_and_no_others() -> None:
    said = ["--dry-wet", "0", "--no-tempo-sync", "--sampler", "LCM", "--envelope", "lane.csv", "--steps", "7"]
    assert given_to_a_command(said, KNOBS) == {
        "dry_wet": 0.0,
        "tempo_sync": False,
        "sampler": "LCM",
        "envelope": Path("lane.csv"),
        "steps": 7,
    }


def test_one_more_field_is_one_more_knob_in_requests_and_jobs() -> None:
    assert MoreSettings(shimmer_db=2).shimmer_db == 2
    assert replace(MoreSettings(strength=0.5), shimmer_db=1) == MoreSettings(strength=0.5, shimmer_db=1)
    with pytest.raises(RequestError, match="shimmer_db is 4; allowed: 0 to 3"):
        MoreSettings(shimmer_db=4)
    assert MORE["shimmer_db"].filled(None, Method.INVERSION) == 1.0
    override: type[BaseModel] = create_model("Override", **override_fields(MORE))
    assert override.model_validate({"shimmer_db": 2}).model_dump(exclude_none=True) == {"shimmer_db": 2}
    with pytest.raises(ValidationError, match="less than or equal to 3"):
        override.model_validate({"shimmer_db": 4})


def test_one_more_field_is_one_more_key_of_presets_and_of_their_schema() -> None:
    settings: type[StrictModel] = create_model("Settings", __base__=StrictModel, **preset_fields(MORE))
    assert MoreSettings(**settings.model_validate({"shimmer_db": 2.5}).model_dump()) == MoreSettings(shimmer_db=2.5)
    for wrong in ({"shimmer_db": -1}, {"shimmer_db": "2"}, {"shimmer": 2}):
        with pytest.raises(PresetError):
            settings.model_validate(wrong)
    key = settings.model_json_schema()["properties"]["shimmer_db"]
    assert (key["anyOf"][0]["maximum"], key["description"]) == (3, "how much it glitters; null: a little")


def test_one_more_field_is_one_more_option_dial_and_row() -> None:
    assert given_to_a_command(["--shimmer-db", "2"], MORE) == {"shimmer_db": 2.0}
    turned = turned_knobs(Place.MORE, MORE)[-1]
    assert (turned.name, turned.label, turned.dial.low, turned.dial.high) == ("shimmer_db", "Shimmer", 0, 3)
    assert (turned.dial.default, turned.dial.unit) == (0.5, "dB")
    assert list(preset_rows(MORE))[-1] == (
        "| `settings.shimmer_db` | 0 to 3 | null | how much it glitters; null: a little |"
    )
    assert list(job_rows(MORE))[-1] == "| `override.shimmer_db` | 0 to 3 dB: how much it glitters | the preset's |"


@pytest.mark.parametrize(
    ("page", "prefix", "rows"), [("presets.md", "settings.", preset_rows), ("osc.md", "override.", job_rows)]
)
def test_the_pages_have_the_rows_of_the_table(page: str, prefix: str, rows: Any) -> None:
    """`make pages` writes them anew."""
    written = (DOCS / page).read_text("utf-8")
    assert [line for line in written.splitlines() if line.startswith(f"| `{prefix}")] == list(rows())
    assert with_rows(written, prefix, rows()) == written
