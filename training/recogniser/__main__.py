"""Makes the benchmark's instrument recogniser: clips, training, its own accuracy, weights. Resumable; one command.

python -m training.recogniser --run training/runs/recogniser
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch

from training.recogniser import clips
from training.recogniser.learning import accuracy, stages, train
from training.recogniser.net import Recogniser
from training.recogniser.weights import write_weights

OUT = Path("bench/hearing/weights")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("training/runs/recogniser"))
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--steps", type=int, default=600, help="with all programs")
    parser.add_argument("--narrow-steps", type=int, default=240, help="with those that the benchmark plays")
    parser.add_argument("--shards", type=int, default=2)
    parser.add_argument("--takes", type=int, default=3, help="clips of each program in a shard")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    clips.make_all(args.run, shards=args.shards, takes=args.takes, jobs=args.jobs)
    heard = clips.load(clips.training_shards(args.run, args.shards))
    net = Recogniser().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for stage in stages(args.steps, args.narrow_steps):
        train(heard, net, stage, args.run)
    figures = {
        path.stem.removeprefix("unseen-"): accuracy(net, clips.load([path])) for path in clips.unseen_shards(args.run)
    }
    card = {"clips": len(heard.programs), "steps": [args.steps, args.narrow_steps], "unseen": figures}
    write_weights(net, args.out / "recogniser.safetensors", card)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
