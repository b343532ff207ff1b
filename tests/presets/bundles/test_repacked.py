"""Bundles that a Mac has unpacked and packed again."""

from __future__ import annotations

from pathlib import Path

import pytest

from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library.library import PresetLibrary
from tests.support.bundles import members, refused, write

EXTRAS = {"styles/": b"", ".DS_Store": b"\0\0\0\1Bud1", "__MACOSX/": b"", "__MACOSX/._preset.json": b"\0\5\x16\7"}


@pytest.mark.parametrize("top", ["", "Warm Strings/", "Chöre ä/"])
def test_what_the_finder_adds_is_left_aside(bundle: Path, receiver: PresetLibrary, tmp_path: Path, top: str) -> None:
    mac = {top: b""} if top else {}
    mac |= {name if name.startswith("__MACOSX") else f"{top}{name}": content for name, content in EXTRAS.items()}
    inside = {f"{top}{name}": content for name, content in members(bundle).items()}
    imported = import_bundle(receiver, write(tmp_path / "again.styluspreset", {**mac, **inside}))
    assert imported.is_new
    assert len(receiver.styles(imported.preset)) == 2
    assert not [path for path in receiver.user_folder.rglob("*") if "DS_Store" in path.name or "MACOSX" in path.name]


@pytest.mark.parametrize("top", ["../", "/", "a/b/"])
def test_a_top_folder_that_is_not_a_name_is_refused(
    bundle: Path, receiver: PresetLibrary, tmp_path: Path, top: str
) -> None:
    inside = {f"{top}{name}": content for name, content in members(bundle).items()}
    refused(receiver, write(tmp_path / "evil.styluspreset", inside), "bundle.names")
