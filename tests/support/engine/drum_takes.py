"""Drum takes that are made on the spot, at any rate, and a listener that knows what they play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.fingerprint import sha256_of_sound
from stylus_daw.engine.machine.runtime import Runtime
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.mini.loading import load_mini
from stylus_daw.engine.notes.note import Note, Transcription
from stylus_daw.engine.progress import ReportProgress, ignore
from stylus_daw.engine.shelf.registry import embedded_folder
from tests.support.engine.played_notes import hit, known

KICK, SNAP = "kick", "snap"
KICK_HZ, KICK_S, SNAP_S = 60.0, 0.08, 0.05
ENDS = 4.0
"""Of those decays: silence from then on."""


@dataclass(frozen=True, slots=True)
class Beat:
    """When a drum is struck, which, how hard."""

    start_s: float
    drum: str
    level: float = 0.4


def beaten(beats: Sequence[Beat], seconds: float, rate: int, *, kick_hz: float = KICK_HZ, seed: int = 1) -> Clip:
    """One channel: kicks with a beater that decay in 80 ms, snaps of noise that decay in 50 ms, both ``ENDS`` long."""
    out = np.zeros(round(seconds * rate))
    for number, beat in enumerate(beats):
        place = round(beat.start_s * rate)
        time = np.arange(out.size - place) / rate
        if beat.drum == KICK:
            sound, decay_s = np.sin(2 * np.pi * kick_hz * time + 0.6), KICK_S
        else:
            sound, decay_s = np.random.default_rng([seed, number]).uniform(-1, 1, time.size), SNAP_S
        out[place:] += beat.level * sound * np.exp(-time / decay_s) * np.clip(ENDS - time / decay_s, 0.0, 1.0)
    return Clip(samples=out[None].astype(np.float32), rate=rate)


def heard(beats: Sequence[Beat], clip: Sound, notes: Sequence[Note] = ()) -> Transcription:
    """What is played, as if it had been heard."""
    hits = [hit(start) for start in sorted({beat.start_s for beat in beats})]
    return known(notes, hits, clip.length / clip.rate)


def taken(content: Sound, beats: Sequence[Beat], style: Clip, struck: Sequence[Beat], *notes: Note) -> MiniCheckpoint:
    """stylus-mini, which knows what content and style play."""
    knowing = Knowing.of((content, heard(beats, content)), (style, heard(struck, style, notes)))
    return load_mini(embedded_folder(), "cpu", knowing)


@dataclass(slots=True)
class Knowing:
    """A listener (`stylus_daw.engine.notes.transcriber.Listen`) who knows some sounds; others play nothing."""

    known: Mapping[str, Transcription] = field(default_factory=dict)

    @classmethod
    def of(cls, *takes: tuple[Sound, Transcription]) -> Knowing:
        return cls({sha256_of_sound(sound): plays for sound, plays in takes})

    def __call__(
        self,
        sound: Sound,
        *,
        runtime: Runtime | None = None,
        scratch: Scratch | None = None,
        progress: ReportProgress = ignore,
    ) -> Transcription:
        return self.known.get(sha256_of_sound(sound)) or heard((), sound)
