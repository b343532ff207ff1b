"""The net that names drums: what it is trained on, its training, and what is shipped of it."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("torch", "tinysoundfont")

import torch

from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.guide.templates import drums
from stylus_daw.engine.guide.templates.drum_weights import SHAPES, drum_files, embedded_folder, load_weights
from stylus_daw.engine.guide.templates.drums import DRUMS, FRAMES, GROUPS, hit_values
from training.compose import HAT, KICK, RIDE, SNARE, TOMS, Note, Piece, Role
from training.drums import __main__ as command
from training.drums import learning, scenes, validation
from training.drums.learning import DrumNet, new_net, train
from training.drums.scenes import PLACES, RATE, SECONDS, Hits, make_shard, mel_power, random_piece, strokes_of
from training.drums.validation import accuracy, alike
from training.drums.weights import write_weights
from training.kits.hits import DRUMS as PITCHES
from training.kits.hits import HIT_S, Kit, Mixing, draw_kit, loop
from training.kits.synthetic import draw_drum
from training.recogniser import learning as steps


def kit(seed: int) -> Kit:
    rng = np.random.default_rng(seed)
    return {drum: draw_drum(drum, rng, HIT_S, RATE) for drum in PITCHES}


def random_hits(count: int = 300) -> Hits:
    rng = np.random.default_rng(4)
    values, which = rng.random((count, GROUPS, FRAMES), np.float32), rng.random((count, len(DRUMS))) < 0.3
    return Hits(values=values, drums=which.astype(np.float32))


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_numpy_runs_the_net_that_torch_trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    net = new_net().eval()
    write_weights(net, tmp_path, {})
    layers = load_weights(tmp_path)
    net.load_state_dict({name: torch.from_numpy(layer) for name, layer in layers.items()})
    monkeypatch.setattr(drums, "embedded_net", lambda: layers)
    rng = np.random.default_rng(1)
    images = [rng.random((128, int(frames)), np.float32) ** 6 for frames in rng.integers(1, 40, 30)]
    np.testing.assert_allclose(drums.drums_of(images), validation.probabilities(net, images), atol=1e-3)


def test_the_shipped_net_is_one_of_those() -> None:
    net = DrumNet().eval()
    assert {name: tuple(layer.shape) for name, layer in net.state_dict().items()} == SHAPES
    net.load_state_dict({name: torch.from_numpy(layer) for name, layer in load_weights(embedded_folder()).items()})
    images = [np.random.default_rng(2).random((128, 20), np.float32) ** 6]
    np.testing.assert_allclose(drums.drums_of(images), validation.probabilities(net, images), atol=1e-3)


def test_weights_and_card_fit_each_other(tmp_path: Path) -> None:
    write_weights(new_net(), tmp_path / "new", {"steps": 7})
    config, weights = drum_files(tmp_path / "new")
    told = json.loads(config.read_text("utf-8"))
    assert told["sha256"] == sha256_of_files([weights])
    assert told["training"] == {"steps": 7}
    assert told["parameters"] == sum(layer.size for layer in load_weights(tmp_path / "new").values())
    assert {path.name for path in (tmp_path / "new").iterdir()} == {config.name, weights.name}


def test_random_pieces_lie_within_their_loop_and_use_their_drums() -> None:
    for seed in range(20):
        piece = random_piece(np.random.default_rng(seed), [KICK, HAT])
        assert {note.pitch for note in piece.drums} <= {KICK, HAT}
        starts = sorted({note.start_s for note in piece.drums})
        assert 0.0 < starts[0] <= starts[-1] < SECONDS - 0.1
        assert np.diff(starts).min() > 0.08
        moments = [(note.start_s, note.pitch) for note in piece.drums]
        assert len(moments) == len(set(moments))


def written(*notes: tuple[float, int]) -> Piece:
    made = tuple(Note(start_s=start, seconds=0.1, pitch=pitch, velocity=100) for start, pitch in notes)
    return Piece(role=Role.DRUMS, notes=(), drums=made, seconds=SECONDS)


@pytest.mark.parametrize("late", [[0], [1], [-1, 1]])
def test_each_stroke_has_the_drums_that_are_written_there(late: list[int]) -> None:
    piece = written((0.5, KICK), (0.5, HAT), (1.0, SNARE), (1.6, TOMS[0]), (1.6, RIDE), (1.6, KICK))
    images, named = strokes_of(mel_power(loop(kit(1), piece, SECONDS, RATE)), piece, late)
    labels = [{DRUMS[i] for i in np.flatnonzero(row)} for row in named]
    assert labels == [{"kick", "closed hat"}, {"snare"}, {"tom", "cymbal", "kick"}]
    assert all(image[:, : FRAMES // 2].sum() > 0.0 for image in images)


def test_every_drum_has_a_place() -> None:
    assert set(PLACES) == set(PITCHES)
    assert set(PLACES.values()) == set(range(len(DRUMS)))


def test_kits_are_mixed_as_they_are_told() -> None:
    sources = [kit(1), kit(2)]
    own = draw_kit(sources, np.random.default_rng(0), RATE, Mixing(borrowed=0.0, made=0.0, altered=0.0))
    assert any(all(own[drum] is source[drum] for drum in PITCHES) for source in sources)
    both = draw_kit(sources, np.random.default_rng(0), RATE, Mixing(borrowed=1.0, made=0.0, altered=0.0))
    assert {next(i for i, s in enumerate(sources) if both[d] is s[d]) for d in PITCHES} == {0, 1}
    made = draw_kit(sources, np.random.default_rng(0), RATE, Mixing(borrowed=0.0, made=1.0, altered=0.0))
    assert not any(made[drum] is source[drum] for drum in PITCHES for source in sources)


def test_a_shard_is_made_once_and_the_same_every_time(tmp_path: Path) -> None:
    paths = [make_shard([kit(1), kit(2)], tmp_path / f"{name}.npz", seed=3, loops=2) for name in "ab"]
    one, other = (scenes.load([path]) for path in paths)
    np.testing.assert_array_equal(one.values, other.values)
    assert one.values.shape == (len(one.drums), GROUPS, FRAMES)
    assert ((one.values >= 0) & (one.values <= 1)).all()
    assert (one.drums.sum(axis=1) >= 1).all()
    before = paths[0].read_bytes()
    make_shard([kit(5)], paths[0], seed=9, loops=1)
    assert paths[0].read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "b.npz"]


def test_training_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SAVE_EVERY", 2)
    monkeypatch.setattr(learning, "BATCH", 16)
    hits, whole, stopped = random_hits(), new_net(), new_net()
    train(hits, whole, tmp_path / "whole.pt", 6)

    class Stopped(Exception):
        pass

    def learn(net, optimiser, hits, step, learn=learning._learn):
        if step == 5:
            raise Stopped
        return learn(net, optimiser, hits, step)

    with monkeypatch.context() as patched:
        patched.setattr(learning, "_learn", learn)
        with pytest.raises(Stopped):
            train(hits, stopped, tmp_path / "state.pt", 6)
    again = DrumNet()
    train(hits, again, tmp_path / "state.pt", 6)
    for name, layer in whole.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], layer)


def test_a_net_learns_to_tell_two_drums_apart() -> None:
    rng, images, named = np.random.default_rng(6), [], []
    for _ in range(24):
        for place, drum in enumerate((KICK, HAT)):
            piece = written((0.2, drum))
            sound = loop({drum: draw_drum(drum, rng, HIT_S, RATE)}, piece, 1.0, RATE)
            own, _ = strokes_of(mel_power(sound), piece, [0])
            images += own
            named.append(np.eye(len(DRUMS), dtype=np.float32)[3 * place])
    net, hits = new_net(), Hits(values=hit_values(images[8:]), drums=np.array(named[8:]))
    optimiser = torch.optim.AdamW(net.parameters(), 2e-3)
    for step in range(12):
        learning._learn(net.train(), optimiser, hits, step)
    sure = validation.probabilities(net, images[:8])
    assert (sure.argmax(axis=1) == np.array(named[:8]).argmax(axis=1)).all()


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command on two synthetic kits and little of everything; what it is called with."""
    monkeypatch.setattr(command, "make_shards", shards_here)
    monkeypatch.setattr(command, "unseen_kits", lambda: [kit(8), kit(9)])
    monkeypatch.setattr(validation, "LOOPS_PER_KIT", 2)
    monkeypatch.setattr(validation, "PAIRS", 2)
    monkeypatch.setattr(learning, "BATCH", 16)
    monkeypatch.setattr(steps, "SAVE_EVERY", 1)
    return ["drums", "--run", str(tmp_path / "run"), "--out", str(tmp_path / "out"), "--steps", "3", "--shards", "1"]


