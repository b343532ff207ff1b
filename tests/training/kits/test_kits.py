"""What the judges of kits are trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("tinysoundfont", "torch")

from training.compose import KICK, Note, Piece, Role
from training.kits.hits import DRUMS, HIT_S, Kit, altered, completed, correlation, different, draw_kit, loop
from training.kits.learning import _two_of_each, accuracy, new_judge, train, weathered
from training.kits.loops import KITS_PER_GROUP, PATTERNS, make_group
from training.kits.synthetic import draw_drum
from training.recogniser.clips import FRAMES, Clips, load
from training.recogniser.image import window_values

RATE = 44_100


def kit(seed: int) -> Kit:
    rng = np.random.default_rng(seed)
    return {drum: draw_drum(drum, rng, HIT_S, RATE) for drum in DRUMS}


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    folder = tmp_path_factory.mktemp("groups")
    return load([make_group([kit(1), kit(2)], folder / "group.npz", 1)])


@pytest.mark.parametrize("drum", DRUMS)
def test_a_synthetic_drum_sounds_and_ends(drum: int) -> None:
    hit = draw_drum(drum, np.random.default_rng(3), 3 * HIT_S, RATE)
    assert np.isfinite(hit).all()
    assert np.abs(hit).max() > 0.01
    assert np.abs(hit[-RATE // 10 :]).max() < 0.2 * np.abs(hit).max()


def test_the_same_sample_is_known_at_another_level_and_place() -> None:
    one, other = kit(1)[KICK], kit(2)[KICK]
    assert correlation(one, -0.2 * np.roll(one, 100)) > 0.95
    assert correlation(one, other) < 0.9


def test_a_kit_that_shares_its_samples_is_left_out() -> None:
    louder = {drum: 2 * hit for drum, hit in kit(1).items()}
    assert len(different([kit(1), kit(2), louder])) == 2


def test_a_loop_has_its_hits_where_they_are_written() -> None:
    note = Note(start_s=0.5, seconds=0.1, pitch=KICK, velocity=100)
    sound = loop(kit(1), Piece(role=Role.DRUMS, notes=(), drums=(note,), seconds=1), 1.0, RATE)
    assert np.abs(sound[: RATE // 2]).max() == 0
    np.testing.assert_array_equal(sound[RATE // 2 :], kit(1)[KICK][: RATE // 2])


def test_an_altered_hit_is_another_one_of_the_same_length() -> None:
    hit = kit(1)[KICK]
    changed = altered(hit, np.random.default_rng(4), RATE)
    assert changed.shape == hit.shape
    assert not np.array_equal(changed, hit)


def test_every_kit_has_every_drum() -> None:
    lacking = {drum: hit for drum, hit in kit(1).items() if drum != KICK}
    rng = np.random.default_rng(5)
    assert set(completed(lacking, rng, RATE)) == set(draw_kit([lacking], rng, RATE)) == set(DRUMS)


def test_all_kits_of_a_group_play_the_same_patterns(group: Clips) -> None:
    assert group.images.shape == (KITS_PER_GROUP * PATTERNS, 128, FRAMES)
    assert np.bincount(group.programs).tolist() == [PATTERNS] * KITS_PER_GROUP


def test_a_finished_group_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "group.npz"
    path.write_bytes(b"finished")
    assert make_group([kit(1)], path, 1).read_bytes() == b"finished"


def test_a_step_hears_two_patterns_by_each_kit(group: Clips) -> None:
    marked = Clips(
        images=np.broadcast_to(np.arange(64, dtype=np.uint8)[:, None, None], (64, 128, FRAMES)), programs=group.programs
    )
    windows = _two_of_each(marked, np.random.default_rng(6), 0.0)
    assert windows.shape == (2 * KITS_PER_GROUP, 128, 100)


def test_weather_leaves_a_window_its_level_and_range() -> None:
    rng = np.random.default_rng(7)
    window = window_values(rng.uniform(-70, 0, (128, 100)).astype(np.float32))
    for _ in range(5):
        changed = weathered(window, rng)
        assert changed.shape == window.shape
        assert 0 <= changed.min() <= changed.max() <= 1
        assert changed.std() < window.std() + 0.05


def test_a_training_that_was_interrupted_goes_on(group: Clips, tmp_path: Path) -> None:
    whole, parts = new_judge(), new_judge()
    parts.load_state_dict(whole.state_dict())
    train([group, group], whole, tmp_path / "whole.pt", 2)
    train([group, group], parts, tmp_path / "parts.pt", 2)
    again = new_judge()
    train([group, group], again, tmp_path / "parts.pt", 2)
    for name, value in parts.state_dict().items():
        np.testing.assert_array_equal(again.state_dict()[name].numpy(), value.numpy())


def test_accuracy_is_a_share_of_cases(group: Clips) -> None:
    few = Clips(images=group.images[: 3 * PATTERNS], programs=group.programs[: 3 * PATTERNS])
    figures = accuracy(new_judge().eval(), few)
    assert figures["loops"] == 3 * PATTERNS
    assert 0 <= figures["one_of_two"] <= 1
