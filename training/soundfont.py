"""Plays pieces through a General MIDI soundfont, offline."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tinysoundfont
from numpy.typing import NDArray

from training.compose import Note, Piece

PITCHED, DRUMS = 0, 9
DRUM_BANK = 128


@dataclass(slots=True)
class Soundfont:
    """One soundfont, loaded.

    Attributes:
        path: a ``.sf2`` file.
        rate: output rate in Hz.
    """

    path: Path
    rate: int = 44_100
    _synth: Any = field(init=False)
    _font: int = field(init=False)

    def __post_init__(self) -> None:
        if not self.path.exists():
            raise FileNotFoundError(f"No soundfont at {self.path}; install one (Debian: fluid-soundfont-gm).")
        self._synth = tinysoundfont.Synth(samplerate=self.rate, gain=-9)
        self._font = self._synth.sfload(str(self.path))

    def has_program(self, program: int, *, bank: int = 0) -> bool:
        return bool(self._synth.sfpreset_name(self._font, bank, program))

    def play(
        self, piece: Piece, seconds: float, *, program: int = 0, kit: int = 0, tuning: float = 0.0
    ) -> NDArray[np.float32]:
        """The piece, ``tuning`` semitones off. Shape: ``[2, samples]``, full scale 1.0."""
        self._synth.sounds_off()
        self._synth.program_select(PITCHED, self._font, 0, program)
        self._synth.set_tuning(PITCHED, tuning)
        if piece.drums:
            self._synth.program_select(DRUMS, self._font, DRUM_BANK, kit, is_drums=True)
        total = round(seconds * self.rate)
        out = np.zeros((total, 2), np.float32)
        now = 0
        for sample, action in self._schedule(piece):
            if sample >= total:
                break
            now = self._advance(out, now, sample)
            action()
        self._advance(out, now, total)
        self._synth.sounds_off()
        self._synth.generate(self.rate // 4)
        return out.T

    def _schedule(self, piece: Piece) -> list[tuple[int, Any]]:
        events: list[tuple[int, int, Any]] = []
        for channel, notes in ((PITCHED, piece.notes), (DRUMS, piece.drums)):
            for note in notes:
                events += self._press(channel, note)
        events.sort(key=lambda event: event[:2])
        return [(sample, action) for sample, _, action in events]

    def _press(self, channel: int, note: Note) -> list[tuple[int, int, Any]]:
        on, off = round(note.start_s * self.rate), round((note.start_s + note.seconds) * self.rate)
        pitch = int(np.clip(note.pitch, 0, 127))
        velocity = int(np.clip(note.velocity, 1, 127))
        return [
            (on, 1, lambda: self._synth.noteon(channel, pitch, velocity)),
            (max(off, on + 1), 0, lambda: self._synth.noteoff(channel, pitch)),
        ]

    def _advance(self, out: NDArray[np.float32], now: int, until: int) -> int:
        if until > now:
            block = np.frombuffer(self._synth.generate(until - now), np.float32).reshape(-1, 2)
            out[now:until] = block
        return max(now, until)
