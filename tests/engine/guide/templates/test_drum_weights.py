"""The drum net's weights: what is shipped loads, and what is missing or damaged says so before a render."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.engine.guide.templates import drums
from stylus_daw.engine.guide.templates.drum_weights import SHAPES, drum_files, embedded_folder, load_weights
from stylus_daw.engine.guide.weights import guide_files
from stylus_daw.engine.mini.loading import load_mini
from stylus_daw.engine.notes.weights import transcriber_files
from stylus_daw.engine.shelf.registry import embedded_folder as mini_folder
from stylus_daw.errors import CheckpointError

SHIPPED = drum_files()[1].read_bytes()


@pytest.fixture
def read_afresh() -> Iterator[None]:
    drums.embedded_net.cache_clear()
    yield
    drums.embedded_net.cache_clear()


def packed(folder: Path, layers: dict[str, np.ndarray]) -> bytes:
    np.savez(folder / "made.npz", **layers)  # pyright: ignore[reportArgumentType]
    return (folder / "made.npz").read_bytes()


def place(folder: Path, content: bytes, **told: object) -> Path:
    """A folder with those weights and a card that says so."""
    config, weights = drum_files(folder)
    weights.write_bytes(content)
    config.write_text(json.dumps({"sha256": hashlib.sha256(content).hexdigest(), **told}), "utf-8")
    return folder


def refusal(folder: Path) -> CheckpointError:
    with pytest.raises(CheckpointError, match=r"(?i)reinstall") as refused:
        load_weights(folder)
    return refused.value


def test_the_shipped_weights_are_what_the_net_runs_with() -> None:
    layers = load_weights(embedded_folder())
    assert {name: layer.shape for name, layer in layers.items()} == SHAPES
    told = json.loads(drum_files()[0].read_text("utf-8"))
    assert told["parameters"] == sum(layer.size for layer in layers.values())
    assert all(layer.dtype == np.float32 for layer in layers.values())


def test_they_are_small_and_decide_what_a_guide_hears() -> None:
    assert sum(file.stat().st_size for file in drum_files()) < 300_000
    assert guide_files() == (*transcriber_files(), *drum_files())


@pytest.mark.parametrize("name", ["config.json", "model.npz"])
def test_what_is_missing_is_named(tmp_path: Path, name: str) -> None:
    (place(tmp_path, SHIPPED) / name).unlink()
    refused = refusal(tmp_path)
    assert refused.code == "checkpoint.incomplete"
    assert f"lacks {name}" in refused.message


@pytest.mark.parametrize("content", [SHIPPED[:-100], b"", b"garbage" * 99, SHIPPED[1:]])
def test_weights_that_are_not_what_was_shipped_are_damaged(tmp_path: Path, content: bytes) -> None:
    place(tmp_path, content, sha256=hashlib.sha256(SHIPPED).hexdigest())
    assert "is damaged" in refusal(tmp_path).message


@pytest.mark.parametrize("content", [SHIPPED[:-100], SHIPPED[: len(SHIPPED) // 2], b"", b"garbage" * 99, b"\x93NUMPY"])
def test_a_card_that_fits_them_does_not_make_them_weights(tmp_path: Path, content: bytes) -> None:
    assert "cannot be loaded" in refusal(place(tmp_path, content)).message


@pytest.mark.parametrize("change", ["other", "fewer", "turned", "infinite", "text"])
def test_arrays_of_another_net_are_refused(tmp_path: Path, change: str) -> None:
    layers: dict[str, np.ndarray] = dict(load_weights(embedded_folder()))
    match change:
        case "other":
            layers = {"conv.weight": layers["first.weight"]}
        case "fewer":
            del layers["out.bias"]
        case "turned":
            layers["out.weight"] = layers["out.weight"].T
        case "infinite":
            layers["out.bias"] = layers["out.bias"] * np.inf
        case _:
            layers["out.bias"] = np.array(["six", "words"])
    assert "cannot be loaded" in refusal(place(tmp_path, packed(tmp_path, layers))).message


@pytest.mark.parametrize("card", ["", "[]", "{}", "null", '{"sha256": 5}', '{"sha256": null}', "\xff", "[" * 100_000])
def test_a_card_that_is_none_is_refused(tmp_path: Path, card: str) -> None:
    (place(tmp_path, SHIPPED) / "config.json").write_text(card, "latin-1")
    assert refusal(tmp_path).code == "checkpoint.broken"


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    (place(tmp_path, SHIPPED) / "model.npz").unlink()
    (tmp_path / "model.npz").mkdir()
    assert refusal(tmp_path).code == "checkpoint.broken"


@pytest.mark.usefixtures("read_afresh")
@pytest.mark.parametrize("is_missing", [True, False])
def test_a_model_without_them_does_not_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_missing: bool) -> None:
    folder = tmp_path if is_missing else place(tmp_path, SHIPPED[:-100])
    monkeypatch.setattr(drums, "embedded_folder", lambda: folder)
    with pytest.raises(CheckpointError, match=r"(?i)reinstall"):
        load_mini(mini_folder(), "cpu")
