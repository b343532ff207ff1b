"""Dials and the knobs of the engine, without a window."""

from __future__ import annotations

import pytest

from stylus_daw.chain.spec import ChainSpec, EffectSpec
from stylus_daw.engine.request import MAX_SEED, StyleSettings
from stylus_ui.context import UiContext
from stylus_ui.presenters.sound.controls import MAIN, MORE, OWN_DEFAULTS, ControlsPresenter
from stylus_ui.presenters.sound.dial import Dial
from stylus_ui.state.text import Text
from stylus_ui.workspace.workpiece_file import workpiece_from_json, workpiece_to_json

PERCENT = Dial(low=0, high=2, default=1, unit="%", factor=100)
HERTZ = Dial(low=20, high=2_000, default=None, unit="Hz", is_logarithmic=True, has_off=True)
DECIBEL = Dial(low=-24, high=24, default=0, step=0.1, unit="dB", decimals=1)


@pytest.mark.parametrize("dial", [PERCENT, HERTZ, DECIBEL])
def test_every_position_of_a_dial_comes_back_from_its_value_and_its_words(dial: Dial) -> None:
    english = Text()
    for position in range(dial.first, dial.last + 1):
        value = dial.value(position)
        assert dial.position(value) == position
        assert value is None or dial.low <= value <= dial.high
        read = dial.read(dial.written(value, english), english)
        assert dial.written(read, english) == dial.written(value, english)


@pytest.mark.parametrize(
    ("dial", "language", "said", "value"),
    [
        (PERCENT, "en", "130", 1.3),
        (PERCENT, "en", "130 %", 1.3),
        (PERCENT, "de", "62,5 %", 0.625),
        (PERCENT, "en", "500", 2),
        (HERTZ, "en", "1.2k", 1200),
        (HERTZ, "de", "1,2 kHz", 1200),
        (HERTZ, "en", "1,200 Hz", 1200),
        (HERTZ, "de", "aus", None),
        (HERTZ, "en", "0", None),
        (DECIBEL, "en", "-3.5 dB", -3.5),
        (DECIBEL, "de", "-.5", -0.5),
        (DECIBEL, "de", "−3,5 dB", -3.5),
    ],
)
def test_typed_values_are_read_as_people_write_them(dial: Dial, language: str, said: str, value: float | None) -> None:
    assert dial.read(said, Text(language)) == pytest.approx(value)


def test_words_are_no_value() -> None:
    with pytest.raises(ValueError, match="loud"):
        PERCENT.read("loud", Text())


def test_a_turn_is_one_step_of_undo_and_a_reset_leaves_the_setting_to_the_checkpoint(context: UiContext) -> None:
    controls, workspace = ControlsPresenter(context), context.workspace
    for value in (0.9, 0.7, 0.5):
        controls.turn("strength", value)
    controls.let_go()
    controls.turn("low_keep_hz", 120.0)
    controls.let_go()
    shown = controls.shown.value
    assert (shown.values["strength"], shown.values["low_keep_hz"], shown.turned_under_fold) == (0.5, 120.0, 1)
    controls.reset("strength")
    assert workspace.workpiece.value.treatment.settings.strength is None
    assert controls.shown.value.values["strength"] == 1.0
    workspace.undo()
    workspace.undo()
    workspace.undo()
    assert workspace.workpiece.value.treatment.settings == StyleSettings()


def test_defaults_are_those_of_the_checkpoint_in_use(context: UiContext) -> None:
    controls = ControlsPresenter(context)
    context.workspace.edit_settings(checkpoint="riffusion/riffusion-model-v1")
    shown = controls.shown.value
    assert (shown.values["strength"], shown.defaults["structure"], shown.ignores_seed) == (0.9, 0.75, False)


def test_checkpoints_fill_in_what_the_knobs_show() -> None:
    from stylus_daw.engine.diffusion.checkpoint import DiffusionCheckpoint
    from stylus_daw.engine.mini.loading import load_mini
    from stylus_daw.engine.shelf.registry import embedded_folder

    mini = load_mini(embedded_folder(), "cpu")
    own, full = mini.knobs(StyleSettings()), mini.knobs(StyleSettings(strength=1.0)).gain
    other = DiffusionCheckpoint.knobs(object(), StyleSettings())  # pyright: ignore[reportArgumentType]
    assert OWN_DEFAULTS[True] == {"strength": own.gain / full, "structure": own.structure}
    assert OWN_DEFAULTS[False] == {"strength": other.strength, "structure": other.structure}


def test_all_knobs_go_back_in_one_step_and_the_seed_stays(context: UiContext) -> None:
    controls = ControlsPresenter(context)
    for knob in (*MAIN, *MORE):
        controls.turn(knob.name, 0.3 if knob.name != "low_keep_hz" else 300.0)
    controls.sync(True)
    controls.set_seed(7)
    assert controls.shown.value.is_changed
    controls.reset_all()
    assert context.workspace.workpiece.value.treatment.settings == StyleSettings(seed=7)
    context.workspace.undo()
    assert context.workspace.workpiece.value.treatment.settings.tempo_sync


def test_a_tempo_that_nobody_told_is_seen_when_the_styles_follow_it(context: UiContext) -> None:
    controls = ControlsPresenter(context)
    controls.sync(True)
    assert context.workspace.workpiece.value.treatment.settings.tempo_bpm == 120.0
    controls.turn("tempo_bpm", 93.5)
    controls.sync(False)
    controls.sync(True)
    assert controls.shown.value.values["tempo_bpm"] == 93.5


def test_the_seed_is_rolled_typed_and_locked(context: UiContext) -> None:
    controls = ControlsPresenter(context, new_seed=lambda: 4242)
    assert context.shortcuts.trigger("new_seed")
    assert controls.shown.value.seed == 4242
    controls.set_seed(2**40)
    assert controls.shown.value.seed == MAX_SEED
    controls.lock(False)
    assert not context.workspace.workpiece.value.seed_locked


def test_takes_and_the_fold_are_remembered(context: UiContext) -> None:
    controls = ControlsPresenter(context)
    controls.turn("takes", 4.0)
    kept = workpiece_from_json(workpiece_to_json(context.workspace.workpiece.value))
    assert kept.takes == 4
    controls.toggle_fold()
    assert ControlsPresenter(context).is_unfolded.value


@pytest.mark.parametrize("knob", ["strength", "dry_wet"])
def test_at_nothing_the_chain_alone_changes_the_sound(context: UiContext, knob: str) -> None:
    controls = ControlsPresenter(context)
    controls.turn(knob, 0)
    assert not controls.shown.value.is_chain_alone, "nothing changes it"
    chain = ChainSpec(effects=(EffectSpec(kind="reverb"),))
    context.workspace.edit_chain(chain)
    assert controls.shown.value.is_chain_alone
    bypassed = EffectSpec(kind="reverb", bypass=True)
    context.workspace.edit_chain(ChainSpec(effects=(bypassed,)))
    assert not controls.shown.value.is_chain_alone
    context.workspace.edit_chain(chain)
    controls.turn(knob, 0.5)
    assert not controls.shown.value.is_chain_alone
