"""The noise schedule of a diffusion checkpoint, the choice of timesteps, and the deterministic steps between them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import torch
from diffusers.schedulers.scheduling_ddim import rescale_zero_terminal_snr
from torch import Tensor

from stylus_daw.engine.inverting.noise_config import check_noise


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """The noise that the network saw in a latent at a timestep."""

    timestep: int
    noise: Tensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoiseSchedule:
    """Signal levels by timestep.

    Attributes:
        alphas: cumulative product of ``1 - beta``, float64 ``[timesteps]``.
        prediction: what the network predicts: ``epsilon`` or ``v_prediction``.
    """

    alphas: Tensor
    prediction: str = "epsilon"

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> NoiseSchedule:
        """From a diffusers ``scheduler_config.json``.

        Raises:
            CheckpointError: a beta schedule or prediction type that Stable Diffusion does not use.
        """
        check_noise(config, "The checkpoint")
        betas = _betas(config)
        if config.get("rescale_betas_zero_snr"):
            betas = rescale_zero_terminal_snr(betas)
        prediction = config.get("prediction_type", "epsilon")
        return cls(alphas=torch.cumprod(1.0 - betas, 0), prediction=prediction)

    def timesteps(self, start: float, steps: int, *, by_noise: float = 0.0) -> list[int]:
        """``steps + 1`` timesteps from 0 up to the fraction ``start`` of the schedule; fewer if it has fewer.

        Args:
            start: 0..1.
            steps: at least 1.
            by_noise: 0..1, from evenly spread in time to evenly spread in the logarithm of the signal-to-noise ratio,
                in which a network's output changes more evenly (decision 0040).

        >>> schedule = NoiseSchedule.from_config({})
        >>> schedule.timesteps(0.5, 4), schedule.timesteps(0.5, 4, by_noise=0.7)
        ([0, 125, 250, 375, 500], [0, 42, 108, 259, 500])
        >>> schedule.timesteps(0.003, 4)
        [0, 1, 2, 3]
        """
        last = max(1, min(round(start * (len(self.alphas) - 1)), self._most_noise))
        steps = min(steps, last)
        noisiness = -self._log_ratios[: last + 1]
        even = torch.linspace(float(noisiness[0]), float(noisiness[-1]), steps + 1, dtype=torch.float64)
        by_ratio = torch.searchsorted(noisiness, even).clamp(max=last).tolist()
        mixed = [round((1 - by_noise) * last * i / steps + by_noise * by_ratio[i]) for i in range(steps + 1)]
        apart = accumulate(mixed, lambda before, own: max(before + 1, own))
        return [min(own, last - steps + i) for i, own in enumerate(apart)]

    def step(self, latent: Tensor, output: Tensor, now: int, then: int) -> Tensor:
        """The latent at timestep ``then``, given the network's ``output`` for the latent at ``now``.

        Towards more noise or less: the same formula (DDIM, arXiv 2010.02502, eq. 12, eta = 0). Shape: kept.
        """
        signal_then, noise_then = self.levels(then)
        return signal_then * self.clean(latent, output, now) + noise_then * self.noise(latent, output, now)

    def step_of_second_order(self, latent: Tensor, now: int, then: int, one: Seen, other: Seen) -> Tensor:
        """:meth:`step`, with the noise linear through two known ones over half the log ratio ``l``.

        ``z / signal`` changes by the integral of ``noise(l) d exp(-l)``. If both are the same, this is :meth:`step`.
        Shape: kept.
        """
        signal, spread = self.levels(now)
        signal_then, spread_then = self.levels(then)
        before, after = spread / signal, spread_then / signal_then
        moved = latent / signal + (after - before) * one.noise
        if other.timestep != one.timestep:
            at = self._log_ratio(one.timestep)
            area = after * (self._log_ratio(then) - at + 1.0) - before * (self._log_ratio(now) - at + 1.0)
            moved = moved + area / (self._log_ratio(other.timestep) - at) * (other.noise - one.noise)
        return signal_then * moved

    def noise(self, latent: Tensor, output: Tensor, timestep: int) -> Tensor:
        """The noise that the network's ``output`` implies. Shape: kept."""
        if self.prediction != "v_prediction":
            return output
        signal, spread = self.levels(timestep)
        return signal * output + spread * latent

    def clean(self, latent: Tensor, output: Tensor, timestep: int) -> Tensor:
        """The clean latent that the network's ``output`` implies. Shape: kept."""
        signal, noise = self.levels(timestep)
        if self.prediction == "v_prediction":
            return signal * latent - noise * output
        return (latent - noise * output) / signal

    def levels(self, timestep: int) -> tuple[float, float]:
        """Signal and noise at a timestep: ``sqrt(alpha)``, ``sqrt(1 - alpha)``."""
        alpha = float(self.alphas[timestep])
        return alpha**0.5, (1.0 - alpha) ** 0.5

    @property
    def fingerprint(self) -> str:
        """The same for schedules that lead through the same latents."""
        return f"{self.prediction} {hashlib.sha256(self.alphas.numpy().tobytes()).hexdigest()}"

    @property
    def _most_noise(self) -> int:
        """The last timestep with any signal: with zero terminal SNR, the last but one (arXiv 2305.08891)."""
        return int(self.alphas.count_nonzero()) - 1

    def _log_ratio(self, timestep: int) -> float:
        """Half the logarithm of the signal-to-noise ratio: ``log(signal / noise)``."""
        return float(self._log_ratios[timestep])

    @property
    def _log_ratios(self) -> Tensor:
        """See :meth:`_log_ratio`. Shape: ``[timesteps]``."""
        return 0.5 * (self.alphas / (1.0 - self.alphas)).log()


def _betas(config: Mapping[str, Any]) -> Tensor:
    """Shape: ``[timesteps]``, float64."""
    if config.get("trained_betas") is not None:
        return torch.tensor(config["trained_betas"], dtype=torch.float64)
    count = int(config.get("num_train_timesteps", 1000))
    low, high = float(config.get("beta_start", 0.00085)), float(config.get("beta_end", 0.012))
    if config.get("beta_schedule", "scaled_linear") == "linear":
        return torch.linspace(low, high, count, dtype=torch.float64)
    return torch.linspace(low**0.5, high**0.5, count, dtype=torch.float64) ** 2
