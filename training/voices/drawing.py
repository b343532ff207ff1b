"""Draws voices: for training, or held out for validation."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from training.soundfont import DRUM_BANK, Soundfont
from training.voices.voice import HELD_OUT_EVERY, HELD_OUT_KITS, HELD_OUT_PROGRAMS, KITS, TRAIN_PROGRAMS, Model, Voice

Shares = Mapping[Model | None, float]

KIND_SHARES: Shares = {None: 0.5, Model.MODAL: 0.2, Model.VITAL: 0.1, Model.WAVETABLE: 0.1, Model.FAUST: 0.1}
"""None: a soundfont's program. A patch of Vital costs a second, the others a tenth of one."""
SHARES_BEFORE_FAUST: Shares = {None: 0.55, Model.MODAL: 0.25, Model.VITAL: 0.1, Model.WAVETABLE: 0.1}
"""What the shipped weights were trained with, and what `bench.hearing` still draws: its pages stay comparable."""
EFFECTS_SHARE, SEEDS = 0.4, 2**31


def draw_voice(
    rng: np.random.Generator, fonts: list[Soundfont], *, held_out: bool = False, shares: Shares = KIND_SHARES
) -> Voice:
    """A voice of any kind: one for training, or one that no training ever hears.

    Args:
        rng: the same generator, fonts and shares give the same voice; other shares give others.
        fonts: those whose programs may be drawn.
        held_out: whether it is one for validation.
        shares: how often each kind is drawn; 1 together.
    """
    kind = list(shares)[rng.choice(len(shares), p=list(shares.values()))]
    effects = _seed(rng) if rng.random() < EFFECTS_SHARE else 0
    index = int(rng.integers(len(fonts)))
    kit = _kit(rng, fonts[0 if kind else index], held_out=held_out)
    if kind is not None:
        return Voice(font=int(kind), program=_model_seed(rng, held_out=held_out), kit=kit, effects=effects)
    programs = [p for p in (HELD_OUT_PROGRAMS if held_out else TRAIN_PROGRAMS) if fonts[index].has_program(p)]
    return Voice(font=index, program=int(rng.choice(programs)), kit=kit, effects=effects, tuning=_tuning(rng, effects))


def is_held_out(voice: Voice) -> bool:
    """Whether no training may hear it."""
    if voice.font < 0:
        return voice.program % HELD_OUT_EVERY == 0
    return voice.program in HELD_OUT_PROGRAMS


def draw_voices(rng: np.random.Generator, fonts: list[Soundfont], *, synth_share: float = 0.2) -> list[Voice]:
    """Every training program of every font, once plain and once with effects, and wavetable patches."""
    voices = []
    for index, font in enumerate(fonts):
        kits = [kit for kit in KITS if font.has_program(kit, bank=DRUM_BANK)] or [0]
        for program in TRAIN_PROGRAMS:
            if font.has_program(program):
                for effects in (0, _seed(rng)):
                    kit = int(rng.choice(kits))
                    voices.append(
                        Voice(font=index, program=program, kit=kit, effects=effects, tuning=_tuning(rng, effects))
                    )
    for _ in range(round(len(voices) * synth_share / (1 - synth_share))):
        effects = int(rng.choice([0, _seed(rng)]))
        patch = Voice(font=Model.WAVETABLE, program=_seed(rng), kit=int(rng.choice(KITS[:2])), effects=effects)
        voices.append(patch)
    return voices


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1, SEEDS))


def _model_seed(rng: np.random.Generator, *, held_out: bool) -> int:
    seed = _seed(rng) // HELD_OUT_EVERY * HELD_OUT_EVERY
    return seed if held_out else seed + int(rng.integers(1, HELD_OUT_EVERY))


def _kit(rng: np.random.Generator, font: Soundfont, *, held_out: bool) -> int:
    kits = [kit for kit in (HELD_OUT_KITS if held_out else KITS) if font.has_program(kit, bank=DRUM_BANK)]
    return int(rng.choice(kits or [0]))


def _tuning(rng: np.random.Generator, effects: int) -> float:
    return float(rng.normal(0, 0.08)) if effects else 0.0
