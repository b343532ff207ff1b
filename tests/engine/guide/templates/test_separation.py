"""Notes of a style that ring into each other are told apart."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.guide.instrument import linear_power
from stylus_daw.engine.guide.templates.note_templates import MOST_CUT, NoteTemplate, note_templates
from stylus_daw.engine.guide.templates.separation import Event, Separation
from stylus_daw.engine.notes.note import hertz
from tests.support.engine.played_notes import note, played

FIRST, SECOND = note(0.2, 0.8, 57), note(0.8, 1.6, 64)
"""What is told; the first one is heard until 1.35 s."""


def ringing(decay_s: float) -> Clip:
    """Both, the first one ringing on under the second."""
    one, other = played([note(0.2, 1.35, 57)], 2.0, decay_s=decay_s), played([SECOND], 2.0)
    return one.with_samples(one.samples + other.samples)


def templates_of(style: Clip) -> list[NoteTemplate]:
    power, grid = linear_power(style)
    return note_templates(power, grid, [FIRST, SECOND])


def bin_at(template: NoteTemplate, hz: float) -> int:
    return round(hz * template.grid.transform / template.grid.rate)


def test_the_ring_of_one_note_is_not_in_the_next() -> None:
    style = ringing(0.6)
    power, _ = linear_power(style)
    first, second = templates_of(style)
    during = slice(22, 52)  # 200 to 500 ms after the second one's onset
    own, foreign = (bin_at(second, hertz(pitch)) for pitch in (64, 57))
    there = power[:, 78:138][:, during].mean(axis=1)
    kept = second.power[:, during].mean(axis=1)
    assert kept[own] > 0.9 * there[own]
    assert kept[foreign] < 0.1 * there[foreign]  # by combs alone: .41
    assert first.power[foreign, 70:90].mean() > 0.5 * power[foreign, 88:108].mean()


@pytest.mark.parametrize("decay_s", [0.3, 1.2])
def test_a_release_is_read_under_the_note_that_follows(decay_s: float) -> None:
    first, _ = templates_of(ringing(decay_s))
    assert first.shape.fade[10] == pytest.approx(np.exp(-2 * 0.1 / decay_s - 10 / 25), rel=0.35)


def test_a_note_alone_keeps_all_of_it() -> None:
    power = np.random.default_rng(3).random((300, 80), np.float32)
    share = Separation(power, np.arange(300) * 10.0, [Event(10, 40, 57.0)]).share(0, 8, 80)
    np.testing.assert_array_equal(np.broadcast_to(share, (300, 72)), 1.0)


def test_shares_of_all_notes_are_no_more_than_the_whole() -> None:
    power, grid = linear_power(played([note(0.1, 0.9, p) for p in (57, 61, 64)], 1.2))
    events = [Event(10, 90, float(p)) for p in (57, 61, 64)]
    separation = Separation(power, np.arange(len(power)) * grid.rate / grid.transform, events)
    total = np.sum([separation.share(index, 8, 100) for index in range(3)], axis=0)
    assert (total <= 1 + 1e-5).all()
    loud = power[:, 8:90] > 0.1 * power.max()
    assert total[:, :82][loud].mean() > 0.8


@pytest.mark.parametrize("event", [Event(50, 50, 57.0), Event(200, 300, 57.0), Event(0, 1, 57.0)])
def test_notes_outside_or_of_no_length_are_borne(event: Event) -> None:
    power = np.random.default_rng(3).random((300, 80), np.float32)
    separation = Separation(power, np.arange(300) * 10.0, [event, Event(10, 40, 60.0), Event(30, 70, 67.0)])
    assert np.isfinite(separation.share(1, 8, 80)).all()


def test_silence_is_borne() -> None:
    separation = Separation(np.zeros((300, 80), np.float32), np.arange(300) * 10.0, [Event(10, 40, 60.0)] * 2)
    assert np.isfinite(separation.share(1, 8, 80)).all()


def test_a_crowded_style_costs_no_more_than_a_busy_one() -> None:
    rng = np.random.default_rng(5)
    starts = np.sort(rng.uniform(0, 1.8, 700))
    crowd = [note(start, start + 0.1 + 0.1 * rng.random(), 40 + number % 30) for number, start in enumerate(starts)]
    power, grid = linear_power(played(crowd[:20], 2.0))
    found = note_templates(power, grid, crowd)
    assert len(found) == MOST_CUT
    assert {round(template.pitch) for template in found} == set(range(40, 70))
