"""What training with the swap in the loop is worth: the published method on a plain diffusion backbone, same pairs.

    python -m bench.diffusion.plain_backbone --minutes 70
    python -m bench.diffusion.backbones --pairs 12

`bench.diffusion.plain_backbone` sees the same grid, curve and training set as stylus-mini and has never seen
a swap; the engine inverts, swaps and samples with it as with any Stable Diffusion. The page goes to
``bench/diffusion/backbones.md``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.diffusion.plain_backbone import STATE, plain_checkpoint
from bench.markdown import table
from bench.material.pairs import SOUNDFONTS, Pair, render_pairs
from bench.quality.anchors import ANCHORS
from bench.quality.metrics import METRICS, Judge
from bench.quality.ours import EMBEDDED, engine_of, make_engine
from bench.quality.report import DIGITS
from bench.quality.results import LABELS
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.checkpoint import Knobs
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.image.row_match import match_rows
from stylus_daw.engine.image.values import row_statistics
from stylus_daw.engine.progress import ReportProgress
from stylus_daw.engine.request import Matching, StyleSettings

STEPS = 10

INTRODUCTION = """# Backbones

Made by `python -m bench.diffusion.backbones --pairs {pairs}` with a {name} of training ({steps} steps of
16 crops, stylus-mini's data, {parameters:.1f} M parameters). The first {pairs} pairs of
[quality.md](../quality/quality.md), figures as defined there, mean over the pairs. The plain backbone was trained
to remove noise and nothing else; the engine inverts, swaps in all layers of its decoder and samples, {sampling}
steps each way. stylus-mini was trained with the swap in the loop and takes one pass.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A row: the plain backbone under some settings."""

    name: str
    settings: StyleSettings
    is_row_matched: bool = False


def _settings(**knobs: object) -> StyleSettings:
    return StyleSettings(steps=STEPS, **knobs)  # type: ignore[arg-type]


WAYS = (
    Way(
        name="plain, as published (strength .9, structure .75, statistics per channel)",
        settings=_settings(strength=0.9, structure=0.75, start=1.0, matching=Matching.CHANNELS),
    ),
    Way(
        name="plain, statistics per row",
        settings=_settings(strength=0.9, structure=0.75, start=1.0, matching=Matching.ROWS),
    ),
    Way(
        name="plain, per row, structure 0, start .8",
        settings=_settings(strength=1.0, structure=0.0, start=0.8, matching=Matching.ROWS),
    ),
    Way(
        name="row match first, then plain, structure .3, start .6",
        settings=_settings(strength=1.0, structure=0.3, start=0.6, matching=Matching.ROWS),
        is_row_matched=True,
    ),
)


class RowMatched:
    """A checkpoint whose content takes the style's row statistics before anything else."""

    def __init__(self, checkpoint: DiffusionCheckpoint) -> None:
        self.checkpoint = checkpoint

    def __getattr__(self, name: str) -> object:
        return getattr(self.checkpoint, name)

    def restyle_blocks(
        self, content: Image, styles: list[tuple[float, Image]], knobs: Knobs, progress: ReportProgress
    ) -> object:
        whole = np.asarray(content[:, :])
        (_, style), *_ = styles
        matched = match_rows(whole, *row_statistics(whole), *row_statistics(style))
        return self.checkpoint.restyle_blocks(matched, styles, knobs, progress)


def contestants(checkpoint: DiffusionCheckpoint, device: str) -> dict[str, Callable[[Clip, Clip], Clip]]:
    """All rows by name."""

    def plain(way: Way) -> Callable[[Clip, Clip], Clip]:
        model = RowMatched(checkpoint) if way.is_row_matched else checkpoint
        return engine_of(model, way.settings)

    ours = make_engine(StyleSettings(checkpoint=str(EMBEDDED)), device)
    return {**ANCHORS, **{way.name: plain(way) for way in WAYS}, "stylus-mini, one pass": ours}


def measured(pairs: list[Pair], rows: dict[str, Callable[[Clip, Clip], Clip]]) -> dict[str, list[list[float]]]:
    """Figures of every row and pair, in the order of the metrics."""
    found: dict[str, list[list[float]]] = {name: [] for name in rows}
    for pair in pairs:
        judge = Judge(pair.content, pair.truth)
        for name, restyle in rows.items():
            figures = judge.measure(restyle(pair.content, pair.style))
            found[name].append([getattr(figures, metric) for metric in METRICS])
        print(f"pair {pair.plan.index}", {name: round(rows[-1][0], 1) for name, rows in found.items()}, flush=True)
    return found


def page(found: dict[str, list[list[float]]], introduction: str) -> str:
    head = ["engine", *(LABELS[metric] for metric in METRICS)]
    rows = []
    for name, figures in found.items():
        mean = np.mean(figures, axis=0)
        rows.append([name, *(f"{value:.{DIGITS[metric]}f}" for metric, value in zip(METRICS, mean, strict=True))])
    return f"{introduction}\n{table(head, rows)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--state", type=Path, default=STATE)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--out", type=Path, default=Path("bench/diffusion/backbones.md"))
    args = parser.parse_args()
    checkpoint = plain_checkpoint(args.state)
    found = measured(list(render_pairs(args.pairs, list(SOUNDFONTS))), contestants(checkpoint, args.device))
    introduction = INTRODUCTION.format(
        pairs=args.pairs,
        name=checkpoint.name,
        steps=checkpoint.sha256.split()[-1],
        sampling=STEPS,
        parameters=sum(p.numel() for p in checkpoint.unet.parameters()) / 1e6,
    )
    args.out.write_text(page(found, introduction), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
