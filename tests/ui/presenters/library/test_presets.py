"""The preset list without its window: what is found, heard, loaded, changed, brought back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from stylus_daw.errors import PresetError
from stylus_daw.presets.library.library import PresetLibrary, factory_folder
from stylus_ui.context import UiContext
from stylus_ui.presenters.library.preset_edits import PresetEdits
from stylus_ui.presenters.library.preset_saving import PresetForm, words_of
from stylus_ui.presenters.library.presets import Heading, PresetsPresenter
from stylus_ui.presenters.sound.styles import StylesPresenter
from stylus_ui.presenters.workspace.intake import Intake
from stylus_ui.state.notices import Notice, NoticeKind
from tests.support.ui.player import SilentPlayer

STYLES = factory_folder() / "styles"


@pytest.fixture
def presets(context: UiContext) -> PresetsPresenter:
    return PresetsPresenter(context)


@pytest.fixture
def edits(context: UiContext, presets: PresetsPresenter) -> PresetEdits:
    return PresetEdits(context, presets)


@pytest.fixture
def form(context: UiContext, presets: PresetsPresenter, edits: PresetEdits) -> PresetForm:
    return PresetForm(context, presets, edits)


def ids(presets: PresetsPresenter) -> list[str]:
    return [one.id for one in presets.found]


def headings(presets: PresetsPresenter) -> list[str]:
    return [row.title for row in presets.rows.value if isinstance(row, Heading)]


def written(context: UiContext, name: str, **changes: object) -> str:
    """A preset of the user's, made from a factory preset by another program."""
    raw = json.loads((factory_folder() / "choir-pad.json").read_text("utf-8"))
    folder = context.settings.presets
    (folder / "styles").mkdir(parents=True, exist_ok=True)
    shutil.copy(STYLES / "choir.flac", folder / "styles")
    (folder / f"{name}.json").write_text(json.dumps(raw | {"id": name, "name": name, "program": 99} | changes))
    return name


VERB = {"effects": [{"kind": "plugin", "plugin": {"path": "/nowhere/Verb.vst3", "name": "Verb"}}]}


def test_factory_presets_stand_in_their_groups_by_number_and_the_users_below(
    context: UiContext, presets: PresetsPresenter, edits: PresetEdits
) -> None:
    edits.duplicate("warm-strings")

    assert ids(presets)[:2] == ["warm-strings", "pizzicato"]
    assert headings(presets)[0] == "Strings"
    assert headings(presets)[-1] == "Yours"
    assert ids(presets)[-1] == "warm-strings-2"


def test_a_search_narrows_by_words_tags_and_stars(presets: PresetsPresenter, edits: PresetEdits) -> None:
    presets.find("harp")
    assert {"harp-garden", "candle-harpsichord"} <= set(ids(presets))

    presets.toggle_tag("baroque")
    assert ids(presets) == ["candle-harpsichord"]

    edits.toggle_favourite("candle-harpsichord")
    presets.show_all()
    presets.show_favourites(True)
    assert ids(presets) == ["candle-harpsichord"]


def test_stars_are_on_the_disk_for_the_next_start(
    context: UiContext, presets: PresetsPresenter, edits: PresetEdits
) -> None:
    edits.toggle_favourite("brass-hall")
    edits.toggle_favourite("glass-vibes")
    edits.toggle_favourite("brass-hall")

    assert [one.id for one in PresetLibrary(user_folder=context.settings.presets).favourites()] == ["glass-vibes"]


def test_loading_is_one_step_of_undo(context: UiContext, presets: PresetsPresenter) -> None:
    context.workspace.edit_settings(strength=0.2)
    presets.use("bells-and-pad")

    assert presets.loaded.value == "bells-and-pad"
    assert [slot.path.stem for slot in context.workspace.workpiece.value.treatment.styles] == [
        "tubular-bells",
        "warm-pad",
    ]
    context.workspace.edit_settings(strength=0.9)
    assert presets.is_edited.value
    context.workspace.undo()
    context.workspace.undo()
    assert (presets.loaded.value, context.workspace.workpiece.value.treatment.settings.strength) == ("", 0.2)


