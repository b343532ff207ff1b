"""The step of a latent consistency model (arXiv 2310.04378, algorithm 3; LCM-LoRA: arXiv 2311.05556).

Our own, although diffusers has a scheduler, because the noise that it adds must be the same wherever two tiles
overlap. A test compares it with diffusers.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from stylus_daw.engine.inverting.schedule import NoiseSchedule

SIGMA_DATA = 0.5  # standard deviation of the data that consistency models assume (arXiv 2303.01469)
TIMESTEP_SCALING = 10.0  # as LCM-LoRA was trained; diffusers' ``timestep_scaling``


class LcmSampler:
    """See :class:`stylus_daw.engine.inverting.steppers.Stepper`.

    Args:
        schedule: the checkpoint's.
        timesteps: ascending, the first is 0.
        noise: one for every step but the last. ``[steps - 1, tiles, channels, h, w]``.
    """

    def __init__(self, schedule: NoiseSchedule, timesteps: Sequence[int], noise: Tensor) -> None:
        self._schedule, self._timesteps, self._noise = schedule, timesteps, noise

    def step(self, latent: Tensor, output: Tensor, index: int) -> Tensor:
        """Shape: kept."""
        now, then = self._timesteps[index], self._timesteps[index - 1]
        clean = self._boundary(latent, self._schedule.clean(latent, output, now), now)
        if index == 1:
            return clean
        signal, spread = self._schedule.levels(then)
        return signal * clean + spread * self._noise[index - 2]

    @staticmethod
    def _boundary(latent: Tensor, clean: Tensor, timestep: int) -> Tensor:
        """``c_skip z + c_out x0``: the identity at timestep 0 (eq. 9). Shape: kept."""
        scaled = timestep * TIMESTEP_SCALING
        denominator = scaled**2 + SIGMA_DATA**2
        return SIGMA_DATA**2 / denominator * latent + scaled / denominator**0.5 * clean


def consistency_noise(seed: int, steps: int, shape: Sequence[int]) -> Tensor:
    """The noise of a whole region, the same for the same seed on every device. Shape: ``[steps - 1, *shape]``."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(max(0, steps - 1), *shape, generator=generator)
