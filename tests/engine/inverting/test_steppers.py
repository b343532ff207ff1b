"""Samplers: exact with a perfect network, nearer to the content than DDIM with a real one, LCM as diffusers has it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
import torch
from diffusers.schedulers.scheduling_lcm import LCMScheduler

from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.inverting.inversion import invert
from stylus_daw.engine.inverting.lcm import consistency_noise
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.inverting.steppers import stepper
from stylus_daw.engine.inverting.streams import inverted
from stylus_daw.engine.machine.device import Wishes, choose_device
from stylus_daw.engine.request import Sampler, StyleSettings
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.errors import RequestError

pytestmark = pytest.mark.usefixtures("one_thread")

ODE = (Sampler.DDIM, Sampler.DPMPP, Sampler.UNIPC)
CONFIG = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("kind", ODE)
@pytest.mark.parametrize("steps", [1, 4, 20])
def test_every_sampler_ends_where_the_inversion_began(kind: Sampler, prediction: str, steps: int) -> None:
    schedule = NoiseSchedule.from_config({**CONFIG, "prediction_type": prediction})
    clean, noise = torch.randn(2, 1, 4, 8, 8, generator=torch.Generator().manual_seed(0))

    def at(timestep: int) -> torch.Tensor:
        signal, spread = schedule.levels(timestep)
        return signal * clean + spread * noise

    timesteps = schedule.timesteps(0.9, steps)
    sampler, latent = stepper(kind, schedule, timesteps), at(timesteps[-1])
    for index in range(steps, 0, -1):
        signal, spread = schedule.levels(timesteps[index])
        output = noise if prediction == "epsilon" else signal * noise - spread * clean
        latent = sampler.step(latent, output, index)
    torch.testing.assert_close(latent, at(0), rtol=1e-3, atol=1e-4)


def test_higher_orders_come_back_nearer_to_where_the_inversion_began(tiny_sd_folder: Path) -> None:
    """The figures that decide the default; see decision 0041, docs/decisions/diffusion.md."""
    checkpoint = open_checkpoint(str(tiny_sd_folder), choose_device("cpu", Wishes(precision="fp32")))
    assert isinstance(checkpoint, DiffusionCheckpoint)
    network, schedule = checkpoint.network, checkpoint.schedule
    clean = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))
    errors = {}
    with torch.inference_mode():
        timesteps = schedule.timesteps(0.7, 12)
        (stream,) = inverted(network, clean, schedule, timesteps, batch=2, keeps=False, on_step=lambda tiles: None)
        for kind in ODE:
            sampler, latent = stepper(kind, schedule, timesteps), stream.end
            for index in range(12, 0, -1):
                latent = sampler.step(latent, network.predict(latent, timesteps[index]), index)
            errors[kind] = float((latent - clean).norm() / clean.norm())
    assert errors[Sampler.UNIPC] < 0.7 * errors[Sampler.DDIM]
    assert errors[Sampler.DPMPP] < 0.7 * errors[Sampler.DDIM]


@pytest.mark.parametrize("by_noise", [0.0, 0.7])
@pytest.mark.parametrize(("start", "steps"), [(1.0, 6), (0.05, 200), (0.5, 40)])
def test_timesteps_rise_from_0_to_the_start(start: float, steps: int, by_noise: float) -> None:
    timesteps = NoiseSchedule.from_config(CONFIG).timesteps(start, steps, by_noise=by_noise)
    assert (timesteps[0], timesteps[-1]) == (0, round(999 * start))
    assert all(a < b for a, b in itertools.pairwise(timesteps))
    assert len(timesteps) == min(steps, timesteps[-1]) + 1


def test_few_steps_of_inversion_end_nearer_to_where_many_do(tiny_sd_folder: Path) -> None:
    """Half of DDIM's steps lie nearer to the exact way than all of them (trained: ``bench/diffusion/steps.md``)."""
    checkpoint = open_checkpoint(str(tiny_sd_folder), choose_device("cpu", Wishes(precision="fp32")))
    assert isinstance(checkpoint, DiffusionCheckpoint)
    schedule, network = checkpoint.schedule, checkpoint.network
    clean = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(1))

    def euler(steps: int) -> torch.Tensor:
        latent = clean
        for now, then in itertools.pairwise(schedule.timesteps(0.7, steps)):
            latent = schedule.step(latent, network.predict(latent, now), now, then)
        return latent

    with torch.inference_mode():
        exact = invert(network.predict, clean, schedule, schedule.timesteps(0.7, 60)).end
        ours = invert(network.predict, clean, schedule, schedule.timesteps(0.7, 6, by_noise=0.7)).end
        assert (ours - exact).norm() < min((euler(12) - exact).norm(), 0.6 * (euler(6) - exact).norm())


def test_lcm_steps_as_diffusers_does() -> None:
    theirs = LCMScheduler(**CONFIG, clip_sample=False)
    theirs.set_timesteps(4)
    down = theirs.timesteps.tolist()
    shape = (1, 4, 8, 8)
    noises = torch.randn(3, *shape, generator=torch.Generator().manual_seed(5))
    ours = stepper(Sampler.LCM, NoiseSchedule.from_config(CONFIG), [0, *down[::-1]], noise=noises.flip(0))
    latent = expected = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    generator = torch.Generator().manual_seed(5)
    for index in range(4, 0, -1):
        output = 0.3 * latent.sin()
        expected = theirs.step(output, down[4 - index], expected, generator=generator).prev_sample  # type: ignore[union-attr]
        latent = ours.step(latent, output, index)
        torch.testing.assert_close(latent, expected, rtol=1e-4, atol=1e-4)


def test_a_seed_is_a_noise() -> None:
    one, same, other = (consistency_noise(seed, 4, (4, 8, 20)) for seed in (1, 1, 2))
    assert one.shape == (3, 4, 8, 20)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_an_unknown_sampler_is_refused_by_name() -> None:
    assert StyleSettings(sampler="dpmpp").sampler is Sampler.DPMPP  # type: ignore[arg-type]
    with pytest.raises(RequestError, match="allowed: ddim, dpmpp, unipc, lcm") as caught:
        StyleSettings(sampler="euler")  # type: ignore[arg-type]
    assert caught.value.code == "request.sampler"
