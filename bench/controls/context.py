"""What stylus-mini gains by hearing more of a style, or by other tiles: the same pairs, one constant changed at a time.

python -m bench.controls.context --pairs 12 --out bench/controls/context.md
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.material.pairs import SOUNDFONTS, Pair, render_pairs
from bench.quality.metrics import Judge
from stylus_daw.engine.mini import checkpoint as mini
from stylus_daw.engine.mini.loading import load_mini
from stylus_daw.engine.request import Quality, StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.registry import embedded_folder
from stylus_daw.engine.transfer import stylize

UNLIMITED = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row: settings, and constants of ``mini`` that differ."""

    name: str
    settings: StyleSettings = field(default_factory=StyleSettings)
    constants: dict[str, int] = field(default_factory=dict)


CASES = (
    Case(name="normal: 3 style tiles, thinned"),
    Case(name="3 style tiles, every token", constants={"MAX_STYLE_TOKENS": UNLIMITED}),
    Case(name="draft: 1 style tile", settings=StyleSettings(quality=Quality.DRAFT)),
    Case(name="high: 6 style tiles, thinned", settings=StyleSettings(quality=Quality.HIGH)),
    Case(name="content tiles of 128 frames", constants={"TILE_FRAMES": 128}),
    Case(name="content tiles of 512 frames", constants={"TILE_FRAMES": 512}),
    Case(name="sharpness 1.3", settings=StyleSettings(sharpness=1.3)),
    Case(name="strength 1.15", settings=StyleSettings(strength=1.15)),
)


def measure(case: Case, pairs: list[Pair], checkpoint: mini.MiniCheckpoint) -> str:
    """One row of the table."""
    rows, seconds = [], 0.0
    with _changed(case.constants):
        for pair in pairs:
            request = StyleRequest(
                content=pair.content, styles=(WeightedStyle(clip=pair.style),), settings=case.settings
            )
            began = time.process_time()
            result = stylize(request, checkpoint)
            seconds += time.process_time() - began
            figures = Judge(pair.content, pair.truth).measure(result)
            rows.append((figures.lsd_db, figures.timbre, figures.chroma, figures.onset))
    lsd, timbre, chroma, onset = np.mean(rows, axis=0)
    return f"| {case.name} | {lsd:.2f} | {timbre:.1f} | {chroma:.3f} | {onset:.3f} | {seconds:.1f} |"


@contextmanager
def _changed(constants: dict[str, int]) -> Iterator[None]:
    before = {name: getattr(mini, name) for name in constants}
    for name, value in constants.items():
        setattr(mini, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(mini, name, value)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--out", type=Path, default=Path("bench/controls/context.md"))
    args = parser.parse_args()
    checkpoint = load_mini(embedded_folder(), "cpu")
    pairs = list(render_pairs(args.pairs, list(SOUNDFONTS)))
    lines = [
        "# How much of a style stylus-mini should hear\n\n"
        f"Made by `python -m bench.controls.context --pairs {args.pairs}`, on the pairs of "
        "`bench/quality/quality.md`; means. CPU seconds are for all pairs together and compare "
        "within this table only.\n",
        "| case | LSD ↓ | timbre ↓ | chroma ↑ | onset ↑ | CPU seconds |\n|---|---|---|---|---|---|",
        *(measure(case, pairs, checkpoint) for case in CASES),
    ]
    args.out.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
