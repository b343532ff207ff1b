"""Voices: everything that a piece can be played by during training.

A voice is an instrument (a soundfont program, or a synthesiser patch drawn at random) and the
effects it always goes through, so that content, truth and style of one voice agree in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pedalboard as pb
from numpy.typing import NDArray
from pedalboard._pedalboard import Pedalboard

from training.compose import Note, Piece
from training.soundfont import Soundfont

# Never used in training, in any soundfont: the benchmark plays these.
HELD_OUT_PROGRAMS = (4, 11, 19, 22, 24, 30, 33, 38, 41, 45, 46, 52, 56, 60, 66, 71, 73, 81, 88, 104, 108, 114)
HELD_OUT_KITS = (24,)
TRAIN_PROGRAMS = tuple(p for p in range(112) if p not in HELD_OUT_PROGRAMS)
KITS = (0, 8, 16, 25, 32, 40, 48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who plays.

    Attributes:
        font: index of the soundfont, or -1 for a synthesiser patch.
        program: General MIDI program, or the patch's seed.
        kit: drum kit of the font.
        effects: seed of the voice's effects; 0 = none.
        tuning: semitones off concert pitch.
    """

    font: int
    program: int
    kit: int = 0
    effects: int = 0
    tuning: float = 0.0


def draw_voices(rng: np.random.Generator, fonts: list[Soundfont], *, synth_share: float = 0.2) -> list[Voice]:
    """Every training program of every font, once plain and once with effects, and synthesiser patches."""
    voices = []
    for index, font in enumerate(fonts):
        kits = [kit for kit in KITS if font.has_program(kit, bank=128)] or [0]
        for program in TRAIN_PROGRAMS:
            if font.has_program(program):
                for effects in (0, int(rng.integers(1, 2**31))):
                    kit = int(rng.choice(kits))
                    voices.append(
                        Voice(font=index, program=program, kit=kit, effects=effects, tuning=_tuning(rng, effects))
                    )
    for _ in range(round(len(voices) * synth_share / (1 - synth_share))):
        effects = int(rng.choice([0, rng.integers(1, 2**31)]))
        voices.append(Voice(font=-1, program=int(rng.integers(2**31)), kit=int(rng.choice(KITS[:2])), effects=effects))
    return voices


def _tuning(rng: np.random.Generator, effects: int) -> float:
    return float(rng.normal(0, 0.08)) if effects else 0.0


def play(voice: Voice, piece: Piece, seconds: float, fonts: list[Soundfont]) -> NDArray[np.float32]:
    """The piece by that voice. Shape: ``[2, samples]``."""
    rate = fonts[0].rate
    if voice.font >= 0:
        audio = fonts[voice.font].play(piece, seconds, program=voice.program, kit=voice.kit, tuning=voice.tuning)
    else:
        audio = _patch(voice.program, piece.notes, seconds, rate)
        if piece.drums:
            only_drums = Piece(role=piece.role, notes=(), drums=piece.drums, seconds=piece.seconds)
            audio = audio + fonts[0].play(only_drums, seconds, kit=voice.kit)
    return _board(voice.effects)(np.ascontiguousarray(audio), rate) if voice.effects else audio


def _board(seed: int) -> Pedalboard:
    """Effects drawn by a seed: one to three of what is on ordinary tracks."""
    rng = np.random.default_rng(seed)
    choices = [
        lambda: pb.Reverb(room_size=rng.uniform(0.1, 0.8), wet_level=rng.uniform(0.1, 0.35), dry_level=0.7),
        lambda: pb.Chorus(rate_hz=rng.uniform(0.3, 3), depth=rng.uniform(0.1, 0.5), mix=0.4),
        lambda: pb.Distortion(drive_db=rng.uniform(6, 24)),
        lambda: pb.Compressor(threshold_db=rng.uniform(-35, -20), ratio=rng.uniform(2, 6)),
        lambda: pb.LowpassFilter(cutoff_frequency_hz=float(np.exp(rng.uniform(np.log(900), np.log(9000))))),
        lambda: pb.HighpassFilter(cutoff_frequency_hz=rng.uniform(80, 400)),
        lambda: pb.PeakFilter(
            cutoff_frequency_hz=float(np.exp(rng.uniform(5, 8.5))), gain_db=rng.uniform(-12, 12), q=1
        ),
        lambda: pb.Phaser(rate_hz=rng.uniform(0.2, 2), mix=0.4),
        lambda: pb.Delay(delay_seconds=rng.uniform(0.1, 0.4), feedback=0.2, mix=rng.uniform(0.1, 0.3)),
    ]
    picked = rng.choice(len(choices), size=int(rng.integers(1, 4)), replace=False)
    return Pedalboard([choices[i]() for i in picked])


