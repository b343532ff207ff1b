"""Hits: strokes, kits, and drums in the sound of other drums."""

from __future__ import annotations

import numpy as np

from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.templates.strokes import stroke
from stylus_daw.engine.image.values import GEOMETRY
from tests.support.engine.played_notes import hit, known, struck

KICKS, HATS = (0.2, 1.2, 2.2), (0.7, 1.7, 2.7)


def test_a_stroke_is_what_rises_and_falls_not_what_was_there() -> None:
    power = np.full((4, 100), 1.0, np.float32)
    power[0, 50:] += 100 * np.exp(-np.arange(50) / 5)
    power[1, 70:] += 100  # comes up later
    own = stroke(power, 50, 100)
    assert own[0, 2] > 90
    assert own[1, 15:].max() < 1e-3
    assert own[2:].max() == 0


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
