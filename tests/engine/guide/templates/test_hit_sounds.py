"""The style's hits as they sound: cut on their attacks, rung out, without what sounds with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.engine.guide.templates.hit_sounds import attack_of, hit_sounds, struck_alone
from stylus_daw.engine.guide.templates.strokes import LONGEST
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.notes.note import HOP_S
from tests.support.engine.drum_takes import KICK, Beat, beaten
from tests.support.engine.played_notes import note, played, struck

RATES = [22_050, 44_100, 48_000, 96_000]


def bursts(places: Sequence[int], length: int, rate: int) -> Clip:
    """Noise that decays in 30 ms from each of those samples on."""
    out, noise = np.zeros((1, length), np.float32), np.random.default_rng(2).standard_normal(length)
    for place in places:
        time = np.arange(length - place) / rate
        out[0, place:] += (0.2 * noise[: time.size] * np.exp(-time / 0.03)).astype(np.float32)
    return Clip(samples=out, rate=rate)


def begun(sound: np.ndarray) -> int:
    """The sample on which a sound has risen to a twentieth of its peak."""
    level = np.abs(sound)
    return int(np.argmax(level > 0.05 * level.max()))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("start_s", [0.0, 0.0004, 0.001, 0.2037])
def test_a_hit_begins_ahead_of_its_attack_even_where_the_style_does_not(rate: int, start_s: float) -> None:
    place = round(start_s * rate)
    (sound,) = hit_sounds(bursts([place], rate, rate), [(round(start_s / HOP_S), 90)])
    assert sound.size == round(LONGEST * HOP_S * rate)
    assert begun(sound) <= 0.0003 * rate


def test_hits_are_cut_before_the_next_one_and_ring_on_softer() -> None:
    rate, places = 44_100, [4_410, 8_820]
    first, second = hit_sounds(bursts(places, 44_100, rate), [(10, 20), (20, 100)])
    assert np.abs(first[:1_000]).max() == pytest.approx(np.abs(second[:1_000]).max(), rel=0.05)
    parts = np.sqrt(np.square(first[44 : 44 + 10 * 4_410]).reshape(10, -1).mean(axis=1))
    assert (np.diff(parts) < 0).all()
    assert first[-1] == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("span", [(0, 8), (40, 41), (98, 101), (100, 101), (200, 300)])
@pytest.mark.parametrize("length", [1, 2, 50, 44_100])
def test_silence_and_ends_have_hits_that_are_silent_and_finite(span: tuple[int, int], length: int) -> None:
    (sound,) = hit_sounds(Clip(samples=np.zeros((1, length), np.float32), rate=44_100), [span])
    assert np.isfinite(sound).all()
    assert np.abs(sound).max(initial=0.0) == 0.0
    assert sound.size <= round(LONGEST * HOP_S * 44_100)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("early_s", [-0.02, 0.0, 0.02])
def test_an_attack_is_found_though_its_frame_is_off(rate: int, early_s: float) -> None:
    clip = bursts([round(0.5 * rate)], rate, rate)
    assert abs(attack_of(clip, round((0.5 + early_s) / HOP_S)) - 0.5 * rate) <= 0.0003 * rate


@pytest.mark.parametrize("rate", RATES)
def test_an_attack_is_found_over_hiss(rate: int) -> None:
    beats = beaten([Beat(0.5037, KICK)], 0.8, rate)
    hiss = 0.02 * np.random.default_rng(6).uniform(-1, 1, beats.samples.shape)
    clip = Clip(samples=np.asarray(beats.samples + hiss, np.float32), rate=rate)
    assert abs(attack_of(clip, 50) - 0.5037 * rate) <= 0.0003 * rate


def test_an_attack_outside_of_the_sound_is_at_its_end() -> None:
    clip = bursts([0], 4_410, 44_100)
    assert attack_of(clip, 0) <= 0.0003 * 44_100
    assert 0 <= attack_of(clip, 10) <= clip.length
    assert attack_of(clip, 1_000) >= clip.length


def test_what_sounds_with_the_hits_is_left_out() -> None:
    drums = struck((0.3, 0.9), (0.6,), 1.2)
    pad = played([note(0.0, 1.2, 69)], 1.2)
    both = Clip(samples=np.asarray(drums.samples + 0.2 * pad.samples[:1], np.float32), rate=drums.rate)
    power, whole = (10.0 ** (mel_image(clip, GEOMETRY) / 10.0) for clip in (drums, both))
    alone = struck_alone(both, np.minimum(power, whole), whole).samples[0]
    wanted = drums.samples[0]
    before = np.sqrt(np.square(both.samples[0] - wanted).mean())
    assert np.sqrt(np.square(alone - wanted).mean()) < 0.5 * before


@pytest.mark.parametrize("channels", ["mono", "same", "left", "opposed", "six"])
def test_one_channel_is_made_of_any(channels: str) -> None:
    mono = struck((0.3,), (0.6,), 1.0).samples
    silent = np.zeros_like(mono)
    made = {
        "mono": mono,
        "same": np.concatenate([mono, mono]),
        "left": np.concatenate([mono, silent]),
        "opposed": np.concatenate([mono, -mono]),
        "six": np.concatenate([mono, mono, silent, silent, -mono, 0.5 * mono]),
    }[channels]
    clip = Clip(samples=made, rate=44_100)
    whole = 10.0 ** (mel_image(clip, GEOMETRY) / 10.0)
    alone = struck_alone(clip, whole, whole)
    assert alone.samples.shape == mono.shape
    assert abs(np.corrcoef(alone.samples[0], mono[0])[0, 1]) > 0.999


def test_a_silent_style_has_silent_hits() -> None:
    clip = Clip(samples=np.zeros((2, 9_000), np.float32), rate=44_100)
    power = 10.0 ** (mel_image(clip, GEOMETRY) / 10.0)
    assert np.abs(struck_alone(clip, 0 * power, power).samples).max() == 0.0
