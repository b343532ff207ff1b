"""The transcriber anew: scenes, training, weights into the package; resumable, one command.

python -m training.transcriber --minutes 35

Finished shards and minutes already spent count: a second call goes on where the first one ended.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import torch

from stylus_daw.engine.notes.decoding import Thresholds
from stylus_daw.engine.notes.weights import embedded_folder
from training.transcriber.learning import begin_with, learn
from training.transcriber.shards import make_shards
from training.transcriber.thresholds import choose_for
from training.transcriber.weights import TRAINED, load_trained, save_trained, ship


def export(run: Path, folder: Path) -> None:
    """The slow weights of ``run/state.pt`` into a folder; thresholds that stand there stay."""
    state = torch.load(run / "state.pt", map_location="cpu", weights_only=True)
    thresholds = load_trained(folder)[1] if (folder / "config.json").exists() else Thresholds()
    with (run / "log.csv").open(newline="") as rows:
        last = list(csv.DictReader(rows))[-1]
    save_trained(folder, state["ema"], thresholds, {name: float(value) for name, value in last.items()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("training/runs/transcriber"))
    parser.add_argument("--shards", type=int, default=80, help="of 32 scenes each")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=35.0)
    parser.add_argument("--begin-with", type=Path, help="trained weights that a new run goes on from")
    parser.add_argument("--trained", type=Path, default=TRAINED, help="where the weights go, for a longer training")
    parser.add_argument("--out", type=Path, default=embedded_folder(), help="where what is shipped goes")
    parser.add_argument("--no-data", action="store_true", help="learn from the shards that are there")
    parser.add_argument("--only-export", action="store_true", help="what the run has reached so far")
    args = parser.parse_args()
    if not args.only_export:
        if not args.no_data:
            make_shards(args.run / "data", args.shards, args.jobs)
        if args.begin_with:
            begin_with(load_trained(args.begin_with)[0], args.run)
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        learn(args.run / "data", args.run, args.minutes, device=device, jobs=args.jobs)
    export(args.run, args.trained)
    choose_for(args.trained, args.run / "data")
    ship(args.trained, args.out)
    print(f"{args.out}: {sum(file.stat().st_size for file in args.out.iterdir()) / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
