"""The results of a run as Markdown: the same on every machine, but for the last digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.markdown import table
from bench.material.pairs import Plan
from bench.quality.metrics import HIGHER_IS_BETTER, METRICS
from bench.quality.results import HEADLINES, LABELS, OTHER_LIBRARY, OURS, Goal, Result, engines, goals, measured, values

DIGITS = {"heard": 2, "log_p": 1, "note_f1": 2, "lsd_db": 1, "timbre": 1, "chroma": 3, "onset": 3, "pitch": 3}
COLUMNS = (*HEADLINES, *METRICS)
UPWARDS = HIGHER_IS_BETTER | set(HEADLINES)
RELATIVE = ("lsd_db", "timbre")
NOT_MEASURED = "n/a"
WITHOUT_LAG = ("copy-style", "NMF musaicing", OTHER_LIBRARY)
DISTANCES = ("near", "middle", "far")

INTRODUCTION = """# Sound quality against the truth

Made by `{command}`. A piece played by instrument A is the content, another piece played by B
the style, and the first piece played by B the truth. {pairs} pairs of {seconds:g} s at 44.1 kHz, all instruments and
drum kits held out from training, soundfonts {fonts} in turn. Mean ± standard deviation over the
pairs; `×` is relative to copy-content.

| metric | definition |
|---|---|
| heard ↑ | a recogniser finds the style's instrument more probable than the content's; share of pairs without drums |
| log p ↑ | natural log of its probability for the style's instrument, one of the 22 programs that the pairs use |
| note F1 ↑ | notes that Basic Pitch finds in the result against the written ones: exact pitch, onset within 60 ms |
| LSD ↓ | log-mel spectral distance, dB: 128 bands, 70 dB range, RMS over bands, mean over frames |
| timbre ↓ | distance of the means and standard deviations of MFCC 1 to 19 |
| chroma ↑ | cosine of the pitch-class energies, mean over the frames in which the truth sounds |
| onset ↑ | correlation of the onset strengths |
| multi-pitch ↓ | Jaccard distance of estimated pitch sets to those estimated on the truth |
| lag | largest lag of the cross-correlation peak against the content, samples |

{recogniser}

No single figure can be trusted: copying the style is close in timbre and is other music. The oracle is the truth's own
mel image through our reconstruction, the ceiling for whatever predicts images. *Score, other library* gets the
notes and plays them on the truth's instrument (by General MIDI number) out of the other soundfont: so far apart are
two recordings of the same instrument and music. *Notes known* is our engine with the written notes in place of its
transcriber: the rest of the way lies in the guide. On the truth itself, the pitch estimator
is {estimator:.2f} from the written notes (ring-out counts as an error there).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run, as the report needs it.

    Attributes:
        command: what made it.
        plans: the pairs.
        seconds: their length.
        font_names: their soundfonts.
        results: all figures.
        estimator: mean distance of the pitch estimator, on the truth, to the written notes.
        weights: fingerprints by engine; empty for a run of anchors alone.
        recogniser: what is known of who hears the instruments.
    """

    command: str
    plans: Sequence[Plan]
    seconds: float
    font_names: Sequence[str]
    results: Sequence[Result]
    estimator: float
    weights: dict[str, str]
    recogniser: str = ""


def markdown(run: Run) -> str:
    """The whole page."""
    introduction = INTRODUCTION.format(
        command=run.command,
        pairs=len(run.plans),
        seconds=run.seconds,
        fonts=" and ".join(run.font_names),
        estimator=run.estimator,
        recogniser=run.recogniser,
    )
    thirds = _distances(run.results)
    categories = list(dict.fromkeys(result.category for result in run.results))
    parts = [introduction, "## All pairs\n", _overview(run.results), _weights(run.weights)]
    parts += ["## Goals\n", _verdicts(run)]
    parts += ["## By category\n", "Mean of each metric; the number of pairs follows the category.\n"]
    parts += [_breakdown(run.results, metric, lambda r: r.category, categories) for metric in COLUMNS]
    parts += ["## By distance\n", "Thirds of the pairs by how far truth and content are apart (LSD of copy-content).\n"]
    parts += [_breakdown(run.results, metric, lambda r: thirds[r.pair], DISTANCES) for metric in RELATIVE]
    parts.append("## By soundfont\n")
    parts += [_breakdown(run.results, metric, lambda r: r.font_name, run.font_names) for metric in RELATIVE]
    parts += ["## The pairs\n", _pair_list(run)]
    return "\n".join(parts)


def _overview(results: Sequence[Result]) -> str:
    rows = []
    for engine in engines(results):
        cells = [_cell(results, engine, metric) for metric in COLUMNS]
        rows.append([engine, *cells, _lag(results, engine)])
    arrows = [f"{LABELS[m]} {'↑' if m in UPWARDS else '↓'}" for m in COLUMNS]
    return table(["engine", *arrows, "lag"], rows)


def _cell(results: Sequence[Result], engine: str, metric: str) -> str:
    found = measured(values(results, engine, metric))
    if not found.size:
        return NOT_MEASURED
    if metric == "heard":
        return f"{found.mean():.2f}"
    cell = f"{found.mean():.{DIGITS[metric]}f} ± {found.std():.{DIGITS[metric]}f}"
    if metric in RELATIVE:
        cell += f" (×{found.mean() / values(results, 'copy-content', metric).mean():.2f})"
    return cell


def _lag(results: Sequence[Result], engine: str) -> str:
    return "–" if engine in WITHOUT_LAG else str(int(np.abs(values(results, engine, "lag")).max()))


def _weights(weights: dict[str, str]) -> str:
    """Which weights the rows of our engine stand for."""
    if not weights:
        return ""
    return f"Weights, by SHA-256: {', '.join(f'{engine} {sha256}…' for engine, sha256 in weights.items())}.\n"


def _verdicts(run: Run) -> str:
    if OURS not in engines(run.results):
        return "Not run: no weights were given.\n"
    return table(["goal", OURS, "limit", "pairs won", ""], [_verdict(goal) for goal in goals(run.results)])


def _verdict(goal: Goal) -> list[str]:
    return [goal.claim, f"{goal.ours:.3g}", f"{goal.limit:.3g}", goal.won, "pass" if goal.holds else "**fail**"]


def _breakdown(results: Sequence[Result], metric: str, key: Callable[[Result], str], groups: Sequence[str]) -> str:
    """One metric: groups down, engines across."""
    names = engines(results)
    rows = []
    for group in groups:
        found = [values(results, name, metric, lambda r, group=group: key(r) == group) for name in names]
        if found[0].size:
            rows.append([f"{group} ({found[0].size})", *(_mean(v, metric) for v in found)])
    return table([LABELS[metric], *names], rows)


def _mean(found: np.ndarray, metric: str) -> str:
    known = measured(found)
    return f"{known.mean():.{DIGITS[metric]}f}" if known.size else NOT_MEASURED


def _distances(results: Sequence[Result]) -> dict[int, str]:
    """In which third of the pairs each is."""
    far = {r.pair: r.figures.lsd_db for r in results if r.engine == "copy-content"}
    order = sorted(far, key=lambda pair: far[pair])
    return {pair: DISTANCES[min(2, 3 * rank // len(order))] for rank, pair in enumerate(order)}


def _pair_list(run: Run) -> str:
    rows = [
        [str(p.index), p.category.value, run.font_names[p.font], str(p.content_program), str(p.style_program)]
        for p in run.plans
    ]
    return table(["pair", "category", "soundfont", "program A", "program B"], rows)
