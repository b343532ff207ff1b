"""Weights lie at multiples of 64 bytes, however their file holds them: so two files of one model give the same bits."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.lora import attach
from stylus_daw.engine.diffusion.stable_diffusion import load_stable_diffusion
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.layouts.source import source_of
from stylus_daw.engine.machine.aligned import ALIGNMENT, align_weights, aligned, aligned_tensor
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.mini.with_net import NetCheckpoint
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.engine.style_cache import StyleCache
from tests.support.engine.cache_hammer import SHAPE
from tests.support.engine.original_layout import write_single_file
from training.export import TRAINED


def offsets(tensors: Iterable[torch.Tensor | None]) -> set[int]:
    """How far behind a multiple of 64 bytes they lie."""
    return {tensor.data_ptr() % ALIGNMENT for tensor in tensors if tensor is not None}


def weights(model: nn.Module) -> list[torch.Tensor]:
    return [*model.parameters(), *model.buffers()]


def test_what_is_aligned_is_not_copied_and_what_is_not_keeps_its_numbers() -> None:
    whole = torch.arange(64.0)
    assert aligned(whole) is whole
    shifted = whole[3:]
    assert offsets([shifted]) == {12}
    assert offsets([aligned(shifted)]) == {0}
    assert torch.equal(aligned(shifted), shifted)
    assert offsets(aligned_tensor(np.arange(70, dtype=np.float32)[at:]) for at in range(16)) == {0}


def test_a_model_keeps_its_weights_its_ties_and_their_layout() -> None:
    model = nn.Sequential(nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6), nn.Conv2d(4, 6, 3))
    model[2].weight = model[0].weight
    for one in model.parameters():
        one.data = torch.cat([torch.zeros(1), one.detach().flatten()])[1:].view(one.shape)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    assert offsets(model.parameters()) == {4}
    assert align_weights(model) is model
    assert offsets(weights(model)) == {0}
    assert model[2].weight is model[0].weight
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())


@pytest.fixture(scope="module", params=["folder", "file"])
def checkpoint(request: pytest.FixtureRequest, tiny_sd_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "folder":
        return tiny_sd_folder
    file = tmp_path_factory.mktemp("file") / "tiny.safetensors"
    return write_single_file(tiny_sd_folder, file, "sd-1.5", {"any": "header"})


def test_every_part_of_a_stable_diffusion_is_aligned(checkpoint: Path, tiny_sd_folder: Path) -> None:
    file = checkpoint if checkpoint.is_file() else next((checkpoint / "unet").glob("*.safetensors"))
    assert offsets(load_file(file).values()) != {0}, "the file itself is aligned: this test shows nothing"
    layout = identify(checkpoint, configs=None if checkpoint.is_dir() else tiny_sd_folder)
    found = load_stable_diffusion(layout, choose_device("cpu"), name="tiny", sha256="")
    for part in (found.unet, found.codec.vae, source_of(layout).text_encoder("text_encoder")):
        assert offsets(weights(part)) == {0}, type(part).__name__


def test_a_net_of_ones_own_is_aligned() -> None:
    mini = open_checkpoint(str(TRAINED), "cpu")
    assert isinstance(mini, NetCheckpoint)
    assert offsets(weights(mini.net)) == {0}


def test_a_lora_is_aligned(tiny_sd_folder: Path, tmp_path: Path) -> None:
    checkpoint = open_checkpoint(str(tiny_sd_folder), choose_device("cpu"))
    assert isinstance(checkpoint, DiffusionCheckpoint)
    unet = checkpoint.unet
    place = "mid_block.attentions.0.proj_in"
    wide, rank = unet.get_submodule(place).weight.shape[0], 3  # type: ignore[union-attr, index]
    halves = {"lora_A": torch.ones(rank, wide, 1, 1), "lora_B": torch.ones(wide, rank, 1, 1)}
    file = tmp_path / "lora.safetensors"
    save_file({f"unet.{place}.{half}.weight": tensor for half, tensor in halves.items()}, file)
    assert offsets(load_file(file).values()) != {0}
    assert offsets(attach(unet, file).tensors) == {0}


def test_a_style_that_was_kept_on_disk_is_aligned(tmp_path: Path) -> None:
    cache = StyleCache(tmp_path)
    for number in range(8):
        cache.put("a" * number, torch.randn(SHAPE))
    assert offsets(cache.get("a" * number) for number in range(8)) == {0}
