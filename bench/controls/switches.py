"""The method's switches, one at a time, with any checkpoint, on the paired benchmark.

    python -m bench.controls.switches --pairs 4 --out bench/controls/switches.md                          stylus-mini
    python -m bench.controls.switches --checkpoint ~/models/sd15.safetensors --out mine.md       a model of yours

Switches of inverted checkpoints (statistics, structure over the steps, samplers, start) are compared where the
checkpoint is one. With random weights such a table means nothing, so none is committed for them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.material.pairs import SOUNDFONTS, Pair, render_pairs
from bench.quality.metrics import Judge
from stylus_daw.engine.checkpoint import Checkpoint
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.request import Matching, Quality, Sampler, StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.engine.transfer import stylize


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One row: what differs from the defaults."""

    name: str
    settings: StyleSettings


DEFAULT = Case(name="defaults", settings=StyleSettings())
COMMON = (
    DEFAULT,
    *(Case(name=f"strength {value}", settings=StyleSettings(strength=value)) for value in (0.5, 0.75, 0.9, 1.25, 1.5)),
    *(Case(name=f"structure {value}", settings=StyleSettings(structure=value)) for value in (0.25, 0.5, 0.75)),
    *(Case(name=f"sharpness {value}", settings=StyleSettings(sharpness=value)) for value in (0.7, 1.5, 2.0)),
    Case(name="draft: fewer style windows", settings=StyleSettings(quality=Quality.DRAFT)),
    Case(name="high: more style windows", settings=StyleSettings(quality=Quality.HIGH)),
)
INVERTED = (
    *(Case(name=f"statistics: {kind.value}", settings=StyleSettings(matching=kind)) for kind in Matching),
    Case(name="structure .75 to .375 over the steps", settings=StyleSettings(structure=0.75, structure_end=0.375)),
    *(
        Case(name=f"sampler {kind.value}", settings=StyleSettings(sampler=kind))
        for kind in Sampler
        if kind is not Sampler.LCM
    ),
    *(Case(name=f"start {value}", settings=StyleSettings(start=value)) for value in (0.4, 0.6, 0.8)),
    *(Case(name=f"{steps} steps", settings=StyleSettings(steps=steps)) for steps in (4, 10, 20)),
)


def measure(case: Case, pairs: list[Pair], checkpoint: Checkpoint) -> str:
    """One row of the table: means over the pairs."""
    rows, seconds = [], 0.0
    for pair in pairs:
        styles = (WeightedStyle(clip=pair.style),)
        began = time.process_time()
        result = stylize(StyleRequest(content=pair.content, styles=styles, settings=case.settings), checkpoint)
        seconds += time.process_time() - began
        figures = Judge(pair.content, pair.truth).measure(result)  # type: ignore[arg-type]
        rows.append((figures.lsd_db, figures.timbre, figures.chroma, figures.onset))
    lsd, timbre, chroma, onset = np.mean(rows, axis=0)
    return f"| {case.name} | {lsd:.2f} | {timbre:.1f} | {chroma:.3f} | {onset:.3f} | {seconds:.1f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", default="stylus-mini", help="a name, folder, file or hub id, as for render")
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--out", type=Path, default=Path("bench/controls/switches.md"))
    args = parser.parse_args()
    checkpoint = open_checkpoint(args.checkpoint, choose_device(args.device))
    cases = COMMON + (INVERTED if isinstance(checkpoint, DiffusionCheckpoint) else ())
    pairs = list(render_pairs(args.pairs, list(SOUNDFONTS)))
    lines = [
        f"# The switches of {checkpoint.name}\n\n"
        f"Made by `python -m bench.controls.switches --checkpoint {args.checkpoint} "
        f"--pairs {args.pairs}`, on pairs of `bench/quality/quality.md`; means. "
        "One switch differs from the defaults in each row. "
        "CPU seconds are for all pairs together and compare within this table only.\n",
        "| case | LSD ↓ | timbre ↓ | chroma ↑ | onset ↑ | CPU seconds |\n|---|---|---|---|---|---|",
        *(measure(case, pairs, checkpoint) for case in cases),
    ]
    args.out.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
