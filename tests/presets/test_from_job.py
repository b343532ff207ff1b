"""A sound that was heard becomes a preset that makes it again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Provenance, write_audio, write_stem
from stylus_daw.chain.pedalboard_chain import PedalboardChain
from stylus_daw.chain.planning import planned
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.request import Quality, StyleRequest, StyleSettings
from stylus_daw.errors import JobError, PresetError
from stylus_daw.jobs.job import JobDone, Origin, RenderRequest, StyleFile
from stylus_daw.jobs.journal.journal import Journal
from stylus_daw.jobs.stem_renderer import StemRenderer
from stylus_daw.presets.from_job import Label, Recipe, recipe_of_job, recipe_of_stem, save_recipe
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from stylus_daw.presets.requests import PresetRequests
from stylus_daw.settings import Settings

CHAIN = {"effects": [{"kind": "gain", "params": {"gain_db": -3}}, {"kind": "delay", "mix": 0.2}]}
SETTINGS = StyleSettings(strength=0.7, sharpness=1.5, seed=9, quality=Quality.HIGH)


class Turner:
    """An engine that is quick: the content, turned down by strength and mixed with each style's first samples."""

    def stylize(self, request: StyleRequest, device: str, progress: Any) -> Clip:
        samples = request.content.samples * np.float32(request.settings.strength or 0.5)
        for style, weight in zip(request.styles, request.weights, strict=True):
            samples = samples + np.float32(weight * 0.1) * style.clip.samples[:, : samples.shape[1]]
        return request.content.with_samples(samples)

    def model(self, name: str, device: str) -> tuple[str, str]:
        return name, "0" * 64

    def circumstances(self, settings: Any, device: str) -> dict[str, str]:
        return {}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def library(settings: Settings) -> PresetLibrary:
    return PresetLibrary(user_folder=settings.presets)


@pytest.fixture
def request_of_mine(tmp_path: Path) -> RenderRequest:
    """A request with styles from anywhere."""
    noise = np.random.default_rng(0).normal(0, 0.1, (3, 2, 9_600)).astype(np.float32)
    for name, samples in zip(("content", "one", "two"), noise, strict=True):
        write_audio(tmp_path / f"{name}.wav", Clip(samples=samples, rate=48_000))
    return RenderRequest(
        source=tmp_path / "content.wav",
        stem=tmp_path / "stem.wav",
        settings=SETTINGS,
        styles=(StyleFile(path=tmp_path / "one.wav", weight=0.25), StyleFile(path=tmp_path / "two.wav")),
        chain=planned(ChainSpec.model_validate(CHAIN)),
        origin=Origin(client="test"),
    )


def render(request: RenderRequest) -> np.ndarray:
    StemRenderer(Turner(), PedalboardChain()).render(request, lambda fraction, stage: None, lambda: False)
    return soundfile.read(request.stem)[0]


def again(library: PresetLibrary, settings: Settings, preset: Preset, request: RenderRequest) -> np.ndarray:
    """The same content through a preset."""
    made = PresetRequests(presets=library, settings=settings).request(
        preset,
        source=request.source,
        stem=request.stem.with_name("again.wav"),
        region=None,
        settings=preset.to_settings(),
        origin=Origin(),
    )
    return render(made)


def enter(settings: Settings, job: str, request: RenderRequest) -> None:
    journal = Journal(settings.journal)
    journal.record_queued([(job, request)])
    journal.record_started(job)
    stem = StemRenderer(Turner(), PedalboardChain()).render(request, lambda fraction, stage: None, lambda: False)
    journal.record_finished(job, JobDone(job=job, stem=stem))
    journal.close()


def test_a_preset_from_a_job_makes_the_same_stem(
    library: PresetLibrary, settings: Settings, request_of_mine: RenderRequest
) -> None:
    enter(settings, "job-1", request_of_mine)
    stem = soundfile.read(request_of_mine.stem)[0]
    kept = save_recipe(library, recipe_of_job("job-1", settings.journal), Label(name="Heard", tags=("new",)))
    assert (kept.to_settings(), [style.weight for style in kept.styles]) == (SETTINGS, [0.25, 1.0])
    assert (kept.chain, kept.tags) == (ChainSpec.model_validate(CHAIN), ("new",))
    for style in request_of_mine.styles:
        style.path.unlink()  # the originals are never needed again
    np.testing.assert_array_equal(again(library, settings, kept, request_of_mine), stem)


def test_a_preset_from_a_stem_the_journal_knows_needs_no_names(
    library: PresetLibrary, settings: Settings, request_of_mine: RenderRequest
) -> None:
    enter(settings, "job-1", request_of_mine)
    recipe = recipe_of_stem(request_of_mine.stem, library, journal=settings.journal)
    assert recipe.is_ours
    assert recipe.styles == request_of_mine.styles


