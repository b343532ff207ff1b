"""A batch of tiles on its way through the noise: where it was at each timestep, and what the network saw there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from torch import Tensor

from stylus_daw.engine.attention import Projections, Recording, joined
from stylus_daw.engine.inversion import invert
from stylus_daw.engine.network import Network
from stylus_daw.engine.schedule import NoiseSchedule


@dataclass(slots=True, kw_only=True)
class Stream:
    """Inverted latents of some tiles.

    Attributes:
        timesteps: ascending, the first is 0.
        stations: the latent at each of them, ``[tiles, channels, height, width]``.
        keeps: whether recordings stay once they are made (projections mode), or are made anew (trajectory mode).
    """

    timesteps: Sequence[int]
    stations: Sequence[Tensor]
    keeps: bool
    _kept: dict[int, Recording] = field(default_factory=dict)

    def projections(self, index: int, network: Network) -> Recording:
        """What the network sees at ``timesteps[index]``: batch as the stream's."""
        found = self._kept.get(index)
        if found is None:
            _, found = network.recorded(self.stations[index], self.timesteps[index])
            self.keep(index, found)
        return found

    def context(self, index: int, network: Network) -> Recording:
        """The same, all tiles as one context."""
        recording = self.projections(index, network)
        return recording if len(self.stations[0]) == 1 else joined(recording)

    def keep(self, index: int, recording: Recording) -> None:
        if self.keeps:
            self._kept[index] = recording

    def forget(self) -> None:
        """Keep the latents only, from now on."""
        self.keeps = False
        self._kept.clear()

    @property
    def bytes(self) -> int:
        """Memory that it holds."""
        kept = (part for recording in self._kept.values() for part in recording.values())
        return sum(one.nbytes for one in self.stations) + sum(map(_projection_bytes, kept))


def inverted(
    network: Network,
    latent: Tensor,
    schedule: NoiseSchedule,
    timesteps: Sequence[int],
    *,
    keeps: bool,
    on_step: Callable[[], None],
) -> Stream:
    """A clean latent's stream up to the last timestep; with ``keeps``, recorded on the way, at no further call."""
    recordings: list[Recording | None] = []

    def predict(station: Tensor, timestep: int) -> Tensor:
        if not keeps or not recordings:  # nothing is sampled from timestep 0
            recordings.append(None)
            return network.predict(station, timestep)
        output, recording = network.recorded(station, timestep)
        recordings.append(recording)
        return output

    stream = Stream(timesteps=timesteps, stations=invert(predict, latent, schedule, timesteps, on_step), keeps=keeps)
    for index, recording in enumerate(recordings):
        if recording is not None:
            stream.keep(index, recording)
    return stream


def _projection_bytes(part: Projections) -> int:
    return part.query.nbytes + part.key.nbytes + part.value.nbytes
