"""What needs torch says so where it is missing, and how to get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.engine.machine import heavy
from stylus_daw.engine.shelf.hub import cached
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.errors import CheckpointError
from training.export import TRAINED


@pytest.fixture
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heavy.importlib.util, "find_spec", lambda name: None)


@pytest.mark.usefixtures("without_torch")
def test_a_stable_diffusion_names_the_extra(tiny_sd_folder: Path) -> None:
    with pytest.raises(CheckpointError, match=r"torch, .*pip install 'stylus-daw\[diffusion\]'") as refused:
        open_checkpoint(str(tiny_sd_folder))
    assert refused.value.code == "checkpoint.extra"


@pytest.mark.usefixtures("without_torch")
def test_a_net_of_ones_own_names_the_extra() -> None:
    with pytest.raises(CheckpointError, match=r"stylus-daw\[diffusion\]"):
        open_checkpoint(str(TRAINED))


@pytest.mark.usefixtures("without_torch")
def test_there_are_no_gpus_and_no_hub_to_look_in() -> None:
    assert heavy.accelerators() == ()
    assert cached("somebody/some-model") is None


def test_where_all_is_installed_nothing_is_refused() -> None:
    assert heavy.missing_packages() == ()
    heavy.require_torch("It")
