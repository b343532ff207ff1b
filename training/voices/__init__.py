"""Voices: what plays the pieces during training, an unlimited supply.

A voice is an instrument (a soundfont program, or a synthesiser patch drawn by a seed) and the effects it always goes
through, so that content, truth and style of one voice agree in both. How to draw one and let it play:

    from training.compose import compose
    from training.voices import draw_voice, load_fonts, play, sounds, training_fonts

    rng = np.random.default_rng(1)
    fonts = load_fonts(training_fonts())                  # once a process; MuseScore's takes 13 s
    voice = draw_voice(rng, fonts)                        # of any kind, for training
    unseen = draw_voice(rng, fonts, held_out=True)        # of any kind, for validation: never drawn for training
    audio = play(voice, compose(rng), 5.2, fonts)         # float32 [2, samples] at the fonts' rate, drums included
    if not sounds(audio): ...                             # some random patches are silent: draw another

Held out are voices, not pieces: the programs and kits of ``HELD_OUT_PROGRAMS`` and ``HELD_OUT_KITS`` in every
soundfont, and of the models every seed that ``HELD_OUT_EVERY`` divides (``is_held_out``). A voice is a few numbers, so
a list of voices can be stored. Which voices a generator draws depends on ``KIND_SHARES``: shards that were made before
they changed hold others. TimGM6mb is in no training at all: the benchmark's second soundfont.
"""

from __future__ import annotations

from training.voices.drawing import KIND_SHARES, SHARES_BEFORE_FAUST, Shares, draw_voice, draw_voices, is_held_out
from training.voices.fonts import load_fonts, training_fonts
from training.voices.playing import play, sounds
from training.voices.voice import (
    HELD_OUT_EVERY,
    HELD_OUT_KITS,
    HELD_OUT_PROGRAMS,
    KITS,
    TRAIN_PROGRAMS,
    Model,
    Voice,
)

__all__ = [
    "HELD_OUT_EVERY",
    "HELD_OUT_KITS",
    "HELD_OUT_PROGRAMS",
    "KIND_SHARES",
    "KITS",
    "SHARES_BEFORE_FAUST",
    "TRAIN_PROGRAMS",
    "Model",
    "Shares",
    "Voice",
    "draw_voice",
    "draw_voices",
    "is_held_out",
    "load_fonts",
    "play",
    "sounds",
    "training_fonts",
]