def test_a_stem_alone_tells_all_but_where_its_styles_lie(
    library: PresetLibrary, settings: Settings, request_of_mine: RenderRequest
) -> None:
    stem = render(request_of_mine)
    with pytest.raises(PresetError, match=r"one\.wav.*--style"):
        recipe_of_stem(request_of_mine.stem, library, journal=settings.journal)
    files = [style.path for style in request_of_mine.styles]
    with pytest.raises(PresetError, match="made from 2 styles; 1 were given"):
        recipe_of_stem(request_of_mine.stem, library, style_files=files[:1])
    kept = save_recipe(library, recipe_of_stem(request_of_mine.stem, library, style_files=files), Label(name="Heard"))
    np.testing.assert_array_equal(again(library, settings, kept, request_of_mine), stem)


def test_a_stem_of_a_preset_finds_its_styles_in_the_library_and_takes_over_what_is_known(
    library: PresetLibrary, settings: Settings, request_of_mine: RenderRequest
) -> None:
    tines = library.get("tape-tines")
    made = PresetRequests(presets=library, settings=settings).request(
        tines,
        source=request_of_mine.source,
        stem=request_of_mine.stem,
        region=None,
        settings=replace(tines.to_settings(), strength=0.4),
        origin=Origin(preset=tines.name),
    )
    stem = render(made)
    kept = save_recipe(library, recipe_of_stem(made.stem, library), Label(name="Softer Tines"))
    assert (kept.group, kept.tags, kept.settings.strength) == (tines.group, tines.tags, 0.4)
    assert [(one.title, one.licence, one.sha256) for one in kept.styles] == [
        (one.title, one.licence, one.sha256) for one in tines.styles
    ]
    np.testing.assert_array_equal(again(library, settings, kept, request_of_mine), stem)
    assert save_recipe(library, recipe_of_stem(made.stem, library), Label(name="Softer Tines")).id == "softer-tines-2"


def test_a_stem_from_before_the_controls_is_still_a_recipe(library: PresetLibrary, tmp_path: Path) -> None:
    said = dict.fromkeys(("strength", "structure", "sharpness", "start", "steps"))
    said |= {"seed": 3, "quality": "high", "checkpoint": "stylus-mini", "styles": [["choir.flac", 1.0]]}
    recipe = recipe_of_stem(stem_that_says(tmp_path / "old.wav", said), library)
    assert save_recipe(library, recipe, Label(name="Old")).to_settings() == StyleSettings(seed=3, quality=Quality.HIGH)


def test_the_controls_of_a_stem_come_back(library: PresetLibrary, request_of_mine: RenderRequest) -> None:
    lane = ((0.0, 0.5), (0.1, 2.0))
    chosen = replace(SETTINGS, transients=0.4, low_keep_hz=90, dry_wet=0.7, brightness=0.2, envelope=lane)
    request = replace(request_of_mine, settings=chosen)
    render(request)
    styles = [style.path for style in request.styles]
    recipe = recipe_of_stem(request.stem, library, style_files=styles)
    assert save_recipe(library, recipe, Label(name="Controlled")).to_settings() == chosen


def test_plugins_of_a_stem_from_elsewhere_wait_for_consent(library: PresetLibrary, tmp_path: Path) -> None:
    chain = ChainSpec.model_validate({"effects": [{"kind": "plugin", "plugin": {"path": "/vst3/Verb.vst3"}}]})
    style = library.styles(library.get("choir-pad"))[0].path
    for is_ours in (True, False):
        recipe = Recipe(settings={}, chain=chain, styles=(StyleFile(path=style, weight=1.0),), is_ours=is_ours)
        assert save_recipe(library, recipe, Label(name="Verb")).untrusted_plugins is not is_ours


def stem_that_says(path: Path, said: dict[str, Any]) -> Path:
    clip = Clip(samples=np.zeros((1, 100), np.float32), rate=48_000)
    write_stem(path, clip, Provenance(settings=said))
    return path


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "preset.no_provenance"),
        ({"styles": 3}, "preset.provenance"),
        ({"styles": [["choir.flac", "much"]]}, "preset.provenance"),
        ({"styles": [["choir.flac", 1]]}, "preset.provenance"),
        ({"styles": [["../choir.flac", 1]], **json.loads('{"strength": null}')}, "preset.provenance"),
    ],
)
def test_a_stem_that_says_nothing_useful_is_refused(
    library: PresetLibrary, tmp_path: Path, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(PresetError) as caught:
        recipe_of_stem(stem_that_says(tmp_path / "odd.wav", said), library)
    assert caught.value.code == code


def test_a_file_of_another_program_and_an_unknown_job_are_named(
    library: PresetLibrary, settings: Settings, request_of_mine: RenderRequest
) -> None:
    with pytest.raises(PresetError, match="does not record how it was made"):
        recipe_of_stem(request_of_mine.source, library)
    with pytest.raises(PresetError, match="no jobs yet"):
        recipe_of_job("job-1", settings.journal)
    enter(settings, "job-1", request_of_mine)
    with pytest.raises(JobError, match="no job 'job-2'"):
        recipe_of_job("job-2", settings.journal)
