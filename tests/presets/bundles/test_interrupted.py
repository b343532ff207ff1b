"""Imports that end half-way: a full disk, a killed process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from stylus_daw.errors import PresetError
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library.library import PresetLibrary
from tests.support.bundles import members, snapshot, tone, with_preset, write


def test_a_full_disk_leaves_nothing(
    bundle: Path, receiver: PresetLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_bundle(receiver, bundle)
    before = snapshot(receiver.user_folder)
    files = members(bundle) | {"styles/1-low.flac": tone(tmp_path / "new.flac", 770).read_bytes()}
    styles = [one | {"sha256": None} for one in json.loads(files["preset.json"])["styles"]]
    other = write(tmp_path / "other", with_preset(files, id="other", name="Other", styles=styles))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("stylus_daw.presets.library.library.write_text_atomic", full)
    with pytest.raises(PresetError, match="No space left"):
        import_bundle(receiver, other)
    assert snapshot(receiver.user_folder) == before


KILLED = """
import os, sys
from pathlib import Path
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library.library import PresetLibrary
left, replace = int(sys.argv[3]), os.replace
def dying(*names, **folders):
    global left
    left -= 1
    if not left:
        os._exit(9)
    return replace(*names, **folders)
os.replace = dying
import_bundle(PresetLibrary([Path("/nowhere")], user_folder=Path(sys.argv[1])), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("step", [1, 3, 5])  # picture, first style, JSON: before each takes its name
def test_an_import_that_is_killed_leaves_no_half_preset(bundle: Path, receiver: PresetLibrary, step: int) -> None:
    command = [sys.executable, "-c", KILLED, str(receiver.user_folder), str(bundle), str(step)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 9
    assert receiver.all() == ()
    assert receiver.broken() == ()
    arrived = import_bundle(receiver, bundle)
    assert (arrived.is_new, arrived.preset.id) == (True, "choir")
    assert receiver.all() == (arrived.preset,)


def test_what_a_killed_import_left_is_swept_up(bundle: Path, receiver: PresetLibrary) -> None:
    import_bundle(receiver, bundle)
    for name, hours in (("old", 2), ("young", 0)):
        left = receiver.user_folder / f".incoming-{name}"
        left.mkdir()
        (left / "0.flac").write_bytes(b"half")
        os.utime(left, (left.stat().st_atime, left.stat().st_mtime - hours * 3600))
    assert len(receiver.all()) == 1
    import_bundle(receiver, bundle)
    assert [path.name for path in receiver.user_folder.glob(".incoming*")] == [".incoming-young"]
