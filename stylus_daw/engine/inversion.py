"""DDIM inversion: from a clean latent up to noise, deterministically, every station kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from torch import Tensor

from stylus_daw.engine.schedule import NoiseSchedule

Predict = Callable[[Tensor, int], Tensor]
"""The network without guidance: latent ``[batch, 4, height, width]`` and timestep to its output."""


def invert(predict: Predict, latent: Tensor, schedule: NoiseSchedule, timesteps: Sequence[int]) -> list[Tensor]:
    """The latent at every timestep, ascending; the first is the clean one.

    Empty prompt, eta = 0 (arXiv 2411.15913, section 3; DDIM inversion as in arXiv 2105.05233, appendix).
    Shape: ``[batch, channels, height, width]`` each.
    """
    stations = [latent.contiguous()]
    for now, then in itertools.pairwise(timesteps):
        stations.append(schedule.step(stations[-1], predict(stations[-1], now), now, then))
    return stations
