"""Weights on disk that would not load, or would load as another model, are refused where they are added."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors.torch import load_file, save_file

from stylus_daw.engine.layouts.family import SD_1
from stylus_daw.engine.layouts.file_source import FileSource
from stylus_daw.engine.layouts.folder_source import FolderSource
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.layouts.layout import Kind, Layout
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.errors import CheckpointError
from tests.support.engine.original_layout import write_single_file
from tests.support.engine.tiny_stable_diffusion import make

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3438167536\n"
WHOLE = "diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("weights") / "tiny")


@pytest.fixture
def folder(tiny: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny, tmp_path / "model")


@pytest.fixture
def sharded(folder: Path) -> Path:
    """The UNet in shards, as diffusers writes them."""
    unet = UNet2DConditionModel.from_pretrained(str(folder / "unet"), low_cpu_mem_usage=False)
    (folder / "unet" / WHOLE).unlink()
    unet.save_pretrained(folder / "unet", max_shard_size="100KB", variant="fp16")
    return folder


def refused(path: Path, code: str, words: str) -> None:
    with pytest.raises(CheckpointError, match=words) as caught:
        identify(path)
    assert caught.value.code == code


def shards(folder: Path) -> list[Path]:
    return sorted((folder / "unet").glob("*-of-*.safetensors"))


def with_old_names(folder: Path) -> Path:
    """As older diffusers named them; gives the index."""
    index = folder / "unet" / "diffusion_pytorch_model.safetensors.index.fp16.json"
    text = index.read_text("utf-8")
    for shard in shards(folder):
        old = shard.name.replace(".fp16-", "-").replace(".safetensors", ".fp16.safetensors")
        text = text.replace(shard.name, old)
        shard.rename(shard.with_name(old))
    index.write_text(text, "utf-8")
    return index


def test_shards_of_either_name_load(sharded: Path) -> None:
    count = len(shards(sharded))
    assert count > 2
    assert sum(file.parent.name == "unet" for file in identify(sharded).weights) == count
    with_old_names(sharded)
    layout = identify(sharded)
    assert sum(file.name.endswith(".fp16.safetensors") for file in layout.weights) == count
    FolderSource(layout).unet(choose_device("cpu"))


def test_the_index_of_a_variant_that_is_not_there_does_no_harm(sharded: Path) -> None:
    index = sharded / "unet" / "diffusion_pytorch_model.safetensors.index.fp16.json"
    (sharded / "unet" / "diffusion_pytorch_model.safetensors.index.json").write_text(
        index.read_text("utf-8").replace(".fp16-", "-"), "utf-8"
    )
    assert len(identify(sharded).weights) > 2


def test_an_index_of_an_old_layout_says_its_new_name(sharded: Path) -> None:
    index = with_old_names(sharded)
    index.rename(index.with_name("diffusion_pytorch_model.safetensors.fp16.index.json"))
    refused(sharded, "checkpoint.old_index", r"Rename .*\.fp16\.index\.json to .*\.index\.fp16\.json")


def test_missing_shards_are_all_named(sharded: Path) -> None:
    gone = shards(sharded)[1:3]
    for shard in gone:
        shard.unlink()
    refused(sharded, "checkpoint.incomplete", f"lacks 2 of .*{gone[0].name}, {gone[1].name}")


def test_shards_without_their_index_are_refused(sharded: Path) -> None:
    (sharded / "unet" / "diffusion_pytorch_model.safetensors.index.fp16.json").unlink()
    refused(sharded, "checkpoint.incomplete", "lacks their index")


def test_a_shard_of_another_download_is_refused(sharded: Path) -> None:
    one, other = shards(sharded)[:2]
    other.write_bytes(one.read_bytes())
    refused(sharded, "checkpoint.incomplete", "not in their shards")


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_a_pointer_of_git_lfs_is_told_from_weights(part: str, folder: Path) -> None:
    next((folder / part).glob("*.safetensors")).write_bytes(POINTER)
    refused(folder, "checkpoint.lfs_pointer", "git lfs pull")


def test_a_part_that_was_cut_off_is_refused(folder: Path) -> None:
    weights = folder / "vae" / WHOLE
    weights.write_bytes(weights.read_bytes()[:-1])
    refused(folder, "checkpoint.broken", "not a complete safetensors")


@pytest.mark.parametrize(
    "name",
    [
        "model.diffusion_model.scaled_fp8",
        "model.diffusion_model.time_embed.0.scale_weight",
        "model.diffusion_model.middle_block.1.proj_in.weight_scale",
        "first_stage_model.decoder.conv_in.scale_weight",
        "cond_stage_model.transformer.text_model.encoder.layers.0.mlp.fc1.scale_weight",
        "model.diffusion_model.controls.gate",
    ],
)
def test_tensors_without_use_are_refused_by_name(name: str, folder: Path, tmp_path: Path) -> None:
    file = write_single_file(folder, tmp_path / "plain.safetensors", "sd-1.5")
    identify(file)
    save_file({**load_file(file), name: torch.ones(1)}, file)
    refused(file, "checkpoint.unused", name)


def test_scales_in_a_folder_are_refused_and_what_only_training_needed_is_not(folder: Path, tmp_path: Path) -> None:
    file = write_single_file(folder, tmp_path / "plain.safetensors", "sd-1.5")
    save_file({**load_file(file), "first_stage_model.loss.logvar": torch.ones(1)}, file)
    FileSource(identify(file, configs=folder)).vae()
    unet = folder / "unet" / WHOLE
    save_file({**load_file(unet), "conv_in.scale_weight": torch.ones(1)}, unet, {"format": "pt"})
    refused(folder, "checkpoint.unused", "conv_in.scale_weight")


@pytest.mark.parametrize("name", ["time_embed.9.weight", "input_blocks.1.0.extra.weight"])
def test_a_weight_that_has_no_place_is_refused_when_it_loads(name: str, folder: Path, tmp_path: Path) -> None:
    """Whether diffusers' translation drops it or passes it on."""
    file = write_single_file(folder, tmp_path / "more.safetensors", "sd-1.5")
    save_file({**load_file(file), f"model.diffusion_model.{name}": torch.ones(1)}, file)
    layout = Layout(path=file, kind=Kind.FILE, family=SD_1, weights=(file,), configs=folder)
    with pytest.raises(ValueError, match="no place"):
        FileSource(layout).unet(choose_device("cpu"))


def test_a_folder_s_weight_that_has_no_place_is_refused_when_it_loads(folder: Path) -> None:
    unet = folder / "unet" / WHOLE
    save_file({**load_file(unet), "conv_more.weight": torch.ones(1)}, unet, {"format": "pt"})
    with pytest.raises(ValueError, match=r"unexpected tensors.*conv_more"):
        FolderSource(identify(folder)).unet(choose_device("cpu"))
