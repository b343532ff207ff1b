"""Guide and rows in one image: no seam, no hole, and nothing explained that is not."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import level_db
from stylus_daw.engine.guide.blending import BED_DB, SURE_BED_DB, Bed, band_groups, blended, firmness
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.drawing import CONTEXT_FRAMES, Guide
from stylus_daw.engine.guide.explained import explained_share
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.on_arrays import guide_values
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.notes.note import Note
from tests.support.engine.played_notes import known, note, played

MELODY = [note(0.3, 1.2, 60), note(1.4, 2.4, 65)]
STYLE = [note(0.2, 1.0, 57), note(1.2, 2.0, 62), note(2.1, 2.9, 67)]


def share_of_energy(notes: list[Note], heard: list[Note]) -> float:
    """How much of a content's energy a guide says that it stands for."""
    content_db = mel_image(played(notes, 3.0), GEOMETRY)
    instrument = Instrument.of(played(STYLE, 3.0), known(STYLE, (), 3.0))
    guide = Guide.of(content_db, ContentNotes.of(content_db, known(heard, (), 3.0)), instrument, 0.0)
    power = 10.0 ** (content_db / 10.0)
    return float((guide.block(0, content_db.shape[1]).explained * power).sum() / power.sum())


def test_what_is_heard_is_explained_and_what_is_not_is_not() -> None:
    assert share_of_energy(MELODY, MELODY) > 0.95
    assert share_of_energy(MELODY, []) == 0.0
    assert 0.2 < share_of_energy(MELODY, MELODY[:1]) < 0.75


def test_doubtful_notes_are_half_explained() -> None:
    content_db = mel_image(played(MELODY, 3.0), GEOMETRY)
    sure, doubtful, hardly = (
        ContentNotes.of(content_db, known(MELODY, (), 3.0, sure=posterior)).notes[0].confidence
        for posterior in (0.9, 0.35, 0.1)
    )
    assert (sure, hardly) == (1.0, 0.0)
    assert 0.3 < doubtful < 0.7


def claimed_later(notes: list[Note]) -> float:
    """Share of the energy 1.5 s to 1.55 s that counts as that of a note whose end was heard at 0.8 s."""
    content_db = mel_image(played(notes, 3.0, decay_s=1.0), GEOMETRY)
    power = np.asarray(10.0 ** (content_db / 10.0), np.float32)
    own = ContentNotes.of(content_db, known([note(0.3, 0.8, 60)], (), 3.0)).claimed(power, 0) * power
    return float(own[:, 150:155].sum() / power[:, 150:155].sum())


def test_what_rings_on_behind_a_note_is_its_own_for_a_while_and_what_is_struck_again_is_not() -> None:
    assert claimed_later([note(0.3, 2.6, 60)]) > 0.6
    assert claimed_later([note(0.3, 1.4, 60), note(1.52, 2.6, 60)]) < 0.1


def test_explained_shares_have_no_seams() -> None:
    claimed = np.zeros((128, 100), np.float32)
    claimed[:, 50:] = 1.0
    share = explained_share(np.ones((128, 100), np.float32), claimed)
    assert np.abs(np.diff(share, axis=1)).max() < 0.4
    assert (share[:, :40] == 0).all()
    assert (share[:, 60:] == 1).all()


def test_nothing_explained_is_row_matching_and_everything_the_guide() -> None:
    guide, rows = np.full((128, 9), 2.0, np.float32), np.full((128, 9), 3.0, np.float32)
    np.testing.assert_array_equal(blended(guide, rows, np.zeros_like(rows)), rows)
    np.testing.assert_array_equal(blended(guide, rows, np.ones_like(rows)), guide)


def test_a_silent_guide_leaves_a_bed_and_a_sounding_one_is_left_alone() -> None:
    content_db = mel_image(played(MELODY, 3.0), GEOMETRY)
    bed = Bed.of(content_db, level_db(content_db), content_db, level_db(content_db))
    content = 10.0 ** (content_db / 10.0)
    groups, nothing = band_groups(), np.zeros_like(content)
    unsure = firmness(nothing, nothing, content)
    silent = bed.under(np.zeros_like(content), content, content, unsure)
    sounds = groups @ content > bed.level * 10.0**-4
    left_db = 10.0 * np.log10((groups @ silent)[sounds] / (groups @ content)[sounds])
    assert left_db.min() > BED_DB - 1.0
    np.testing.assert_array_equal(bed.under(content, content, content, unsure), content)


def test_what_is_explained_may_decay_further() -> None:
    content_db = mel_image(played(MELODY, 3.0), GEOMETRY)
    bed = Bed.of(content_db, level_db(content_db), content_db, level_db(content_db))
    content = 10.0 ** (content_db / 10.0)
    nothing = np.zeros_like(content)
    left = [
        bed.under(nothing, content, content, firmness(share + nothing, nothing, content)).sum() for share in (0.0, 1.0)
    ]
    assert 10.0 * np.log10(left[1] / left[0]) == pytest.approx(SURE_BED_DB - BED_DB)


def test_no_bed_lies_under_hits_and_half_a_bed_where_half_is_a_hit() -> None:
    content = np.ones((128, 9), np.float32)
    bed = Bed(level=10.0, colour=np.ones((len(band_groups()), 1), np.float32))
    left = [
        bed.under(0 * content, content, content, firmness(content, share * content, content)).sum()
        for share in (0.0, 0.5, 1.0)
    ]
    assert left[0] > 0
    assert left[1] == pytest.approx(0.5 * left[0], rel=1e-4)
    assert left[2] == pytest.approx(0.0, abs=1e-6)


def test_bands_of_all_groups_add_up_to_all_bands() -> None:
    np.testing.assert_allclose(band_groups().sum(axis=0), 1.0, atol=1e-6)


def test_a_guide_in_blocks_is_the_guide_in_one() -> None:
    notes = [note(0.2 + 0.4 * i, 0.5 + 0.4 * i, 50 + i) for i in range(14)]
    content_db = mel_image(played(notes, 6.0), GEOMETRY)
    instrument = Instrument.of(played(STYLE, 3.0), known(STYLE, (), 3.0))
    guide = Guide.of(content_db, ContentNotes.of(content_db, known(notes, (), 6.0)), instrument, 0.3)
    frames = content_db.shape[1]
    whole, size = guide.block(0, frames), CONTEXT_FRAMES
    parts = [guide.block(first, min(size, frames - first)) for first in range(0, frames, size)]
    for name in ("power", "explained"):
        joined = np.concatenate([getattr(part, name) for part in parts], axis=1)
        np.testing.assert_allclose(joined, getattr(whole, name), rtol=1e-3, atol=1e-9)


def test_values_for_training_are_what_a_render_starts_from() -> None:
    content, style = played(MELODY, 3.0, tilt=2.0), played(STYLE, 3.0, tilt=0.5)
    instrument = Instrument.of(style, known(STYLE, (), 3.0))
    values = guide_values(content, known(MELODY, (), 3.0), style, instrument)
    assert values.shape == mel_image(content, GEOMETRY).shape
    assert -1.0 <= values.min() < values.max() <= 1.0
