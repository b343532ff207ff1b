"""Hits: strokes, kits, and drums in the sound of other drums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.templates.drums import DRUMS
from stylus_daw.engine.guide.templates.hit_templates import GROUPS, Colour, HitTemplate, Kit
from stylus_daw.engine.guide.templates.strokes import stroke
from stylus_daw.engine.image.values import GEOMETRY
from tests.support.engine.drum_takes import SNAP, Beat, beaten, heard
from tests.support.engine.played_notes import hit, known, note, played, struck

KICKS, HATS = (0.2, 1.2, 2.2), (0.7, 1.7, 2.7)


def test_a_stroke_is_what_rises_and_falls_not_what_was_there() -> None:
    power = np.full((4, 100), 1.0, np.float32)
    power[0, 50:] += 100 * np.exp(-np.arange(50) / 5)
    power[1, 70:] += 100  # comes up later
    own = stroke(power, 50, 100)
    assert own[0, 2] > 90
    assert own[1, 15:].max() < 1e-3
    assert own[2:].max() == 0


def test_at_the_very_beginning_a_drum_is_a_stroke_and_a_noise_that_lasts_is_none() -> None:
    rng, drum = np.random.default_rng(5), beaten([Beat(0.0, SNAP)], 1.0, 44_100)
    noise = Clip(samples=(0.1 * rng.standard_normal((1, 44_100))).astype(np.float32), rate=44_100)
    shares = []
    for clip in (drum, noise):
        power = np.asarray(10.0 ** (mel_image(clip, GEOMETRY) / 10.0), np.float32)
        shares.append(float(stroke(power, 0, power.shape[1]).sum() / power.sum()))
    assert shares[0] > 0.99
    assert shares[1] < 0.3


def test_kicks_become_kicks_and_hats_hats() -> None:
    content = struck(KICKS, HATS, 3.2)
    style = struck((0.1, 0.6, 1.1, 2.1), (0.35, 0.85, 1.6, 2.6), 3.2, kick_hz=110.0)
    content_db = mel_image(content, GEOMETRY)
    plays = ContentNotes.of(content_db, known((), [hit(s) for s in sorted(KICKS + HATS)], 3.2))
    style_hits = [hit(s) for s in sorted((0.1, 0.6, 1.1, 2.1, 0.35, 0.85, 1.6, 2.6))]
    guide = Guide.of(content_db, plays, Instrument.of(style, known((), style_hits, 3.2)), 0.0)
    drawn = guide.block(0, content_db.shape[1])
    for kick, hat in zip(KICKS, HATS, strict=True):
        low, bright = (drawn.power[:, round(100 * s) : round(100 * s) + 5].mean(axis=1) for s in (kick, hat))
        assert low[:12].sum() > 100 * low[60:].sum()
        assert bright[60:].sum() > 100 * bright[:12].sum()
        assert low[2] > 10 * low[0]  # the style's kick, at 110 Hz, not the content's, at 60
        assert drawn.explained[:12, round(100 * kick) + 2].mean() > 0.8


def test_one_hit_is_a_kit() -> None:
    style = struck((0.5,), (), 2.0)
    instrument = Instrument.of(style, known((), [hit(0.5)], 2.0))
    assert instrument.hits == 1
    assert 0 < instrument.hits_trust < 1


def purities(sure: float) -> list[float]:
    """How pure the hits of a style are, in which notes of that level sound with them."""
    notes = [note(0.1, 0.6, 50), note(0.5, 1.0, 57), note(0.9, 1.7, 62)]
    beats = [Beat(one.start_s, SNAP, 0.2) for one in notes]
    drums, melody = beaten(beats, 1.8, 44_100).samples, played(notes, 1.8).samples[:1]
    style = Clip(samples=np.asarray(drums + sure * melody, np.float32), rate=44_100)
    instrument = Instrument.of(style, heard(beats, style, notes if sure else ()))
    return [template.purity for template in instrument.kit.templates]


def test_a_hit_is_pure_where_it_sounds_alone() -> None:
    assert purities(0.0) == [1.0, 1.0, 1.0]
    assert max(purities(3.0)) < 0.5


def colour(level_db: float, *named: str) -> Colour:
    return Colour(
        profile_db=np.zeros(GROUPS), level_db=level_db, drums=np.array([float(name in named) for name in DRUMS])
    )


def test_what_a_hit_is_called_outweighs_what_it_sounds_like() -> None:
    kick, snare = colour(0.0, "kick"), replace(colour(0.0, "snare"), profile_db=np.full(GROUPS, -5.0))
    kit = Kit(templates=[template(kick), template(snare)], rate=44_100)
    asked = replace(kick, profile_db=np.full(GROUPS, -5.0))
    assert [index for index, _ in kit.chosen([asked, replace(snare, profile_db=np.zeros(GROUPS))])] == [0, 1]


def test_hits_of_one_name_are_chosen_by_colour_and_strangers_count_for_nothing() -> None:
    dull, bright = (replace(colour(0.0, "tom"), profile_db=np.linspace(*ends, GROUPS)) for ends in ((0, -40), (-40, 0)))
    kit = Kit(templates=[template(dull), template(bright)], rate=44_100)
    assert kit.chosen([bright, dull]) == [(1, 1.0), (0, 1.0)]
    only = Kit(templates=[template(replace(dull, profile_db=np.full(GROUPS, -40.0)))], rate=44_100)
    ((_, likeness),) = only.chosen([colour(0.0, "tom")])
    assert likeness == 0.0
    assert kit.chosen([]) == []


def template(of: Colour) -> HitTemplate:
    return HitTemplate(image=np.ones((128, 9), np.float32), colour=of, sound=np.zeros(9, np.float32), purity=1.0)
