"""Stylus Connect goes into the system's folders for plugins, and comes out again."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_bridge.daws.connect.host import connect_hosts, how_to_get
from stylus_bridge.daws.host import Machine
from stylus_bridge.daws.install import Deed, install, uninstall
from stylus_daw.errors import RequestError

ROOT = Path(__file__).parents[3]
BINARY = bytes(range(256)) * 8
NOTE = b'"@STYLUS_STATE_FOLDER@"\n'


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """What `make plugin` leaves, as far as an installer cares."""
    folder = tmp_path / "built"
    for bundle in ("StylusConnect.vst3/Contents/x86_64-linux", "StylusConnect.lv2", "build"):
        (folder / bundle).mkdir(parents=True)
        (folder / bundle / "StylusConnect.so").write_bytes(BINARY)
        (folder / bundle / "StylusConnect.state-folder").write_bytes(NOTE)
    (folder / "StylusConnect.clap").write_bytes(BINARY)
    (folder / "StylusConnectMono.clap").write_bytes(BINARY)
    (folder / "StylusConnect.state-folder").write_bytes(NOTE)
    return folder


FOLDERS = {
    "Linux": (".vst3", ".clap", ".lv2"),
    "Darwin": tuple(f"Library/Audio/Plug-Ins/{name}" for name in ("VST3", "CLAP", "LV2")),
    "Windows": (
        "AppData/Local/Programs/Common/VST3",
        "AppData/Local/Programs/Common/CLAP",
        "AppData/Roaming/LV2",
    ),
}


@pytest.mark.parametrize("system", FOLDERS)
def test_each_format_goes_into_the_users_folder_for_it(built: Path, tmp_path: Path, system: str) -> None:
    home = tmp_path / "home"
    state = tmp_path / 'a "state" folder'
    hosts = connect_hosts(built, Machine(system=system, home=home))
    assert [place.scripts.relative_to(home).as_posix() for _, place in hosts] == list(FOLDERS[system])
    for host, place in hosts:
        assert {change.deed for change in install(host, place, state, is_dry=True)} == {Deed.NEW}
        assert not place.scripts.exists()
        install(host, place, state)
        notes = list(place.scripts.rglob("StylusConnect.state-folder"))
        assert [note.read_text("utf-8") for note in notes] == [f'"{state!s}"\n'.replace('"state"', '\\"state\\"')]
    vst3, clap, lv2 = (place.scripts for _, place in hosts)
    assert (vst3 / "StylusConnect.vst3/Contents/x86_64-linux/StylusConnect.so").read_bytes() == BINARY
    assert (lv2 / "StylusConnect.lv2/StylusConnect.so").read_bytes() == BINARY
    assert (clap / "StylusConnectMono.clap").read_bytes() == BINARY
    (clap / "of-another-maker.clap").write_bytes(b"")
    for host, place in hosts:
        uninstall(host, place)
    left = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    assert left == [f"{FOLDERS[system][1]}/of-another-maker.clap"]


def test_how_to_get_it_depends_on_how_stylus_daw_was_installed(built: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "site-packages"
    assert how_to_get(nowhere, built) == "stylus-daw install connect"
    assert how_to_get(ROOT, nowhere) == "make plugin, then stylus-daw install connect"
    assert "a folder with the source of stylus-daw" in how_to_get(nowhere, nowhere)


def test_where_nothing_was_built_the_error_says_how(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"make plugin.*--from") as caught:
        connect_hosts(tmp_path, Machine(system="Linux", home=tmp_path))
    assert caught.value.code == "install.not_built"
