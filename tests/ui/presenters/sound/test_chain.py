"""The chain and the plugins of the machine, without a window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from stylus_daw.chain.effects import EFFECTS, KINDS
from stylus_daw.chain.plugin_spec import PluginSpec
from stylus_daw.chain.plugins.about import PluginDescription
from stylus_daw.chain.plugins.cache import CACHE_FILE, FileStamp, PluginCache, ScannedFile, ScanOutcome
from stylus_daw.chain.plugins.hosting import Hosting, MissingPlugin
from stylus_daw.chain.spec import MAX_EFFECTS, ChainSpec, EffectSpec
from stylus_daw.presets.library.library import PresetLibrary
from stylus_ui.context import UiContext
from stylus_ui.presenters.setup import plugins as plugins_module
from stylus_ui.presenters.setup.plugins import Plugins
from stylus_ui.presenters.sound import plugin_shelf as plugin_shelf_module
from stylus_ui.presenters.sound.chain import ChainPresenter
from stylus_ui.presenters.sound.effect_row import followed
from stylus_ui.presenters.sound.effect_words import GROUPS, KNOBS, SAID, dial_of
from stylus_ui.presenters.sound.plugin_places import FOLDERS
from stylus_ui.presenters.sound.plugin_shelf import PluginShelf
from stylus_ui.state.notices import Notice

VERB = PluginSpec(path="/nowhere/Verb.vst3", name="Verb")


@dataclass
class FakeHosting:
    """Every plugin is there; its window is closed at once with another state."""

    raw_state: str = "AAAA"

    def locate(self, plugin: PluginSpec) -> Path | MissingPlugin:
        return Path(plugin.path)

    def edit(self, plugin: PluginSpec) -> PluginSpec:
        return plugin.model_copy(update={"raw_state": self.raw_state})


def at_once(work) -> None:
    work()


@pytest.fixture
def chain(context: UiContext) -> ChainPresenter:
    return ChainPresenter(context, start=at_once)


@pytest.fixture
def hosted(context: UiContext) -> ChainPresenter:
    return ChainPresenter(context, start=at_once, hosting=lambda: cast("Hosting", FakeHosting()))


def kinds(context: UiContext) -> list[str]:
    return [effect.kind for effect in context.workspace.workpiece.value.treatment.chain.effects]


def test_the_words_cover_the_whole_table_of_effects() -> None:
    said = {one for kind in KINDS.values() for one in (kind.label, kind.meaning)}
    said |= {parameter.meaning for kind in EFFECTS.values() for parameter in kind.parameters}
    assert said == SAID
    assert {one.name for kind in EFFECTS.values() for one in kind.parameters} == KNOBS.keys()
    assert sorted(kind for group in GROUPS.values() for kind in group) == sorted(EFFECTS)


def test_every_number_of_every_effect_has_a_dial_that_reaches_its_ends() -> None:
    numbers = [one for kind in EFFECTS.values() for one in kind.parameters if not one.choices]
    for parameter in numbers:
        dial = dial_of(parameter)
        assert (dial.value(dial.first), dial.value(dial.last)) == (parameter.low, parameter.high), parameter
        assert dial.value(dial.position(float(parameter.default))) == pytest.approx(parameter.default, rel=0.02)


def test_effects_are_moved_and_keep_their_keys(chain: ChainPresenter, context: UiContext) -> None:
    for kind in ("reverb", "gain", "gain"):
        chain.add(kind)
    reverb, first, second = (one.key for one in chain.rows.value)
    chain.move_by(reverb, 1)
    assert kinds(context) == ["gain", "reverb", "gain"]
    assert [one.key for one in chain.rows.value] == [first, reverb, second]
    chain.turn(second, "gain_db", -3.0)
    chain.move(second, 0)
    assert [one.key for one in chain.rows.value] == [second, first, reverb]
    context.workspace.undo()
    context.workspace.undo()
    context.workspace.undo()
    assert [one.key for one in chain.rows.value] == [reverb, first, second]


def test_keys_follow_by_identity_then_value_then_place() -> None:
    gain, loud, hall = EffectSpec(kind="gain"), EffectSpec(kind="gain", params={"gain_db": 6}), EffectSpec(kind="hall")
    new = iter(range(100, 110)).__next__
    assert followed((1, 2), (gain, hall), (hall, gain), new) == (2, 1)
    assert followed((1, 2), (gain, hall), (loud, hall), new) == (1, 2)
    assert followed((1, 2), (gain, hall), (hall,), new) == (2,)
    assert followed((1,), (gain,), (hall, gain), new) == (100, 1)


def test_a_drag_of_a_knob_is_one_step_and_bypass_another(chain: ChainPresenter, context: UiContext) -> None:
    chain.add("reverb")
    key = chain.rows.value[0].key
    for size in (0.6, 0.7, 0.8):
        chain.turn(key, "size", size)
    chain.let_go()
    chain.toggle_bypass(key)
    chain.turn(key, "mix", 0.9)
    chain.reset(key, "mix")
    effect = chain.rows.value[0].effect
    assert (effect.params["size"], effect.bypass, effect.mix) == (0.8, True, 0.2)
    for _ in range(4):
        context.workspace.undo()
    assert chain.rows.value[0].effect == EffectSpec(kind="reverb")


def test_branches_of_a_parallel_effect_are_levelled(chain: ChainPresenter, context: UiContext) -> None:
    written = {"effects": [{"kind": "parallel", "branches": [{}, {"effects": [{"kind": "delay"}]}]}]}
    context.workspace.edit_chain(ChainSpec.model_validate(written))
    chain.turn_branch(chain.rows.value[0].key, 1, -6.0)
    assert [branch.gain_db for branch in chain.rows.value[0].effect.branches] == [0.0, -6.0]


def test_the_chain_has_an_end(chain: ChainPresenter, context: UiContext, notices: list[Notice]) -> None:
    for _ in range(MAX_EFFECTS + 1):
        chain.add("gain")
    assert len(kinds(context)) == MAX_EFFECTS
    assert notices[-1].text == "A chain holds up to 32 effects."
    chain.set_tail("until_quiet")
    chain.match_loudness(True)
    said = context.workspace.workpiece.value.treatment.chain
    assert (said.tail, said.match_loudness) == ("until_quiet", True)


def test_a_missing_plugin_says_why_and_can_be_left_out(chain: ChainPresenter, context: UiContext) -> None:
    context.workspace.edit_chain(ChainSpec(effects=(EffectSpec(kind="plugin", plugin=VERB),)))
    row = chain.rows.value[0]
    assert (row.name, row.is_left_out) == ("Verb", False)
    assert row.problem == "/nowhere/Verb.vst3 is not there, and no scan has found it elsewhere"
    chain.allow_missing(True)
    assert chain.rows.value[0].is_left_out


def test_a_missing_plugin_has_no_window(chain: ChainPresenter, context: UiContext, notices: list[Notice]) -> None:
    context.workspace.edit_chain(ChainSpec(effects=(EffectSpec(kind="plugin", plugin=VERB),)))
    chain.open_plugin(chain.rows.value[0].key)
    assert not chain.rows.value[0].is_open
    assert "cannot be used" in notices[-1].text


def test_what_is_set_in_a_plugins_window_is_one_step_of_undo(hosted: ChainPresenter, context: UiContext) -> None:
    context.workspace.edit_chain(ChainSpec(effects=(EffectSpec(kind="gain"), EffectSpec(kind="plugin", plugin=VERB))))
    hosted.open_plugin(hosted.rows.value[1].key)
    edited = context.workspace.workpiece.value.treatment.chain.effects[1].plugin
    assert edited is not None
    assert edited.raw_state == "AAAA"
    context.workspace.undo()
    assert context.workspace.workpiece.value.treatment.chain.effects[1].plugin == VERB


def test_a_window_may_stay_open_while_the_chain_changes(context: UiContext) -> None:
    windows = []
    chain = ChainPresenter(context, start=windows.append, hosting=lambda: cast("Hosting", FakeHosting()))
    context.workspace.edit_chain(ChainSpec(effects=(EffectSpec(kind="plugin", plugin=VERB), EffectSpec(kind="gain"))))
    key = chain.rows.value[0].key
    chain.open_plugin(key)
    chain.open_plugin(key)
    assert (len(windows), chain.rows.value[0].is_open) == (1, True)
    chain.move_by(key, 1)
    windows[0]()
    effect = chain.rows.value[1]
    assert (effect.key, effect.is_open) == (key, False)
    assert effect.effect.plugin is not None
    assert effect.effect.plugin.raw_state == "AAAA"


def test_plugins_of_a_foreign_preset_wait_until_the_user_agrees(
    hosted: ChainPresenter, context: UiContext, notices: list[Notice]
) -> None:
    library = PresetLibrary(user_folder=context.settings.presets)
    chain = ChainSpec(effects=(EffectSpec(kind="plugin", plugin=VERB),))
    factory = PresetLibrary().all()[0]
    foreign = factory.model_copy(update={"id": "from-afar", "chain": chain, "untrusted_plugins": True})
    preset = library.save(foreign, [style.path for style in library.styles(factory)])
    context.workspace.load_preset(preset, library.styles(preset))
    row = hosted.rows.value[0]
    assert (hosted.asks.value, row.waits) == (True, True)
    hosted.open_plugin(row.key)
    assert context.workspace.workpiece.value.treatment.chain.effects[0].plugin == VERB
    hosted.agree()
    assert (hosted.asks.value, hosted.rows.value[0].waits) == (False, False)
    hosted.open_plugin(row.key)
    assert context.workspace.workpiece.value.treatment.chain.effects[0].plugin != VERB


def test_a_scan_loads_files_in_processes_of_their_own_and_names_what_fails(
    context: UiContext, notices: list[Notice], tmp_path: Path
) -> None:
    (tmp_path / "Broken.vst3").write_bytes(b"no plugin")
    shelf = PluginShelf(context, start=at_once, folders=lambda: [tmp_path])
    seen = []
    shelf.scan.changed.connect(lambda shown: seen.append((shown.is_running, shown.total, shown.name)))
    shelf.look_for_plugins()
    assert seen == [(True, 0, ""), (True, 1, "Broken"), (False, 0, "")]
    assert notices[-1].text == "No new plugins. These cannot be used: Broken."
    assert (shelf.failed.value, shelf.choices.value) == (("Broken",), ())
    seen.clear()
    shelf.look_for_plugins()
    assert (True, 1, "Broken") not in seen


def test_a_cancelled_scan_stops_and_says_nothing(context: UiContext, notices: list[Notice], tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"Broken{number}.vst3").write_bytes(b"no plugin")
    works = []
    shelf = PluginShelf(context, start=works.append, folders=lambda: [tmp_path])
    shelf.look_for_plugins()
    shelf.cancel()
    works[0]()
    assert (shelf.scan.value.is_running, shelf.failed.value, notices) == (False, (), [])


def test_what_the_plugin_manager_finds_or_blocks_is_known_to_the_chain_at_once(
    chain: ChainPresenter, context: UiContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugins_module, "plugin_folders", lambda: (tmp_path,))
    monkeypatch.setattr(plugin_shelf_module, "plugin_folders", lambda: (tmp_path,))
    file = tmp_path / "Verb.vst3"
    file.write_text("a plugin")
    manager = Plugins(context)
    manager.refresh()
    about = PluginDescription(identifier="verb", name="Verb", maker="Airfield", is_effect=True)
    found = ScannedFile(path=file, stamp=FileStamp.of(file), outcome=ScanOutcome.FOUND, plugins=(about,))
    PluginCache(context.settings.home / CACHE_FILE).put([found])
    assert chain.shelf.choices.value == ()
    manager.scan()
    assert [one.name for one in chain.shelf.choices.value] == ["Verb"]
    chain.add_plugin(chain.shelf.choices.value[0])
    assert chain.rows.value[0].problem == ""
    manager.block(file)
    assert (chain.shelf.choices.value, chain.shelf.failed.value) == ((), ())
    assert "blocked" in chain.rows.value[0].problem


def test_the_chain_scans_the_folders_that_the_user_added_and_the_manager_hears_of_it(
    context: UiContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_shelf_module, "plugin_folders", lambda: ())
    (tmp_path / "Broken.vst3").write_bytes(b"no plugin")
    context.preferences.set(FOLDERS, [str(tmp_path)])
    manager, shelf = Plugins(context), PluginShelf(context, start=at_once)
    manager.refresh()
    shelf.look_for_plugins()
    assert [row.name for row in manager.rows.value or ()] == ["Broken"]
