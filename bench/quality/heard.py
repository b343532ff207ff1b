"""The two headline figures of a result: is the style's instrument heard, and is the music kept?"""

from __future__ import annotations

import numpy as np

from bench.hearing.basic_pitch import find_notes
from bench.hearing.note_f1 import note_f1
from bench.hearing.recogniser import card, number_of, program_log_probabilities
from bench.material.pairs import SECONDS, Category, Pair
from bench.quality.results import Headline
from stylus_daw.audio.clip import Clip


def headline(result: Clip, pair: Pair) -> Headline:
    """All three of a result on a pair."""
    heard, log_p = _heard(result, pair)
    return Headline(heard=heard, log_p=log_p, note_f1=note_f1(find_notes(result), pair.plan.piece.notes, SECONDS))


def _heard(result: Clip, pair: Pair) -> tuple[float, float]:
    style, content = (number_of(p) for p in (pair.plan.style_program, pair.plan.content_program))
    if pair.plan.category is Category.MIX:
        return np.nan, np.nan
    log_p = program_log_probabilities(result)
    return float(log_p[style] > log_p[content]), float(log_p[style])


def known_recogniser() -> str:
    """One sentence for the page: who listens, and how well on soundfonts unheard in its training."""
    unseen = card()["unseen"].items()
    figures = "; ".join(
        f"{name} {f['program']:.0%} of the programs, {f['family']:.0%} of the families, "
        f"the right one of two {f['one_of_two']:.0%}"
        for name, f in unseen
    )
    return (
        "The recogniser heard other soundfonts only, under heavy random equalisation. "
        f"Its own accuracy on those of the pairs, single clips: {figures}."
    )
