"""A batch of inverted tiles: their latent at each timestep, and what the network saw there."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from stylus_daw.engine.attention import Projections, Recording, joined
from stylus_daw.engine.inverting.inversion import invert
from stylus_daw.engine.inverting.network import Network
from stylus_daw.engine.inverting.schedule import NoiseSchedule


@dataclass(slots=True, kw_only=True)
class Stream:
    """Inverted latents of some tiles.

    Attributes:
        timesteps: ascending, the first is 0.
        stations: the latent that the network sees at each of them, ``[tiles, channels, height, width]``.
        end: the corrected latent at the last of them, ``[tiles, channels, height, width]``.
        keeps: whether recordings are kept once made (projections mode) or made anew (trajectory mode).
        kept: the recordings that were kept, by the index of the timestep.
    """

    timesteps: Sequence[int]
    stations: Sequence[Tensor]
    end: Tensor
    keeps: bool
    kept: dict[int, Recording] = field(default_factory=dict)

    def projections(self, index: int, network: Network) -> Recording:
        """What the network sees at ``timesteps[index]``, with the stream's batch."""
        found = self.kept.get(index)
        if found is None:
            _, found = network.recorded(self.stations[index], self.timesteps[index])
            self.keep(index, found)
        return found

    def context(self, index: int, network: Network) -> Recording:
        """:meth:`projections`, with all tiles as one context."""
        recording = self.projections(index, network)
        return recording if len(self.stations[0]) == 1 else joined(recording)

    def keep(self, index: int, recording: Recording) -> None:
        if self.keeps:
            self.kept[index] = recording

    def forget(self) -> None:
        """From now on, keep only the latents."""
        self.keeps = False
        self.kept.clear()

    @property
    def bytes(self) -> int:
        """Memory in use."""
        kept = (part for recording in self.kept.values() for part in recording.values())
        return sum(one.nbytes for one in (*self.stations, self.end)) + sum(map(_projection_bytes, kept))


def inverted(
    network: Network,
    latent: Tensor,
    schedule: NoiseSchedule,
    timesteps: Sequence[int],
    *,
    batch: int,
    keeps: bool,
    on_step: Callable[[int], None],
) -> list[Stream]:
    """Streams of clean latents up to the last timestep, in batches that take each step together.

    Args:
        network: the UNet.
        latent: ``[tiles, channels, height, width]``.
        schedule: the checkpoint's.
        timesteps: ascending, the first is 0.
        batch: tiles in one call.
        keeps: record the projections on the way, which does not take further calls.
        on_step: called with the number of tiles that took a step.
    """
    sizes = [len(part) for part in latent.split(batch)]
    kept: list[dict[int, Recording]] = [{} for _ in sizes]
    calls = itertools.count()

    def predict(station: Tensor, timestep: int) -> Tensor:
        """All batches, one after the other. Shape: ``[tiles, channels, height, width]``, kept."""
        index, outputs = next(calls), []
        for part, recordings in zip(station.split(sizes), kept, strict=True):
            if keeps and index:  # nothing is sampled from timestep 0
                output, recordings[index] = network.recorded(part, timestep)
            else:
                output = network.predict(part, timestep)
            outputs.append(output)
            on_step(len(part))
        return torch.cat(outputs)

    made = invert(predict, latent, schedule, timesteps)
    parts = zip(*(station.split(sizes) for station in made.stations), strict=True)
    return [
        Stream(timesteps=timesteps, stations=part, end=end, keeps=keeps, kept=recordings)
        for part, end, recordings in zip(parts, made.end.split(sizes), kept, strict=True)
    ]


def _projection_bytes(part: Projections) -> int:
    return part.query.nbytes + part.key.nbytes + part.value.nbytes
