"""The LCM-LoRA: read strictly, on only where it is wanted, registered like a model."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.lora import attach
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.local import LocalEngine
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.library import ModelLibrary, RegisteredModel
from stylus_daw.engine.shelf.registry import lora_file, open_checkpoint
from stylus_daw.engine.transfer import stylize
from stylus_daw.errors import CheckpointError, RequestError
from tests.support.engine.sounds import tone

pytestmark = pytest.mark.usefixtures("one_thread")

RANK = 2
PLACES = (
    "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q",
    "mid_block.attentions.0.proj_in",
    "up_blocks.1.resnets.0.conv1",
)


@pytest.fixture
def checkpoint(tiny_sd_folder: Path) -> DiffusionCheckpoint:
    loaded = open_checkpoint(str(tiny_sd_folder), choose_device("cpu"))
    assert isinstance(loaded, DiffusionCheckpoint)
    loaded.styles = None
    return loaded


def names(place: str, layout: str) -> tuple[str, str]:
    """What kohya and diffusers call the halves."""
    if layout == "kohya":
        flat = f"lora_unet_{place.replace('.', '_')}"
        return f"{flat}.lora_down.weight", f"{flat}.lora_up.weight"
    return f"unet.{place}.lora_A.weight", f"unet.{place}.lora_B.weight"


def tensors(unet: torch.nn.Module, layout: str) -> dict[str, torch.Tensor]:
    """A random LoRA for two linear layers and a convolution."""
    generator, made = torch.Generator().manual_seed(0), {}
    for place in PLACES:
        weight: torch.Tensor = unet.get_submodule(place).weight  # type: ignore[assignment]
        down, up = names(place, layout)
        made[down] = torch.randn(RANK, *weight.shape[1:], generator=generator)
        made[up] = torch.randn(weight.shape[0], RANK, *[1] * (weight.dim() - 2), generator=generator)
        if layout == "kohya":
            made[down.replace("lora_down.weight", "alpha")] = torch.tensor(float(RANK))
    return made


def written(path: Path, content: dict[str, torch.Tensor]) -> Path:
    save_file({name: tensor.contiguous() for name, tensor in content.items()}, path)
    return path


@pytest.mark.parametrize("layout", ["kohya", "diffusers"])
def test_on_it_is_the_merged_weights_and_off_it_is_nothing(
    checkpoint: DiffusionCheckpoint, layout: str, tmp_path: Path
) -> None:
    unet, content = checkpoint.unet, tensors(checkpoint.unet, layout)
    latent = torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(3))
    arguments = checkpoint.condition.arguments(1)
    with torch.inference_mode():
        plain = unet(latent, 500, **arguments).sample
        lora = attach(unet, written(tmp_path / "lora.safetensors", content))
        with lora.on():
            adapted = unet(latent, 500, **arguments).sample
        torch.testing.assert_close(unet(latent, 500, **arguments).sample, plain, rtol=0, atol=0)
        for name in PLACES:
            down, up = (content[key] for key in names(name, layout))
            weight = unet.get_submodule(name).weight
            weight += (up.flatten(1) @ down.flatten(1)).view_as(weight)  # type: ignore[operator]
        torch.testing.assert_close(adapted, unet(latent, 500, **arguments).sample, rtol=1e-3, atol=1e-4)
    assert lora.size == 3
    assert not torch.allclose(adapted, plain)


def test_a_lora_of_another_model_is_refused(checkpoint: DiffusionCheckpoint, tmp_path: Path) -> None:
    content = tensors(checkpoint.unet, "kohya")
    stranger = written(tmp_path / "a.safetensors", {**content, "lora_te_text_model.lora_up.weight": torch.ones(2, 2)})
    with pytest.raises(CheckpointError, match="lora_te") as caught:
        attach(checkpoint.unet, stranger)
    assert caught.value.code == "lora.misfit"
    key = next(key for key in content if key.endswith("lora_up.weight"))
    for wrong in ({**content, key: torch.ones(3, RANK)}, {k: v for k, v in content.items() if k != key}):
        with pytest.raises(CheckpointError, match="another model"):
            attach(checkpoint.unet, written(tmp_path / "b.safetensors", wrong))
    (tmp_path / "c.safetensors").write_bytes(b"no safetensors")
    with pytest.raises(CheckpointError, match="cannot be read"):
        attach(checkpoint.unet, tmp_path / "c.safetensors")


def test_the_sampler_lcm_uses_the_registered_lora_and_the_seed(checkpoint: DiffusionCheckpoint, tmp_path: Path) -> None:
    library = ModelLibrary(tmp_path / "home")
    checkpoint.find_lora = lambda: lora_file(library)

    def restyled(seed: int) -> np.ndarray:
        settings = StyleSettings(sampler="lcm", seed=seed)  # type: ignore[arg-type]
        styles = (WeightedStyle(clip=tone(330, 0.4)),)
        return stylize(StyleRequest(content=tone(220, 1.2), styles=styles, settings=settings), checkpoint).samples

    with pytest.raises(RequestError, match="models add lcm") as caught:
        restyled(1)
    assert caught.value.code == "sampler.no_lora"
    path = written(tmp_path / "my-lcm.safetensors", tensors(checkpoint.unet, "kohya"))
    library.add(RegisteredModel(name="lcm", path=str(path)))
    assert lora_file(library) == path
    first, same, other = restyled(1), restyled(1), restyled(2)
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)
    with pytest.raises(CheckpointError, match="sampler lcm"):
        open_checkpoint("lcm", choose_device("cpu"), library)


def test_a_stem_can_tell_precision_switches_and_lora(
    tiny_sd_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STYLUS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STYLUS_PRECISION", "fp32")
    monkeypatch.setenv("STYLUS_JOIN", "latents")
    engine = LocalEngine()
    checkpoint = engine.checkpoint(str(tiny_sd_folder), "cpu")
    assert isinstance(checkpoint, DiffusionCheckpoint)
    path = written(tmp_path / "my-lcm.safetensors", tensors(checkpoint.unet, "kohya"))
    checkpoint.find_lora = lambda: path
    settings = StyleSettings(sampler="lcm", steps=1, checkpoint=str(tiny_sd_folder))  # type: ignore[arg-type]
    styles = (WeightedStyle(clip=tone(330, 0.4)),)
    engine.stylize(StyleRequest(content=tone(220, 0.4), styles=styles, settings=settings), "cpu")
    told = {"device": "cpu", "precision": "float32", "join": "latents"}
    assert engine.circumstances(settings, "cpu") == {**told, "lora_sha256": sha256_of_files([path])}
    assert engine.circumstances(replace(settings, sampler=None), "cpu") == told
