"""Entry, icon and file type on Linux: files that the desktop's own rules accept, and that go away again."""

from __future__ import annotations

import shlex
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stylus_daw.desktop import linux
from tests.support.needs import needs

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="follows the rules of Linux desktops")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "data"


def entry(data: Path) -> dict[str, str]:
    read = ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(data / "applications" / "stylus-daw.desktop", "utf-8")
    return dict(read["Desktop Entry"])


def test_the_entry_starts_this_program(data: Path) -> None:
    linux.register(has_window=True)
    command = entry(data)["Exec"].replace("%F", "--help").replace("\\\\", "\\")
    told = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True, timeout=60)
    assert "Open the window" in told.stdout
    assert entry(data)["NoDisplay"] == "false"


def test_without_the_window_a_terminal_imports_and_the_menu_shows_nothing(data: Path) -> None:
    linux.register(has_window=False)
    assert entry(data)["Exec"].endswith("presets import --pause %F")
    assert (entry(data)["Terminal"], entry(data)["NoDisplay"]) == ("true", "true")


def test_the_type_is_known_by_its_suffix_and_has_the_icon(data: Path) -> None:
    linux.register(has_window=True)
    kind = ElementTree.parse(data / "mime" / "packages" / "stylus-daw.xml").find("{*}mime-type")
    assert kind is not None
    assert kind.get("type") == entry(data)["MimeType"].rstrip(";")
    assert [one.get("pattern") for one in kind.findall("{*}glob")] == ["*.styluspreset"]
    icon = kind.find("{*}icon")
    assert icon is not None
    picture = data / "icons" / "hicolor" / "scalable" / "apps" / f"{icon.get('name')}.svg"
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")


@needs("desktop-file-validate", "update-mime-database", "gio")
def test_the_desktops_own_tools_accept_it_and_know_a_preset_by_it(data: Path, tmp_path: Path) -> None:
    linux.register(has_window=True)
    subprocess.run(["desktop-file-validate", linux.entry_in(data)], check=True)
    preset = tmp_path / "Glass Vibes.styluspreset"
    with zipfile.ZipFile(preset, "w") as archive:
        archive.writestr("bundle.json", "{}")
    look = ["gio", "info", "-a", "standard::content-type", str(preset)]
    told = subprocess.run(look, capture_output=True, text=True, check=True).stdout
    assert linux.MIME_TYPE in told


def test_it_is_known_whether_the_desktop_starts_this_installation(data: Path) -> None:
    assert not linux.is_registered()
    linux.register(has_window=True)
    assert linux.is_registered()
    path = linux.entry_in(data)
    path.write_text(path.read_text().replace(sys.executable, "/opt/another/python"))
    assert not linux.is_registered()


def test_undone_it_leaves_nothing_and_no_file_of_others(data: Path) -> None:
    theirs = data / "applications" / "another.desktop"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("[Desktop Entry]\n")
    written = linux.register(has_window=True)
    assert linux.unregister(is_dry=True) == written
    assert linux.unregister() == written
    assert [path for path in data.rglob("*stylus*") if path.is_file()] == []
    assert theirs.exists()
    assert linux.unregister() == ()
