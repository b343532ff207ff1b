"""Every family, as a folder and as a single file, tiny and random, through the whole method; full sizes on meta."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.loaders.single_file_utils import CHECKPOINT_KEY_NAMES
from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.spectrogram import MelScale
from stylus_daw.engine.attention import install
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint, mel_geometry
from stylus_daw.engine.diffusion.injected_layers import decoder_resolutions, injected_layers
from stylus_daw.engine.diffusion.stable_diffusion import load_stable_diffusion
from stylus_daw.engine.layouts.family import FAMILIES, LCM_LORA, MINI
from stylus_daw.engine.layouts.file_source import FileSource
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.layouts.layout import Kind, Layout, read_config
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.transfer import stylize
from stylus_daw.errors import CheckpointError
from tests.support.engine.original_layout import text_tensors, unet_names, vae_tensors, write_single_file
from tests.support.engine.sounds import tone
from tests.support.engine.tiny_stable_diffusion import make

pytestmark = pytest.mark.usefixtures("one_thread")

DIFFUSION = [family for family in FAMILIES if family not in {MINI.id, LCM_LORA.id}]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("families")
    return {family: make(root / f"tiny-{family}", family) for family in DIFFUSION}


@pytest.fixture(scope="module")
def files(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Named as their authors do: 2.x tells its prediction by the number of pixels."""
    root = tmp_path_factory.mktemp("files")
    mark = {"sd-2.1": "-768", "sd-2.1-base": "-512"}
    return {
        family: write_single_file(folders[family], root / f"tiny-{family}{mark.get(family, '')}.safetensors", family)
        for family in DIFFUSION
    }


def loaded(path: Path, configs: Path | None = None) -> DiffusionCheckpoint:
    layout = identify(path, configs=configs)
    return load_stable_diffusion(layout, choose_device("cpu"), name=path.name, sha256="")


def restyled(checkpoint: DiffusionCheckpoint, **settings: object) -> Clip:
    styles = (WeightedStyle(clip=tone(330, 0.4)),)
    chosen = StyleSettings(steps=2, **settings)  # type: ignore[arg-type]
    return stylize(StyleRequest(content=tone(220, 0.4), styles=styles, settings=chosen), checkpoint)


@pytest.mark.parametrize("family", DIFFUSION)
def test_a_folder_and_a_single_file_are_the_same_model(
    family: str, folders: dict[str, Path], files: dict[str, Path]
) -> None:
    folder, file = identify(folders[family]), identify(files[family])
    assert (folder.family.id, folder.kind) == (family, Kind.FOLDER)
    assert (file.family.id, file.kind) == (family, Kind.FILE)
    outs = [restyled(loaded(folders[family])), restyled(loaded(files[family], configs=folders[family]))]
    np.testing.assert_array_equal(outs[0].samples, outs[1].samples)
    assert outs[0].samples.shape == tone(220, 0.4).samples.shape
    assert not np.array_equal(outs[0].samples, tone(220, 0.4).samples)


@pytest.mark.parametrize("family", ["sd-2.1", "sdxl"])
def test_every_knob_reaches_every_family(family: str, folders: dict[str, Path]) -> None:
    checkpoint = loaded(folders[family])
    plain = restyled(checkpoint).samples
    for knob in ({"strength": 1.6}, {"structure": 0.0}, {"sharpness": 3.0}, {"start": 0.3}):
        assert not np.array_equal(restyled(checkpoint, **knob).samples, plain), knob


def test_what_the_network_predicts_is_the_checkpoint_s_own(folders: dict[str, Path]) -> None:
    assert loaded(folders["sd-2.1"]).schedule.prediction == "v_prediction"
    assert loaded(folders["sd-2.1-base"]).schedule.prediction == "epsilon"


