"""Asks the shipped recogniser which General MIDI program a clip sounds like."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from training.recogniser.image import clip_image
from training.recogniser.learning import log_probabilities
from training.recogniser.net import BENCHMARKED, PROGRAMS, Recogniser
from training.recogniser.weights import read_card, read_weights

WEIGHTS = Path(__file__).parent / "weights" / "recogniser.safetensors"
"""Made by ``python -m training.recogniser``."""


def program_log_probabilities(clip: Clip) -> NDArray[np.float32]:
    """Natural log of the probability of each of the benchmark's programs. Shape: ``[22]``.

    >>> tone = np.sin(2 * np.pi * 440 * np.arange(132_300) / 44_100).astype(np.float32)
    >>> program_log_probabilities(Clip(samples=np.stack([tone, tone]), rate=44_100)).shape
    (22,)
    """
    return log_probabilities(_recogniser(), clip_image(clip)).numpy()


def card() -> dict:
    """What it was trained on, and its own accuracy on soundfonts it never heard."""
    return read_card(WEIGHTS)


@lru_cache(maxsize=1)
def _recogniser() -> Recogniser:
    return read_weights(Recogniser(), WEIGHTS)


def number_of(program: int) -> int:
    """Row of one of the benchmark's programs.

    >>> number_of(4)
    0
    """
    return BENCHMARKED.index(PROGRAMS.index(program))
