"""The mixer without a device: what is heard, sample by sample."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.errors import RequestError
from stylus_ui.audition.line import fade_length
from stylus_ui.audition.mixer import Mixer
from stylus_ui.audition.previewing import Preview
from stylus_ui.audition.programme import Layer, Programme, Track
from stylus_ui.audition.sources import ClipSource
from stylus_ui.state.player import Side

RATE = 48_000
FADE = fade_length(RATE)
SECOND = RATE


def tone(hertz: float, seconds: float = 1.0, *, level: float = 0.5, channels: int = 2, phase: float = 0.3) -> Samples:
    wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE + phase)
    return np.repeat(wave[None].astype(np.float32), channels, axis=0)


def noise(frames: int = SECOND, seed: int = 0, channels: int = 2) -> Samples:
    return (0.2 * np.random.default_rng(seed).standard_normal((channels, frames))).astype(np.float32)


def track(*parts: Samples, at: tuple[int, ...] = (), gain_db: float = 0.0, rate: int = RATE) -> Track:
    places = at or (0,) * len(parts)
    layers = (
        Layer(source=ClipSource(Clip(samples=part, rate=rate)), length=part.shape[1], at=place)
        for part, place in zip(parts, places, strict=True)
    )
    return Track(layers=tuple(layers), gain_db=gain_db)


def programme(original: Samples, *results: Samples, at: tuple[int, ...] = (), **more) -> Programme:
    return Programme(
        rate=RATE, length=original.shape[1], original=track(original), result=track(*results, at=at), **more
    )


def playing(sounds: Programme, side: Side = Side.ORIGINAL, *, loops: bool = False) -> Mixer:
    """A mixer that has played for longer than a fade."""
    mixer = Mixer()
    mixer.load(sounds)
    mixer.choose(side)
    mixer.set_loop(loops)
    mixer.play()
    mixer.read(FADE)
    return mixer


def largest_step(*parts: Samples) -> float:
    return float(np.abs(np.diff(np.concatenate(parts, axis=1), axis=1)).max())


def test_what_is_heard_is_the_file_bit_for_bit_once_it_has_faded_in():
    original, result = noise(seed=1), noise(seed=2)
    for side, expected in ((Side.ORIGINAL, original), (Side.RESULT, result), (Side.DIFFERENCE, result - original)):
        mixer = playing(programme(original, result), side)
        np.testing.assert_array_equal(mixer.read(4_800), expected[:, FADE : FADE + 4_800])


@pytest.mark.parametrize("block", [1, 37, 512, 2048])
def test_the_size_of_the_blocks_changes_nothing(block):
    sounds = programme(noise(9_000, 1), noise(9_000, 2), loop=(1_000, 4_321))

    def played(size: int) -> Samples:
        mixer = Mixer()
        mixer.load(sounds)
        mixer.play()
        return np.concatenate([mixer.read(size) for _ in range(12_288 // size)], axis=1)

    heard = played(block)
    np.testing.assert_array_equal(heard, played(12_288)[:, : heard.shape[1]])


def test_switching_sides_stays_on_the_sample_and_fades_for_3_ms():
    original, result = noise(seed=1), noise(seed=2)
    mixer = playing(programme(original, result))
    mixer.choose(Side.RESULT)
    heard = mixer.read(1_000)
    np.testing.assert_array_equal(heard[:, FADE:], result[:, 2 * FADE : FADE + 1_000])
    assert mixer.line.position == FADE + 1_000


def test_switching_between_equal_sounds_is_not_in_the_samples_at_all():
    sound = noise(seed=3)
    mixer = playing(programme(sound, sound.copy()))
    mixer.choose(Side.RESULT)
    np.testing.assert_array_equal(mixer.read(1_000), sound[:, FADE : FADE + 1_000])


def test_equal_sounds_have_a_silent_difference():
    sound = noise(seed=3)
    assert not playing(programme(sound, sound.copy()), Side.DIFFERENCE).read(1_000).any()


@pytest.mark.parametrize(
    "change",
    [
        lambda mixer: mixer.choose(Side.RESULT),
        lambda mixer: mixer.seek(7_777),
        lambda mixer: mixer.pause(),
        lambda mixer: mixer.load(programme(tone(60, 1, phase=2.0))),
        lambda mixer: mixer.load(replace(mixer.line.programme, loop=(20_000, 30_000))),
        lambda mixer: (mixer.seek(100), mixer.choose(Side.RESULT), mixer.seek(20_000)),
    ],
    ids=["switch", "seek", "pause", "another programme", "another loop", "many at once"],
)
def test_no_change_clicks(change):
    """Full-scale opposite phases: the worst that a switch can meet. A plain cut would step by more than 1."""
    sounds = programme(tone(60, level=0.9), tone(60, level=0.9, phase=0.3 + np.pi))
    mixer = playing(sounds, loops=True)
    before = mixer.read(1_011)
    change(mixer)
    middle = mixer.read(33)
    change(mixer)
    assert largest_step(before, middle, mixer.read(2_000)) < 0.04


def test_playing_begins_and_ends_without_a_click():
    mixer = Mixer()
    mixer.load(programme(tone(60, 0.1, level=0.9, phase=1.5)))
    mixer.set_loop(False)
    silence = mixer.read(10)
    mixer.play()
    heard = mixer.read(6_000)
    assert np.abs(heard).max() > 0.85
    assert largest_step(silence, heard) < 0.02
    assert (mixer.line.is_playing, mixer.line.position) == (False, 0)


@pytest.mark.parametrize("loop", [(0, 4_811), (1_000, 4_811), (1_000, 1_050), (0, 1), (47_000, 48_000)])
def test_a_loop_has_its_exact_length_and_no_click(loop):
    mixer = playing(programme(tone(60, level=0.9), loop=loop), loops=True)
    first, end = loop
    heard = mixer.read(20_000)
    assert mixer.line.position == first + (FADE + 20_000) % (end - first)
    assert largest_step(heard) < (0.04 if end - first > FADE else 0.2)


def test_a_loop_leaves_its_first_attack_and_all_but_its_last_3_ms_as_they_are():
    sound = noise(SECOND, 5)
    mixer = playing(programme(sound, loop=(10_000, 20_000)), loops=True)
    mixer.read(10_000 - FADE)
    np.testing.assert_array_equal(mixer.read(10_000 - FADE), sound[:, 10_000 : 20_000 - FADE])


def test_a_loop_can_be_left_and_found_again():
    mixer = playing(programme(noise(), loop=(1_000, 3_000)), loops=True)
    mixer.set_loop(False)
    mixer.read(5_000)
    assert mixer.line.position == 1_000 + FADE + 5_000
    mixer.set_loop(True)
    assert mixer.line.position == 1_000


def test_a_pause_keeps_the_position():
    mixer = playing(programme(noise()))
    mixer.pause()
    mixer.read(FADE)
    assert not mixer.read(1_000).any()
    assert mixer.line.position == FADE
    assert mixer.is_silent


def test_another_programme_of_the_same_rate_goes_on_at_the_same_position():
    one, other = noise(seed=1), noise(seed=2)
    mixer = playing(programme(one))
    mixer.load(programme(other))
    np.testing.assert_array_equal(mixer.read(1_000)[:, FADE:], other[:, 2 * FADE : FADE + 1_000])


def test_a_programme_of_another_rate_stops():
    mixer = playing(programme(noise()))
    mixer.load(Programme(rate=44_100, length=10, original=track(noise(10), rate=44_100)))
    assert (mixer.rate, mixer.is_silent, mixer.line.position) == (44_100, True, 0)


def test_a_draft_lies_over_the_result_where_it_is_and_the_difference_is_silent_where_nothing_is():
    original, full, draft = noise(seed=1), noise(seed=2), noise(4_000, seed=3)
    over = programme(original, full, draft, at=(0, 10_000))
    heard = over.read(Side.RESULT, 0, SECOND)
    np.testing.assert_array_equal(heard[:, :10_000], full[:, :10_000])
    np.testing.assert_array_equal(heard[:, 10_000 + FADE : 14_000 - FADE], draft[:, FADE : 4_000 - FADE])
    np.testing.assert_array_equal(heard[:, 14_000:], full[:, 14_000:])

    alone = programme(original, draft, at=(10_000,))
    assert not alone.read(Side.DIFFERENCE, 0, 10_000).any()
    assert not alone.read(Side.DIFFERENCE, 14_000, 10_000).any()
    inside = slice(10_000 + FADE, 14_000 - FADE)
    expected = draft[:, FADE : 4_000 - FADE] - original[:, inside]
    np.testing.assert_array_equal(alone.read(Side.DIFFERENCE, 0, SECOND)[:, inside], expected)


def test_a_gain_is_heard_and_counts_in_the_difference():
    sound = noise(seed=1)
    half = Programme(rate=RATE, length=SECOND, original=track(sound), result=track(2 * sound, gain_db=-6.0206))
    np.testing.assert_allclose(half.read(Side.RESULT, 0, 1_000), sound[:, :1_000], atol=1e-5)
    assert np.abs(half.read(Side.DIFFERENCE, 0, 1_000)).max() < 1e-5


@pytest.mark.parametrize("channels", range(1, 9))
def test_any_channel_count_is_heard_in_stereo(channels):
    sound = np.ones((channels, 100), np.float32)
    heard = programme(sound).read(Side.ORIGINAL, 0, 100)
    assert heard.shape == (2, 100)
    np.testing.assert_array_equal(heard[0], heard[1])
    assert heard[0, 0] >= 1


def test_a_result_of_another_rate_is_refused():
    with pytest.raises(RequestError, match="48000 Hz, the other sound 44100 Hz"):
        Programme(rate=RATE, length=10, original=track(noise(10)), result=track(noise(10), rate=44_100))


def test_a_preview_pauses_the_programme_and_fades_out_when_it_is_stopped():
    mixer = playing(programme(tone(60)))
    mixer.preview(Preview(tone(110, level=0.8, phase=0.0), RATE))
    heard = mixer.read(5_000)
    assert not mixer.line.is_playing
    np.testing.assert_array_equal(heard[:, FADE:], tone(110, level=0.8, phase=0.0)[:, FADE:5_000])
    mixer.stop_preview()
    end = mixer.read(10_000)
    assert largest_step(heard, end) < 0.04
    assert not end[:, -1_000:].any()
    assert not mixer.is_previewing


def test_a_preview_takes_the_place_of_another_without_a_click():
    mixer = Mixer()
    mixer.preview(Preview(tone(60, phase=0.0), RATE))
    first = mixer.read(3_011)
    mixer.preview(Preview(tone(70, phase=0.0), RATE))
    assert largest_step(first, mixer.read(10_000)) < 0.02


def test_a_preview_that_was_never_heard_is_dropped():
    mixer = Mixer()
    mixer.preview(Preview(tone(60), RATE))
    mixer.stop_preview()
    assert not mixer.read(1_000).any()
    assert mixer.is_silent


def test_nothing_loaded_is_silence_and_cannot_be_played():
    mixer = Mixer()
    mixer.play()
    mixer.seek(5)
    assert not mixer.read(100).any()
    assert mixer.is_silent
