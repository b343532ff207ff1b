"""Float stems above full scale keep their loudness through a chain."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.sound import to_clip
from stylus_daw.chain.apply import apply_chain
from stylus_daw.chain.pedalboard_chain import PedalboardChain
from stylus_daw.chain.planning import planned, spec_of
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.presets.library.library import factory_folder

RATE = 48_000
CHAIN = ChainSpec.model_validate({"effects": [{"kind": "compressor"}, {"kind": "saturation"}, {"kind": "limiter"}]})


def loop() -> Clip:
    """Two seconds of decaying strokes that peak at full scale."""
    seconds = np.arange(2 * RATE) / RATE
    strokes = np.exp(-(seconds % 0.5) * 12) * np.sin(2 * np.pi * 180 * seconds)
    return Clip(samples=np.stack([strokes, strokes * 0.9]).astype(np.float32) / np.abs(strokes).max(), rate=RATE)


@pytest.mark.parametrize("above_db", [6, 12])
def test_a_loop_above_full_scale_comes_back_as_much_louder(above_db: int) -> None:
    plan, dry = planned(CHAIN), loop()
    loud = dry.with_samples(dry.samples * np.float32(2 ** (above_db // 6)))
    plain, wet = (to_clip(PedalboardChain().apply(clip, plan)) for clip in (dry, loud))
    np.testing.assert_array_equal(wet.samples, plain.samples * 2 ** (above_db // 6))
    assert integrated_lufs(wet) - integrated_lufs(plain) == pytest.approx(above_db, abs=0.05)


def test_what_is_at_full_scale_or_below_goes_through_unchanged() -> None:
    plan, dry = planned(CHAIN), loop()
    np.testing.assert_array_equal(
        to_clip(PedalboardChain().apply(dry, plan)).samples, apply_chain(dry, spec_of(plan)).samples
    )


def test_a_factory_chain_leaves_a_hot_loop_as_loud_as_it_is_relative_to_its_peak() -> None:
    written = json.loads(Path(factory_folder(), "warm-strings.json").read_text("utf-8"))
    plan, dry = planned(ChainSpec.model_validate(written["chain"])), loop()
    loud = dry.with_samples(dry.samples * np.float32(4))
    plain, wet = (to_clip(PedalboardChain().apply(clip, plan)) for clip in (dry, loud))
    assert integrated_lufs(wet) - integrated_lufs(plain) == pytest.approx(12.04, abs=0.1)
