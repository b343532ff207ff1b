"""Shared pieces of the engine's tests: small untrained checkpoints and sounds made on the spot."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.checkpoints.mini import MiniCheckpoint
from stylus_daw.engine.checkpoints.mini_net import NET_CONFIG, make_net
from stylus_daw.engine.device import choose_device

sys.path.insert(0, str(Path(__file__).parent))


def tone(hz: float, seconds: float = 1.0, *, rate: int = 48_000, channels: int = 2, harmonics: int = 6) -> Clip:
    """A decaying harmonic tone, a little different on each channel."""
    time = np.arange(round(seconds * rate)) / rate
    wave = sum(np.sin(2 * np.pi * hz * h * time) / h for h in range(1, harmonics + 1) if hz * h < rate / 2.2)
    wave = wave * np.exp(-2 * (time % 0.5)) * 0.2
    return Clip(samples=np.stack([wave * (1 - 0.2 * c) for c in range(channels)]).astype(np.float32), rate=rate)


@pytest.fixture(scope="session")
def small_mini() -> MiniCheckpoint:
    """stylus-mini's architecture with few channels and random weights that do something."""
    torch.manual_seed(3)
    config = {**NET_CONFIG, "block_out_channels": [16, 16, 16], "attention_head_dim": 8, "norm_num_groups": 4}
    net = make_net(config)
    torch.nn.init.normal_(net.conv_out.weight, std=0.05)
    return MiniCheckpoint(net=net.eval(), device=choose_device("cpu"), sha256="0" * 64, config={"net": config})


@pytest.fixture(scope="session")
def tiny_sd_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tiny_stable_diffusion import make

    return make(tmp_path_factory.mktemp("checkpoint"))
