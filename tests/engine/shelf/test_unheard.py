"""What a checkpoint does not hear is true of the sound that it makes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stylus_daw.engine.shelf import unheard
from stylus_daw.engine.shelf.unheard import smaller_render, unheard_knobs


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


@pytest.mark.parametrize(
    ("base", "advice"), [("bare guide", "a shorter region"), ("guide", "a shorter region or draft quality")]
)
def test_draft_quality_is_advised_where_it_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str, advice: str
) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"base": base}))
    monkeypatch.setattr(unheard, "embedded_folder", lambda: tmp_path)
    assert smaller_render("stylus-mini") == advice


def test_damaged_weights_do_not_hide_the_error_that_is_to_be_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{")
    monkeypatch.setattr(unheard, "embedded_folder", lambda: tmp_path)
    assert smaller_render("stylus-mini") == "a shorter region"
