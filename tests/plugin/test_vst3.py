"""The VST3 in DawDreamer, a host with a running transport, and in pedalboard, one without."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.support.needs import need_module

pytestmark = pytest.mark.plugin
HERE = Path(__file__).parent


@pytest.mark.parametrize(("rate", "block"), [(48_000, 1), (44_100, 64), (96_000, 441), (48_000, 8_192)])
def test_a_whole_session_in_dawdreamer(plugin: Path, home: Path, tmp_path: Path, rate: int, block: int) -> None:
    need_module("dawdreamer")
    before = set((home / "jobs").glob("*/stem.wav"))
    out = tmp_path / "heard.npz"
    command = [sys.executable, HERE / "dreamer.py", plugin / "StylusConnect.vst3", str(rate), str(block), out]
    environment = os.environ | {"STYLUS_HOME": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = set((home / "jobs").glob("*/stem.wav")) - before
    stem, its_rate = soundfile.read(path, dtype="float32")
    heard = np.load(out)
    length = len(stem)
    assert its_rate == rate
    assert rate <= length < rate + block
    music = heard["music"]
    for name in ("captured", "original"):
        np.testing.assert_array_equal(heard[name], music[: len(heard[name])])
    for name in ("result", "reopened"):
        np.testing.assert_array_equal(heard[name][:length], stem)
        np.testing.assert_array_equal(heard[name][length:], music[length : len(heard[name])])
    assert not np.array_equal(stem, music[:length])


@pytest.mark.parametrize(("name", "channels"), [("", 2), ("Mono", 1), ("Surround", 6)])
def test_without_a_playhead_the_audio_passes(plugin: Path, tmp_path: Path, name: str, channels: int) -> None:
    code = (
        "import numpy as np, pedalboard, sys\n"
        "plugin, channels = pedalboard.load_plugin(sys.argv[1]), int(sys.argv[2])\n"
        "noise = np.random.default_rng(1).normal(0, 0.1, (channels, 48_000)).astype(np.float32)\n"
        "assert np.array_equal(plugin(noise, 48_000, buffer_size=441), noise)\n"
        "plugin.capture = True\n"
        "assert np.array_equal(plugin(noise, 48_000), noise)\n"
    )
    command = [sys.executable, "-c", code, plugin / f"StylusConnect{name}.vst3", str(channels)]
    environment = os.environ | {"STYLUS_HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
