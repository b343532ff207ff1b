"""The part of a style file that is the reference: through every door, and into the engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_bridge.folders.job_file import JobFile
from stylus_daw.audio.files import read, read_provenance
from stylus_daw.commands.render.wish import style_of
from stylus_daw.errors import RequestError, StylusError
from stylus_daw.jobs.job import RenderRequest, StyleFile
from stylus_daw.jobs.stem_renderer import StemRenderer
from stylus_daw.jobs.style_part import StylePart
from stylus_daw.presets.from_job import recipe_of_stem
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset

RATE = 48_000
PART = StylePart(start_s=1.5, end_s=4.0)


@pytest.fixture
def style(tmp_path: Path) -> Path:
    """Five seconds; every sample says where it is."""
    path = tmp_path / "style=1.wav"
    soundfile.write(path, np.linspace(0, 0.5, 5 * RATE, dtype=np.float32), RATE, subtype="FLOAT")
    return path


class Listening:
    """An engine that gives the content back and keeps the styles."""

    def stylize(self, request: Any, device: str, progress: object) -> Any:
        self.styles = request.styles
        return request.content

    def model(self, name: str, device: str) -> tuple[str, str]:
        return name, "0" * 64

    def circumstances(self, settings: object, device: str) -> dict[str, Any]:
        return {}

    def apply(self, sound: Any, plan: object, /) -> Any:
        return sound


def rendered(style: Path, part: StylePart | None, stem: Path) -> Listening:
    engine = Listening()
    request = RenderRequest(source=style, stem=stem, styles=(StyleFile(path=style, part=part),))
    StemRenderer(engine, engine).render(request, lambda fraction, stage: None, lambda: False)
    return engine


def test_the_engine_hears_the_part_and_nothing_else(style: Path, tmp_path: Path) -> None:
    [heard] = rendered(style, PART, tmp_path / "stem.wav").styles
    expected = read(style, first=round(1.5 * RATE), length=round(2.5 * RATE)).samples
    np.testing.assert_array_equal(heard.clip.samples, expected)


def test_a_part_beyond_the_end_is_refused_with_the_length(style: Path, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"style=1\.wav reaches beyond its end at 5 s"):
        rendered(style, StylePart(start_s=3, end_s=7), tmp_path / "stem.wav")


def test_a_request_a_stem_and_a_preset_made_of_it_keep_the_part(style: Path, tmp_path: Path) -> None:
    stem = tmp_path / "stem.wav"
    request = RenderRequest(source=style, stem=stem, styles=(StyleFile(path=style, part=PART),))
    assert RenderRequest.from_json(request.to_json()) == request
    rendered(style, PART, stem)
    provenance = read_provenance(stem)
    assert provenance is not None
    assert provenance.settings["styles"] == [[style.name, 1.0, [1.5, 4.0]]]
    [told] = recipe_of_stem(stem, PresetLibrary(), style_files=[style]).styles
    assert (told.path, told.part) == (style, PART)


@pytest.mark.parametrize(
    ("written", "weight", "part"),
    [
        ("{}", 1.0, None),
        ("{}=0.7", 0.7, None),
        ("{}[1.5-4.0]", 1.0, PART),
        ("{}[1.5-4.0]=0.7", 0.7, PART),
        ("{}[1.5-4]=2", 2.0, PART),
    ],
)
def test_the_command_line_reads_weight_and_part(
    style: Path, written: str, weight: float, part: StylePart | None
) -> None:
    assert style_of(written.format(style)) == StyleFile(path=style, weight=weight, part=part)


def test_a_file_that_looks_like_a_part_is_a_file(style: Path) -> None:
    odd = style.rename(style.with_name("take[1-2]"))
    assert style_of(str(odd)) == StyleFile(path=odd)
    assert style_of(f"{odd}[1.5-4.0]") == StyleFile(path=odd, part=PART)


@pytest.mark.parametrize("ends", ["4.0-1.5", "1-1.05"])
def test_a_part_that_is_none_is_refused_everywhere(style: Path, ends: str) -> None:
    first, last = map(float, ends.split("-"))
    with pytest.raises(RequestError, match=r"too short; allowed: from 0\.1 s"):
        style_of(f"{style}[{ends}]")
    about = {"id": "choir", "name": "Choir", "styles": [{"audio": "choir.flac", "part": [first, last]}]}
    with pytest.raises(StylusError, match="too short"):
        Preset.model_validate(about)


def test_a_preset_keeps_the_part_in_its_file(style: Path, tmp_path: Path) -> None:
    library = PresetLibrary(user_folder=tmp_path / "presets")
    about = {"id": "mine", "name": "Mine", "styles": [{"audio": "a.wav", "part": [1.5, 4]}]}
    library.save(Preset.model_validate(about), [style])
    assert json.loads((tmp_path / "presets" / "mine.json").read_text())["styles"][0]["part"] == [1.5, 4.0]
    [audio] = library.styles(library.get("mine"))
    assert audio.part == PART


def test_a_job_file_chooses_parts_of_the_presets_styles(style: Path) -> None:
    about = {"job": "a", "source": "input.wav", "preset": "mine", "region": {"start": 0, "length": 1, "rate": RATE}}
    two = (StyleFile(path=style), StyleFile(path=style, part=PART))
    asked = JobFile.model_validate_json(json.dumps(about | {"style_parts": [[0.5, 1.0], None]}))
    assert [one.part for one in asked.with_parts(two)] == [StylePart(start_s=0.5, end_s=1.0), PART]
    assert JobFile.model_validate(about).with_parts(two) == two
    with pytest.raises(RequestError, match=r"2 entries; allowed: 1, one for each style"):
        asked.with_parts(two[:1])