def _patch(seed: int, notes: tuple[Note, ...], seconds: float, rate: int) -> NDArray[np.float32]:
    """A wavetable synthesiser drawn by a seed: two spectra, an envelope between them, some breath."""
    rng = np.random.default_rng(seed)
    tables = [_harmonics(rng) for _ in range(2)]
    attack, decay = float(np.exp(rng.uniform(-6.5, -2))), float(np.exp(rng.uniform(-2.5, 1)))
    sustain, release = float(rng.choice([0.0, rng.uniform(0.2, 1)])), float(np.exp(rng.uniform(-4, -1)))
    breath, vibrato = float(rng.choice([0, 0, 0.03, 0.1])), float(rng.choice([0, 0, 0.003, 0.006]))
    noise = np.random.default_rng(seed + 1)
    out = np.zeros(round(seconds * rate), np.float32)
    for note in notes:
        first = round(note.start_s * rate)
        count = min(round((note.seconds + 4 * release) * rate), len(out) - first)
        if count < 8:
            continue
        time = np.arange(count) / rate
        hz = 440.0 * 2 ** ((note.pitch - 69) / 12)
        phase = hz * (time + vibrato / (2 * np.pi * 5) * np.sin(2 * np.pi * 5 * time))
        bright = np.exp(-time / decay) * note.velocity / 127
        tone = (1 - bright) * _cycle(tables[0], hz, phase, rate) + bright * _cycle(tables[1], hz, phase, rate)
        swell = (1 - np.exp(-time / attack)) * (sustain + (1 - sustain) * np.exp(-time / decay))
        swell = swell * np.exp(-np.maximum(time - note.seconds, 0) / release)
        tone = tone + breath * noise.standard_normal(count)
        out[first : first + count] += (0.1 * (note.velocity / 100) ** 1.5 * swell * tone).astype(np.float32)
    return np.stack([out, out])


def _harmonics(rng: np.random.Generator) -> NDArray[np.float64]:
    """Amplitudes of 128 harmonics: a slope, an odd/even balance, one to three formant-like bumps."""
    number = np.arange(1, 129)
    amplitude = number ** -rng.uniform(0.4, 2.5)
    amplitude[1::2] *= rng.choice([1.0, 1.0, rng.uniform(0, 0.6)])
    for _ in range(rng.integers(0, 4)):
        amplitude *= 1 + rng.uniform(0, 6) * np.exp(-(((number - rng.uniform(1, 30)) / rng.uniform(1, 6)) ** 2))
    return amplitude / np.sqrt((amplitude**2).sum())


def _cycle(amplitude: NDArray[np.float64], hz: float, phase: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    """One band-limited cycle read at ``phase`` (cycles)."""
    audible = amplitude[: max(1, min(len(amplitude), int(0.45 * rate / hz)))]
    spectrum = np.zeros(513, np.complex128)
    spectrum[1 : len(audible) + 1] = audible * np.exp(2j * np.pi * (np.arange(len(audible)) * 0.618 % 1))
    table = np.fft.irfft(spectrum) * 1024 / np.sqrt(2)
    place = (phase % 1) * 1024
    return np.interp(place, np.arange(1025), np.append(table, table[0]))


def load_fonts(paths: list[Path], rate: int = 44_100) -> list[Soundfont]:
    """All soundfonts, in order."""
    return [Soundfont(path, rate) for path in paths]
