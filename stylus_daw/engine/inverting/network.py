"""The UNet as the method uses it: a prediction, plain, recorded or with the swap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from stylus_daw.engine.attention import Injection, Recording, Swap
from stylus_daw.engine.inverting.prompt import Condition
from stylus_daw.engine.machine.device import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """A UNet with its injection installed.

    Attributes:
        unet: latent, timestep and condition to its output.
        condition: the prompt.
    """

    unet: Any
    injection: Injection
    condition: Condition
    device: Device

    def predict(self, latent: Tensor, timestep: int) -> Tensor:
        """The output, in float32. Shape: that of ``latent``, ``[tiles, channels, height, width]``.

        Contiguous, as latents from the cache are: sums over another layout differ in their last bit.
        """
        with self.device.autocast():
            output = self.unet(latent, timestep, **self.condition.arguments(latent.shape[0])).sample
        return output.float().contiguous()

    def recorded(self, latent: Tensor, timestep: int) -> tuple[Tensor, Recording]:
        """The output and the projections of the injected layers. Shape: that of ``latent``."""
        with self.injection.record() as recording:
            output = self.predict(latent, timestep)
        return output, recording

    def swapped(self, latent: Tensor, timestep: int, swap: Swap) -> Tensor:
        """The output with the swap in the injected layers. Shape: that of ``latent``."""
        with self.injection.inject(swap):
            return self.predict(latent, timestep)