def test_xl_base_hears_zeros_for_no_text_and_needs_no_text_encoder(folders: dict[str, Path]) -> None:
    condition = loaded(folders["sdxl"]).condition
    assert condition.hidden.shape == (1, 77, 32)
    assert not condition.hidden.any()
    assert condition.added["time_ids"].tolist() == [[64, 64, 0, 0, 64, 64]]
    assert condition.added["text_embeds"].shape == (1, 16)
    assert all("text_encoder" not in str(file) for file in identify(folders["sdxl"]).weights)


def test_an_xl_that_was_trained_with_empty_texts_is_given_both_encoders(tmp_path: Path) -> None:
    folder = make(tmp_path / "xl", "sdxl", force_zeros_for_empty_prompt=False)
    file = write_single_file(folder, tmp_path / "xl.safetensors", "sdxl")
    one, other = loaded(folder).condition, loaded(file, configs=folder).condition
    assert one.hidden.any()
    assert torch.equal(one.hidden, other.hidden)
    assert torch.equal(one.added["text_embeds"], other.added["text_embeds"])


def test_riffusion_sees_loud_as_dark_and_low_at_the_bottom(folders: dict[str, Path]) -> None:
    riffusion, plain = loaded(folders["riffusion"]), loaded(folders["sd-1.5"])
    decibels = np.array([[0.0, -20.0, -60.0]], np.float32)
    values = riffusion.curve.to_values(decibels, 0.0)
    np.testing.assert_allclose(values, -plain.curve.to_values(decibels, 0.0))
    np.testing.assert_allclose(riffusion.curve.to_decibels(values), decibels, atol=1e-3)
    rows = np.linspace(-1, 1, 64, dtype=np.float32)[None, :, None].repeat(64, 2)
    with torch.inference_mode():
        torch.testing.assert_close(riffusion.codec.encode(rows), plain.codec.encode(rows[:, ::-1]))


def test_the_image_of_riffusion_has_the_geometry_of_its_public_code() -> None:
    geometry = mel_geometry(512)
    assert (geometry.hop_ms, geometry.window_ms, geometry.fft_ms, geometry.bands) == (10, 100, 400, 512)
    assert (geometry.low_hz, geometry.high_hz, geometry.scale) == (0.0, 10_000.0, MelScale.HTK)


@pytest.mark.parametrize("side", [512, 768, 1024])
def test_no_band_falls_between_two_bins(side: int) -> None:
    filters = mel_geometry(side).at(48_000).filters()
    assert filters.shape[0] == side
    assert filters.sum(axis=1).min() > 0.1


# Trainable numbers as published, in the order UNet, VAE, text encoders. The layers per side of the latent.
FULL = {
    "sd-1.5": ((859_520_964, 83_653_863, 123_060_480), {32: 3, 64: 3}),
    "riffusion": ((859_520_964, 83_653_863, 123_060_480), {32: 3, 64: 3}),
    "sd-2.1-base": ((865_910_724, 83_653_863, 340_387_840), {32: 3, 64: 3}),
    "sd-2.1": ((865_910_724, 83_653_863, 340_387_840), {48: 3, 96: 3}),
    "sdxl": ((2_567_463_684, 83_653_863, 123_060_480, 694_659_840), {32: 30, 64: 6}),
}


@pytest.mark.parametrize("family", ["sd-1.5", "sd-2.1-base", "sd-2.1", "sdxl"])
def test_full_size_has_the_published_size_and_takes_the_swap_where_it_should(family: str) -> None:
    parameters, layers = FULL[family]
    facts = FAMILIES[family].facts
    with torch.device("meta"):
        unet = UNet2DConditionModel.from_config(read_config(facts / "unet" / "config.json"))
        vae = AutoencoderKL.from_config(read_config(facts / "vae" / "config.json"))
        texts = {path.parent.name: _text_encoder(path) for path in sorted(facts.glob("text_encoder*/config.json"))}
    models = (unet, vae, *texts.values())
    assert tuple(sum(p.numel() for p in model.parameters()) for model in models) == parameters
    sides = decoder_resolutions(unet)
    injected = install(unet, injected_layers(unet)).layers
    assert Counter(sides[".".join(layer.split(".")[:2])] for layer in injected) == layers
    assert all(layer.endswith("attn1") for layer in injected)


