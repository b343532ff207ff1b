"""What installing does to Ardour's folder. Runs without Ardour."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stylus_bridge.daws.ardour.host import HOST, ardour_places
from stylus_bridge.daws.ardour.ui_scripts import FILE, is_on, lua_string, with_stylus, without_stylus
from stylus_bridge.daws.host import Machine, Place
from stylus_bridge.daws.install import install, uninstall
from stylus_daw.errors import BridgeError
from tests.support.needs import needs

FOREIGN_ACTION = 'scripts = {} scripts[1] = {} scripts[1]["n"] = "Mine" scripts[1]["s"] = "x" '


@pytest.fixture
def place(tmp_path: Path) -> Place:
    config = tmp_path / "ardour7"
    config.mkdir()
    return Place(evidence=config, scripts=config / "scripts")


def foreign() -> str:
    action = base64.b64encode(FOREIGN_ACTION.encode()).decode()
    hook = '<LuaCallback lua="Lua 5.3" id="7" name="Mine too" signals="01">eA==</LuaCallback>'
    actions = f'<ActionScript lua="Lua 5.3">{action}</ActionScript>'
    return f"<UIScripts>{actions}<ActionHooks>{hook}</ActionHooks></UIScripts>"


def sources() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in HOST.source.glob("*.lua")}


def actions_of(text: str) -> str:
    return base64.b64decode(ElementTree.fromstring(text).findtext("ActionScript", "")).decode()


def test_installing_switches_on_and_may_be_repeated(place: Place, tmp_path: Path) -> None:
    install(HOST, place, tmp_path / "home")
    assert is_on(place.evidence)
    once = (place.evidence / FILE).read_bytes()
    install(HOST, place, tmp_path / "home")
    assert (place.evidence / FILE).read_bytes() == once


def test_uninstalling_leaves_nothing_of_ours(place: Place, tmp_path: Path) -> None:
    install(HOST, place, tmp_path / "home")
    uninstall(HOST, place)
    assert not is_on(place.evidence)
    assert not place.scripts.exists() or not list(place.scripts.rglob("*.lua"))


def test_scripts_in_a_folder_of_the_users_choice_touch_nothing_beside_it(tmp_path: Path) -> None:
    chosen = tmp_path / "somewhere" / "mine"
    chosen.mkdir(parents=True)
    install(HOST, Place(evidence=chosen, scripts=chosen), tmp_path / "home")
    assert [path.name for path in chosen.parent.iterdir()] == ["mine"]


def test_a_dry_run_writes_nothing(place: Place, tmp_path: Path) -> None:
    install(HOST, place, tmp_path / "home", is_dry=True)
    assert list(place.evidence.iterdir()) == []


def test_actions_and_hooks_of_others_stay_as_they_are() -> None:
    ours = with_stylus(foreign(), sources())
    assert actions_of(ours).startswith(FOREIGN_ACTION)
    assert 'scripts[2]["n"] = "Stylus: render selection"' in actions_of(ours)
    hooks = [hook.attrib for hook in ElementTree.fromstring(ours).iter("LuaCallback")]
    assert [hook["name"] for hook in hooks] == ["Mine too", "Stylus: bring stems back"]
    removed = without_stylus(ours)
    assert [hook.get("name") for hook in ElementTree.fromstring(removed).iter("LuaCallback")] == ["Mine too"]
    assert actions_of(removed).startswith(FOREIGN_ACTION)


def test_a_changed_script_keeps_its_slot() -> None:
    ours = with_stylus(foreign(), sources())
    changed = {name: text.replace("GPL", "GPLv3") for name, text in sources().items()}
    assert 'scripts[6]["n"]' not in actions_of(with_stylus(ours, changed))


@pytest.mark.parametrize("text", ["<Other/>", "no xml"])
def test_a_file_of_unknown_form_is_left_alone(place: Place, tmp_path: Path, text: str) -> None:
    (place.evidence / FILE).write_text(text)
    with pytest.raises(BridgeError, match="Script Manager"):
        install(HOST, place, tmp_path / "home")
    assert (place.evidence / FILE).read_text() == text


@pytest.mark.parametrize(
    ("system", "folder"),
    [("Linux", ".config/ardour7"), ("Darwin", "Library/Preferences/Ardour8"), ("Windows", "AppData/Local/ardour9")],
)
def test_every_ardour_from_6_on_is_found_newest_first(tmp_path: Path, system: str, folder: str) -> None:
    config = tmp_path / folder
    config.mkdir(parents=True)
    (config.parent / (config.name[:-1] + "5")).mkdir()
    (config.parent / (config.name[:-1] + "6")).mkdir()
    machine = Machine(system=system, home=tmp_path)
    assert [place.evidence.name[-1] for place in ardour_places(machine)] == [config.name[-1], "6"]


@needs("lua5.3")
def test_what_is_entered_is_lua_that_ardours_manager_can_load(tmp_path: Path) -> None:
    """Does what Ardour does at its start: run the code, then load and dump every function."""
    program = actions_of(with_stylus(None, sources())) + (
        'for i, s in pairs (scripts) do assert (string.dump (assert (load (s["f"])), true)) '
        'assert (type (assert (load (s["f"])) (s["a"])) == "function") print (i, s["n"]) end'
    )
    (tmp_path / "all.lua").write_text(program, "utf-8")
    said = subprocess.run(["lua5.3", str(tmp_path / "all.lua")], capture_output=True, text=True, check=True).stdout
    assert said.count("Stylus: ") == 4


@needs("lua5.3")
def test_lua_reads_a_literal_back_as_it_was(tmp_path: Path) -> None:
    text = 'a "quoted" \\ back\nslash\r Ü 1'
    (tmp_path / "literal.lua").write_text(f"io.write ({lua_string(text)})", "utf-8")
    done = subprocess.run(["lua5.3", str(tmp_path / "literal.lua")], capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == text
