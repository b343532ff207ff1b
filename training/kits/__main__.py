"""Makes the benchmark's judges of drum kits: loops, training, their own accuracy, weights. Resumable; one command.

python -m training.kits --run training/runs/kits
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from training.kits.learning import accuracy, new_judge, train
from training.kits.loops import FOLDS, KITS_PER_GROUP, make_groups, unseen
from training.recogniser.__main__ import OUT
from training.recogniser.clips import load
from training.recogniser.weights import write_weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("training/runs/kits"))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--steps", type=int, default=600, help="of two groups of 16 kits, for each judge")
    parser.add_argument("--groups", type=int, default=30, help="for each judge")
    parser.add_argument("--folds", nargs="+", choices=list(FOLDS), default=list(FOLDS), help="whose judge to make")
    args = parser.parse_args()
    for fold in args.folds:
        groups = [load([path]) for path in make_groups(fold, args.run / fold, args.groups)]
        net = new_judge()
        train(groups, net, args.run / fold / "judge.pt", args.steps)
        heard = [Path(name).stem for name in FOLDS[fold]]
        card = {
            "heard": heard,
            "kits": KITS_PER_GROUP * len(groups),
            "steps": args.steps,
            "unseen": accuracy(net, unseen(fold)),
        }
        write_weights(net, args.out / f"kits-{fold}.safetensors", card)
        print(json.dumps(card, indent=2), flush=True)


if __name__ == "__main__":
    main()
