"""The stub of REAPER is strict, and the scripts call nothing that it does not know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.daws.reaper.reaper_lab import RENDER, LuaFault, lua_text
from tests.daws.reaper.song import session

HERE = Path(__file__).parent
SCRIPTS = HERE.parents[2] / "bridge" / "stylus_bridge" / "daws" / "reaper"


def listed() -> dict[str, str]:
    """What ``functions.txt`` holds: the arguments of each function, by name."""
    lines = (HERE / "functions.txt").read_text("utf-8").splitlines()
    rows = [line.split() for line in lines if line and not line.startswith("#")]
    return {name: "".join(types) for name, *types in rows}


def called(scripts: Path) -> set[str]:
    """The functions of REAPER that the scripts call."""
    text = "".join(path.read_text("utf-8") for path in scripts.rglob("*.lua"))
    return set(re.findall(r"reaper\.([A-Za-z_]\w+)\b", text)) - {"array"}


def test_scripts_that_were_not_installed_say_how(studio):
    session(studio, studio.audio("gtr.wav"))
    studio.reaper.scripts = SCRIPTS
    studio.reaper.click(RENDER)
    assert "stylus-daw install reaper" in studio.reaper.messages[0]


def test_every_function_that_the_scripts_call_is_known(studio):
    names = called(studio.reaper.scripts)
    assert len(names) > 60
    assert [name for name in sorted(names) if not studio.reaper.do(f"return stub.knows({lua_text(name)})")] == []


def test_the_stub_knows_the_functions_of_the_public_list_with_their_arguments():
    stub = (HERE / "reaper_stub.lua").read_text("utf-8")
    assert dict(re.findall(r'declare\("(\w+)", "([^"]*)"', stub)) == listed()


def test_the_scripts_call_what_is_on_the_public_list():
    assert sorted(called(SCRIPTS) - listed().keys()) == []


def test_the_stub_is_strict(studio):
    session(studio, studio.audio("gtr.wav"))
    for wrong in (
        "reaper.NoSuchFunction()",
        "reaper.GetTrack(0)",
        'reaper.GetTrack(0, "1")',
        "reaper.GetTrackGUID(song)",
        "reaper.PreventUIRefresh(-1)",
        "reaper.Undo_EndBlock2(0, '', -1)",
        "reaper.AddMediaItemToTrack(gtr)",
        "gfx.update()",
        "gfx.nothing()",
        'reaper.GetSetProjectInfo(0, "RENDER_TYPO", 0, false)',
        "reaper.x = 1",
    ):
        with pytest.raises(LuaFault, match=r"REAPER|reaper"):
            studio.reaper.do(wrong)


@pytest.mark.parametrize(
    "rest", ["reaper.Undo_BeginBlock2(0)", "reaper.PreventUIRefresh(1)", "leak = 1", "local x = 1"]
)
def test_a_script_that_leaves_something_open_is_caught(studio, rest, tmp_path):
    session(studio, studio.audio("gtr.wav"))
    script = tmp_path / "bad.lua"
    script.write_text(("" if rest == "local x = 1" else "reaper.defer(function() end) ") + rest)
    studio.reaper.scripts = tmp_path
    with pytest.raises(LuaFault):
        studio.reaper.click("bad.lua")
