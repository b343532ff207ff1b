"""What is measured on a pair of drum loops, and who restyles them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.hearing.hit_shapes import Shapes, hit_shapes, likeness, moments
from bench.hearing.kits import kit_margin
from bench.material.drum_pairs import DrumPair
from bench.material.pairs import SECONDS
from bench.quality.anchors import ANCHORS, oracle
from bench.quality.metrics import Figures, Judge
from bench.quality.ours import knowing_the_notes, make_engine
from bench.quality.results import OURS
from stylus_daw.audio.clip import Clip
from stylus_daw.engine.request import StyleSettings

KNOWN_HITS, ORACLE, TRUTH = "stylus-mini, hits known", "oracle", "truth"

Contestant = Callable[[DrumPair], Clip]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrumResult:
    """One engine on one pair.

    Attributes:
        margin: by how much the result lies nearer to the style's kit than to the content's (cosines).
        hits: share of the hits, 0..1, that decay, brighten and hiss more as the truth's than as the content's.
        figures: distances to the truth.
    """

    engine: str
    pair: int
    font_name: str
    margin: float
    hits: float
    figures: Figures

    @property
    def heard(self) -> float:
        """1 where the style's kit is heard rather than the content's, else 0."""
        return float(self.margin > 0)


def contestants(settings: dict[str, StyleSettings], device: str) -> dict[str, Contestant]:
    """The anchors, ours under each of the settings, the oracle and the truth."""
    engines = {**ANCHORS, **{name: make_engine(own, device) for name, own in settings.items()}}
    restyling: dict[str, Contestant] = {
        name: (lambda pair, engine=engine: engine(pair.content, pair.style)) for name, engine in engines.items()
    }
    if OURS in settings:
        restyling[KNOWN_HITS] = knowing_the_notes(settings[OURS], device)
    return {**restyling, ORACLE: lambda pair: oracle(pair.content, pair.truth), TRUTH: lambda pair: pair.truth}


def measured(pair: DrumPair, clips: dict[str, Clip]) -> list[DrumResult]:
    """All results of a pair."""
    judge = Judge(pair.content, pair.truth)
    spans = moments([note.start_s for note in pair.plan.piece.drums], SECONDS)
    wanted, other = hit_shapes(pair.truth, spans), hit_shapes(pair.content, spans)
    return [
        DrumResult(
            engine=name,
            pair=pair.plan.index,
            font_name=pair.font_name,
            margin=kit_margin(clip, pair.style, pair.decoy, pair.font_name),
            hits=_hits(clip, spans, wanted, other),
            figures=judge.measure(clip),
        )
        for name, clip in clips.items()
    ]


def _hits(clip: Clip, spans: Sequence[tuple[float, float]], wanted: Shapes, other: Shapes) -> float:
    return likeness(hit_shapes(clip, spans), wanted, other)


def figure(results: Sequence[DrumResult], engine: str, name: str, font_name: str | None = None) -> np.ndarray:
    """A figure of an engine, in the order of the pairs. Shape: ``[pairs]``."""
    own = (r for r in results if r.engine == engine and font_name in (None, r.font_name))
    return np.array([getattr(r, name) if hasattr(r, name) else getattr(r.figures, name) for r in own])
