"""Composes short pieces: notes only, no sound. The same piece is later played by many instruments.

Roles are what producers have on their tracks: melodies, chords, bass lines, arpeggios, pads,
riffs, mixtures of them, with or without drums. Everything is drawn from the generator that is
passed in, so a seed gives a piece.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

SCALES = (
    (0, 2, 4, 5, 7, 9, 11),
    (0, 2, 3, 5, 7, 8, 10),
    (0, 2, 3, 5, 7, 9, 10),
    (0, 2, 4, 5, 7, 9, 10),
    (0, 2, 3, 5, 7, 8, 11),
    (0, 3, 5, 7, 10),
    (0, 2, 4, 7, 9),
)
KICK, SNARE, CLAP, HAT, OPEN_HAT, RIDE, CRASH = 36, 38, 39, 42, 46, 51, 49
TOMS = (41, 45, 48)


class Role(Enum):
    """What a piece does in an arrangement."""

    MELODY = "melody"
    CHORDS = "chords"
    BASS = "bass"
    ARPEGGIO = "arpeggio"
    PAD = "pad"
    RIFF = "riff"
    SONG = "song"
    DRUMS = "drums"


ROLE_SHARES = {
    Role.MELODY: 0.24,
    Role.CHORDS: 0.14,
    Role.BASS: 0.12,
    Role.ARPEGGIO: 0.12,
    Role.PAD: 0.08,
    Role.RIFF: 0.1,
    Role.SONG: 0.14,
    Role.DRUMS: 0.06,
}


BAND_OCTAVES = {Role.BASS: -12, Role.MELODY: 12, Role.RIFF: 12}
"""Semitones from the register of chords, where one song has several parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One key press. ``velocity`` 1..127."""

    start_s: float
    seconds: float
    pitch: int
    velocity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Pitched notes for one instrument, drum notes for a kit, and a length."""

    role: Role
    notes: tuple[Note, ...]
    drums: tuple[Note, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Song:
    """What all parts of a piece agree on."""

    beat_s: float
    beats: int
    scale: tuple[int, ...]
    root: int
    swing: float
    chords: tuple[int, ...]

    def pitch(self, degree: int) -> int:
        octave, step = divmod(degree, len(self.scale))
        return self.root + 12 * octave + self.scale[step]

    def at(self, beat: float) -> float:
        late = self.swing if (beat * 2) % 2 == 1 else 0.0
        return (beat + late) * self.beat_s


def compose(
    rng: np.random.Generator, *, seconds: float = 5.5, role: Role | None = None, drum_share: float = 0.15
) -> Piece:
    """A piece of at least ``seconds``.

    >>> piece = compose(np.random.default_rng(1), role=Role.BASS)
    >>> piece.seconds >= 5.5 and len(piece.notes) > 3
    True
    """
    role = role or _draw_role(rng)
    song = _draw_song(rng, role, seconds)
    notes = () if role is Role.DRUMS else tuple(_PARTS[role](rng, song))
    with_drums = role is Role.DRUMS or rng.random() < drum_share
    drums = tuple(_drums(rng, song)) if with_drums else ()
    return Piece(role=role, notes=notes, drums=drums, seconds=song.beats * song.beat_s)


def compose_band(
    rng: np.random.Generator, roles: tuple[Role, ...], *, seconds: float = 5.5, drum_share: float = 0.5
) -> list[Piece]:
    """A piece per role, all in one key, tempo and harmony; the last one may bring the drums.

    >>> band = compose_band(np.random.default_rng(1), (Role.BASS, Role.MELODY))
    >>> [piece.role.value for piece in band], band[0].seconds == band[1].seconds
    (['bass', 'melody'], True)
    """
    song = _draw_song(rng, Role.CHORDS, seconds)
    drums = tuple(_drums(rng, song)) if rng.random() < drum_share else ()
    pieces = []
    for number, role in enumerate(roles, 1):
        shift = BAND_OCTAVES.get(role, 0)
        notes = tuple(replace(note, pitch=note.pitch + shift) for note in _PARTS[role](rng, song))
        own = drums if number == len(roles) else ()
        pieces.append(Piece(role=role, notes=notes, drums=own, seconds=song.beats * song.beat_s))
    return pieces


def _draw_role(rng: np.random.Generator) -> Role:
    return list(ROLE_SHARES)[rng.choice(len(ROLE_SHARES), p=list(ROLE_SHARES.values()))]


def _draw_song(rng: np.random.Generator, role: Role, seconds: float) -> _Song:
    beat_s = 60.0 / rng.uniform(70, 150)
    low = {Role.BASS: (24, 41), Role.PAD: (41, 60), Role.MELODY: (48, 72)}.get(role, (41, 62))
    scale = SCALES[rng.integers(len(SCALES))]
    return _Song(
        beat_s=beat_s,
        beats=int(np.ceil(seconds / beat_s)),
        scale=scale,
        root=int(rng.integers(*low)),
        swing=float(rng.choice([0.0, 0.0, 0.0, 0.12])),
        chords=tuple(int(d) for d in rng.integers(0, len(scale), 8)),
    )


def _velocity(rng: np.random.Generator, low: int = 50, high: int = 120) -> int:
    return int(rng.integers(low, high))


def _melody(
    rng: np.random.Generator, song: _Song, *, lengths=(0.25, 0.5, 0.5, 1, 1, 1.5, 2), rest=0.12, step=3
) -> list[Note]:
    notes, beat, degree = [], float(rng.choice([0, 0, 0.5, 1])), int(rng.integers(0, 10))
    legato = rng.uniform(0.4, 1.0)
    while beat < song.beats:
        length = float(rng.choice(lengths))
        degree = int(np.clip(degree + rng.integers(-step, step + 1), -2, 14))
        if rng.random() > rest:
            sounding = length * song.beat_s * legato
            notes.append(
                Note(start_s=song.at(beat), seconds=sounding, pitch=song.pitch(degree), velocity=_velocity(rng))
            )
        beat += length
    return notes


def _chord(song: _Song, degree: int, size: int) -> list[int]:
    return [song.pitch(degree + 2 * k) for k in range(size)]


def _chords(rng: np.random.Generator, song: _Song) -> list[Note]:
    notes, size, grid = [], int(rng.integers(2, 5)), float(rng.choice([0.5, 1, 2, 4]))
    legato, strum = rng.uniform(0.3, 1.0), rng.choice([0.0, 0.0, 0.02])
    for i, beat in enumerate(np.arange(0, song.beats, grid)):
        degree = song.chords[int(beat // 4) % 8]
        if grid < 2 and rng.random() < 0.25:
            continue
        for k, pitch in enumerate(_chord(song, degree, size)):
            start = song.at(float(beat)) + k * strum
            velocity = _velocity(rng, 45, 105) - (8 if i % 2 else 0)
            notes.append(Note(start_s=start, seconds=grid * song.beat_s * legato, pitch=pitch, velocity=velocity))
    return notes


def _bass(rng: np.random.Generator, song: _Song) -> list[Note]:
    notes, pattern = [], rng.random(8) < 0.6
    pattern[0] = True
    legato = rng.uniform(0.4, 0.95)
    for step in range(song.beats * 2):
        if pattern[step % 8]:
            degree = song.chords[(step // 8) % 8] + int(rng.choice([0, 0, 0, 4, 7]))
            notes.append(
                Note(
                    start_s=song.at(step / 2),
                    seconds=0.5 * song.beat_s * legato * float(rng.choice([1, 1, 2])),
                    pitch=song.pitch(degree % 10),
                    velocity=_velocity(rng, 70, 120),
                )
            )
    return notes


def _arpeggio(rng: np.random.Generator, song: _Song) -> list[Note]:
    notes, grid = [], float(rng.choice([0.25, 0.5, 1 / 3]))
    order, legato = rng.permutation(int(rng.integers(3, 7))), rng.uniform(0.4, 2.0)
    for i, beat in enumerate(np.arange(0, song.beats, grid)):
        chord = _chord(song, song.chords[int(beat // 4) % 8], len(order))
        notes.append(
            Note(
                start_s=float(beat) * song.beat_s,
                seconds=grid * song.beat_s * legato,
                pitch=chord[order[i % len(order)]],
                velocity=_velocity(rng, 55, 110),
            )
        )
    return notes


def _pad(rng: np.random.Generator, song: _Song) -> list[Note]:
    notes, size = [], int(rng.integers(3, 6))
    for bar in range(0, song.beats, 4):
        for pitch in _chord(song, song.chords[bar // 4 % 8], size):
            notes.append(
                Note(
                    start_s=bar * song.beat_s,
                    seconds=4 * song.beat_s * 0.98,
                    pitch=pitch,
                    velocity=_velocity(rng, 40, 90),
                )
            )
    return notes


def _riff(rng: np.random.Generator, song: _Song) -> list[Note]:
    return _melody(rng, song, lengths=(0.25, 0.25, 0.5, 0.5, 0.75), rest=0.2, step=5)


def _song(rng: np.random.Generator, song: _Song) -> list[Note]:
    lead = [
        Note(start_s=n.start_s, seconds=n.seconds, pitch=n.pitch + 12, velocity=n.velocity) for n in _melody(rng, song)
    ]
    under = _chords(rng, song) if rng.random() < 0.6 else _arpeggio(rng, song)
    low = [
        Note(start_s=n.start_s, seconds=n.seconds, pitch=n.pitch - 12, velocity=n.velocity) for n in _bass(rng, song)
    ]
    return lead + under + (low if rng.random() < 0.6 else [])


_PARTS: dict[Role, Callable[[np.random.Generator, _Song], list[Note]]] = {
    Role.MELODY: _melody,
    Role.CHORDS: _chords,
    Role.BASS: _bass,
    Role.ARPEGGIO: _arpeggio,
    Role.PAD: _pad,
    Role.RIFF: _riff,
    Role.SONG: _song,
}


def _drums(rng: np.random.Generator, song: _Song) -> list[Note]:
    hat = int(rng.choice([HAT, HAT, RIDE, OPEN_HAT]))
    backbeat = int(rng.choice([SNARE, SNARE, CLAP]))
    kick_pattern, hat_step = rng.random(8) < 0.35, int(rng.choice([1, 1, 2]))
    kick_pattern[0] = True
    hits: list[tuple[float, int, int]] = [(0.0, CRASH, 80)] if rng.random() < 0.3 else []
    for step in range(song.beats * 2):
        beat = step / 2
        if kick_pattern[step % 8]:
            hits.append((beat, KICK, _velocity(rng, 85, 125)))
        if step % 4 == 2:
            hits.append((beat, backbeat, _velocity(rng, 80, 125)))
        if step % hat_step == 0:
            hits.append((beat, hat, _velocity(rng, 40, 100)))
        if rng.random() < 0.06:
            hits.append((beat + 0.25, int(rng.choice(TOMS)), _velocity(rng, 60, 110)))
    return [Note(start_s=song.at(b), seconds=0.1, pitch=p, velocity=v) for b, p, v in hits if b < song.beats]
