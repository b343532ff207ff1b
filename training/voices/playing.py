"""Lets a voice play a piece."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from training.compose import Note, Piece
from training.soundfont import Soundfont
from training.voices import faust, modal, vital, wavetable
from training.voices.effects import board
from training.voices.voice import Model, Voice

SILENT_DB = -50.0

Player = Callable[[int, tuple[Note, ...], float, int], NDArray[np.float32]]
"""Seed, notes, seconds, rate to ``[2, samples]``."""
PLAYERS: dict[int, Player] = {
    Model.WAVETABLE: wavetable.play,
    Model.MODAL: modal.play,
    Model.VITAL: vital.play,
    Model.FAUST: faust.play,
}


def play(voice: Voice, piece: Piece, seconds: float, fonts: list[Soundfont]) -> NDArray[np.float32]:
    """The piece by that voice; where a model cannot be heard, no drums either. Shape: ``[2, samples]``."""
    rate = fonts[0].rate
    if voice.font >= 0:
        audio = fonts[voice.font].play(piece, seconds, program=voice.program, kit=voice.kit, tuning=voice.tuning)
    else:
        audio = PLAYERS[voice.font](voice.program, piece.notes, seconds, rate)
        if piece.notes and not sounds(audio):
            return audio
        if piece.drums:
            only_drums = Piece(role=piece.role, notes=(), drums=piece.drums, seconds=piece.seconds)
            audio = audio + fonts[0].play(only_drums, seconds, kit=voice.kit)
    return board(voice.effects)(np.ascontiguousarray(audio), rate) if voice.effects else audio


def sounds(audio: NDArray[np.float32]) -> bool:
    """Whether it is audio that can be heard: finite, and not silent."""
    if not np.isfinite(audio).all():
        return False
    return float(np.sqrt(np.mean(np.square(audio, dtype=np.float64)))) > 10 ** (SILENT_DB / 20)
