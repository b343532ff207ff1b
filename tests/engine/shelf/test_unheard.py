"""What a checkpoint does not hear is true of the sound that it makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stylus_daw.engine.shelf import unheard
from stylus_daw.engine.shelf.unheard import unheard_knobs


@pytest.mark.parametrize(("base", "hears"), [("bare guide", False), ("guide", True), ("rows", True)])
def test_quality_and_sharpness_are_the_nets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str, hears: bool
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"base": base}))
    monkeypatch.setattr(unheard, "embedded_folder", lambda: tmp_path)
    told = unheard_knobs("stylus-mini")
    assert [name not in told for name in ("quality", "sharpness", "strength", "structure")] == [
        hears,
        hears,
        True,
        True,
    ]
    assert {"seed", "steps", "sampler"} <= told


def test_of_another_model_nothing_is_claimed() -> None:
    assert unheard_knobs("somebody/else") == frozenset()
