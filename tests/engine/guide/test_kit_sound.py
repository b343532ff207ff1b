"""The style's hits on the content's attacks: on their sample, and the same however they are read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.engine.guide.content_notes import ContentNotes
from stylus_daw.engine.guide.drawing import Guide
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.kit_sound import KitSound, Sounding
from stylus_daw.engine.image.values import GEOMETRY
from tests.support.engine.drum_takes import KICK, SNAP, Beat, beaten, heard

RATES = [22_050, 44_100, 48_000, 96_000]
STYLE = [Beat(s, KICK) for s in (0.1, 0.9)] + [Beat(s, SNAP) for s in (0.5, 1.3)]


def kit_sound(content: Clip, beats: Sequence[Beat], style: Clip, weight: float = 1.0, level: float = 1.0) -> KitSound:
    content_db = mel_image(content, GEOMETRY)
    plays = ContentNotes.of(content_db, heard(beats, content))
    guide = Guide.of(content_db, plays, Instrument.of(style, heard(STYLE, style)), 0.0)
    return KitSound.of(content, [(weight, guide)], level)


def begun(sound: np.ndarray) -> int:
    """The sample on which a sound has risen to a fifth of its peak."""
    level = np.abs(sound)
    return int(np.argmax(level > 0.2 * level.max()))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("style_rate", [44_100, 48_000])
def test_hits_fall_on_the_attacks_of_the_content(rate: int, style_rate: int) -> None:
    beats = [Beat(0.2031, SNAP), Beat(0.8117, SNAP)]
    content = beaten(beats, 1.2, rate)
    sound = kit_sound(content, beats, beaten(STYLE, 1.8, style_rate))
    for beat in beats:
        place = round(beat.start_s * rate)
        around = sound.read(place - rate // 10, rate // 5)[0]
        late = begun(around) - begun(content.read(place - rate // 10, rate // 5)[0])
        assert abs(late) <= 0.0003 * rate


@pytest.mark.parametrize("size", [1, 7, 441, 4_799, 100_000])
def test_odd_pieces_are_the_whole_bit_for_bit(size: int) -> None:
    beats = [Beat(s, KICK if i % 2 else SNAP) for i, s in enumerate((0.0, 0.02, 0.3, 0.31, 0.7, 0.795))]
    content = beaten(beats, 0.8, 8_000)
    sound = kit_sound(content, beats, beaten(STYLE, 1.8, 8_000))
    whole = sound.read(-500, content.length + 1_000)
    pieces = [sound.read(first, min(size, 6_900 - first)) for first in range(-500, 6_900, size)]
    assert np.concatenate(pieces, axis=1).tobytes() == whole.tobytes()
    assert np.abs(whole[:, :500]).max() == 0.0  # nothing sounds before a hit on the first sample
    assert np.abs(whole[:, 500 + content.length :]).max() > 0.0  # rings past the end


def test_random_pieces_of_many_hits_are_the_whole_bit_for_bit() -> None:
    rng = np.random.default_rng(4)
    sounds = [rng.standard_normal(size).astype(np.float32) for size in (1, 40, 900)]
    hits = [
        Sounding(first=int(first), sound=int(rng.integers(3)), factor=float(rng.random()))
        for first in np.sort(rng.integers(-1_000, 5_500, 200))
    ]
    sound = KitSound(length=5_000, rate=8_000, start=0, sounds=sounds, hits=hits)
    whole = sound.read(-1_200, 7_800)
    for _ in range(200):
        first, count = int(rng.integers(-1_200, 6_500)), int(rng.integers(0, 100))
        assert sound.read(first, count).tobytes() == whole[:, first + 1_200 : first + 1_200 + count].tobytes()


def test_it_is_one_channel_of_the_content_s_length_rate_and_start() -> None:
    beats = [Beat(0.1, KICK)]
    mono = beaten(beats, 0.5, 48_000)
    content = Clip(samples=np.repeat(mono.samples, 6, axis=0), rate=48_000, start=1_234)
    sound = kit_sound(content, beats, beaten(STYLE, 1.8, 44_100))
    assert (sound.channels, sound.length, sound.rate, sound.start) == (1, content.length, 48_000, 1_234)
    assert sound.nbytes == sum(one.nbytes for one in sound.sounds) > 0


def test_the_same_hit_is_kept_once_and_weights_are_of_power() -> None:
    beats = [Beat(0.1 + 0.2 * i, KICK) for i in range(8)]
    content, style = beaten(beats, 1.8, 44_100), beaten(STYLE, 1.8, 44_100)
    whole, part = kit_sound(content, beats, style), kit_sound(content, beats, style, weight=0.25, level=3.0)
    assert len(whole.sounds) < len(whole.hits) == 8
    np.testing.assert_allclose(part.read(0, 44_100), 1.5 * whole.read(0, 44_100), rtol=1e-4, atol=1e-8)


def test_two_styles_sound_together() -> None:
    beats = [Beat(0.1, KICK), Beat(0.4, SNAP)]
    content, style = beaten(beats, 0.6, 44_100), beaten(STYLE, 1.8, 44_100)
    content_db = mel_image(content, GEOMETRY)
    plays = ContentNotes.of(content_db, heard(beats, content))
    guide = Guide.of(content_db, plays, Instrument.of(style, heard(STYLE, style)), 0.0)
    both = KitSound.of(content, [(0.5, guide), (0.5, guide)], 1.0)
    alone = KitSound.of(content, [(0.5, guide)], 1.0)
    np.testing.assert_allclose(both.read(0, 26_000), 2.0 * alone.read(0, 26_000), rtol=1e-4, atol=1e-8)


def test_without_hits_it_is_silent() -> None:
    content = beaten([], 0.2, 44_100)
    sound = kit_sound(content, [], beaten(STYLE, 1.8, 44_100))
    assert sound.nbytes == 0
    assert np.abs(sound.read(-10, content.length + 20)).max() == 0.0
