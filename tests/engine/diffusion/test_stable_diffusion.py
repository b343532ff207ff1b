"""A Stable Diffusion 1.x folder, tiny and random, through the whole method; the full size on the meta device."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel
from diffusers.schedulers.scheduling_ddim import DDIMScheduler

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.attention import install
from stylus_daw.engine.checkpoint import fill
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.diffusion.injected_layers import injected_layers
from stylus_daw.engine.diffusion.power_curve import PowerCurve
from stylus_daw.engine.inverting.adain import adain, blended, exact_match
from stylus_daw.engine.inverting.inversion import invert
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.knobs.choices import Method
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.engine.transfer import stylize
from stylus_daw.errors import CheckpointError
from tests.support.engine.sounds import tone

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def checkpoint(tiny_sd_folder: Path) -> DiffusionCheckpoint:
    loaded = open_checkpoint(str(tiny_sd_folder), choose_device("cpu"))
    assert isinstance(loaded, DiffusionCheckpoint)
    return loaded


NAMED = ({"structure_end": 0.1}, {"matching": "channels"}, {"matching": "exact"})


def restyled(checkpoint: DiffusionCheckpoint, content: Clip, *styles: Clip, **settings: object) -> Clip:
    chosen = tuple(WeightedStyle(clip=style) for style in styles or (tone(330, rate=44_100),))
    return stylize(
        StyleRequest(content=content, styles=chosen, settings=StyleSettings(steps=2, **settings)), checkpoint
    )  # type: ignore[arg-type]


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (48_000, 2)])
def test_the_whole_method_keeps_length_rate_and_channels(
    checkpoint: DiffusionCheckpoint, rate: int, channels: int
) -> None:
    content = tone(220, 0.8, rate=rate, channels=channels)
    out = restyled(checkpoint, content, tone(330), tone(550, 0.3))
    assert (out.samples.shape, out.rate) == (content.samples.shape, rate)
    assert not np.array_equal(out.samples, content.samples)


def test_strength_zero_is_the_input_bit_for_bit(checkpoint: DiffusionCheckpoint) -> None:
    assert np.array_equal(restyled(checkpoint, tone(220, 0.5), strength=0.0).samples, tone(220, 0.5).samples)


def test_the_same_request_gives_the_same_samples(checkpoint: DiffusionCheckpoint) -> None:
    first, second = (restyled(checkpoint, tone(220, 0.5)) for _ in range(2))
    np.testing.assert_array_equal(first.samples, second.samples)


def test_structure_and_strength_reach_the_attention(checkpoint: DiffusionCheckpoint) -> None:
    plain = restyled(checkpoint, tone(220, 0.5)).samples
    for knob in ({"strength": 1.5}, {"structure": 0.0}, {"sharpness": 3.0}, {"start": 0.3}, *NAMED):
        assert not np.array_equal(restyled(checkpoint, tone(220, 0.5), **knob).samples, plain)


def test_full_size_injects_the_six_decoder_layers_at_32_and_64() -> None:
    with torch.device("meta"):
        unet = UNet2DConditionModel(sample_size=64, cross_attention_dim=768)
    injection = install(unet, injected_layers(unet))
    blocks = [layer.split(".")[1] for layer in injection.layers]
    assert blocks == ["2"] * 3 + ["3"] * 3
    assert all(layer.endswith("attn1") for layer in injection.layers)


def test_a_pickle_is_refused_with_the_reason(tiny_sd_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_sd_folder, tmp_path / "pickled")
    weights = next((folder / "unet").glob("*.safetensors"))
    weights.rename(weights.with_suffix(".bin"))
    with pytest.raises(CheckpointError, match="run code") as caught:
        open_checkpoint(str(folder), choose_device("cpu"))
    assert caught.value.code == "checkpoint.pickle"


def test_a_missing_part_is_named(tiny_sd_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_sd_folder, tmp_path / "partly")
    shutil.rmtree(folder / "tokenizer")
    with pytest.raises(CheckpointError, match="tokenizer"):
        open_checkpoint(str(folder), choose_device("cpu"))


@pytest.mark.parametrize(("name", "code"), [("stylus-mni", "checkpoint.unknown"), ("model.ckpt", "checkpoint.pickle")])
def test_unknown_checkpoints_are_refused(name: str, code: str) -> None:
    with pytest.raises(CheckpointError) as caught:
        open_checkpoint(name, choose_device("cpu"))
    assert caught.value.code == code


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
def test_sampling_takes_back_what_inversion_did(prediction: str) -> None:
    """With a perfect network (one clean image, one noise) both directions are exact."""
    schedule = NoiseSchedule(alphas=NoiseSchedule.from_config({}).alphas, prediction=prediction)
    generator = torch.Generator().manual_seed(0)
    clean, noise = (torch.randn(1, 4, 8, 8, generator=generator, dtype=torch.float64) for _ in range(2))

    def at(timestep: int) -> torch.Tensor:
        signal, spread = schedule.levels(timestep)
        return signal * clean + spread * noise

    def perfect(latent: torch.Tensor, timestep: int) -> torch.Tensor:
        signal, spread = schedule.levels(timestep)
        return noise if prediction == "epsilon" else signal * noise - spread * clean

    timesteps = schedule.timesteps(0.9, 7)
    made = invert(perfect, at(0), schedule, timesteps)
    for station, timestep in zip((*made.stations, made.end), (*timesteps, timesteps[-1]), strict=True):
        torch.testing.assert_close(station, at(timestep))
    latent = made.end
    for now, then in zip(timesteps[:0:-1], timesteps[-2::-1], strict=True):
        latent = schedule.step(latent, perfect(latent, now), now, then)
    torch.testing.assert_close(latent, at(0))


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
def test_a_step_is_the_one_of_diffusers(prediction: str) -> None:
    config = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
    theirs = DDIMScheduler(
        **config, prediction_type=prediction, clip_sample=False, set_alpha_to_one=False, steps_offset=1
    )
    theirs.set_timesteps(10)
    ours = NoiseSchedule.from_config({**config, "prediction_type": prediction})
    latent, output = torch.randn(2, 1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    for now in theirs.timesteps[:-1].tolist():
        expected = theirs.step(output, now, latent).prev_sample  # type: ignore[union-attr]
        torch.testing.assert_close(ours.step(latent, output, now, now - 100), expected, rtol=1e-4, atol=1e-4)


def test_adain_gives_the_style_s_statistics_per_row() -> None:
    generator = torch.Generator().manual_seed(0)
    content, style = (
        torch.randn(2, 4, 6, 50, generator=generator),
        2 + 3 * torch.randn(1, 4, 6, 80, generator=generator),
    )
    out = adain(content, style)
    torch.testing.assert_close(out.mean(3), style.mean(3).expand(2, -1, -1))
    torch.testing.assert_close(out.std(3), style.std((0, 3)).expand(2, -1, -1), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(blended(content, [(0.5, style), (0.5, style)]), out)


def test_exact_matching_gives_the_style_s_distribution_and_keeps_the_order_in_time() -> None:
    generator = torch.Generator().manual_seed(0)
    content = torch.randn(2, 4, 6, 50, generator=generator)
    style = torch.rand(3, 4, 6, 50, generator=generator) ** 4
    out = exact_match(content, style)
    levels = torch.linspace(0, 1, 9)
    pooled = style.permute(1, 2, 0, 3).flatten(2)
    torch.testing.assert_close(
        out.quantile(levels, dim=3), pooled.quantile(levels, dim=2)[:, None].expand(-1, 2, -1, -1), atol=0.06, rtol=0.0
    )
    assert torch.equal(out.argsort(3), content.argsort(3))
    torch.testing.assert_close(exact_match(content, content[:1])[:1], content[:1])
    assert not torch.allclose(out, adain(content, style), atol=0.05)


def test_structure_goes_from_its_start_to_its_end_along_a_cosine() -> None:
    settings = StyleSettings(structure=0.75, structure_end=0.375)
    knobs = fill(settings, Method.INVERSION, steps=1, style_tiles=1)
    seen = [knobs.at(done).structure for done in (0.0, 0.25, 0.5, 0.75, 1.0)]
    assert seen == sorted(seen, reverse=True)
    assert seen[0] == 0.75
    assert seen[2] == pytest.approx(0.5625)
    assert seen[4] == pytest.approx(0.375)
    assert seen[0] - seen[1] < seen[1] - seen[2]
    constant = fill(StyleSettings(structure=0.75), Method.INVERSION, steps=1, style_tiles=1)
    assert constant.at(0.7) is constant


def test_the_power_curve_goes_both_ways() -> None:
    decibels = np.linspace(-150, 0, 40, dtype=np.float32)
    values = PowerCurve.to_values(decibels, PowerCurve.level(decibels))
    np.testing.assert_allclose(PowerCurve.to_decibels(values), decibels, atol=1e-2)
