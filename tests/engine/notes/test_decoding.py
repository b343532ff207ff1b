"""The decoder on posteriors that are written by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stylus_daw.engine.notes.decoding import Decoder, Thresholds, hits
from stylus_daw.engine.notes.note import KEYS, LOWEST_PITCH, ROWS, Heard, Note

FRAMES = 120


def silence(frames: int = FRAMES) -> Heard:
    return Heard.of_rows(np.zeros((ROWS, frames), np.float32))


def play(heard: Heard, pitch: int, first: int, last: int, *, onset: float = 0.9, strength: float = 0.6) -> None:
    key = pitch - LOWEST_PITCH
    heard.onset[key, first] = onset
    heard.onset[key, [first - 1, first + 1]] = onset / 2
    heard.frame[key, first:last] = 0.9
    heard.strength[key, first] = strength


def decoded(*blocks: Heard) -> tuple[Note, ...]:
    decoder = Decoder()
    for block in blocks:
        decoder.feed(block)
    return decoder.finish()


def cut(heard: Heard, first: int, last: int) -> Heard:
    return Heard(**{name: getattr(heard, name)[..., first:last] for name in Heard.__slots__})


def test_silence_has_no_notes() -> None:
    assert decoded(silence()) == ()


def test_a_note_has_its_onset_end_pitch_and_strength() -> None:
    heard = silence()
    play(heard, 60, 20, 70)
    (note,) = decoded(heard)
    assert (note.start_s, note.pitch) == (pytest.approx(0.2), 60)
    assert note.end_s == pytest.approx(0.7, abs=0.011)
    assert note.strength == pytest.approx(0.6)


def test_a_chord_is_as_many_notes_as_it_has_keys() -> None:
    heard = silence()
    for pitch in (48, 52, 55, 60):
        play(heard, pitch, 10, 60)
    assert [note.pitch for note in decoded(heard)] == [48, 52, 55, 60]


def test_fast_repeats_of_one_key_are_notes_of_their_own() -> None:
    heard = silence()
    for first in range(10, 90, 8):
        play(heard, 64, first, first + 8)
    starts = [note.start_s for note in decoded(heard)]
    assert starts == pytest.approx([first / 100 for first in range(10, 90, 8)])


def test_a_repeated_note_ends_where_the_next_one_begins() -> None:
    heard = silence()
    play(heard, 64, 10, 30)
    play(heard, 64, 30, 50)
    first, second = decoded(heard)
    assert first.end_s == pytest.approx(second.start_s)


def test_a_gap_of_two_frames_does_not_end_a_note() -> None:
    heard = silence()
    play(heard, 64, 10, 90)
    heard.frame[64 - LOWEST_PITCH, 40:42] = 0
    assert len(decoded(heard)) == 1


def test_a_note_that_sounds_to_the_end_ends_there() -> None:
    heard = silence()
    play(heard, 64, 10, FRAMES)
    (note,) = decoded(heard)
    assert note.end_s == pytest.approx(FRAMES / 100)


def test_a_weak_onset_counts_where_a_silent_key_begins_to_sound() -> None:
    heard = silence()
    play(heard, 60, 20, 80, onset=0.25)
    (note,) = decoded(heard)
    assert note.start_s == pytest.approx(0.2)


def test_a_weak_onset_does_not_count_where_the_key_sounds_already() -> None:
    heard = silence()
    play(heard, 60, 20, 80)
    play(heard, 60, 50, 80, onset=0.4)
    assert len(decoded(heard)) == 1


def test_an_onset_that_does_not_sound_on_is_not_a_note() -> None:
    heard = silence()
    heard.onset[30, 20] = 0.99
    heard.frame[30, 20:21] = 0.9
    assert decoded(heard) == ()


@settings(deadline=None)
@given(cuts=st.lists(st.integers(1, FRAMES - 1), max_size=8))
def test_notes_do_not_depend_on_the_blocks_that_frames_come_in(cuts: list[int]) -> None:
    rng = np.random.default_rng(4)
    heard = Heard.of_rows(rng.random((ROWS, FRAMES), np.float32) ** 2)
    edges = [0, *sorted(set(cuts)), FRAMES]
    blocks = [cut(heard, a, b) for a, b in itertools.pairwise(edges)]
    assert decoded(*blocks) == decoded(heard)


@given(st.integers(1, 6))
def test_shortest_sounds_are_decoded(frames: int) -> None:
    heard = Heard.of_rows(np.ones((ROWS, frames), np.float32))
    assert len(decoded(heard)) in (0, KEYS)
    assert all(0 <= note.start_s < note.end_s <= frames / 100 for note in decoded(heard))


def test_hits_are_where_the_posterior_peaks_and_quieter_ones_are_weaker() -> None:
    percussion, level = np.zeros(FRAMES, np.float32), np.full(FRAMES, -60, np.float32)
    percussion[[10, 50]], level[[10, 50]] = 0.9, (0.0, -20.0)
    loud, soft = hits(percussion, level, Thresholds())
    assert (loud.start_s, soft.start_s) == (pytest.approx(0.1), pytest.approx(0.5))
    assert loud.strength == 1.0
    assert soft.strength == pytest.approx(10 ** (-20 / 40))


def test_no_hits_where_nothing_is_struck() -> None:
    assert hits(np.zeros(FRAMES, np.float32), np.zeros(FRAMES, np.float32), Thresholds()) == ()
