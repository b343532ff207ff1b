"""Somebody who sends a preset, the bundle, and somebody who receives it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stylus_daw.presets.bundles.export import export_bundle
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.png import png
from tests.support.bundles import preset, tone


@pytest.fixture
def sender(tmp_path: Path) -> PresetLibrary:
    """A library with one preset of two styles, one of them no FLAC, and a small picture."""
    library = PresetLibrary([tmp_path / "nothing"], user_folder=tmp_path / "sender")
    files = [tone(tmp_path / "low.flac", 110), tone(tmp_path / "high.wav", 880, subtype="FLOAT")]
    library.save(preset(chain={"effects": [{"kind": "reverb", "mix": 0.3}]}), files)
    picture = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)
    (tmp_path / "sender" / "choir.png").write_bytes(png(picture))
    return library


@pytest.fixture
def bundle(sender: PresetLibrary, tmp_path: Path) -> Path:
    return export_bundle(sender, "choir", tmp_path)


@pytest.fixture
def receiver(tmp_path: Path) -> PresetLibrary:
    (tmp_path / "receiver").mkdir()
    return PresetLibrary([tmp_path / "nothing"], user_folder=tmp_path / "receiver" / "presets")
