"""Makes the net that names the drums of a hit: loops, training, accuracy on kits never heard, weights. Resumable.

python -m training.drums --run training/runs/drums
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from stylus_daw.engine.guide.templates.drum_weights import embedded_folder
from training.drums.learning import new_net, train
from training.drums.scenes import FONTS, UNSEEN, load, make_shards, unseen_kits
from training.drums.validation import accuracy, alike
from training.drums.weights import write_weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("training/runs/drums"))
    parser.add_argument("--out", type=Path, default=embedded_folder())
    parser.add_argument("--steps", type=int, default=2000, help="of 256 hits")
    parser.add_argument("--shards", type=int, default=30, help="of 100 loops")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    hits = load(make_shards(args.run, args.shards, args.jobs))
    net = new_net()
    train(hits, net, args.run / "net.pt", args.steps)
    kits = unseen_kits()
    card = {
        "heard": [Path(name).stem for name in FONTS],
        "hits": len(hits.values),
        "steps": args.steps,
        "unseen": {Path(UNSEEN).stem: {"drums": accuracy(net, kits), "alike": alike(net, kits)}},
    }
    write_weights(net, args.out, card)
    print(json.dumps(card, indent=2))


if __name__ == "__main__":
    main()
