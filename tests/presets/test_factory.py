"""The presets that come with stylus-daw."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.chain.apply import apply_chain
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.notes.transcriber import transcribe
from stylus_daw.presets.library.library import PresetLibrary, factory_folder
from stylus_daw.presets.library.programs import FIRST_OWN
from stylus_daw.presets.preset import Preset
from tests.support.needs import need, need_module

if TYPE_CHECKING:
    from training.notation import Score

LIBRARY = PresetLibrary()
PRESETS = LIBRARY.all()
STYLES = sorted((factory_folder() / "styles").glob("*.flac"))
KITS = ("room-kit", "drum-machine", "brush-kit")
each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)


def music(channels: int, rate: int) -> Clip:
    """A second of decaying chords, a touch apart in each channel."""
    seconds = np.arange(rate) / rate
    chord = sum(np.sin(2 * np.pi * hz * seconds) for hz in (110, 220, 277.2, 329.6, 880)) * np.exp(
        -4 * (seconds % 0.25)
    )
    samples = np.stack([0.15 * np.roll(chord, 20 * channel) for channel in range(channels)])
    return Clip(samples=samples.astype(np.float32), rate=rate, start=4_321)


def score_of(style: str) -> Score:
    """What a style plays."""
    from training.factory_styles import ALL_SCORES

    return next(score for score in ALL_SCORES if score.style == style)


def test_there_are_at_least_twenty_four_in_eight_groups_and_none_is_broken() -> None:
    assert len(PRESETS) >= 24
    assert LIBRARY.broken() == ()
    assert {preset.group for preset in PRESETS} == {
        "Strings",
        "Keys",
        "Brass & Winds",
        "Voices",
        "Synths",
        "Percussive",
        "Textures",
        "Blends",
    }


@each_preset
def test_its_styles_are_there_and_as_they_were_saved(preset: Preset) -> None:
    assert all(style.sha256 and style.licence for style in preset.styles)
    assert len(LIBRARY.styles(preset)) == len(preset.styles) == (2 if preset.group == "Blends" else 1)
    assert max(style.weight for style in preset.styles) < 1 or preset.group != "Blends"


@each_preset
def test_it_says_who_made_it_and_what_it_is_for(preset: Preset) -> None:
    assert preset.author
    assert preset.notes
    assert preset.tags
    assert preset.licence == "GPL-3.0-or-later"


@each_preset
@pytest.mark.parametrize(("channels", "rate"), [(2, 48_000), (1, 44_100), (6, 48_000)])
def test_its_chain_keeps_length_place_and_level(preset: Preset, channels: int, rate: int) -> None:
    clip = music(channels, rate)
    result = apply_chain(clip, preset.chain)
    assert (result.length, result.start, result.channels) == (clip.length, clip.start, channels)
    assert np.abs(result.samples).max() <= 10 ** (-0.9 / 20)
    assert integrated_lufs(result) == pytest.approx(integrated_lufs(clip), abs=1)
    assert not np.allclose(result.samples, clip.samples, atol=0.01)


def test_numbers_are_fixed_and_leave_room_for_the_users() -> None:
    programs = [preset.program for preset in PRESETS]
    assert len(set(programs)) == len(programs)
    assert all(program is not None and program < FIRST_OWN for program in programs)
    assert LIBRARY.get("#0").id == "warm-strings"
    assert len({preset.name.casefold() for preset in PRESETS}) == len(PRESETS)


def test_the_audition_page_tells_of_every_preset_and_of_no_other() -> None:
    """`python -m bench.presets` writes it."""
    page = (Path(__file__).parents[2] / "docs" / "factory-presets.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| \d+ \| .+ \(`([a-z0-9-]+)`\) \|", page, re.MULTILINE))
    assert told == {preset.id for preset in PRESETS}
    assert page.rstrip().endswith("- None fails.")


def test_no_two_chains_are_the_same() -> None:
    chains = {preset.chain.model_dump_json() for preset in PRESETS}
    assert len(chains) == len(PRESETS)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.stem)
def test_a_style_is_a_small_stereo_loop_at_minus_eighteen_lufs(path: Path) -> None:
    clip = read(path)
    assert (clip.rate, clip.channels, soundfile.info(path).subtype) == (44_100, 2, "PCM_16")
    is_kit = path.stem in KITS
    assert 4.5 < clip.seconds < (7.5 if is_kit else 6.5)
    assert path.stat().st_size < 500_000
    peak_db = 20 * np.log10(np.abs(clip.samples).max())
    assert peak_db < -1
    if not (is_kit and peak_db > -1.6):  # its attacks reach the ceiling first
        assert integrated_lufs(clip) == pytest.approx(-18, abs=0.3)


@pytest.mark.parametrize("style", ["nylon-guitar", *KITS])
def test_the_soundfont_plays_a_style_again_sample_for_sample(style: str) -> None:
    need_module("tinysoundfont")
    from training.factory_styles import SOUNDFONT, render

    need(str(SOUNDFONT))
    committed, _ = soundfile.read(factory_folder() / "styles" / f"{style}.flac", dtype="float32", always_2d=True)
    np.testing.assert_allclose(render(score_of(style)).T, committed, atol=2 / 2**15)


@pytest.mark.parametrize("style", KITS)
def test_the_engine_hears_the_hits_of_a_kit_and_trusts_in_them_alone(style: str) -> None:
    need_module("tinysoundfont")
    score = score_of(style)
    clip = read(factory_folder() / "styles" / f"{style}.flac")
    heard = transcribe(clip)
    starts = np.array([hit.start_s for hit in heard.hits])
    found = [np.abs(starts - event.beat * 60 / score.bpm).min() < 0.05 for event in score.events]
    assert np.mean(found) >= 0.85
    instrument = Instrument.of(clip, heard)
    assert instrument.hits_trust == 1.0
    assert instrument.notes_trust < 0.1
    assert np.mean([template.purity for template in instrument.kit.templates]) > 0.75


@pytest.mark.parametrize("style", KITS)
def test_a_kit_strikes_its_drums_at_two_forces_and_at_a_distance(style: str) -> None:
    need_module("tinysoundfont")
    score = score_of(style)
    starts = [event.beat * 60 / score.bpm for event in score.events]
    assert min(np.diff(starts)) > 0.2
    forces: dict[tuple[int, ...], list[int]] = {}
    for event in score.events:
        forces.setdefault(event.pitches, []).append(event.velocity)
    assert len(forces) >= 8
    assert all(max(struck) - min(struck) >= 10 for drums, struck in forces.items() if len(drums) == 1 < len(struck))


def test_every_style_is_used_and_its_licence_is_told() -> None:
    used = {Path(style.audio).name for preset in PRESETS for style in preset.styles}
    assert used == {path.name for path in STYLES}
    licences = (factory_folder() / "LICENCES.md").read_text(encoding="utf-8")
    assert "Frank Wen" in licences
    assert "Permission is hereby granted" in licences
