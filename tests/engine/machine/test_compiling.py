"""STYLUS_COMPILE: the same numbers through torch.compile, or a refusal that says what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from stylus_daw.engine.attention import Swap
from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
from stylus_daw.engine.machine.compiling import COMPILERS
from stylus_daw.engine.machine.device import Wishes, choose_device
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.errors import RequestError

pytestmark = pytest.mark.usefixtures("one_thread")


def opened(folder: Path, *, compiles: bool) -> DiffusionCheckpoint:
    checkpoint = open_checkpoint(str(folder), choose_device("cpu", Wishes(precision="fp32", compiles=compiles)))
    assert isinstance(checkpoint, DiffusionCheckpoint)
    return checkpoint


def seen(checkpoint: DiffusionCheckpoint) -> list[torch.Tensor]:
    """What a content and its restyling give, through all that a render asks of the network."""
    network, latent = checkpoint.network, torch.randn(1, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        output, recording = network.recorded(latent, 500)
        swap = Swap(content=recording, styles=[(1.0, recording)], strength=0.5, structure=0.5)
        return [output, network.predict(latent, 200), network.swapped(latent, 200, swap)]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of torch's own compiler
def test_compiled_blocks_give_the_same_numbers(tiny_sd_folder: Path) -> None:
    for one, other in zip(
        seen(opened(tiny_sd_folder, compiles=True)), seen(opened(tiny_sd_folder, compiles=False)), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


def test_without_a_compiler_it_says_so(tiny_sd_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(RequestError, match=COMPILERS[1].replace("+", r"\+")) as caught:
        opened(tiny_sd_folder, compiles=True)
    assert caught.value.code == "device.compile"
