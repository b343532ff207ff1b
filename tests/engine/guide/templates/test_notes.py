"""Templates, and how they are played: what must hold whatever a transcriber hears."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import band_edges_hz
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.instrument import Instrument, linear_power
from stylus_daw.engine.guide.templates.note_templates import note_templates
from stylus_daw.engine.guide.templates.playing import RELEASE_FRAMES, Shape
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.notes.note import Note, hertz
from tests.support.engine.played_notes import known, note, played

UNTOLD = np.zeros(0, np.float32)


def guide_of(content_notes: list[Note], style_notes: list[Note], *, structure: float = 0.0, decay_s: float = 100.0):
    """Power of the guide, ``[bands, frames]``: a dull organ as content, a bright instrument as style."""
    content, style = played(content_notes, 3.0, tilt=2.0), played(style_notes, 3.0, tilt=0.5, decay_s=decay_s)
    content_db = mel_image(content, GEOMETRY)
    plays = ContentNotes.of(content_db, known(content_notes, (), 3.0))
    instrument = Instrument.of(style, known(style_notes, (), 3.0))
    return Guide.of(content_db, plays, instrument, structure).block(0, content_db.shape[1]).power


def band_at(hz: float) -> int:
    return int(np.abs(band_edges_hz(GEOMETRY)[1:-1] - hz).argmin())


def test_linear_power_and_mel_power_have_one_scale() -> None:
    clip = played([note(0.1, 0.9, 60)], 1.0)
    power, grid = linear_power(clip)
    mel_db = 10.0 * np.log10(np.maximum(grid.filters()[:, : len(power)] @ power, 1e-12))
    image = mel_image(clip, GEOMETRY)
    np.testing.assert_allclose(mel_db[image > -100], image[image > -100], atol=0.01)


def test_a_template_moves_its_partials_to_the_asked_pitch() -> None:
    style = [note(0.2, 1.2, 57)]
    power, grid = linear_power(played(style, 2.0, tilt=0.0))
    (template,) = note_templates(power, grid, style)
    moved = template.image(64)[:, 20:80].mean(axis=1)
    for partial in (1, 2, 3):
        assert moved[band_at(hertz(64) * partial)] > 30 * moved[band_at(hertz(64) * (partial + 0.5))]


def test_partials_that_move_two_octaves_up_stay_narrow() -> None:
    style = [note(0.2, 1.2, 43)]
    power, grid = linear_power(played(style, 2.0, tilt=0.0))
    (template,) = note_templates(power, grid, style)
    moved = template.image(67)[:, 20:80].mean(axis=1)
    for partial in (1, 2, 3):
        peak = band_at(hertz(67) * partial)
        assert moved[peak] > 300 * max(moved[peak - 3], moved[peak + 3])  # 83 Hz away; stretched with the pitch: 3


def test_a_sustained_note_whose_release_nothing_tells_ends_sooner_than_a_plucked_one() -> None:
    sustained, plucked = np.ones(40, np.float32), np.exp(-np.arange(40, dtype=np.float32) / 10)
    after_150_ms = [
        Shape.of(body, 2, 38, released=UNTOLD).places(0, 80, 36)[1][36 + 15] for body in (sustained, plucked)
    ]
    assert after_150_ms[0] < 1e-4 < 1e-2 < after_150_ms[1]


def test_overlapping_notes_each_get_their_own_partials() -> None:
    style = [note(0.2, 1.2, 57), note(0.2, 1.2, 64)]
    power, grid = linear_power(played(style, 2.0))
    low, high = note_templates(power, grid, style)
    bins = np.arange(len(power)) * grid.rate / grid.transform
    own, other = (int(np.abs(bins - hertz(pitch)).argmin()) for pitch in (57, 64))
    assert low.power[own, 40] > 20 * low.power[other, 40]
    assert high.power[other, 40] > 20 * high.power[own, 40]
    assert low.overlap == high.overlap == 1.0


def test_the_guide_is_the_content_s_melody_in_the_style_s_colour() -> None:
    guide = guide_of([note(0.5, 1.5, 60), note(1.8, 2.6, 67)], [note(0.3, 1.3, 57), note(1.5, 2.5, 69)])
    during, later, between = guide[:, 60:140].mean(axis=1), guide[:, 190:250].mean(axis=1), guide[:, 168:172].sum()
    assert during[band_at(hertz(60))] > 30 * during[band_at(hertz(60) * 1.5)]
    assert later[band_at(hertz(67))] > 30 * later[band_at(hertz(60))]
    assert during[band_at(hertz(60) * 10)] > 0.01 * during[band_at(hertz(60))]  # the dull content has 1e-4
    assert between < 0.01 * during.sum()


def test_a_long_note_of_a_plucked_style_decays_and_structure_holds_it() -> None:
    long_note, plucked = [note(0.2, 2.8, 60)], [note(0.2, 1.0, 60), note(1.2, 2.0, 62)]

    def fall_db(structure: float) -> float:
        course = guide_of(long_note, plucked, structure=structure, decay_s=0.3).sum(axis=0)
        return float(10 * np.log10(course[30:40].mean() / course[200:210].mean()))

    falls = [fall_db(structure) for structure in (0.0, 0.5, 1.0)]
    assert falls[0] > 35
    assert falls[0] > falls[1] + 10 > falls[2] + 20
    assert abs(falls[2]) < 3


@pytest.mark.parametrize("frames", [4, 50, 100, 260, 5_000])
def test_a_template_plays_notes_of_any_length(frames: int) -> None:
    envelope = np.concatenate([np.full(102, 1.0), np.full(60, 1e-4)]).astype(np.float32)
    shape = Shape.of(envelope, 2, 102, released=envelope[102:])
    source, factor = shape.places(-2, frames + RELEASE_FRAMES + 10, frames)
    course = envelope[source] * factor
    np.testing.assert_allclose(course[2 : frames + 2], 1.0)
    assert (course[frames + 14 :] < 0.06).all()
    assert (course[frames + 2 + RELEASE_FRAMES :] == 0.0).all()


def test_a_note_in_pieces_is_the_note_in_one() -> None:
    envelope = np.geomspace(1, 1e-3, 120).astype(np.float32)
    shape = Shape.of(envelope, 2, 90, released=envelope[90:] / envelope[89])
    whole = shape.places(-2, 400, 300)
    parts = [shape.places(first, 100, 300) for first in (-2, 98, 198, 298)]
    for index in (0, 1):
        np.testing.assert_array_equal(np.concatenate([part[index] for part in parts]), whole[index])


def test_notes_off_concert_pitch_meet_in_their_own_tunings() -> None:
    style = [note(0.2, 1.2, 57.4)]
    power, grid = linear_power(played(style, 2.0, tilt=0.0))
    (template,) = note_templates(power, grid, [note(0.2, 1.2, 57)], tuning_cents=40)
    assert template.pitch == pytest.approx(57.4)
    image = template.image(60.0)[:, 20:80].mean(axis=1)
    assert image[band_at(hertz(60))] > 30 * image[band_at(hertz(60) * 1.5)]