def test_what_others_change_is_seen_at_the_next_look(context: UiContext, presets: PresetsPresenter) -> None:
    presets.poll()
    before = presets.shelf.value
    presets.poll()
    assert presets.shelf.value is before

    written(context, "from-elsewhere")
    presets.poll()
    assert ids(presets)[-1] == "from-elsewhere"


def test_what_is_missing_is_told_before_it_is_loaded(
    context: UiContext, presets: PresetsPresenter, notices: list[Notice]
) -> None:
    written(context, "lost", styles=[{"audio": "styles/gone.flac"}])
    written(context, "unplugged", chain=VERB)
    (context.settings.presets / "no.json").write_text("{")
    presets.poll()
    by_id = {one.id: one for one in presets.found}

    assert by_id["lost"].problem == "The style file gone.flac is missing."
    assert by_id["unplugged"].problem == "The plugin Verb is not on this computer."
    assert [one.path.name for one in presets.shelf.value.broken] == ["no.json"]
    presets.use("lost")
    assert notices[-1].kind is NoticeKind.BAD
    assert "gone.flac" in notices[-1].text


def test_plugins_from_elsewhere_wait_for_consent_and_a_saved_copy_waits_too(
    context: UiContext, presets: PresetsPresenter, edits: PresetEdits, form: PresetForm
) -> None:
    written(context, "theirs", chain=VERB, untrusted_plugins=True)
    presets.poll()
    presets.use("theirs")
    assert presets.asks.value is not None

    form.ask_to_save()
    form.answer("My copy", "")
    copy = presets.library.get("my-copy")
    with pytest.raises(PresetError) as refused:
        copy.check_consent()
    assert refused.value.code == "preset.consent"

    edits.agree()
    presets.library.get("my-copy").check_consent()
    assert presets.asks.value is None
    with pytest.raises(PresetError):
        presets.library.get("theirs").check_consent()


def test_the_workspace_is_saved_with_name_tags_shares_and_settings(
    context: UiContext, presets: PresetsPresenter, form: PresetForm
) -> None:
    presets.use("warm-strings")
    workspace = context.workspace
    workspace.add_styles([STYLES / "sitar.flac"])
    first, second = workspace.workpiece.value.treatment.styles
    workspace.set_styles([replace(first, weight=0.75), replace(second, weight=0.25)])
    workspace.edit_settings(strength=0.6, low_keep_hz=120.0)
    form.ask_to_save()
    form.answer("Late Night", "dark, slow")

    saved = presets.library.get("late-night")
    assert form.open.value is None
    assert saved.tags == ("dark", "slow")
    assert [style.weight for style in saved.styles] == [0.75, 0.25]
    assert (saved.settings.strength, saved.settings.low_keep_hz) == (0.6, 120.0)
    assert (presets.loaded.value, presets.is_edited.value) == ("late-night", False)


def test_a_preset_of_ones_own_is_saved_over_under_its_number(
    context: UiContext, presets: PresetsPresenter, edits: PresetEdits, form: PresetForm
) -> None:
    edits.duplicate("choir-pad")
    presets.use("choir-pad-2")
    number = presets.library.get("choir-pad-2").program
    context.workspace.edit_settings(strength=0.4)
    form.ask_to_save()
    assert form.open.value is not None
    assert (form.open.value.name, form.open.value.replaces) == ("Choir Pad 3", "Choir Pad 2")
    form.answer("Choir Pad 2", "pad", replaces=True)

    saved = presets.library.get("choir-pad-2")
    assert (saved.settings.strength, saved.program, saved.tags) == (0.4, number, ("pad",))
    assert ids(presets)[-1] == "choir-pad-2"


