"""Inversion: from a clean latent up to noise, deterministically, with every station kept.

DDIM inversion (arXiv 2105.05233, appendix) is Euler's method; a few steps of it end far from the exact result.
Here each step is of second order in half the logarithm of the signal-to-noise ratio, the variable that DPM-Solver
(arXiv 2206.00927) uses on the way down. It is predicted from the last two outputs of the network and corrected by the
output at the prediction, which the next step needs anyway: one call per station (decision 0039).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from torch import Tensor

from stylus_daw.engine.inverting.schedule import NoiseSchedule, Seen

Predict = Callable[[Tensor, int], Tensor]
"""The network without guidance: latent ``[batch, 4, height, width]`` and timestep to its output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inversion:
    """The path of a latent.

    Attributes:
        stations: the latent that the network saw at each timestep, ascending; the first is the clean latent.
        end: the latent at the last timestep: its station, corrected.
    """

    stations: list[Tensor]
    end: Tensor


def invert(predict: Predict, latent: Tensor, schedule: NoiseSchedule, timesteps: Sequence[int]) -> Inversion:
    """The latent at every timestep, with the empty prompt and eta = 0 (arXiv 2411.15913, section 3).

    Shape: ``[batch, channels, height, width]`` each.
    """
    stations, corrected = [latent.contiguous()], latent.contiguous()
    seen: list[Seen] = []
    for index, now in enumerate(timesteps):
        here = Seen(timestep=now, noise=schedule.noise(stations[-1], predict(stations[-1], now), now))
        if seen:
            corrected = schedule.step_of_second_order(corrected, seen[-1].timestep, now, seen[-1], here)
        if index + 1 < len(timesteps):
            stations.append(_predicted(schedule, corrected, timesteps[index + 1], here, seen))
        seen = [here]
    return Inversion(stations=stations, end=corrected)


def _predicted(schedule: NoiseSchedule, latent: Tensor, then: int, here: Seen, seen: Sequence[Seen]) -> Tensor:
    """The next station. The first step has one output only, and is DDIM's. Shape: ``[batch, channels, h, w]``, kept."""
    return schedule.step_of_second_order(latent, here.timestep, then, here, seen[-1] if seen else here)
