"""What a training leaves, and the ONNX file that the package ships.

python -m training.transcriber.weights --from training/weights/transcriber
"""

from __future__ import annotations

import argparse
import json
import warnings
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from stylus_daw.atomic import write_bytes_atomic
from stylus_daw.engine.fingerprint import sha256_of_files
from stylus_daw.engine.notes.decoding import Thresholds
from stylus_daw.engine.notes.features import BANDS, BINS, WINDOWS
from stylus_daw.engine.notes.weights import CONFIG, FAMILY, WEIGHTS, embedded_folder
from training.transcriber.net import NET_CONFIG, NoteNet, make_net

TRAINED = Path(__file__).parents[1] / "weights" / FAMILY
"""The shipped weights as they were trained: what a longer training begins with."""
TENSORS = "model.safetensors"
OPSET = 17
EXAMPLE_FRAMES = 704


def load_trained(folder: Path) -> tuple[NoteNet, Thresholds]:
    """The net in float32, and its thresholds."""
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    net = make_net(config["net"])
    net.load_state_dict({name: _single(tensor) for name, tensor in load_file(folder / TENSORS).items()})
    return net.eval(), Thresholds(**config["thresholds"])


def save_trained(folder: Path, weights: dict[str, Tensor], thresholds: Thresholds, training: dict[str, Any]) -> None:
    """``model.safetensors`` in half precision and ``config.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    half = {name: (t.half() if t.is_floating_point() else t).contiguous() for name, t in weights.items()}
    temp = folder / f"{TENSORS}.tmp"
    save_file(half, temp, metadata={"format": "pt"})
    temp.replace(folder / TENSORS)
    facts = {"parameters": sum(t.numel() for t in weights.values()), "training": training}
    write_config(folder, thresholds, {"net": NET_CONFIG, **facts})


def write_config(folder: Path, thresholds: Thresholds, facts: dict[str, Any]) -> None:
    """``config.json`` alone: what the thresholds are, and ``facts``."""
    config = {"family": FAMILY, "version": 1, "thresholds": asdict(thresholds), **facts}
    write_bytes_atomic(folder / CONFIG, (json.dumps(config, indent=2) + "\n").encode())


def ship(trained: Path, folder: Path) -> None:
    """``model.onnx`` in float32 and the ``config.json`` that goes with it, from what a training left.

    The file holds the same numbers, in the same order of layers: onnxruntime differs from torch by rounding only.
    """
    net, thresholds = load_trained(trained)
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes_atomic(folder / WEIGHTS, _onnx(net))
    told = json.loads((trained / CONFIG).read_text("utf-8"))
    facts = {name: told[name] for name in ("parameters", "training")}
    write_config(folder, thresholds, {"sha256": sha256_of_files([folder / WEIGHTS]), **facts})


def _onnx(net: NoteNet) -> bytes:
    grid, bands = torch.zeros(1, len(WINDOWS), BINS, EXAMPLE_FRAMES), torch.zeros(1, BANDS, EXAMPLE_FRAMES)
    written: Any = BytesIO()  # the exporter's types know paths only
    names = ["grid", "bands", "posteriors"]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the exporter for plain graphs is called legacy; the other needs onnxscript
        torch.onnx.export(
            Posteriors(net),
            (grid, bands),
            written,
            dynamo=False,
            opset_version=OPSET,
            input_names=names[:2],
            output_names=names[2:],
            dynamic_axes={"grid": {3: "frames"}, "bands": {2: "frames"}, "posteriors": {1: "frames"}},
        )
    return written.getvalue()


class Posteriors(nn.Module):
    """What the app asks of a net: probabilities instead of logits, all in one image."""

    def __init__(self, net: NoteNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, grid: Tensor, bands: Tensor) -> Tensor:
        """``[1, windows, bins, t]`` and ``[1, bands, t]`` to ``[ROWS, t]``."""
        keys, percussion = self.net(grid, bands)
        return torch.cat([keys[0].flatten(0, 1), percussion]).sigmoid()


def _single(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="trained", type=Path, default=TRAINED)
    parser.add_argument("--out", type=Path, default=embedded_folder())
    args = parser.parse_args()
    ship(args.trained, args.out)
    print(f"{args.out / WEIGHTS}: {(args.out / WEIGHTS).stat().st_size / 2**20:.2f} MiB")


if __name__ == "__main__":
    main()
