"""What is shipped is what was trained."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from stylus_daw.engine.machine.runtime import ONNXRUNTIME, Runtime
from stylus_daw.engine.notes.transcriber import load_transcriber
from stylus_daw.engine.notes.weights import embedded_folder
from tests.support.needs import need_module
from training.transcriber.weights import TRAINED, load_trained, save_trained, ship

need_module("onnx")


def posteriors(folder: Path) -> np.ndarray:
    random = np.random.default_rng(4)
    grid, bands = (random.random(shape, dtype=np.float32) ** 3 for shape in ((1, 3, 300, 320), (1, 32, 320)))
    return load_transcriber(folder, Runtime(name=ONNXRUNTIME, threads=1)).network(grid, bands)


def test_the_shipped_file_is_made_of_the_trained_weights(tmp_path: Path) -> None:
    ship(TRAINED, tmp_path)
    np.testing.assert_allclose(posteriors(tmp_path), posteriors(embedded_folder()), atol=1e-6)
    made, shipped = (
        json.loads((folder / "config.json").read_text("utf-8")) for folder in (tmp_path, embedded_folder())
    )
    assert {**made, "sha256": ""} == {**shipped, "sha256": ""}


def test_other_weights_give_another_file(tmp_path: Path) -> None:
    net, thresholds = load_trained(TRAINED)
    weights = {
        name: tensor * 1.1 if tensor.is_floating_point() else tensor for name, tensor in net.state_dict().items()
    }
    save_trained(tmp_path / "trained", weights, thresholds, {"step": 1})
    ship(tmp_path / "trained", tmp_path / "shipped")
    assert np.abs(posteriors(tmp_path / "shipped") - posteriors(embedded_folder())).max() > 1e-3
