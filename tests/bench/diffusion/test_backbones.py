"""The plain backbone trains, resumes, and renders as any checkpoint does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("librosa", "tinysoundfont")

from bench.diffusion import plain_backbone
from bench.diffusion.backbones import RowMatched
from bench.diffusion.plain_backbone import CODEC, Trainer, plain_checkpoint, train
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.progress import ignore
from stylus_daw.engine.request import StyleSettings


def shard(folder: Path, name: str, renders: int = 3) -> None:
    images = np.random.default_rng(0).integers(0, 255, (renders, GEOMETRY.bands, 160)).astype(np.uint8)
    nothing = np.zeros(renders, np.int64)
    np.savez(folder / name, images=images, pieces=nothing, voices=nothing, drums=nothing.astype(bool))


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(plain_backbone, "BATCH", 1)
    shard(tmp_path, "shard-000.npz")
    shard(tmp_path, "shard-001.npz")
    state = tmp_path / "state.pt"
    train(tmp_path, state, 1e-6)
    return state


def test_pixels_go_through_the_codec_unharmed() -> None:
    images = np.random.default_rng(0).uniform(-1, 1, (2, GEOMETRY.bands, 64)).astype(np.float32)
    np.testing.assert_allclose(CODEC.decode(CODEC.encode(images)), images, atol=1e-6)


def test_a_training_goes_on_where_it_stopped(trained: Path) -> None:
    before = Trainer()
    before.load(trained)
    train(trained.parent, trained, before.minutes + 1e-6)
    after = Trainer()
    after.load(trained)
    assert after.step == before.step + 1


def test_without_data_it_says_how_to_make_it(tmp_path: Path) -> None:
    shard(tmp_path, "shard-000.npz")  # held out
    with pytest.raises(FileNotFoundError, match=r"training\.dataset --out"):
        train(tmp_path, tmp_path / "state.pt", 1.0)


def test_it_renders_as_any_checkpoint_and_behind_row_matching(trained: Path) -> None:
    checkpoint = plain_checkpoint(trained)
    rng = np.random.default_rng(1)
    content, style = (rng.uniform(-1, 0, (GEOMETRY.bands, frames)).astype(np.float32) for frames in (150, 200))
    knobs = checkpoint.knobs(StyleSettings(steps=2))
    for model in (checkpoint, RowMatched(checkpoint)):
        (block,) = model.restyle_blocks(content, [(1.0, style)], knobs, ignore)
        assert block.shape == content.shape
        assert np.isfinite(block).all()
