"""What a run measured, and what follows from it: means, spreads, goals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.quality.metrics import HIGHER_IS_BETTER, Figures

OURS, OTHER_LIBRARY = "stylus-mini", "score, other library"
RIVALS = ("copy-content", "EQ match", "row match")
GOAL_METRICS = ("lsd_db", "timbre", "chroma")
MUSIC_METRICS, MUSIC_RIVALS = ("onset", "pitch"), ("EQ match", "row match")
LABELS = {"lsd_db": "LSD", "timbre": "timbre", "chroma": "chroma", "onset": "onset", "pitch": "multi-pitch"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One engine on one pair."""

    engine: str
    pair: int
    category: str
    font_name: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A claim, the two figures it rests on, and whether it holds."""

    claim: str
    ours: float
    limit: float
    holds: bool
    won: str = ""


def values(
    results: Sequence[Result], engine: str, metric: str, where: Callable[[Result], bool] = lambda _: True
) -> np.ndarray:
    """A metric of an engine, in the order of the pairs. Shape: ``[pairs]``."""
    return np.array([getattr(r.figures, metric) for r in results if r.engine == engine and where(r)])


def engines(results: Sequence[Result]) -> list[str]:
    """Names in the order of the run."""
    return list(dict.fromkeys(result.engine for result in results))


def goals(results: Sequence[Result], ours: str = OURS) -> list[Goal]:
    """Every goal of the house, measured on ``ours``."""
    claims = [_beats(results, ours, rival, metric) for metric in GOAL_METRICS for rival in RIVALS]
    claims += [_beats(results, ours, rival, metric) for metric in MUSIC_METRICS for rival in MUSIC_RIVALS]
    lsd = float(values(results, ours, "lsd_db").mean())
    content = float(values(results, "copy-content", "lsd_db").mean())
    claims += [_at_most(f"LSD at most {share} x copy-content", lsd, share * content) for share in (0.75, 0.55)]
    claims.append(_beats(results, ours, "copy-style", "lsd_db"))
    claims.append(_beats(results, ours, "copy-style", "timbre"))
    latest = float(np.abs(values(results, ours, "lag")).max())
    return [*claims, _at_most("largest lag against the content, samples", latest, 0)]


def _beats(results: Sequence[Result], ours: str, rival: str, metric: str) -> Goal:
    mine, other = values(results, ours, metric), values(results, rival, metric)
    better = mine > other if metric in HIGHER_IS_BETTER else mine < other
    first, second = float(mine.mean()), float(other.mean())
    holds = first > second if metric in HIGHER_IS_BETTER else first < second
    won = f"{int(better.sum())} of {len(mine)}"
    return Goal(claim=f"{LABELS[metric]} better than {rival}", ours=first, limit=second, holds=holds, won=won)


def _at_most(claim: str, ours: float, limit: float) -> Goal:
    return Goal(claim=claim, ours=ours, limit=limit, holds=ours <= limit)
