"""Sampling with injection: from the AdaIN latent back to a clean one, content and styles beside it.

At every timestep one pass over the inverted content and styles records the projections that the
pass over the result then uses ("trajectory mode": memory for one timestep, three streams per step).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stylus_daw.engine.attention import Injection, Projections, Recording, Swap, joined
from stylus_daw.engine.checkpoints.base import Knobs
from stylus_daw.engine.inversion import Predict
from stylus_daw.engine.schedule import NoiseSchedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """A style's share of the blend and its inverted latents, clean one first, ``[tiles, c, h, w]`` each."""

    weight: float
    stations: Sequence[Tensor]


def sample(
    predict: Predict,
    injection: Injection,
    schedule: NoiseSchedule,
    timesteps: Sequence[int],
    *,
    latent: Tensor,
    content: Sequence[Tensor],
    styles: Sequence[Trajectory],
    knobs: Knobs,
    on_step: Callable[[], None],
) -> Tensor:
    """The restyled clean latent.

    Args:
        predict: the network.
        injection: its installed attention layers.
        schedule: the checkpoint's.
        timesteps: ascending, as for the inversion.
        latent: the initial latent at the last timestep, ``[tiles, c, h, w]``.
        content: inverted content, one ``[tiles, c, h, w]`` per timestep.
        styles: inverted styles.
        knobs: strength, structure (over the steps), sharpness.
        on_step: called after each step.
    """
    last = len(timesteps) - 1
    for index in range(last, 0, -1):
        now, then = timesteps[index], timesteps[index - 1]
        turned = knobs.at((last - index) / max(1, last - 1))
        swap = _recorded_swap(
            predict, injection, now, content[index], [(s.weight, s.stations[index]) for s in styles], turned
        )
        with injection.inject(swap):
            output = predict(latent, now)
        latent = schedule.step(latent, output, now, then)
        on_step()
    return latent


def _recorded_swap(
    predict: Predict,
    injection: Injection,
    timestep: int,
    content: Tensor,
    styles: list[tuple[float, Tensor]],
    knobs: Knobs,
) -> Swap:
    """One pass over content and styles together."""
    sizes = [content.shape[0], *(style.shape[0] for _, style in styles)]
    with injection.record() as recording:
        predict(torch.cat([content, *(style for _, style in styles)]), timestep)
    parts = _split(recording, sizes)
    return Swap(
        content=parts[0],
        styles=[(weight, joined(part)) for (weight, _), part in zip(styles, parts[1:], strict=True)],
        strength=knobs.strength, structure=knobs.structure, sharpness=knobs.sharpness,
    )  # fmt: skip


def _split(recording: Recording, sizes: list[int]) -> list[dict[str, Projections]]:
    """The recording of a batch as recordings of its parts."""
    parts: list[dict[str, Projections]] = [{} for _ in sizes]
    for layer, all_of_it in recording.items():
        streams = zip(
            *(tensor.split(sizes) for tensor in (all_of_it.query, all_of_it.key, all_of_it.value)), strict=True
        )
        for part, stream in zip(parts, streams, strict=True):
            part[layer] = Projections(*stream)
    return parts
