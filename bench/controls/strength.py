"""What strength does: how far the result is from the content, and how near the truth, at strengths from 0 to 1.5.

    python -m bench.controls.strength --pairs 4 --out bench/controls/strength.md

Strength scales the gain in dB that the model asks for, so one pass of the model serves all rows.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.material.pairs import SOUNDFONTS, Pair, render_pairs
from bench.quality.metrics import Judge
from stylus_daw.audio.sound import to_clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.mini.loading import load_mini
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.result_cache import KeptResults
from stylus_daw.engine.shelf.registry import embedded_folder
from stylus_daw.engine.transfer import stylized

STRENGTHS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Means over the pairs; the first two against the content, the others against the truth."""

    from_content_lsd: float
    from_content_timbre: float
    lsd_db: float
    timbre: float
    chroma: float
    onset: float


def measure(pair: Pair, checkpoint: MiniCheckpoint) -> list[Row]:
    """A row for each of `STRENGTHS`."""
    kept, rows = KeptResults(), []
    from_content, to_truth = Judge(pair.content, pair.content), Judge(pair.content, pair.truth)
    for strength in STRENGTHS:
        settings = StyleSettings(strength=strength)
        request = StyleRequest(content=pair.content, styles=(WeightedStyle(clip=pair.style),), settings=settings)
        result = to_clip(stylized(request, checkpoint, scratch=Scratch(), kept=kept))
        apart, truth = from_content.measure(result), to_truth.measure(result)
        rows.append(
            Row(
                from_content_lsd=apart.lsd_db,
                from_content_timbre=apart.timbre,
                lsd_db=truth.lsd_db,
                timbre=truth.timbre,
                chroma=truth.chroma,
                onset=truth.onset,
            )
        )
    return rows


def page(measured: list[list[Row]], command: str) -> str:
    """The table as Markdown, and whether the way from the content only ever grows."""
    lines = [
        "# What strength does\n\n"
        f"Made by `{command}`, on pairs of `bench/quality/quality.md`; means. Strength scales the gain "
        "in dB that the model asks for. The first two columns compare with the content, the others with the truth.\n",
        "| strength | LSD from content | timbre from content | LSD ↓ | timbre ↓ | chroma ↑ | onset ↑ |\n"
        "|---|---|---|---|---|---|---|",
    ]
    for number, strength in enumerate(STRENGTHS):
        rows = [pair[number] for pair in measured]
        near, timbre = np.mean([(row.from_content_lsd, row.from_content_timbre) for row in rows], axis=0)
        lsd, to_timbre, chroma, onset = np.mean([(r.lsd_db, r.timbre, r.chroma, r.onset) for r in rows], axis=0)
        figures = f"{near:.2f} | {timbre:.1f} | {lsd:.2f} | {to_timbre:.1f} | {chroma:.3f} | {onset:.3f}"
        lines.append(f"| {strength:g} | {figures} |")
    growing = sum(_grows([row.from_content_lsd for row in pair]) for pair in measured)
    lines.append(f"\nThe LSD from the content grows at every step in {growing} of {len(measured)} pairs.")
    return "\n".join(lines) + "\n"


def _grows(values: list[float]) -> bool:
    return bool((np.diff(values) > 0).all())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--out", type=Path, default=Path("bench/controls/strength.md"))
    args = parser.parse_args()
    checkpoint = load_mini(embedded_folder(), "cpu")
    measured = [measure(pair, checkpoint) for pair in render_pairs(args.pairs, list(SOUNDFONTS))]
    text = page(measured, f"python -m bench.controls.strength --pairs {args.pairs}")
    args.out.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
