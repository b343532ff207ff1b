"""LocalEngine: what is kept from one render to the next belongs to the model as it is loaded now."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.sound import to_clip
from stylus_daw.engine.local import LocalEngine
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.library import ModelLibrary, RegisteredModel
from tests.support.engine.sounds import tone

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def twins(tiny_sd_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Two names for the same weights, whose output is noise under the one and velocity under the other."""
    monkeypatch.setenv("STYLUS_HOME", str(tmp_path))
    library = ModelLibrary(tmp_path)
    for prediction in ("epsilon", "v_prediction"):
        library.add(RegisteredModel(name=prediction, path=str(tiny_sd_folder), prediction=prediction))
    return "epsilon", "v_prediction"


def rendered(engine: LocalEngine, model: str) -> Samples:
    settings = StyleSettings(checkpoint=model, steps=2, strength=1.5)
    asked = StyleRequest(content=tone(220, 0.3), styles=(WeightedStyle(clip=tone(330, 0.3)),), settings=settings)
    return to_clip(engine.stylize(asked, "cpu")).samples


def test_the_same_weights_under_another_prediction_are_rendered_anew(twins: tuple[str, str]) -> None:
    engine = LocalEngine()
    first, second = (rendered(engine, model) for model in twins)
    assert engine.model(twins[0], "cpu")[1] == engine.model(twins[1], "cpu")[1]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(second, rendered(LocalEngine(), twins[1]))


def test_the_same_model_keeps_its_results(twins: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = LocalEngine()
    first = rendered(engine, twins[0])
    monkeypatch.setattr(type(engine.checkpoint(twins[0], "cpu")), "restyle", None)  # must not run again
    np.testing.assert_array_equal(rendered(engine, twins[0]), first)
