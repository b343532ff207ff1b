"""Installing into a DAW's folders: idempotent, reversible, and never over a file of the user's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stylus_bridge.daws.host import Host, Machine, Place, below
from stylus_bridge.daws.install import Deed, install, places_of, stamped, uninstall
from stylus_bridge.daws.manifest import read_manifest
from stylus_bridge.daws.registry import host_named, known_hosts
from stylus_daw import __version__
from stylus_daw.errors import BridgeError, RequestError


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A DAW with two scripts, one of them in a folder."""
    source = tmp_path / "source"
    (source / "parts").mkdir(parents=True)
    (source / "a.lua").write_text('local state = "@STYLUS_STATE_FOLDER@"\nlocal version = "@STYLUS_VERSION@"\n')
    (source / "parts" / "b.lua").write_text("-- b\n")
    return Host(
        name="toy",
        title="Toy DAW",
        source=source,
        files=below(source, "*.lua", "parts/*.lua"),
        steps=("Click.",),
        places=lambda machine: (Place(evidence=machine.home / "Toy", scripts=machine.home / "Toy" / "Stylus"),),
    )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "Toy").mkdir()
    return Place(evidence=tmp_path / "Toy", scripts=tmp_path / "Toy" / "Stylus")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder whose name every language of scripts has to quote."""
    return tmp_path / "ümlaut" / 'state "quoted" \\ folder'


def deeds(changes) -> list[Deed]:
    return [change.deed for change in changes]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_files_know_the_state_folder_and_the_version(host, place, state):
    assert deeds(install(host, place, state)) == [Deed.NEW, Deed.NEW]
    text = (place.scripts / "a.lua").read_text("utf-8")
    assert text == f'local state = {json.dumps(str(state), ensure_ascii=False)}\nlocal version = "{__version__}"\n'


def test_installing_twice_changes_nothing(host, place, state):
    install(host, place, state)
    before = contents(place.scripts)
    assert deeds(install(host, place, state)) == [Deed.SAME, Deed.SAME]
    assert contents(place.scripts) == before


def test_a_new_version_replaces_what_was_ours_and_drops_what_is_gone(host, place, state):
    install(host, place, state)
    (host.source / "a.lua").write_text("-- newer\n")
    newer = Host(
        name="toy", title="Toy DAW", source=host.source, files=below(host.source, "*.lua"), steps=(), places=host.places
    )
    assert deeds(install(newer, place, state)) == [Deed.REPLACED, Deed.REMOVED]
    assert not (place.scripts / "parts" / "b.lua").exists()


def test_a_file_of_the_users_is_never_written_over(host, place, state):
    place.scripts.mkdir()
    (place.scripts / "a.lua").write_text("-- mine\n")
    with pytest.raises(RequestError, match=r"a\.lua.*stays as it is") as caught:
        install(host, place, state)
    assert caught.value.code == "install.foreign"
    assert contents(place.scripts) == {"a.lua": b"-- mine\n"}


def test_a_file_of_ours_that_the_user_has_changed_is_the_users(host, place, state):
    install(host, place, state)
    (place.scripts / "a.lua").write_text("-- improved\n")
    with pytest.raises(RequestError, match="you have changed it"):
        install(host, place, state)
    assert Deed.KEPT in deeds(uninstall(host, place))
    assert (place.scripts / "a.lua").read_text() == "-- improved\n"


def test_uninstalling_leaves_the_folder_as_it_was(host, place, state):
    install(host, place, state)
    assert deeds(uninstall(host, place)) == [Deed.REMOVED, Deed.REMOVED]
    assert list(place.evidence.iterdir()) == []
    assert uninstall(host, place) == ()


def test_uninstalling_leaves_files_of_the_users_alone(host, place, state):
    install(host, place, state)
    (place.scripts / "parts" / "mine.lua").write_text("-- mine\n")
    uninstall(host, place)
    assert contents(place.scripts) == {"parts/mine.lua": b"-- mine\n"}


def test_a_dry_run_writes_nothing(host, place, state):
    assert deeds(install(host, place, state, is_dry=True)) == [Deed.NEW, Deed.NEW]
    assert not place.scripts.exists()
    install(host, place, state)
    before = contents(place.scripts)
    assert deeds(uninstall(host, place, is_dry=True)) == [Deed.REMOVED, Deed.REMOVED]
    assert contents(place.scripts) == before


def test_the_manifest_tells_what_is_installed(host, place, state):
    install(host, place, state)
    manifest = read_manifest(place.scripts, "toy")
    assert manifest is not None
    assert (manifest.version, manifest.state_folder) == (__version__, str(state))
    assert sorted(manifest.files) == ["a.lua", "parts/b.lua"]


def test_a_broken_manifest_counts_as_none(host, place, state):
    install(host, place, state)
    (place.scripts / ".stylus-daw-toy.json").write_text('{"files": 3}')
    assert read_manifest(place.scripts, "toy") is None
    assert deeds(install(host, place, state)) == [Deed.SAME, Deed.SAME]


def test_a_folder_in_the_way_is_told(host, place, state):
    (place.scripts / "a.lua").mkdir(parents=True)
    with pytest.raises(BridgeError, match=r"a\.lua") as caught:
        install(host, place, state)
    assert caught.value.code == "install.write"


def test_a_daw_that_was_never_started_is_told_with_the_folder(host, tmp_path):
    with pytest.raises(RequestError, match="Toy DAW was not found") as caught:
        places_of(host, Machine(system="Linux", home=tmp_path / "nobody"))
    assert caught.value.code == "install.not_found"


@pytest.mark.parametrize(
    ("system", "environment", "folder"),
    [
        ("Darwin", {}, "Library/Application Support/REAPER/Scripts/Stylus"),
        ("Windows", {"APPDATA": "/roaming"}, "/roaming/REAPER/Scripts/Stylus"),
        ("Linux", {}, ".config/REAPER/Scripts/Stylus"),
        ("Linux", {"XDG_CONFIG_HOME": "/config"}, "/config/REAPER/Scripts/Stylus"),
    ],
)
def test_reaper_is_found_on_three_systems(system, environment, folder, tmp_path):
    [place] = host_named("reaper").places(Machine(system=system, home=tmp_path, environment=environment))
    assert place.scripts == tmp_path / folder


@pytest.mark.parametrize("system", ["Darwin", "Windows", "Linux"])
@pytest.mark.parametrize("host", known_hosts(), ids=lambda host: host.name)
def test_every_host_installs_and_uninstalls_on_every_system(host, system, tmp_path, state):
    for place in host.places(Machine(system=system, home=tmp_path)):
        place.evidence.mkdir(parents=True, exist_ok=True)
        changes = install(host, place, state)
        assert changes
        for path in contents(place.scripts).values():
            assert b"@STYLUS_" not in path
        uninstall(host, place)
        assert contents(place.scripts) == {}
    assert host.steps


def test_every_file_of_a_host_is_there():
    for host in known_hosts():
        assert host.files
        for source in host.files:
            assert (host.source / source).is_file()


def test_an_unknown_daw_names_the_known_ones():
    with pytest.raises(RequestError, match="reaper"):
        host_named("cubase")


def test_stamps_survive_quotes_and_backslashes():
    state = Path('C:\\Users\\Zoë "Z"')
    text = stamped(b'return "@STYLUS_STATE_FOLDER@"', state).decode()
    assert json.loads(text.removeprefix("return ")) == str(state)
