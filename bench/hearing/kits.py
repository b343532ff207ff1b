"""Asks a judge of drum kits whether a loop sounds like one kit or another."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import torch

from stylus_daw.audio.clip import Clip
from training.kits.learning import new_judge, place
from training.recogniser.image import clip_image
from training.recogniser.net import Recogniser
from training.recogniser.weights import read_card, read_weights

WEIGHTS = Path(__file__).parent / "weights"
"""Made by ``python -m training.kits``: a judge for each soundfont, which heard neither it nor its kin."""


def kit_margin(loop: Clip, wanted: Clip, other: Clip, soundfont: str) -> float:
    """By how much a loop lies nearer to the kit of ``wanted`` than to that of ``other``: a difference of cosines.

    Args:
        loop: is judged.
        wanted: another pattern by one kit.
        other: the same as ``wanted`` by another kit, so that the pattern speaks for neither.
        soundfont: whose kits they are.
    """
    judge = _judge(soundfont)
    heard, one, two = (place(judge, clip_image(clip)) for clip in (loop, wanted, other))
    return float(torch.dot(heard, one) - torch.dot(heard, two))


def card(soundfont: str) -> dict:
    """What that soundfont's judge heard, and its own accuracy on kits that it never heard."""
    return read_card(_path(soundfont))


def _path(soundfont: str) -> Path:
    return WEIGHTS / f"kits-{soundfont}.safetensors"


@lru_cache(maxsize=2)
def _judge(soundfont: str) -> Recogniser:
    return read_weights(new_judge(), _path(soundfont))
