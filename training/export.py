"""Writes the trained weights where the app finds them: fp16 safetensors, a config, the figures of the training.

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

from stylus_daw.engine.mini.checkpoint import FAMILY, embedded_folder
from stylus_daw.engine.mini.net import NET_CONFIG


def export(run: Path, folder: Path) -> None:
    """EMA weights of ``run/state.pt`` to ``folder/model.safetensors`` and ``folder/config.json``."""
    state = torch.load(run / "state.pt", map_location="cpu", weights_only=True)
    weights = {name: tensor.half().contiguous() for name, tensor in state["ema"].items()}
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config: dict[str, Any] = {
        "family": FAMILY,
        "version": 1,
        "net": NET_CONFIG,
        "parameters": sum(tensor.numel() for tensor in weights.values()),
        "training": {"steps": state["step"], "minutes": round(state["minutes"], 1), **_last_row(run / "log.csv")},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


def _last_row(log: Path) -> dict[str, float]:
    with log.open(newline="") as rows:
        last = list(csv.DictReader(rows))[-1]
    return {name: round(float(last[name]), 4) for name in ("l1", "val_l1", "row_match", "content") if last[name]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("training/runs/mini"))
    parser.add_argument("--out", type=Path, default=embedded_folder())
    args = parser.parse_args()
    export(args.run, args.out)
    size = (args.out / "model.safetensors").stat().st_size / 2**20
    print(f"{args.out}: {size:.1f} MiB")


if __name__ == "__main__":
    main()
