"""The net that names drums, on drums that are made on the spot."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.engine.guide.templates.drums import BATCH, DRUMS, FRAMES, GROUPS, drums_of, hit_values
from stylus_daw.engine.guide.templates.hit_templates import Colour
from stylus_daw.engine.guide.templates.strokes import stroke
from stylus_daw.engine.image.values import GEOMETRY
from training.compose import CRASH, HAT, KICK, OPEN_HAT, RIDE, SNARE, TOMS
from training.kits.synthetic import draw_drum

RATE = 44_100
METAL = [DRUMS.index(name) for name in ("closed hat", "open hat", "cymbal")]


def drawn(drum: int, count: int) -> list[np.ndarray]:
    """That many hits of their own, as the guide cuts them out. Shape: ``[bands, any]`` each."""
    found = []
    for seed in range(count):
        sound = np.zeros((1, RATE), np.float32)
        sound[0, 4_410:] = draw_drum(drum, np.random.default_rng([drum, seed]), 0.9, RATE)
        power = np.asarray(10.0 ** (mel_image(Clip(samples=sound, rate=RATE), GEOMETRY) / 10.0), np.float32)
        found.append(stroke(power, 10, power.shape[1]))
    return found


@pytest.mark.parametrize(("drum", "name"), [(KICK, "kick"), (SNARE, "snare"), (TOMS[0], "tom"), (HAT, "closed hat")])
def test_drums_are_mostly_called_what_they_are(drum: int, name: str) -> None:
    sure = drums_of(drawn(drum, 16))
    named = [DRUMS[index] for index in sure.argmax(axis=1)]
    assert named.count(name) >= 10, named


@pytest.mark.parametrize("drum", [HAT, OPEN_HAT, RIDE, CRASH])
def test_metal_is_metal(drum: int) -> None:
    sure = drums_of(drawn(drum, 12))
    assert np.isin(sure.argmax(axis=1), METAL).sum() >= 9


def test_a_kick_and_a_hat_at_once_are_both() -> None:
    both = drums_of([kick + hat for kick, hat in zip(drawn(KICK, 12), drawn(HAT, 12), strict=True)])
    assert np.median(both[:, DRUMS.index("kick")]) > 0.5
    assert np.median(both[:, METAL].max(axis=1)) > 0.5


def test_level_changes_nothing() -> None:
    (hit,) = drawn(SNARE, 1)
    np.testing.assert_allclose(drums_of([hit, 1e-4 * hit, 1e4 * hit])[1:], drums_of([hit, hit]), atol=1e-3)


def test_no_hits_have_no_drums() -> None:
    assert drums_of([]).shape == (0, len(DRUMS))
    assert Colour.each([]) == []


@pytest.mark.parametrize("power", [0.0, 1e-30, 1e-12, 1.0, 1e30])
@pytest.mark.parametrize("frames", [1, 2, FRAMES, 200])
def test_anything_has_finite_values_and_drums(power: float, frames: int) -> None:
    images = [np.full((128, frames), power, np.float32)]
    values = hit_values(images)
    assert values.shape == (1, GROUPS, FRAMES)
    assert 0.0 <= values.min() <= values.max() <= 1.0
    sure = drums_of(images)
    assert ((sure >= 0.0) & (sure <= 1.0)).all()
    assert np.isfinite([Colour.each(images)[0].level_db, *Colour.each(images)[0].profile_db]).all()


def test_many_hits_at_once_are_each_alone() -> None:
    rng = np.random.default_rng(3)
    images = [rng.random((128, int(frames)), np.float32) ** 4 for frames in rng.integers(1, 40, BATCH + 3)]
    alone = np.concatenate([drums_of([image]) for image in images[-5:]])
    np.testing.assert_allclose(drums_of(images)[-5:], alone, atol=1e-5)
