"""What of the right column is unfolded, and what a folded effect says of itself; without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.chain.effects import EFFECTS
from stylus_daw.chain.spec import ChainSpec
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.chain import ChainPresenter
from stylus_ui.presenters.sound.effect_values import TELLING, values_said
from stylus_ui.presenters.sound.side import CHAIN, CONTROLS, SideColumn
from stylus_ui.state.text import Text
from tests.support.ui.worlds import ui_world

BOTH = {CONTROLS, CHAIN}


def test_both_parts_are_unfolded_where_there_is_room(context: UiContext) -> None:
    assert SideColumn(context).open.value == BOTH


def test_where_there_is_no_room_one_part_is_unfolded_and_the_other_takes_turns(context: UiContext) -> None:
    side = SideColumn(context)
    side.give_room(False)
    seen = [side.open.value]
    for name in (CHAIN, CONTROLS, CONTROLS):
        side.toggle(name)
        seen.append(side.open.value)
    assert seen == [{CONTROLS}, {CHAIN}, {CONTROLS}, {CHAIN}]
    side.give_room(True)
    assert side.open.value == BOTH


def test_one_part_is_always_unfolded(context: UiContext) -> None:
    side = SideColumn(context)
    side.toggle(CONTROLS)
    assert side.open.value == {CHAIN}
    side.toggle(CHAIN)
    assert side.open.value == {CONTROLS}


def test_a_key_folds_the_chain_and_the_choice_is_remembered(tmp_path: Path) -> None:
    with ui_world(tmp_path) as (context, _):
        side = SideColumn(context)
        context.shortcuts.trigger("chain")
        assert side.open.value == {CONTROLS}
    with ui_world(tmp_path) as (context, _):
        assert SideColumn(context).open.value == {CONTROLS}


def test_every_built_in_effect_knows_what_it_tells() -> None:
    assert TELLING.keys() == EFFECTS.keys()
    for kind, names in TELLING.items():
        assert all(EFFECTS[kind].parameter(name) for name in names), kind


@pytest.mark.parametrize(
    ("effect", "language", "said"),
    [
        ({"kind": "high_pass", "params": {"frequency_hz": 35}}, "en", "35 Hz"),
        ({"kind": "low_pass", "params": {"frequency_hz": 12_500}}, "de", "12,5 kHz"),
        ({"kind": "low_shelf", "params": {"gain_db": 3}}, "en", "120 Hz · +3 dB"),
        ({"kind": "peak", "params": {"gain_db": -2.5}}, "de", "1 kHz · −2,5 dB"),
        ({"kind": "compressor"}, "en", "−20 dB · 3:1"),
        ({"kind": "ladder"}, "en", "2 kHz · lpf12"),
        ({"kind": "delay", "params": {"time_ms": 1_200}}, "en", "1,200 ms · 25 % wet"),
        ({"kind": "reverb"}, "de", "50 % · 20 % Effekt"),
        ({"kind": "limiter", "mix": 0.5}, "en", "−1 dB · 50 % wet"),
        ({"kind": "invert"}, "en", ""),
        ({"kind": "parallel", "branches": [{"effects": []}, {"effects": [{"kind": "gain"}]}]}, "en", "2 branches"),
    ],
)
def test_a_folded_effect_says_its_values(context: UiContext, effect: dict, language: str, said: str) -> None:
    chain = ChainPresenter(context)
    context.workspace.edit_chain(ChainSpec.model_validate({"effects": [effect]}))
    (shown,) = chain.rows.value
    assert values_said(shown, Text(language)) == said
