"""Feed: the mixer as a device expects it: its rate, its channels, the volume, and what is heard now."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pedalboard.io import StreamResampler

from stylus_daw.audio.clip import Samples
from stylus_daw.errors import StylusError
from stylus_ui.audition.folding import to_device
from stylus_ui.audition.meter import ShortTermMeter
from stylus_ui.audition.mixer import Mixer

SILENT_DB = -60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What the loudspeaker got last.

    Attributes:
        position: sample of the programme that comes next.
        uninterrupted: samples that led there since the playhead was last moved or set going.
        is_playing: the programme runs.
        is_previewing: a preview sounds.
        lufs: short-term loudness before the volume; ``-inf`` for silence.
        problem: why a sound broke off; empty: all is well.
        at: when this was so, by ``time.monotonic``.
        obeyed: commands that have been carried out; fewer than :attr:`Feed.commanded` means that this is out of date.
    """

    position: int = 0
    uninterrupted: int = 0
    is_playing: bool = False
    is_previewing: bool = False
    lufs: float = -math.inf
    problem: str = ""
    at: float = 0.0
    obeyed: int = 0


class Feed:
    """Commands from one thread, samples for another one, a snapshot for all."""

    def __init__(self) -> None:
        self._mixer = Mixer()
        self._commands: deque[Callable[[Mixer], object]] = deque()
        self._resampler = _Resampler(self._metered, self._mixer.rate, self._mixer.rate)
        self._meter = ShortTermMeter(self._mixer.rate)
        self._aimed_gain = self._gain = 1.0
        self._problem = ""
        self.commanded = self._obeyed = 0
        self.heard = Heard()

    def command(self, call: Callable[[Mixer], object]) -> None:
        """Do something to the mixer before its next stretch."""
        self.commanded += 1
        self._commands.append(call)

    def set_volume(self, volume_db: float) -> None:
        """-60 dB and below are silence."""
        self._aimed_gain = 10 ** (volume_db / 20) if volume_db > SILENT_DB else 0.0

    def silence(self) -> None:
        """Stop all at once, what was commanded before included. On the thread that reads."""
        self._carry_out()
        self._mixer.silence()
        self._tell()

    def obey(self) -> bool:
        """Carry out what was commanded; returns whether there is anything to play."""
        side = self._mixer.line.side
        self._carry_out()
        if self._mixer.line.side is not side:
            self._meter.restart()
        self._tell()
        return not self._mixer.is_silent

    def block(self, frames: int, rate: int, channels: int) -> Samples:
        """The next stretch for a device; silence once a sound cannot be read. Shape: ``[channels, frames]``.

        At most full scale.
        """
        self.obey()
        self._suit(rate)
        try:
            stereo = self._resampler.read(frames) * self._ramp(frames)
        except StylusError as error:
            self._problem = error.message
            self._mixer.silence()
            stereo = np.zeros((2, frames), np.float32)
        self._tell()
        return np.clip(to_device(stereo, channels), -1.0, 1.0)

    def _carry_out(self) -> None:
        while self._commands:
            self._problem = ""
            self._commands.popleft()(self._mixer)
            self._obeyed += 1

    def _suit(self, rate: int) -> None:
        if (self._resampler.source_rate, self._resampler.rate) == (self._mixer.rate, rate):
            return
        if self._resampler.source_rate != self._mixer.rate:
            self._meter = ShortTermMeter(self._mixer.rate)
        self._resampler = _Resampler(self._metered, self._mixer.rate, rate)

    def _metered(self, frames: int) -> Samples:
        stereo = self._mixer.read(frames)
        if self._mixer.line.is_playing:
            self._meter.add(stereo)
        return stereo

    def _ramp(self, frames: int) -> Samples:
        ramp = np.linspace(self._gain, self._aimed_gain, frames, dtype=np.float32)
        self._gain = self._aimed_gain
        return ramp

    def _tell(self) -> None:
        line = self._mixer.line
        self.heard = Heard(
            position=line.position,
            uninterrupted=self._mixer.uninterrupted,
            is_playing=line.is_playing,
            is_previewing=self._mixer.is_previewing,
            lufs=self._meter.lufs,
            problem=self._problem,
            at=time.monotonic(),
            obeyed=self._obeyed,
        )


class _Resampler:
    """Reads as much as it needs to give what is asked for; passes samples on untouched where the rates agree."""

    def __init__(self, read: Callable[[int], Samples], source_rate: int, rate: int) -> None:
        self._read = read
        self.source_rate, self.rate = source_rate, rate
        self._stream = StreamResampler(source_rate, rate, 2) if source_rate != rate else None
        self._ready = np.zeros((2, 0), np.float32)

    def read(self, frames: int) -> Samples:
        if self._stream is None:
            return self._read(frames)
        while self._ready.shape[1] < frames:
            missing = frames - self._ready.shape[1]
            more = self._stream.process(self._read(math.ceil(missing * self.source_rate / self.rate) + 1))
            self._ready = np.concatenate([self._ready, more], axis=1)
        out, self._ready = self._ready[:, :frames], self._ready[:, frames:]
        return out