def test_a_name_that_is_taken_keeps_the_form_open_and_says_so(
    presets: PresetsPresenter, edits: PresetEdits, form: PresetForm, notices: list[Notice]
) -> None:
    edits.duplicate("choir-pad")
    form.ask_to_change("choir-pad-2")
    form.answer("Warm Strings", "")
    assert form.open.value is not None
    assert "Warm Strings" in notices[-1].text

    form.answer("Sunday Choir", "wide, Wide")
    assert form.open.value is None
    assert (presets.found[-1].preset.name, presets.found[-1].preset.tags) == ("Sunday Choir", ("wide",))


def test_deleting_can_be_undone_from_its_notice(
    presets: PresetsPresenter, edits: PresetEdits, notices: list[Notice]
) -> None:
    edits.duplicate("choir-pad")
    edits.delete("choir-pad-2")
    assert "choir-pad-2" not in ids(presets)

    action = notices[-1].action
    assert action is not None
    action.call()
    assert ids(presets)[-1] == "choir-pad-2"


def test_a_bundle_that_was_dragged_out_comes_in_again_elsewhere(
    context: UiContext, presets: PresetsPresenter, edits: PresetEdits, notices: list[Notice]
) -> None:
    edits.duplicate("kalimba-rain")
    bundles: list[Path] = []
    edits.bundle("kalimba-rain-2", bundles.append)
    assert bundles[0].is_relative_to(context.settings.home)
    edits.delete("kalimba-rain-2")

    shown: list[str] = []
    presets.reveal.connect(shown.append)
    edits.take_in(bundles)
    assert ids(presets)[-1] == shown[-1] == "kalimba-rain-2"
    assert notices[-1].kind is NoticeKind.GOOD


def test_presets_come_in_alike_wherever_they_are_dropped_and_one_that_is_refused_keeps_no_other_out(
    context: UiContext, presets: PresetsPresenter, edits: PresetEdits, notices: list[Notice], tmp_path: Path
) -> None:
    bundles: list[Path] = []
    edits.duplicate("choir-pad")
    edits.bundle("choir-pad-2", bundles.append)
    edits.delete("choir-pad-2")
    broken = tmp_path / "broken.styluspreset"
    broken.write_bytes(b"no bundle")
    styles = StylesPresenter(context)
    for drop in (Intake(context).take, edits.take_in, styles.take_in):
        notices.clear()
        drop([broken, bundles[0]])
        assert [one.kind for one in notices] == [NoticeKind.BAD, NoticeKind.GOOD]
        assert ids(presets)[-1].startswith("choir-pad-2")
        action = notices[-1].action
        assert action is not None
        action.call()
        assert context.workspace.workpiece.value.preset_name.startswith("Choir Pad 2")


def test_presets_that_are_opened_from_outside_wait_for_a_word(
    context: UiContext, presets: PresetsPresenter, edits: PresetEdits, notices: list[Notice]
) -> None:
    bundles: list[Path] = []
    edits.duplicate("choir-pad")
    edits.bundle("choir-pad-2", bundles.append)
    edits.delete("choir-pad-2")
    notices.clear()
    before = ids(presets)
    Intake(context).take([bundles[0]], from_outside=True)
    assert ids(presets) == before
    (asked,) = notices
    assert (asked.text, asked.stays) == (f"Import the preset {bundles[0].stem}?", True)
    assert asked.action is not None
    asked.action.call()
    assert ids(presets) != before


def test_a_style_is_heard_until_it_is_asked_for_again(context: UiContext, presets: PresetsPresenter) -> None:
    presets.hear("sitar-haze")
    assert presets.heard.value == ""

    context.player.value = player = SilentPlayer()
    presets.hear("sitar-haze")
    assert player.previewing.value == STYLES / "sitar.flac"
    assert presets.heard.value == "sitar-haze"
    presets.hear("sitar-haze")
    assert player.previewing.value is None
    player.device.value = ""
    presets.hear("sitar-haze")
    assert (player.previewing.value, presets.can_hear.value) == (None, False)


def test_tags_are_words_between_commas() -> None:
    assert words_of(" warm,lo-fi,, Warm ,small   room") == ("warm", "lo-fi", "small room")
