"""Shared pieces of the engine's tests: small untrained checkpoints and sounds made on the spot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.engine.mini.net import NET_CONFIG, make_net
from stylus_daw.engine.mini.with_net import NetCheckpoint


@pytest.fixture(scope="session")
def small_mini() -> NetCheckpoint:
    """stylus-mini's architecture with few channels and random weights that do something."""
    torch.manual_seed(3)
    config = {**NET_CONFIG, "block_out_channels": [16, 16, 16], "attention_head_dim": 8, "norm_num_groups": 4}
    net = make_net(config)
    torch.nn.init.normal_(net.conv_out.weight, std=0.05)
    return NetCheckpoint(
        net=net.eval(),
        device=choose_device("cpu"),
        runtime=choose_runtime("cpu"),
        sha256="0" * 64,
        config={"net": config},
    )


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """For networks so small that several threads only wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def tiny_sd_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.support.engine.tiny_stable_diffusion import make

    return make(tmp_path_factory.mktemp("checkpoint"))
