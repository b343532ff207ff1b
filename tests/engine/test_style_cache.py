"""Inverted styles on disk: bounded, least recently used first, whole or not at all, shared by processes."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import numpy as np
import pytest
import torch

from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.engine.style_cache import StyleCache, key_of
from stylus_daw.engine.transfer import stylize
from tests.support.engine.cache_hammer import SHAPE, entry, hammer
from tests.support.engine.sounds import tone

pytestmark = pytest.mark.usefixtures("one_thread")


def test_an_entry_comes_back_as_it_was_put(tmp_path: Path) -> None:
    cache = StyleCache(tmp_path / "styles")
    assert cache.get("absent") is None
    stations = torch.randn(SHAPE)
    cache.put("one", stations)
    found = StyleCache(tmp_path / "styles").get("one")
    assert found is not None
    assert torch.equal(found, stations)


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    size = StyleCache(tmp_path / "probe")
    size.put("a", entry(0))
    bytes_each = next((tmp_path / "probe").iterdir()).stat().st_size
    cache = StyleCache(tmp_path / "styles", most_bytes=3 * bytes_each)
    for number, name in enumerate("abc"):
        cache.put(name, entry(number))
        os.utime(tmp_path / "styles" / f"{name}.safetensors", (number + 1, number + 1))
    assert cache.get("a") is not None
    cache.put("d", entry(4))
    assert {path.stem for path in (tmp_path / "styles").iterdir()} == {"a", "c", "d"}


@pytest.mark.parametrize("damage", ["cut", "garbage", "one byte", "empty"])
def test_a_damaged_entry_is_dropped(tmp_path: Path, damage: str) -> None:
    cache = StyleCache(tmp_path)
    cache.put("one", entry(1))
    (path,) = tmp_path.iterdir()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    damaged = {"cut": content[:-9], "garbage": b"\xff" * 300, "one byte": content, "empty": b""}[damage]
    path.write_bytes(bytes(damaged))
    assert cache.get("one") is None
    assert not path.exists()


def test_a_disk_that_refuses_costs_no_render(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = StyleCache(tmp_path / "file")
    cache.put("one", entry(1))
    assert cache.get("one") is None


def test_everything_that_decides_an_inversion_is_in_its_key() -> None:
    audio = np.zeros((2, 3), np.float32)
    keys = {key_of(audio, steps=4), key_of(audio, steps=5), key_of(audio + 1, steps=4), key_of(audio.T, steps=4)}
    assert len(keys) == 4
    assert key_of(audio, steps=4, start=1.0) == key_of(audio.copy(), start=1.0, steps=4)


def test_two_processes_share_a_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    most_bytes = 3 * 5_000
    both = [context.Process(target=hammer, args=(str(tmp_path), seed, most_bytes)) for seed in (1, 2)]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0]
    files = list(tmp_path.iterdir())
    assert files
    assert all(path.suffix == ".safetensors" for path in files)
    assert sum(path.stat().st_size for path in files) <= most_bytes + 5_000


def test_a_new_process_inverts_no_style_again_and_sounds_the_same(tiny_sd_folder: Path, tmp_path: Path) -> None:
    settings = StyleSettings(steps=3)
    asked = StyleRequest(content=tone(220, 0.5), styles=(WeightedStyle(clip=tone(330, 0.7)),), settings=settings)
    outs, calls = [], []
    for _ in range(3):
        checkpoint = open_checkpoint(str(tiny_sd_folder), choose_device("cpu"))
        assert isinstance(checkpoint, DiffusionCheckpoint)
        checkpoint.styles = StyleCache(tmp_path)
        seen: list[int] = []
        checkpoint.unet.register_forward_pre_hook(lambda module, arguments, seen=seen: seen.append(len(arguments[0])))
        outs.append(stylize(asked, checkpoint).samples)
        calls.append(sum(seen))
        if len(outs) == 2:
            (path,) = tmp_path.iterdir()
            path.write_bytes(path.read_bytes()[:-3])
    assert calls[1] == calls[0] - 1  # projections of stations 1 and 2 came for nothing; now they are made when needed
    assert calls[2] == calls[0]
    np.testing.assert_array_equal(outs[0], outs[1])
    np.testing.assert_array_equal(outs[0], outs[2])
