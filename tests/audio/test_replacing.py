"""Another sound in the content's place: where it has a share, at the wanted level, in the content's channels."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio import reconstruction
from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.reconstruction import Replacing, mel_image, shaped_blocks
from stylus_daw.audio.replacing import MOST_RAISED_DB
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spectrogram import Image, MelGeometry
from tests.support.engine.drum_takes import KICK, SNAP, Beat, beaten

GEOMETRY = MelGeometry()
RATES = [22_050, 44_100, 48_000, 96_000]


def noise(seed: int, seconds: float = 1.0, rate: int = 44_100, level: float = 0.1, channels: int = 1) -> Clip:
    samples = np.random.default_rng(seed).standard_normal((channels, round(seconds * rate)))
    return Clip(samples=(level * samples).astype(np.float32), rate=rate)


def put(content: Clip, other: Sound, share: Image | float, gain_db: Image | float = 0.0) -> Samples:
    """The other sound in the content's place. Shape: ``[channels, samples]``, the content's."""
    image = mel_image(content, GEOMETRY)
    shares, gains = (np.asarray(image * 0 + value, np.float32) for value in (share, gain_db))
    replacing = Replacing(sound=other, share=lambda first, n: shares[:, first : first + n], content_db=image)
    blocks = shaped_blocks(content, lambda first, n: gains[:, first : first + n], GEOMETRY, replacing=replacing)
    return np.concatenate(list(blocks), axis=1)


def plain(content: Clip, gain_db: float = 0.0) -> Samples:
    frames = mel_image(content, GEOMETRY).shape[1]
    asked = np.full((GEOMETRY.bands, frames), gain_db, np.float32)
    return np.concatenate(list(shaped_blocks(content, lambda f, n: asked[:, f : f + n], GEOMETRY)), axis=1)


def level_db(samples: Samples) -> float:
    return float(10.0 * np.log10(np.square(samples, dtype=np.float64).mean() + 1e-30))


def likeness(one: Samples, other: Samples) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_without_a_share_it_is_as_if_there_were_none() -> None:
    content = noise(1, 3.0)
    assert put(content, noise(2, 3.0), 0.0, 3.0).tobytes() == plain(content, 3.0).tobytes()


@pytest.mark.parametrize("gain_db", [-12.0, 0.0, 6.0])
@pytest.mark.parametrize("level", [0.02, 0.1, 0.15])
def test_the_whole_share_is_the_other_sound_at_the_wanted_level(gain_db: float, level: float) -> None:
    content, other = noise(1), noise(2, level=level)
    made = put(content, other, 1.0, gain_db)[:, 4_410:-4_410]
    raised_db = min(20.0 * np.log10(0.1 / level) + gain_db, MOST_RAISED_DB)
    assert likeness(made, other.samples[:, 4_410:-4_410]) > (0.97 if raised_db < MOST_RAISED_DB else 0.15)
    assert level_db(made) == pytest.approx(-20.0 + gain_db, abs=1.0)


def test_half_a_share_is_half_the_power_of_both() -> None:
    content, other = noise(1), noise(2)
    made = put(content, other, 0.5)
    assert level_db(made) == pytest.approx(-20.0, abs=0.5)
    assert [likeness(made, clip.samples) for clip in (content, other)] == pytest.approx([0.5**0.5] * 2, abs=0.05)


def test_what_the_other_sound_lacks_the_content_supplies() -> None:
    content = noise(1)
    silent = Clip(samples=np.zeros_like(content.samples), rate=content.rate)
    made = put(content, silent, 1.0)
    assert likeness(made, content.samples) > 0.99
    assert level_db(made) == pytest.approx(-20.0, abs=0.3)


def test_only_frames_and_bands_with_a_share_change() -> None:
    content, other = noise(1, 2.0), noise(2, 2.0)
    share = np.zeros_like(mel_image(content, GEOMETRY))
    share[:, 80:120] = 1.0
    made, untouched = put(content, other, share), plain(content)
    assert likeness(made[:, 85 * 441 : 115 * 441], other.samples[:, 85 * 441 : 115 * 441]) > 0.95
    for span in (slice(0, 70 * 441), slice(130 * 441, None)):
        np.testing.assert_allclose(made[:, span], untouched[:, span], atol=2e-4)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("drum", [KICK, SNAP])
def test_an_attack_stays_on_its_sample_and_nothing_sounds_ahead(rate: int, drum: str) -> None:
    content, other = beaten([Beat(0.4017, SNAP)], 0.8, rate), beaten([Beat(0.4017, drum)], 0.8, rate, seed=5)
    made, place = put(content, other, 1.0)[0], round(0.4017 * rate)
    peak = np.abs(made[place : place + rate // 50]).max()
    begun = int(np.argmax(np.abs(made) > 0.2 * peak))
    wanted = int(np.argmax(np.abs(other.samples[0]) > 0.2 * np.abs(other.samples[0]).max()))
    assert abs(begun - wanted) <= 0.0003 * rate
    assert np.abs(made[: place - round(0.002 * rate)]).max() < 1e-3 * peak


def test_it_takes_the_content_s_place_among_the_channels() -> None:
    mono, silent = noise(1).samples, np.zeros((1, 44_100), np.float32)
    content = Clip(samples=np.concatenate([mono, silent, -mono, 0.5 * mono, silent, mono]), rate=44_100)
    made = put(content, noise(2), 1.0)
    assert made.shape == content.samples.shape
    levels = [level_db(channel) for channel in made]
    assert levels[0] == pytest.approx(levels[2], abs=0.1) == pytest.approx(levels[3] + 6.02, abs=0.1)
    assert level_db(made) == pytest.approx(level_db(content.samples), abs=0.5)
    assert not made[[1, 4]].any()


def test_a_channel_that_is_silent_for_a_while_stays_silent_meanwhile() -> None:
    content = noise(1, 2.0, channels=2)
    content.samples[1, :44_100] = 0.0
    made = put(content, noise(2, 2.0), 1.0)
    assert level_db(made[1, :40_000]) < -120.0
    assert level_db(made[1, 50_000:]) == pytest.approx(-20.0, abs=1.0)


def test_bands_in_which_the_content_has_nothing_lie_where_the_content_does() -> None:
    tone = 0.2 * np.sin(2 * np.pi * 60 * np.arange(44_100) / 44_100)[None].astype(np.float32)
    content = Clip(samples=np.concatenate([tone, 0.1 * tone]), rate=44_100)
    gain_db = np.zeros((128, 101), np.float32)
    gain_db[64:] = 60.0
    made = put(content, noise(2), 1.0, gain_db)
    bright = np.diff(made[:, 4_410:-4_410], 2, axis=1)
    assert level_db(bright[0]) - level_db(bright[1]) == pytest.approx(20.0, abs=3.0)


@pytest.mark.parametrize("frames", [33, 64, 5_000])
def test_the_sound_is_the_same_however_it_is_cut_into_blocks(monkeypatch: pytest.MonkeyPatch, frames: int) -> None:
    beats = [Beat(0.1 + 0.23 * i, SNAP if i % 3 else KICK) for i in range(14)]
    content, other = noise(1, 3.4, level=0.01, channels=2), beaten(beats, 3.4, 44_100)
    content.samples[:] += beaten(beats, 3.4, 44_100, kick_hz=90).samples
    rng, image = np.random.default_rng(8), mel_image(content, GEOMETRY)
    share, gain_db = (
        draw.astype(np.float32) for draw in (rng.uniform(0, 1, image.shape), rng.normal(0, 6, image.shape))
    )
    whole = put(content, other, share, gain_db)
    monkeypatch.setattr(reconstruction, "BLOCK_FRAMES", frames)
    np.testing.assert_allclose(put(content, other, share, gain_db), whole, atol=1e-5)


@pytest.mark.parametrize("kind", ["silence", "click", "square", "loud", "first sample", "one sample"])
@pytest.mark.parametrize("other", ["silence", "beats", "square"])
def test_anything_is_finite_and_of_its_length(kind: str, other: str) -> None:
    size = 1 if kind == "one sample" else 20_000
    samples = np.zeros((2, size), np.float32)
    match kind:
        case "click":
            samples[:, 7_777] = 1.0
        case "square":
            samples[:] = np.sign(np.sin(np.arange(size) / 20))
        case "loud":
            samples[:] = 8.0 * np.random.default_rng(0).uniform(-1, 1, (2, size))
        case "first sample" | "one sample":
            samples[:, 0] = 1.0
    content = Clip(samples=samples, rate=44_100)
    sounds = {
        "silence": np.zeros((1, size), np.float32),
        "beats": beaten([Beat(0.0, KICK)], size / 44_100, 44_100).samples,
        "square": np.sign(np.sin(np.arange(size) / 9 + 0.1))[None].astype(np.float32),
    }
    made = put(content, Clip(samples=sounds[other], rate=44_100), 1.0, 12.0)
    assert made.shape == samples.shape
    assert np.isfinite(made).all()
    if kind == "silence":
        assert np.abs(made).max() < 1e-4
