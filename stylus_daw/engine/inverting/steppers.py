"""The samplers: how a latent gets from one timestep to the next, from the inverted latent at ``start``.

DPM-Solver++ (2M) and UniPC are diffusers'; DDIM is the schedule's first-order step; LCM is in
``inverting/lcm.py``. All end where the inversion began, at timestep 0, so they differ only in how they
get there. Only LCM draws noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from diffusers.schedulers.scheduling_dpmsolver_multistep import DPMSolverMultistepScheduler
from diffusers.schedulers.scheduling_unipc_multistep import UniPCMultistepScheduler
from torch import Tensor

from stylus_daw.engine.inverting.lcm import LcmSampler
from stylus_daw.engine.inverting.schedule import NoiseSchedule
from stylus_daw.engine.request import Sampler


class Stepper(Protocol):
    """One run of a sampler over one latent; made anew for each, because multistep samplers have a memory."""

    def step(self, latent: Tensor, output: Tensor, index: int) -> Tensor:
        """From ``timesteps[index]`` to ``timesteps[index - 1]``, given the network's output. Shape: kept."""
        ...


def stepper(
    kind: Sampler, schedule: NoiseSchedule, timesteps: Sequence[int], *, noise: Tensor | None = None
) -> Stepper:
    """A sampler at its first step.

    Args:
        kind: which.
        schedule: the checkpoint's.
        timesteps: ascending, the first is 0; see :meth:`NoiseSchedule.timesteps`.
        noise: what LCM adds, ``[steps - 1, *shape of the latent]``.

    >>> schedule = NoiseSchedule.from_config({})
    >>> timesteps = schedule.timesteps(0.5, 4)
    >>> stepper(Sampler.DPMPP, schedule, timesteps).step(torch.ones(1), torch.zeros(1), 4).shape
    torch.Size([1])
    """
    if kind is Sampler.DDIM:
        return _Ddim(schedule, timesteps)
    if kind is Sampler.LCM:
        if noise is None:
            raise ValueError("LCM needs the noise that it adds")
        return LcmSampler(schedule, timesteps, noise)
    return _Multistep(_diffusers(kind, schedule, timesteps), timesteps)


class _Ddim:
    """The schedule's own step, of first order."""

    def __init__(self, schedule: NoiseSchedule, timesteps: Sequence[int]) -> None:
        self._schedule, self._timesteps = schedule, timesteps

    def step(self, latent: Tensor, output: Tensor, index: int) -> Tensor:
        """Shape: kept."""
        return self._schedule.step(latent, output, self._timesteps[index], self._timesteps[index - 1])


class _Multistep:
    """A scheduler of diffusers, which counts its steps by itself."""

    def __init__(self, scheduler: Any, timesteps: Sequence[int]) -> None:
        self._scheduler, self._timesteps = scheduler, timesteps

    def step(self, latent: Tensor, output: Tensor, index: int) -> Tensor:
        """Shape: kept."""
        return self._scheduler.step(output, self._timesteps[index], latent, return_dict=False)[0]


def _diffusers(kind: Sampler, schedule: NoiseSchedule, timesteps: Sequence[int]) -> Any:
    betas = 1.0 - schedule.alphas / torch.cat([schedule.alphas.new_ones(1), schedule.alphas[:-1]])
    common: dict[str, Any] = {
        "num_train_timesteps": len(schedule.alphas),
        "trained_betas": betas.numpy(),
        "prediction_type": schedule.prediction,
        "solver_order": 2,
        "final_sigmas_type": "sigma_min",  # timestep 0 is where the inversion began; it is not free of noise
        "lower_order_final": False,
    }
    if kind is Sampler.DPMPP:
        scheduler: Any = DPMSolverMultistepScheduler(**common, algorithm_type="dpmsolver++")
    else:
        scheduler = UniPCMultistepScheduler(**common)
    # Not through set_timesteps: UniPC's does not accept our timesteps, and both misuse numpy.
    stops = list(timesteps[::-1])
    scheduler.sigmas = ((1.0 - schedule.alphas) / schedule.alphas).sqrt()[stops].float()
    scheduler.timesteps = torch.tensor(stops[:-1])
    scheduler.num_inference_steps = len(timesteps) - 1
    scheduler.set_begin_index(0)
    return scheduler
