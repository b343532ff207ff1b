"""Trains the net on top of the guide and puts it into the package. Resumable; one command.

python -m training.guides.train --data training/runs/guides --run training/runs/guided --minutes 30
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.export import TRAINED
from training.guides.learning import train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("training/runs/guides"))
    parser.add_argument("--run", type=Path, default=Path("training/runs/guided"))
    parser.add_argument("--begin-with", type=Path, default=TRAINED / "model.safetensors")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--styles", type=int, default=4, help="styles per step, three contents each")
    parser.add_argument("--peak", type=float, default=0.75, help="learning rate, re that of training.train")
    parser.add_argument("--voices", type=int, help="learn from so many styles' voices only, for a learning curve")
    args = parser.parse_args()
    train(
        args.data,
        args.run,
        args.begin_with,
        args.minutes,
        styles=args.styles,
        peak=args.peak,
        voices=args.voices,
    )


if __name__ == "__main__":
    main()
