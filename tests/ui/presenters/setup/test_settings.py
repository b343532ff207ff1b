"""What settings do, without a window."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.chain.plugins.about import PluginDescription
from stylus_daw.chain.plugins.cache import CACHE_FILE, FileStamp, PluginCache, ScannedFile, ScanOutcome
from stylus_daw.settings import Settings
from stylus_ui.presenters.models.engine_look import EngineLook, seen_by
from stylus_ui.presenters.setup import plugins as plugins_module
from stylus_ui.presenters.setup.licences import third_party_licences
from stylus_ui.presenters.setup.plugin_words import about_said, state_said
from stylus_ui.presenters.setup.plugins import Plugins, found_in
from stylus_ui.presenters.setup.settings import SCALE, SettingsPresenter
from stylus_ui.state.wishes import DEVICE, FOLDERS, MEMORY, PORT, PRECISION, wished, wished_environment


def test_the_command_line_wins_over_what_was_set(tmp_path: Path) -> None:
    values = {DEVICE: "cpu", PORT: 48_000, FOLDERS: [str(tmp_path)]}
    chosen = wished(Settings(home=tmp_path), values)
    assert (chosen.device, chosen.port, chosen.allowed_roots) == ("cpu", 48_000, (tmp_path,))
    typed = wished(Settings(home=tmp_path, device="cuda:1", port=0), values)
    assert (typed.device, typed.port) == ("cuda:1", 0)


@pytest.mark.parametrize("values", [{}, {PORT: "x", DEVICE: 3, FOLDERS: "no"}, {PORT: 70_000, MEMORY: True}])
def test_a_file_with_nonsense_changes_nothing(tmp_path: Path, values: dict) -> None:
    usual = Settings(home=tmp_path)
    assert wished(usual, values) == usual
    assert wished_environment(values) == {}


def test_what_waits_for_the_next_start_is_known_until_it_is_taken_back(context) -> None:
    presenter = SettingsPresenter(context)
    presenter.set(SCALE, 150)
    presenter.set(PRECISION, "bf16")
    assert presenter.waiting.value == {SCALE, PRECISION}
    presenter.set(SCALE, 100)
    assert presenter.waiting.value == {PRECISION}
    assert presenter.precision == "bf16"


def test_the_engine_is_looked_at_in_a_process_of_its_own(context) -> None:
    look = EngineLook(context)
    context.preferences.set(PRECISION, "fp32")
    context.preferences.set(DEVICE, "cpu")
    look.look()
    seen = look.seen.value
    assert (seen.problem, seen.is_looking) == ("", False)
    assert "CPU" in seen.reason
    assert "as asked" in seen.reason
    assert seen.memory["stylus-mini"].needed > 1_000_000
    absent = seen_by(context.settings.home, "cuda:77", {})
    assert absent.reason == ""
    assert "cuda:77" in absent.problem


@pytest.fixture
def shelf(context, tmp_path: Path, monkeypatch) -> Plugins:
    """A folder with two files that are not plugins, and nothing else on the whole system."""
    folder = tmp_path / "vst3"
    folder.mkdir()
    for name in ("Broken One", "Broken Two"):
        (folder / f"{name}.vst3").write_text("no plugin")
    monkeypatch.setattr(plugins_module, "plugin_folders", lambda: (folder,))
    return Plugins(context)


def test_files_that_do_not_load_are_listed_with_their_reason_and_may_be_blocked(shelf, context) -> None:
    shelf.scan()
    rows = shelf.rows.value
    assert [(row.name, row.outcome) for row in rows] == [
        ("Broken One", ScanOutcome.REFUSED),
        ("Broken Two", ScanOutcome.REFUSED),
    ]
    assert all(row.reason for row in rows)
    shelf.block(rows[0].path)
    shelf.retry_failed()
    assert [row.is_blocked for row in shelf.rows.value] == [True, False]
    assert state_said(context.text, shelf.rows.value[0]) == ("Blocked", "busy")
    shelf.allow(rows[0].path)
    assert [row.is_blocked for row in shelf.rows.value] == [False, False]
    rows[1].path.unlink()
    shelf.scan()
    assert [row.name for row in shelf.rows.value] == ["Broken One"]


def test_what_was_found_is_searched_by_every_word(shelf, context, tmp_path: Path) -> None:
    file = tmp_path / "Verb.vst3"
    file.write_text("a plugin")
    about = [
        PluginDescription(identifier=name, name=name, maker="Airfield", is_effect=name != "Keys")
        for name in ("Verb", "Keys")
    ]
    scanned = ScannedFile(path=file, stamp=FileStamp.of(file), outcome=ScanOutcome.FOUND, plugins=tuple(about))
    PluginCache(context.settings.home / CACHE_FILE).put([scanned])
    shelf.refresh()
    rows = shelf.rows.value
    assert [row.name for row in found_in(rows, "air verb tape")] == []
    assert [row.name for row in found_in(rows, "AIRFIELD")] == ["Keys", "Verb"]
    assert state_said(context.text, rows[0])[0] == "Instrument"
    assert "cannot be used in a chain" in about_said(context.text, rows[0])


def test_a_folder_that_is_taken_out_is_forgotten_with_what_was_in_it(shelf, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "Mine.vst3").write_text("no plugin")
    shelf.add_folder(own)
    assert "Mine" in [row.name for row in shelf.rows.value]
    shelf.remove_folder(own)
    assert "Mine" not in [row.name for row in shelf.rows.value]
    assert shelf.own_folders == ()


def test_every_library_that_is_used_has_its_licence_told() -> None:
    told = {one.part.casefold(): one.licence for one in third_party_licences()}
    assert {"torch", "numpy", "inter", "lucide"} <= set(told)
    assert [part for part, licence in told.items() if licence == "–"] == []
