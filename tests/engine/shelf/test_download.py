"""Downloads, from a hub on this machine: consent, what is fetched, resuming, space, damage."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from stylus_daw.engine.layouts.identify import identify
from stylus_daw.engine.shelf.download import check_space, fetch, plan_download
from stylus_daw.engine.shelf.hub import cached, not_here
from stylus_daw.errors import CheckpointError, EngineError
from tests.support.engine.little_hub import COMMIT, LittleHub, serving
from tests.support.engine.tiny_stable_diffusion import make

ID = "someone/tiny"
UNET = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As on a hub: with a pickle beside the safetensors, samples and a readme."""
    folder = make(tmp_path_factory.mktemp("hub") / "tiny")
    (folder / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"pickle")
    (folder / "README.md").write_text("# tiny")
    (folder / "safety_checker").mkdir()
    (folder / "safety_checker" / "model.safetensors").write_bytes(b"not needed")
    return folder


@pytest.fixture
def hub(model: Path):
    with serving({ID: model}) as server:
        yield server


def test_what_is_needed_arrives_and_no_pickle(hub: LittleHub, model: Path, tmp_path: Path) -> None:
    plan = plan_download(ID, tmp_path / "here", endpoint=hub.endpoint)
    assert (plan.revision, plan.licence) == (COMMIT, "creativeml-openrail-m")
    seen: list[tuple[int, int]] = []
    folder = fetch(plan, lambda here, total: seen.append((here, total)))
    arrived = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert UNET in arrived
    assert "tokenizer/merges.txt" in arrived
    assert not any(name.endswith((".bin", ".md", ".part")) or "safety" in name for name in arrived)
    assert (folder / UNET).read_bytes() == (model / UNET).read_bytes()
    assert identify(folder).family.id == "sd-1.5"
    assert [here for here, _ in seen] == sorted(here for here, _ in seen)
    assert seen[-1] == (plan.bytes, plan.bytes)


def test_the_half_precision_variant_is_taken_where_there_is_one(model: Path, tmp_path: Path) -> None:
    both = shutil.copytree(model, tmp_path / "both")
    shutil.copy(both / UNET, both / "unet" / "diffusion_pytorch_model.fp16.safetensors")
    with serving({ID: both}) as hub:
        plan = plan_download(ID, tmp_path / "here", endpoint=hub.endpoint)
        weights = [file.path for file in plan.files if file.path.startswith("unet/") and "safetensors" in file.path]
        assert weights == ["unet/diffusion_pytorch_model.fp16.safetensors"]
        assert identify(fetch(plan, lambda here, total: None)).weights[0].name.endswith("fp16.safetensors")


def test_a_download_that_was_stopped_goes_on_where_it_was(hub: LittleHub, model: Path, tmp_path: Path) -> None:
    plan = plan_download(ID, tmp_path / "here", endpoint=hub.endpoint)
    half = (model / UNET).stat().st_size // 2
    (plan.folder / "unet").mkdir()
    (plan.folder / f"{UNET}.part").write_bytes((model / UNET).read_bytes()[:half])
    before = plan.missing_bytes
    assert before < plan.bytes - half + 1
    fetch(plan, lambda here, total: None)
    assert hub.asked_for(UNET) == [f"bytes={half}-"]
    assert (plan.folder / UNET).read_bytes() == (model / UNET).read_bytes()
    assert plan.missing_bytes == 0


def test_a_line_that_goes_dead_is_taken_up_again(hub: LittleHub, model: Path, tmp_path: Path) -> None:
    hub.breaks = 1
    folder = fetch(plan_download(ID, tmp_path / "here", endpoint=hub.endpoint), lambda here, total: None)
    assert (folder / UNET).read_bytes() == (model / UNET).read_bytes()
    assert len(hub.asked_for(UNET)) == 2


def test_who_stops_it_keeps_what_has_arrived(hub: LittleHub, tmp_path: Path) -> None:
    plan = plan_download(ID, tmp_path / "here", endpoint=hub.endpoint)

    def stop(here: int, total: int) -> None:
        if here > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(plan, stop)
    here = plan.missing_bytes
    assert 0 < here < plan.bytes
    fetch(plan, lambda here, total: None)
    assert plan.missing_bytes == 0


def test_nothing_is_fetched_twice(hub: LittleHub, tmp_path: Path) -> None:
    for _ in range(2):
        fetch(plan_download(ID, tmp_path / "here", endpoint=hub.endpoint), lambda here, total: None)
    assert len(hub.asked_for(UNET)) == 1


def test_damage_is_noticed_and_thrown_away(hub: LittleHub, tmp_path: Path) -> None:
    hub.damages = True
    plan = plan_download(ID, tmp_path / "here", endpoint=hub.endpoint)
    with pytest.raises(EngineError, match="damaged") as caught:
        fetch(plan, lambda here, total: None)
    assert caught.value.code == "hub.damaged"
    assert not list(plan.folder.rglob("*.part"))


def test_too_little_space_is_refused_with_both_numbers(hub: LittleHub, tmp_path: Path) -> None:
    plan = plan_download(ID, tmp_path / "here", endpoint=hub.endpoint)
    with pytest.raises(EngineError, match=r"needs 0\.5 GB .* only 0\.1 GB are free") as caught:
        check_space(plan, free_bytes=100_000_000)
    assert caught.value.code == "hub.disk_full"


def test_a_model_that_has_only_pickles_is_refused_before_it_is_fetched(model: Path, tmp_path: Path) -> None:
    old = shutil.copytree(model, tmp_path / "old")
    (old / UNET).unlink()
    with serving({ID: old}) as hub, pytest.raises(CheckpointError, match="run code") as caught:
        plan_download(ID, tmp_path / "here", endpoint=hub.endpoint)
    assert caught.value.code == "checkpoint.pickle"


def test_an_unknown_model_is_said_to_be_unknown(hub: LittleHub, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="someone/else") as caught:
        plan_download("someone/else", tmp_path / "here", endpoint=hub.endpoint)
    assert caught.value.code == "hub.unknown"


def test_being_offline_is_said(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(EngineError, match="offline") as caught:
            plan_download(ID, tmp_path / "here", endpoint=endpoint)
    assert caught.value.code == "hub.unreachable"


def test_a_model_in_the_hub_s_cache_is_found_without_asking(model: Path, tmp_path: Path) -> None:
    repo = tmp_path / "models--someone--tiny"
    shutil.copytree(model, repo / "snapshots" / COMMIT)
    (repo / "refs").mkdir()
    (repo / "refs" / "main").write_text(COMMIT)
    assert cached(ID, tmp_path) == repo / "snapshots" / COMMIT
    assert cached("someone/else", tmp_path) is None
    assert "--allow-download" in not_here("someone/else").message
