"""Compares ways from an image back to sound on pairs with a ground truth, and writes a Markdown page.

    python -m bench.fidelity.reconstructions --pairs 12

Every way gets the same two images: the truth's own (how good can it be?) and the one that stylus-mini predicts
(how good is it?). Figures are those of ``bench.quality``, and how much sound there is before attacks that come out
of quiet.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.fidelity.measures import pre_echo_db, step_burst
from bench.fidelity.predicted import Predictor
from bench.fidelity.reconstruction_variants import VARIANTS, Variant
from bench.material.pairs import SECONDS, Pair, render_pairs
from bench.quality.anchors import RANGE_DB
from bench.quality.metrics import METRICS, Figures, Judge
from bench.quality.report import DIGITS
from bench.quality.results import LABELS
from stylus_daw.audio.attacks import attacks
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import Image, MelGeometry, level_db

QUIET_DB, LOWEST_DB = -30.0, -80.0
ARROWS = {"lsd_db": "↓", "timbre": "↓", "chroma": "↑", "onset": "↑", "pitch": "↓"}
SOURCES = {"truth": "The truth's own image", "predicted": "The image that stylus-mini predicts"}

INTRODUCTION = """# From image to sound

Made by `{command}`. The first {pairs} pairs of `bench.quality`, {seconds:g} s each, figures as defined
there, mean over the pairs. Every method gets the same image. *Pre-echo* is the mean power from 20 to 3 ms before an
attack relative to the 20 ms from it on, *whole* that of all 20 ms before; dB, mean over the {attacks} attacks before
which the content is at least {quiet:g} dB lower; the content itself has {own:.0f} there, where less than -80 counts
as -80. *Burst* is how far a single step of the signal stands out of the 5 ms around it, largest of a clip (1: a click
in silence). *Lag* is the largest against the content, in samples at 44.1 kHz.

| way | what |
|---|---|
{ways}
"""

CONCLUSION = """## What follows

No way is better than the others by any figure of music with the predicted image, so the ear's complaints decide.
*Mended attacks* send next to nothing ahead and stay on their sample; *minimum phase* for all of them is a sample late
under dark styles. Filling where the content has nothing comes closer to the truth with the truth's own image, and costs
nothing with the predicted one; what it is worth to a content without highs is in [fidelity.md](fidelity.md).
A render takes *as rendered*.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One way on one pair."""

    figures: Figures
    pre_echoes_db: tuple[float, ...]
    last_db: tuple[float, ...]
    burst: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--out", type=Path, default=Path("bench/fidelity/reconstructions.md"))
    args = parser.parse_args()
    predict = Predictor()
    outcomes: dict[tuple[str, str], list[Outcome]] = {}
    own: list[float] = []
    for pair in render_pairs(args.pairs):
        places = quiet_attacks(pair.content)
        own += [max(LOWEST_DB, pre_echo_db(pair.content, place)) for place in places]
        images = {"truth": truth_images(pair), "predicted": predict(pair.content, pair.style)}
        judge = Judge(pair.content, pair.truth)
        for source, (before, after) in images.items():
            for name, variant in VARIANTS.items():
                outcome = judged(judge, variant, pair.content, before, after, places)
                outcomes.setdefault((source, name), []).append(outcome)
        print(f"pair {pair.plan.index + 1} of {args.pairs}", flush=True)
    args.out.write_text(page(args.pairs, outcomes, own), "utf-8")


def judged(
    judge: Judge, variant: Variant, content: Clip, before: Image, after: Image, places: Sequence[int]
) -> Outcome:
    result = variant(content, before, after)
    echoes = tuple(max(LOWEST_DB, pre_echo_db(result, place)) for place in places)
    last = tuple(max(LOWEST_DB, pre_echo_db(result, place, fade_s=0.0)) for place in places)
    return Outcome(figures=judge.measure(result), pre_echoes_db=echoes, last_db=last, burst=step_burst(result))


def quiet_attacks(clip: Clip) -> list[int]:
    """Attacks with at least 30 dB less before them."""
    edge = clip.rate // 40
    inside = [place for place in attacks(clip.samples, clip.rate) if edge < place < clip.length - edge]
    return [place for place in inside if pre_echo_db(clip, place) < QUIET_DB]


def truth_images(pair: Pair) -> tuple[Image, Image]:
    """Content and truth, levelled, at the content's level."""
    content, truth = (mel_image(clip, MelGeometry()) for clip in (pair.content, pair.truth))
    level = level_db(content)
    before = np.maximum(content, level - RANGE_DB)
    return before, np.maximum(truth - np.float32(level_db(truth)), -RANGE_DB) + np.float32(level)


def page(pairs: int, outcomes: dict[tuple[str, str], list[Outcome]], own: Sequence[float]) -> str:
    ways = "\n".join(f"| {name} | {_first_line(variant)} |" for name, variant in VARIANTS.items())
    parts = [
        INTRODUCTION.format(
            command=f"python -m bench.fidelity.reconstructions --pairs {pairs}",
            pairs=pairs,
            seconds=SECONDS,
            attacks=len(own),
            quiet=-QUIET_DB,
            own=float(np.mean(own)) if own else float("nan"),
            ways=ways,
        )
    ]
    for source, title in SOURCES.items():
        parts += [f"## {title}\n", _table(source, outcomes)]
    return "\n".join([*parts, CONCLUSION])


def _table(source: str, outcomes: dict[tuple[str, str], list[Outcome]]) -> str:
    names = (f"{LABELS[metric]} {ARROWS[metric]}" for metric in METRICS)
    head = ["way", *names, "pre-echo, dB ↓", "whole, dB ↓", "burst ↓", "lag"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for (kind, name), found in outcomes.items():
        if kind == source:
            lines.append("| " + " | ".join([name, *_cells(found)]) + " |")
    return "\n".join(lines) + "\n"


def _cells(found: Sequence[Outcome]) -> list[str]:
    means = [f"{_mean(found, lambda o, m=m: getattr(o.figures, m)):.{DIGITS[m] + (m == 'lsd_db')}f}" for m in METRICS]
    echoes = _loudness_before([outcome.pre_echoes_db for outcome in found])
    last = _loudness_before([outcome.last_db for outcome in found])
    lag = max(abs(outcome.figures.lag) for outcome in found)
    return [*means, echoes, last, f"{_mean(found, lambda o: o.burst):.2f}", str(lag)]


def _loudness_before(echoes: Sequence[tuple[float, ...]]) -> str:
    each = [echo for pair in echoes for echo in pair]
    return f"{np.mean(each):.0f}" if each else "–"


def _mean(found: Sequence[Outcome], figure: Callable[[Outcome], float]) -> float:
    return float(np.mean([figure(outcome) for outcome in found]))


def _first_line(variant: Variant) -> str:
    return (variant.__doc__ or "").splitlines()[0].rstrip(".")


if __name__ == "__main__":
    main()
