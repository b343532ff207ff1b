"""What the net hears: hits of random loops, one drum or several at once, cut out as the guide cuts them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.engine.guide.templates.drums import DRUMS, hit_values
from stylus_daw.engine.guide.templates.playing import frames_of
from stylus_daw.engine.guide.templates.strokes import spans, stroke
from stylus_daw.engine.image.values import GEOMETRY
from stylus_daw.engine.notes.note import Hit
from training.compose import CLAP, CRASH, HAT, KICK, OPEN_HAT, RIDE, SNARE, TOMS, Note, Piece, Role
from training.kits.hits import KITS, ORCHESTRA, Kit, Mixing, completed, different, draw_kit, kits_of, loop
from training.recogniser.augmenting import random_curve
from training.recogniser.clips import SOUNDS
from training.soundfont import Soundfont

Float = NDArray[np.float32]

FONTS = ("sf2/FluidR3_GM.sf2", "sf3/MuseScore_General_Full.sf3", "sf2/OPL-3_FM_128M.sf2")
UNSEEN = "sf2/TimGM6mb.sf2"
"""Shares no sample with those."""
PLACES = {KICK: 0, SNARE: 1, CLAP: 1, **dict.fromkeys(TOMS, 2), HAT: 3, OPEN_HAT: 4, RIDE: 5, CRASH: 5}
"""Index in :data:`DRUMS` by General MIDI pitch."""
RATE, SECONDS, LOOPS = 44_100, 6.0, 100
MIXING, PLAIN = Mixing(borrowed=0.5, made=0.45, altered=0.8), 0.15
"""Synthetic drums make it hear any kit: 45 % of them matched hits of unseen kits better than 15 % (.81, .77)."""
STEP_S, TOGETHER = (0.09, 0.5), (0.45, 0.35, 0.2)
"""Time from hit to hit; shares of one, two and three drums at once."""
EQUALISED, GENTLE, APART = 0.7, 0.6, 1
"""Share of loops behind an equaliser, its factor, and frames by which a hit is heard early or late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What the net sees ``[hits, groups, frames]``, and which drums each is made of ``[hits, 6]``."""

    values: Float
    drums: Float


def random_piece(rng: np.random.Generator, pitches: Sequence[int]) -> Piece:
    """Hits at random times, of one to three drums each."""
    notes, time = [], float(rng.uniform(0.05, 0.3))
    while time < SECONDS - 0.1:
        count = min(1 + int(rng.choice(len(TOGETHER), p=TOGETHER)), len(pitches))
        for pitch in rng.choice(pitches, count, replace=False):
            notes.append(Note(start_s=time, seconds=0.1, pitch=int(pitch), velocity=int(rng.integers(40, 127))))
        time += float(np.exp(rng.uniform(*np.log(STEP_S))))
    return Piece(role=Role.DRUMS, notes=(), drums=tuple(notes), seconds=SECONDS)


def mel_power(sound: Float) -> Float:
    """As the guide sees a channel. Shape: ``[samples] -> [bands, frames]``."""
    grid = GEOMETRY.at(RATE)
    return np.asarray(grid.mel_power(grid.stft(sound)), np.float32)


def strokes_of(power: Float, piece: Piece, late: Sequence[int]) -> tuple[list[Float], Float]:
    """Each hit's own power, and its drums.

    Args:
        power: of the whole loop, ``[bands, frames]``.
        piece: what it plays.
        late: frames by which each moment is heard late, by turns.
    """
    moments = sorted({note.start_s for note in piece.drums})
    heard = {}
    for number, start in enumerate(moments):
        heard.setdefault(max(0, frames_of(start) + late[number % len(late)]), []).append(start)
    seconds = GEOMETRY.hop_ms / 1000
    hits = tuple(Hit(start_s=frame * seconds, strength=1.0) for frame in heard)
    images, drums = [], []
    for onset, following in spans(hits, power.shape[1]):
        struck = {PLACES[note.pitch] for note in piece.drums if note.start_s in heard.get(onset, ())}
        images.append(stroke(power, onset, following))
        drums.append([float(place in struck) for place in range(len(DRUMS))])
    return images, np.array(drums, np.float32)


def make_shard(kits: Sequence[Kit], path: Path, seed: int, loops: int = LOOPS) -> Path:
    """Hits of ``loops`` loops; a finished shard is left as it is."""
    if path.exists():
        return path
    rng, values, drums = np.random.default_rng([19, seed]), [], []
    for _ in range(loops):
        images, named = _loop(kits, rng)
        values.append(hit_values(images))
        drums.append(named)
    temp = path.with_suffix(".tmp.npz")
    np.savez(temp, values=np.concatenate(values).astype(np.float16), drums=np.concatenate(drums))
    temp.replace(path)
    return path


def _loop(kits: Sequence[Kit], rng: np.random.Generator) -> tuple[list[Float], Float]:
    if rng.random() < PLAIN:
        kit = completed(kits[int(rng.integers(len(kits)))], rng, RATE)
    else:
        kit = draw_kit(kits, rng, RATE, MIXING)
    piece = random_piece(rng, rng.permutation(list(PLACES))[: int(rng.integers(4, len(PLACES) + 1))].tolist())
    power = mel_power(loop(kit, piece, SECONDS, RATE))
    if rng.random() < EQUALISED:
        power = power * 10.0 ** (GENTLE * random_curve(rng, len(power))[:, None] / 10.0)
    return strokes_of(power.astype(np.float32), piece, rng.integers(-APART, APART + 1, 64).tolist())


def sources(names: Sequence[str] = FONTS) -> list[Kit]:
    """The kits of some soundfonts, none twice, the orchestra's left out."""
    programs = [kit for kit in KITS if kit != ORCHESTRA]
    return different([kit for name in names for kit in kits_of(Soundfont(SOUNDS / name, RATE), programs)])


def unseen_kits() -> list[Kit]:
    """Those on which the net is tried."""
    return sources([UNSEEN])


def make_shards(folder: Path, shards: int, jobs: int) -> list[Path]:
    """All shards, by ``jobs`` processes; the soundfonts are loaded only where one is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"hits-{number:03d}.npz" for number in range(shards)]
    missing = [(number, path) for number, path in enumerate(paths) if not path.exists()]
    if missing:
        with multiprocessing.get_context("spawn").Pool(jobs) as pool:
            pool.map(_work, [missing[job::jobs] for job in range(jobs)], chunksize=1)
    return paths


def _work(tasks: list[tuple[int, Path]]) -> None:
    kits = sources() if tasks else []
    for number, path in tasks:
        print(make_shard(kits, path, number), flush=True)


def load(paths: Sequence[Path]) -> Hits:
    """Several shards as one."""
    parts = [np.load(path) for path in paths]
    values = np.concatenate([part["values"] for part in parts]).astype(np.float32)
    return Hits(values=values, drums=np.concatenate([part["drums"] for part in parts]))
