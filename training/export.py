"""Writes the trained weights as a checkpoint of its own: fp16 safetensors, a config, the figures of the training.

python -m training.export --run training/runs/mini
"""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from stylus_daw.engine.checkpoint import Base
from stylus_daw.engine.mini.checkpoint import FAMILY
from stylus_daw.engine.mini.net import NET_CONFIG

TRAINED = Path(__file__).parent / "weights" / FAMILY
"""The last net that was trained: what a longer training begins with. It is not shipped (decision 0132)."""


def export(run: Path, folder: Path, base: Base = Base.ROWS, share: float = 1.0) -> None:
    """EMA weights of ``run`` to ``folder/model.safetensors`` and ``folder/config.json``: the best ones, or the last.

    Args:
        run: of ``training.train`` or ``training.guides.train``; ``best.pt`` goes before ``state.pt``.
        folder: any; a render takes it as ``--checkpoint``.
        base: what the net was trained on top of.
        share: of what the net adds, 0..1; its last layer is scaled by it.
    """
    best = run / "best.pt"
    state = torch.load(best if best.exists() else run / "state.pt", map_location="cpu", weights_only=True)
    weights = {name: tensor.half().contiguous() for name, tensor in state["ema"].items()}
    for name in ("conv_out.weight", "conv_out.bias"):
        weights[name] = (share * state["ema"][name]).half().contiguous()
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config: dict[str, Any] = {
        "family": FAMILY,
        "version": 1,
        "base": base.value,
        "share": share,
        "net": NET_CONFIG,
        "parameters": sum(tensor.numel() for tensor in weights.values()),
        "training": {
            "steps": state["step"],
            "minutes": round(state["minutes"], 1),
            **_row(run / "log.csv", state["step"]),
        },
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def _row(log: Path, step: int) -> dict[str, float]:
    """The figures logged at a step."""
    with log.open(newline="") as rows:
        at = next(row for row in csv.DictReader(rows) if int(row["step"]) == step)
    return {name: round(float(value), 4) for name, value in at.items() if name not in ("step", "minutes") and value}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("training/runs/mini"))
    parser.add_argument("--out", type=Path, default=TRAINED)
    parser.add_argument(
        "--base", type=Base, choices=list(Base), default=Base.ROWS, help="what it was trained on top of"
    )
    parser.add_argument("--share", type=float, default=1.0, help="of what the net adds to its base")
    args = parser.parse_args()
    export(args.run, args.out, args.base, args.share)
    size = (args.out / "model.safetensors").stat().st_size / 2**20
    print(f"{args.out}: {size:.1f} MiB")


if __name__ == "__main__":
    main()