def shards_here(folder: Path, shards: int, jobs: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    return [make_shard([kit(1)], folder / f"hits-{number:03d}.npz", number, loops=2) for number in range(shards)]


def test_one_command_makes_weights_and_card_and_says_how_well_it_hears(
    tmp_path: Path, small: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", small)
    command.main()
    card = json.loads((tmp_path / "out" / "config.json").read_text("utf-8"))
    assert load_weights(tmp_path / "out").keys() == SHAPES.keys()
    assert card["training"]["steps"] == 3
    assert card["training"]["hits"] == len(scenes.load([tmp_path / "run" / "hits-000.npz"]).values)
    (unseen,) = card["training"]["unseen"].values()
    assert unseen["drums"].keys() == set(DRUMS)
    assert all(0.0 <= figure <= 1.0 for figures in unseen["drums"].values() for figure in figures.values())
    assert 0.0 <= unseen["alike"]["colour"] <= unseen["alike"]["best"] <= 1.0
    assert '"steps": 3' in capsys.readouterr().out


def killed(arguments: list[str], state: Path) -> None:
    """Trains until the first step is saved, and dies at once."""
    torch.set_num_threads(1)
    learning.BATCH, steps.SAVE_EVERY = 16, 1
    command.make_shards, sys.argv = shards_here, arguments
    save = steps.save

    def last(*told: object) -> None:
        save(*told)  # pyright: ignore[reportArgumentType]
        os._exit(9)

    steps.save = last
    command.main()


@pytest.mark.slow
def test_a_training_that_was_killed_ends_with_the_weights_of_one_that_was_not(
    tmp_path: Path, small: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "run" / "net.pt"
    child = multiprocessing.get_context("spawn").Process(target=killed, args=(small, state))
    child.start()
    child.join(60)
    assert child.exitcode == 9
    assert torch.load(state, weights_only=True)["step"] == 1
    assert not (tmp_path / "out").exists()
    monkeypatch.setattr(sys, "argv", small)
    command.main()
    resumed = load_weights(tmp_path / "out")
    state.unlink()
    command.main()
    for name, layer in load_weights(tmp_path / "out").items():
        np.testing.assert_allclose(resumed[name], layer, atol=1e-4)


def test_accuracy_and_likeness_are_shares() -> None:
    net = DrumNet()
    net.load_state_dict({name: torch.from_numpy(layer) for name, layer in load_weights(embedded_folder()).items()})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(validation, "LOOPS_PER_KIT", 3)
        patched.setattr(validation, "PAIRS", 4)
        heard, figures = accuracy(net, [kit(11), kit(12)]), alike(net, [kit(11), kit(12)])
    assert heard["kick"]["auc"] > 0.8
    assert heard["snare"]["auc"] > 0.8
    assert figures["net"] <= figures["best"]
