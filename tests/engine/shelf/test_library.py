"""Models on disk: what is recognised, what is refused and why, names, hashes, memory."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from stylus_daw.engine.layouts.family import FAMILIES, SD_1
from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.layouts.layout import Kind, Layout
from stylus_daw.engine.layouts.memory_needs import MemoryEstimate, estimate
from stylus_daw.engine.machine.main_memory import free_main_memory
from stylus_daw.engine.shelf.hashes import HashMemory
from stylus_daw.engine.shelf.library import ModelLibrary, RegisteredModel
from stylus_daw.engine.shelf.registry import find_checkpoint
from stylus_daw.errors import CheckpointError, RequestError
from tests.support.engine.original_layout import write_single_file
from tests.support.engine.tiny_stable_diffusion import make


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    return ModelLibrary(tmp_path / "home")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("second") / "tiny", "sd-2.1")


def fake_file(path: Path, *names: str, channels: int = 4, metadata: dict[str, str] | None = None) -> Path:
    """A file that has only names."""
    tensors = {name: torch.zeros(1) for name in names}
    tensors["model.diffusion_model.input_blocks.0.0.weight"] = torch.zeros(1, channels, 1, 1)
    save_file(tensors, path, metadata)
    return path


WHOLE = ("first_stage_model.x.weight", "cond_stage_model.transformer.x")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("cond_stage_model.transformer.x",), "not contain a VAE"),
        (("first_stage_model.x.weight",), "not contain a text encoder"),
        (("first_stage_model.x.weight", "conditioner.embedders.0.model.x"), "refiner"),
    ],
)
def test_a_single_file_that_is_not_whole_is_refused_with_the_reason(
    names: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match=said):
        identify(fake_file(tmp_path / "model.safetensors", *names))


def test_inpainting_loras_and_pieces_are_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="9 input channels"):
        identify(fake_file(tmp_path / "inpaint.safetensors", *WHOLE, channels=9))
    save_file({"lora_unet_down.x": torch.zeros(1)}, tmp_path / "lora.safetensors")
    with pytest.raises(CheckpointError, match="LoRA"):
        identify(tmp_path / "lora.safetensors")
    save_file({"conv_in.weight": torch.zeros(1)}, tmp_path / "unet.safetensors")
    with pytest.raises(CheckpointError, match="original layout"):
        identify(tmp_path / "unet.safetensors")


@pytest.mark.parametrize("suffix", [".ckpt", ".pt", ".bin"])
def test_pickles_are_refused_whether_they_are_there_or_not(suffix: str, tmp_path: Path, library: ModelLibrary) -> None:
    path = tmp_path / f"model{suffix}"
    for _ in range(2):
        with pytest.raises(CheckpointError, match="run code") as caught:
            find_checkpoint(str(path), library)
        assert caught.value.code == "checkpoint.pickle"
        path.write_bytes(b"pickle")


@pytest.mark.parametrize("content", [b"", b"\x10", b"\xff" * 64, b"\x02\0\0\0\0\0\0\0[]", b"\x02\0\0\0\0\0\0\0{}more"])
def test_what_is_no_whole_safetensors_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(CheckpointError) as caught:
        identify(tmp_path / "model.safetensors")
    assert caught.value.code == "checkpoint.broken"


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    whole = fake_file(tmp_path / "model.safetensors", *WHOLE).read_bytes()
    (tmp_path / "model.safetensors").write_bytes(whole[:-1])
    with pytest.raises(CheckpointError, match="not a complete safetensors"):
        identify(tmp_path / "model.safetensors")


SECOND = ("first_stage_model.x.weight", "cond_stage_model.model.x")


@pytest.mark.parametrize(
    ("name", "metadata", "family"),
    [
        ("v2-1_768-ema-pruned", None, "sd-2.1"),
        ("v2-1_512-ema-pruned", None, "sd-2.1-base"),
        ("mine", {"modelspec.prediction_type": "v"}, "sd-2.1"),
        ("mine", {"modelspec.prediction_type": "epsilon"}, "sd-2.1-base"),
        ("mine", {"modelspec.architecture": "stable-diffusion-v2-768-v"}, "sd-2.1"),
    ],
)
def test_what_a_second_generation_predicts_is_read_from_name_or_metadata(
    name: str, metadata: dict[str, str] | None, family: str, tmp_path: Path
) -> None:
    assert identify(fake_file(tmp_path / f"{name}.safetensors", *SECOND, metadata=metadata)).family.id == family


def test_where_neither_tells_it_is_asked_and_not_guessed(tmp_path: Path) -> None:
    path = fake_file(tmp_path / "mine.safetensors", *SECOND)
    with pytest.raises(CheckpointError, match=r"--family sd-2\.1 .*or --family sd-2\.1-base") as caught:
        identify(path)
    assert caught.value.code == "checkpoint.ambiguous"
    assert identify(path, family=FAMILIES["sd-2.1"]).family.id == "sd-2.1"


def test_other_pipelines_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text(json.dumps({"_class_name": "FluxPipeline", "transformer": []}))
    with pytest.raises(CheckpointError, match="FluxPipeline"):
        identify(tmp_path)
    with pytest.raises(CheckpointError, match="neither a folder"):
        identify(Path(__file__))


def test_the_half_precision_variant_serves_where_there_is_no_other(second: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(second, tmp_path / "half")
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.rename(weights.with_name("diffusion_pytorch_model.fp16.safetensors"))
    assert identify(folder).weights[0].name == "diffusion_pytorch_model.fp16.safetensors"


def test_a_registered_name_is_found_and_keeps_what_was_said(
    second: Path, tmp_path: Path, library: ModelLibrary
) -> None:
    file = write_single_file(second, tmp_path / "mine.safetensors", "sd-2.1")
    model = RegisteredModel(name="mine", path=str(file), family="sd-2.1", configs=str(second))
    library.add(model)
    assert library.all() == (model,)
    found = find_checkpoint("mine", ModelLibrary(tmp_path / "home"))
    assert (found.name, found.layout.family.id, found.layout.configs) == ("mine", "sd-2.1", second)
    with pytest.raises(RequestError, match="taken"):
        library.add(model)
    library.remove("mine")
    with pytest.raises(CheckpointError) as caught:
        find_checkpoint("mine", library)
    assert caught.value.code == "checkpoint.unknown"
    assert file.exists()


def test_a_model_that_has_gone_is_said_to_have_gone(tmp_path: Path, library: ModelLibrary) -> None:
    library.add(RegisteredModel(name="mine", path=str(tmp_path / "nowhere")))
    with pytest.raises(CheckpointError, match="is no longer at") as caught:
        find_checkpoint("mine", library)
    assert caught.value.code == "model.gone"


@pytest.mark.parametrize("name", ["", "a/b", "../x", "-x", "stylus-mini", "x" * 65])
def test_impossible_names_are_refused(name: str) -> None:
    with pytest.raises(RequestError) as caught:
        RegisteredModel(name=name, path="/x")
    assert caught.value.code == "model.name"


def test_only_what_was_downloaded_is_deleted(second: Path, tmp_path: Path, library: ModelLibrary) -> None:
    own = shutil.copytree(second, tmp_path / "own")
    fetched = shutil.copytree(second, library.downloads / "someone--tiny")
    library.add(RegisteredModel(name="own", path=str(own)))
    library.add(RegisteredModel(name="fetched", path=str(fetched), origin="someone/tiny"))
    assert find_checkpoint("someone/tiny", library).layout.path == fetched
    with pytest.raises(RequestError, match="not deleted"):
        library.remove("own", deletes=True)
    library.remove("fetched", deletes=True)
    assert own.exists()
    assert not fetched.exists()


def test_a_broken_entry_costs_nobody_else(second: Path, tmp_path: Path, library: ModelLibrary) -> None:
    library.add(RegisteredModel(name="fine", path=str(second)))
    (tmp_path / "home" / "models" / "odd.json").write_text("{")
    assert [model.name for model in library.all()] == ["fine"]


def test_a_name_that_is_nearly_right_is_suggested(second: Path, library: ModelLibrary) -> None:
    library.add(RegisteredModel(name="my-model", path=str(second)))
    with pytest.raises(CheckpointError, match="Did you mean 'my-model'"):
        find_checkpoint("my-modle", library)


def test_a_hash_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    weights, memory = tmp_path / "w", HashMemory(tmp_path / "home" / "hashes.json")
    weights.write_bytes(b"one")
    first = memory.sha256([weights])
    stored = json.loads((tmp_path / "home" / "hashes.json").read_text())
    stored[str(weights)]["sha256"] = "remembered"
    (tmp_path / "home" / "hashes.json").write_text(json.dumps(stored))
    assert memory.sha256([weights]) == "remembered"
    assert memory.sha256([weights], afresh=True) == first
    weights.write_bytes(b"other")
    assert memory.sha256([weights]) != first


def test_hashes_that_cannot_be_kept_are_computed(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"one")
    (tmp_path / "file").touch()
    assert len(HashMemory(tmp_path / "file" / "hashes.json").sha256([tmp_path / "w"])) == 64


def test_the_memory_of_a_full_size_model_is_near_what_was_measured(tmp_path: Path) -> None:
    """Stable Diffusion 1.5: 860 million in the UNet, 84 in the VAE, about 1 GB on top."""
    layout = Layout(path=tmp_path, kind=Kind.MINI, family=SD_1, weights=(), configs=SD_1.facts)
    wide = Layout(path=tmp_path, kind=Kind.FOLDER, family=SD_1, weights=(), configs=SD_1.facts)
    assert estimate(layout, compute_bytes=2, free=None).fits is None
    assert 0.8e9 < estimate(wide, compute_bytes=2, free=None).working < 1.5e9
    assert MemoryEstimate(weights=3, working=1, free=5).fits
    assert not MemoryEstimate(weights=3, working=1, free=4).fits
    free = free_main_memory()
    assert free is None or free > 1e6
