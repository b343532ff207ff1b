"""What a run measured, and what follows from it: means, spreads, goals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from bench.quality.metrics import HIGHER_IS_BETTER, Figures

OURS, KNOWN_NOTES, OTHER_LIBRARY = "stylus-mini", "stylus-mini, notes known", "score, other library"
RIVALS = ("copy-content", "EQ match", "row match")
GOAL_METRICS = ("lsd_db", "timbre", "chroma")
MUSIC_METRICS, MUSIC_RIVALS = ("onset", "pitch"), ("EQ match", "row match")
LABELS = {
    "heard": "heard",
    "log_p": "log p",
    "note_f1": "note F1",
    "lsd_db": "LSD",
    "timbre": "timbre",
    "chroma": "chroma",
    "onset": "onset",
    "pitch": "multi-pitch",
}
HEARD_GOAL, NOTE_F1_SLACK, LSD_SHARE, TIMBRE_GOAL, CHROMA_GOAL = 0.8, 0.03, 0.6, 40.0, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What is printed first of a result; ``bench.quality.heard`` measures it.

    Attributes:
        heard: 1 where the style's instrument is more probable than the content's, else 0; NaN beside drums.
        log_p: natural log of the probability of the style's instrument among 22; NaN beside drums.
        note_f1: F1 of the notes that Basic Pitch finds, against the written ones.
    """

    heard: float
    log_p: float
    note_f1: float


HEADLINES = tuple(field.name for field in fields(Headline))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One engine on one pair."""

    engine: str
    pair: int
    category: str
    font_name: str
    figures: Figures
    headline: Headline | None = None

    def value(self, metric: str) -> float:
        """A figure by name; NaN where it was not measured."""
        if metric in HEADLINES:
            return getattr(self.headline, metric, float("nan"))
        return getattr(self.figures, metric)


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
    return np.array([r.value(metric) for r in results if r.engine == engine and where(r)])


def engines(results: Sequence[Result]) -> list[str]:
    """Names in the order of the run."""
    return list(dict.fromkeys(result.engine for result in results))


def goals(results: Sequence[Result], ours: str = OURS) -> list[Goal]:
    """Every goal of the house, measured on ``ours``."""
    claims = [_beats(results, ours, rival, metric) for metric in GOAL_METRICS for rival in RIVALS]
    claims += [_beats(results, ours, rival, metric) for metric in MUSIC_METRICS for rival in MUSIC_RIVALS]
    content = float(values(results, "copy-content", "lsd_db").mean())
    lsd = float(values(results, ours, "lsd_db").mean())
    claims.append(_at_most(f"LSD at most {LSD_SHARE:.2f} x copy-content", lsd, LSD_SHARE * content))
    if OTHER_LIBRARY in engines(results):
        claims.append(_beats(results, ours, OTHER_LIBRARY, "lsd_db"))
    claims.append(_beats(results, ours, "copy-style", "lsd_db"))
    claims.append(_beats(results, ours, "copy-style", "timbre"))
    claims.append(
        _at_most(f"timbre at most {TIMBRE_GOAL:g}", float(values(results, ours, "timbre").mean()), TIMBRE_GOAL)
    )
    claims.append(
        _at_least(f"chroma at least {CHROMA_GOAL:g}", float(values(results, ours, "chroma").mean()), CHROMA_GOAL)
    )
    latest = float(np.abs(values(results, ours, "lag")).max())
    return [*_headline_goals(results, ours), *claims, _at_most("largest lag against the content, samples", latest, 0)]


def _headline_goals(results: Sequence[Result], ours: str) -> list[Goal]:
    """Instrument heard and music kept; none where nobody listened."""
    heard, f1 = (measured(values(results, ours, metric)) for metric in ("heard", "note_f1"))
    content = measured(values(results, "copy-content", "note_f1"))
    if not (heard.size and f1.size and content.size):
        return []
    kept = _at_least(
        "note F1, at most 0.03 below the content's", float(f1.mean()), float(content.mean()) - NOTE_F1_SLACK
    )
    return [_at_least("style's instrument heard", float(heard.mean()), HEARD_GOAL), kept]


def measured(found: np.ndarray) -> np.ndarray:
    """Without NaN."""
    return found[~np.isnan(found)]


def _beats(results: Sequence[Result], ours: str, rival: str, metric: str) -> Goal:
    mine, other = values(results, ours, metric), values(results, rival, metric)
    better = mine > other if metric in HIGHER_IS_BETTER else mine < other
    first, second = float(mine.mean()), float(other.mean())
    holds = first > second if metric in HIGHER_IS_BETTER else first < second
    won = f"{int(better.sum())} of {len(mine)}"
    return Goal(claim=f"{LABELS[metric]} better than {rival}", ours=first, limit=second, holds=holds, won=won)


def _at_least(claim: str, ours: float, limit: float) -> Goal:
    return Goal(claim=claim, ours=ours, limit=limit, holds=ours >= limit)


def _at_most(claim: str, ours: float, limit: float) -> Goal:
    return Goal(claim=claim, ours=ours, limit=limit, holds=ours <= limit)
