"""Sampling with injection: from the AdaIN latent back to a clean one, alongside content and styles.

All tiles of a span go down the timesteps together, batch by batch, so that the styles run once per step for all of
them, and overlapping tiles can agree at every step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stylus_daw.engine.attention import Recording, Swap
from stylus_daw.engine.checkpoint import Knobs
from stylus_daw.engine.inverting.network import Network
from stylus_daw.engine.inverting.steppers import Stepper
from stylus_daw.engine.inverting.streams import Stream

Agreement = Callable[[Tensor], Tensor]
"""Keeps overlapping tiles one image. Shape: ``[tiles, channels, height, width]``, kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Streams:
    """What runs alongside the result.

    Attributes:
        content: the region's tiles, in batches.
        styles: weight (sum 1) and stream of each style.
    """

    content: Sequence[Stream]
    styles: Sequence[tuple[float, Stream]]

    @property
    def timesteps(self) -> Sequence[int]:
        return self.content[0].timesteps


def sample(
    network: Network,
    stepper: Stepper,
    streams: Streams,
    *,
    latent: Tensor,
    knobs: Knobs,
    on_step: Callable[[int], None],
    agree: Agreement | None = None,
) -> Tensor:
    """The restyled clean latent.

    Args:
        network: the UNet.
        stepper: at its first step.
        streams: content and styles.
        latent: the initial latent of all tiles at the last timestep, ``[tiles, c, h, w]``.
        knobs: strength, structure (over the steps), sharpness.
        on_step: called with the number of tiles that took a step.
        agree: applied to overlapping tiles after each step; None: tiles stay independent.

    Returns:
        ``[tiles, c, h, w]``.
    """
    last = len(streams.timesteps) - 1
    sizes = [len(one.stations[0]) for one in streams.content]
    for index in range(last, 0, -1):
        turned = knobs.at((last - index) / max(1, last - 1))
        styles = [(weight, style.context(index, network)) for weight, style in streams.styles]
        outputs = []
        for part, content in zip(latent.split(sizes), streams.content, strict=True):
            swap = _swap(content.projections(index, network), styles, turned)
            outputs.append(network.swapped(part, streams.timesteps[index], swap))
            on_step(len(part))
        latent = stepper.step(latent, torch.cat(outputs), index)
        latent = agree(latent) if agree else latent
    return latent


def _swap(content: Recording, styles: Sequence[tuple[float, Recording]], knobs: Knobs) -> Swap:
    return Swap(
        content=content, styles=styles, strength=knobs.strength, structure=knobs.structure, sharpness=knobs.sharpness
    )
