"""The noise schedule of a diffusion checkpoint and the deterministic DDIM step (arXiv 2010.02502, eq. 12, eta = 0)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from stylus_daw.errors import CheckpointError

PREDICTIONS = ("epsilon", "v_prediction")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoiseSchedule:
    """Signal levels by timestep.

    Attributes:
        alphas: cumulative product of ``1 - beta``, float64 ``[timesteps]``.
        prediction: what the network gives: ``epsilon`` or ``v_prediction``.
    """

    alphas: Tensor
    prediction: str = "epsilon"

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> NoiseSchedule:
        """From a diffusers ``scheduler_config.json``.

        Raises:
            CheckpointError: a beta schedule or prediction type that Stable Diffusion does not use.
        """
        kind, prediction = config.get("beta_schedule", "scaled_linear"), config.get("prediction_type", "epsilon")
        if prediction not in PREDICTIONS:
            raise CheckpointError(
                "checkpoint.schedule", f"Prediction type {prediction!r}; known: {', '.join(PREDICTIONS)}."
            )
        count = int(config.get("num_train_timesteps", 1000))
        low, high = float(config.get("beta_start", 0.00085)), float(config.get("beta_end", 0.012))
        if kind == "scaled_linear":
            betas = torch.linspace(low**0.5, high**0.5, count, dtype=torch.float64) ** 2
        elif kind == "linear":
            betas = torch.linspace(low, high, count, dtype=torch.float64)
        else:
            raise CheckpointError("checkpoint.schedule", f"Beta schedule {kind!r}; known: scaled_linear, linear.")
        return cls(alphas=torch.cumprod(1.0 - betas, 0), prediction=prediction)

    def timesteps(self, start: float, steps: int) -> list[int]:
        """``steps + 1`` timesteps from 0 up to the fraction ``start`` of the schedule.

        >>> NoiseSchedule.from_config({}).timesteps(0.5, 4)
        [0, 125, 250, 375, 500]
        """
        last = start * (len(self.alphas) - 1)
        return [round(last * i / steps) for i in range(steps + 1)]

    def step(self, latent: Tensor, output: Tensor, now: int, then: int) -> Tensor:
        """The latent at timestep ``then``, given the network's ``output`` for the latent at ``now``.

        Towards more noise (inversion) or less (sampling): the same formula. Shape: kept.
        """
        signal, noise = self.levels(now)
        direction = signal * output + noise * latent if self.prediction == "v_prediction" else output
        signal_then, noise_then = self.levels(then)
        return signal_then * self.clean(latent, output, now) + noise_then * direction

    def clean(self, latent: Tensor, output: Tensor, timestep: int) -> Tensor:
        """The clean latent that the network's ``output`` speaks of. Shape: kept."""
        signal, noise = self.levels(timestep)
        if self.prediction == "v_prediction":
            return signal * latent - noise * output
        return (latent - noise * output) / signal

    def levels(self, timestep: int) -> tuple[float, float]:
        """Signal and noise at a timestep: ``sqrt(alpha)``, ``sqrt(1 - alpha)``."""
        alpha = float(self.alphas[timestep])
        return alpha**0.5, (1.0 - alpha) ** 0.5
