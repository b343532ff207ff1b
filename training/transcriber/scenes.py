"""Scenes: audio as it may stand in a session, with all that is played in it written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np
import pedalboard as pb
from numpy.typing import NDArray
from pedalboard._pedalboard import Pedalboard

from training.compose import Note, Piece, Role, compose, compose_band
from training.soundfont import Soundfont
from training.transcriber.etudes import HIGHEST, LOWEST, compose_etude
from training.voices import KIND_SHARES as VOICE_SHARES
from training.voices import Shares, Voice, draw_voice, play, sounds

SECONDS = 5.2
BAND_ROLES = (Role.BASS, Role.CHORDS, Role.MELODY, Role.PAD, Role.ARPEGGIO, Role.RIFF)
SINGLE_ROLES = (Role.MELODY, Role.RIFF, Role.CHORDS, Role.BASS, Role.ARPEGGIO, Role.PAD, Role.SONG)
QUIETEST_DB = 14.0
"""How far a part of a mix may lie below the loudest one; what is quieter nobody could write down."""

Float = NDArray[np.floating]


class Kind(IntEnum):
    """What a scene is."""

    SOLO = 0
    DRUM_MIX = 1
    BAND = 2
    DRUMS = 3
    NOISE = 4


KIND_SHARES = (0.5, 0.1, 0.31, 0.07, 0.02)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scene:
    """Audio and its score.

    Attributes:
        kind: what it is.
        role: of its first piece.
        audio: ``[2, samples]`` at 44.1 kHz.
        notes: of all voices, inside A0 to C8.
        hits: of the drums.
    """

    kind: Kind
    role: Role
    audio: Float
    notes: tuple[Note, ...]
    hits: tuple[Note, ...]


def draw_scene(rng: np.random.Generator, fonts: list[Soundfont], *, held_out: bool = False) -> Scene:
    """A scene of any kind, by voices for training or by held-out ones."""
    return draw_scene_of(Kind(rng.choice(len(Kind), p=KIND_SHARES)), rng, fonts, held_out=held_out)


def draw_scene_of(
    kind: Kind,
    rng: np.random.Generator,
    fonts: list[Soundfont],
    *,
    held_out: bool = False,
    shares: Shares = VOICE_SHARES,
) -> Scene:
    """A scene of that kind, by voices of kinds in these shares; silent draws are drawn anew."""
    while True:
        pieces = _pieces(kind, rng)
        voices = [draw_voice(rng, fonts, held_out=held_out, shares=shares) for _ in pieces]
        parts = [play(voice, piece, SECONDS, fonts) for voice, piece in zip(voices, pieces, strict=True)]
        if all(sounds(part) for part in parts):
            return _mixed(kind, rng, pieces, voices, parts, fonts[0].rate)


def _pieces(kind: Kind, rng: np.random.Generator) -> list[Piece]:
    if kind is Kind.NOISE:
        return []
    if kind is Kind.BAND:
        roles = tuple(rng.permutation(np.array(BAND_ROLES, dtype=object))[: rng.integers(2, 6)])
        return compose_band(rng, roles, seconds=SECONDS, drum_share=0.6)
    if kind is Kind.DRUMS:
        return [compose(rng, seconds=SECONDS, role=Role.DRUMS)]
    if kind is Kind.SOLO and rng.random() < 0.4:
        return [compose_etude(rng, seconds=SECONDS)]
    role = SINGLE_ROLES[rng.integers(len(SINGLE_ROLES))]
    piece = compose(rng, seconds=SECONDS, role=role, drum_share=float(kind is Kind.DRUM_MIX))
    return [_transposed(piece, int(rng.choice([0, 0, 0, -12, 12])))]


def _transposed(piece: Piece, semitones: int) -> Piece:
    moved = tuple(replace(n, pitch=n.pitch + semitones) for n in piece.notes)
    return replace(piece, notes=moved) if all(LOWEST <= n.pitch <= HIGHEST for n in moved) else piece


def _mixed(
    kind: Kind, rng: np.random.Generator, pieces: list[Piece], voices: list[Voice], parts: list[Float], rate: int
) -> Scene:
    audio = np.zeros((2, round(SECONDS * rate)), np.float32)
    for part in parts:
        gain = 10 ** (-rng.uniform(0, QUIETEST_DB) / 20) / max(float(np.sqrt((part**2).mean())), 1e-6)
        side = rng.uniform(-0.7, 0.7) if len(parts) > 1 else 0.0
        audio += part * np.float32(gain) * np.array([[1 - side], [1 + side]], np.float32)
    notes = tuple(n for piece in pieces for n in piece.notes if LOWEST <= n.pitch <= HIGHEST and n.start_s < SECONDS)
    hits = tuple(n for piece in pieces for n in piece.drums if n.start_s < SECONDS)
    role = pieces[0].role if pieces else Role.DRUMS
    return Scene(kind=kind, role=role, audio=_mastered(rng, audio, rate), notes=notes, hits=hits)


def _mastered(rng: np.random.Generator, audio: Float, rate: int) -> Float:
    """Room, equaliser, compressor, wow, saturation and noise, each on some scenes; then a level."""
    audio = audio * np.float32(0.5 / max(float(np.abs(audio).max()), 1e-6))
    chain: list[Any] = [effect() for share, effect in _effects(rng) if rng.random() < share]
    audio = Pedalboard(chain)(np.ascontiguousarray(audio, np.float32), rate) if chain else audio
    if rng.random() < 0.07:
        audio = _wow(audio, rate, hz=rng.uniform(0.5, 6.5), cents=rng.uniform(5, 35))
    if rng.random() < 0.1:
        drive = rng.uniform(1.5, 6)
        audio = (np.tanh(drive * audio) / drive).astype(np.float32)
    peak = max(float(np.abs(audio).max()), 1e-6)
    if rng.random() < 0.35 or peak <= 1e-6:
        audio = audio + np.float32(peak * 10 ** (-rng.uniform(25, 70) / 20)) * _noise(rng, audio.shape)
    peak = max(float(np.abs(audio).max()), 1e-6)
    return (audio * (10 ** (-rng.uniform(0, 24) / 20) / peak)).astype(np.float32)


def _effects(rng: np.random.Generator) -> tuple[tuple[float, Callable[[], Any]], ...]:
    """Share of the scenes, and the effect."""
    hz = float(np.exp(rng.uniform(np.log(120), np.log(6000))))
    return (
        (0.25, lambda: pb.Reverb(room_size=rng.uniform(0.1, 0.9), wet_level=rng.uniform(0.05, 0.3), dry_level=0.7)),
        (0.3, lambda: pb.PeakFilter(cutoff_frequency_hz=hz, gain_db=rng.uniform(-10, 10), q=rng.uniform(0.4, 1.5))),
        (0.15, lambda: pb.HighShelfFilter(cutoff_frequency_hz=3000, gain_db=rng.uniform(-12, 9))),
        (0.15, lambda: pb.LowShelfFilter(cutoff_frequency_hz=200, gain_db=rng.uniform(-9, 9))),
        (0.3, lambda: pb.Compressor(threshold_db=rng.uniform(-30, -12), ratio=rng.uniform(2, 8))),
    )


def _wow(audio: Float, rate: int, *, hz: float, cents: float) -> Float:
    """Vibrato of everything: a delay that swings."""
    time = np.arange(audio.shape[1])
    depth = (2 ** (cents / 1200) - 1) / (2 * np.pi * hz) * rate
    place = time - depth * (1 - np.cos(2 * np.pi * hz * time / rate))
    return np.stack([np.interp(place, time, channel) for channel in audio]).astype(np.float32)


def _noise(rng: np.random.Generator, shape: tuple[int, ...]) -> Float:
    """White, or falling with frequency."""
    white = rng.standard_normal(shape, np.float32)
    if rng.random() < 0.5:
        return white
    brown = np.cumsum(white, axis=1)
    brown = brown - np.apply_along_axis(lambda c: np.convolve(c, np.ones(400) / 400, "same"), 1, brown)
    return (brown / max(float(brown.std()), 1e-6)).astype(np.float32)