@pytest.mark.parametrize("family", ["sd-1.5", "sd-2.1", "sdxl"])
def test_full_size_single_files_are_read_whole(family: str) -> None:
    facts = FAMILIES[family].facts
    with torch.device("meta"):
        unet = UNet2DConditionModel.from_config(read_config(facts / "unet" / "config.json"))
        vae = AutoencoderKL.from_config(read_config(facts / "vae" / "config.json"))
        texts = {path.parent.name: _text_encoder(path) for path in sorted(facts.glob("text_encoder*/config.json"))}
    names = {f"model.diffusion_model.{old}" for old in unet_names(unet.state_dict()).values()}
    names |= {f"first_stage_model.{name}" for name in vae_tensors(vae.state_dict())}
    names |= set(text_tensors({name: model.state_dict() for name, model in texts.items()}, family))
    known = {"sd-1.5": "v1 clip", "sd-2.1": "v2 open_clip", "sdxl": "clip_sdxl open_clip_sdxl xl_base"}[family]
    assert {CHECKPOINT_KEY_NAMES[key] for key in known.split()} <= names
    weights = unet.state_dict()
    tensors = {f"model.diffusion_model.{old}": weights[new] for new, old in unet_names(weights).items()}
    tensors |= {f"first_stage_model.{name}": tensor for name, tensor in vae_tensors(vae.state_dict()).items()}
    source = MetaSource(family, tensors)
    assert _shapes(source.unet(choose_device("cpu"))) == _shapes(unet)
    assert _shapes(source.vae()) == _shapes(vae)


class MetaSource(FileSource):
    """A single file of full size that has shapes only."""

    def __init__(self, family: str, tensors: dict[str, torch.Tensor]) -> None:
        super().__init__(identify_like(family))
        self._all = tensors

    def _tensors(self, prefix: str) -> dict[str, torch.Tensor]:
        return {name: tensor for name, tensor in self._all.items() if name.startswith(prefix)}


def _shapes(model: torch.nn.Module) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in model.state_dict().items()}


def _text_encoder(config: Path) -> torch.nn.Module:
    kind = CLIPTextModelWithProjection if config.parent.name == "text_encoder_2" else CLIPTextModel
    return kind(CLIPTextConfig.from_dict(read_config(config)))


def test_a_single_file_that_lacks_a_tensor_is_refused_by_name(folders: dict[str, Path], tmp_path: Path) -> None:
    whole = write_single_file(folders["sd-1.5"], tmp_path / "whole.safetensors", "sd-1.5")
    tensors = load_file(whole)
    del tensors["model.diffusion_model.middle_block.0.in_layers.0.weight"]
    save_file(tensors, tmp_path / "partly.safetensors")
    with pytest.raises(CheckpointError, match=r"mid_block\.resnets\.0\.norm1\.weight") as caught:
        loaded(tmp_path / "partly.safetensors", configs=folders["sd-1.5"])
    assert caught.value.code == "checkpoint.broken"


def test_a_single_file_of_another_size_than_its_family_is_refused(files: dict[str, Path]) -> None:
    with pytest.raises(CheckpointError, match="Stable Diffusion 1") as caught:
        loaded(files["sd-1.5"])
    assert caught.value.code == "checkpoint.broken"


def test_the_shipped_facts_hold_the_empty_prompt_as_their_tokenizers_write_it() -> None:
    for family, pad in (("sd-1.5", 49407), ("sd-2.1", 0)):
        source = FileSource(identify_like(family))
        assert source.empty_prompt("text_encoder", 77).tolist() == [[49406, 49407, *[pad] * 75]]


def identify_like(family: str) -> Layout:
    found = FAMILIES[family]
    return Layout(path=Path(), kind=Kind.FILE, family=found, weights=(), configs=found.facts)
