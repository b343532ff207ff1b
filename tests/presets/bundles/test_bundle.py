"""Presets that travel: exported whole, imported whole, plugins only with consent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_daw.errors import PresetError
from stylus_daw.presets.bundles.export import export_bundle
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library import editing
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.png import check_png, png
from tests.support.bundles import members, preset, snapshot, tone, vouched, with_preset, write


def test_a_preset_arrives_as_it_was_sent(sender: PresetLibrary, bundle: Path, receiver: PresetLibrary) -> None:
    arrived = import_bundle(receiver, bundle).preset
    sent = sender.get("choir")
    same = {"name", "notes", "tags", "settings", "chain", "author", "licence"}
    assert arrived.model_dump(include=same) == sent.model_dump(include=same)
    for ours, theirs in zip(sender.styles(sent), receiver.styles(arrived), strict=True):
        assert (ours.weight, ours.title) == (theirs.weight, theirs.title)
        assert theirs.path.suffix == ".flac"
        np.testing.assert_allclose(soundfile.read(theirs.path)[0], soundfile.read(ours.path)[0], atol=2**-23)
    cover, licence = receiver.cover("choir"), receiver.licence("choir")
    assert cover is not None
    assert licence is not None
    assert cover.read_bytes() == (sender.user_folder / "choir.png").read_bytes()
    assert "CC0-1.0" in licence.read_text()


def test_the_same_preset_gives_the_same_bytes(sender: PresetLibrary, bundle: Path, tmp_path: Path) -> None:
    assert export_bundle(sender, "Choir", tmp_path / "again").read_bytes() == bundle.read_bytes()
    assert (tmp_path / "again.styluspreset").exists()
    assert bundle.name == "choir.styluspreset"


def test_a_second_import_is_recognised(bundle: Path, receiver: PresetLibrary) -> None:
    first = import_bundle(receiver, bundle)
    before = snapshot(receiver.user_folder)
    second = import_bundle(receiver, bundle)
    assert (first.is_new, second.is_new, second.preset) == (True, False, first.preset)
    assert snapshot(receiver.user_folder) == before


def test_another_preset_of_the_same_name_is_not_touched(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    mine = receiver.save(preset(notes="mine", styles=[{"audio": "a"}]), [tone(tmp_path / "mine.flac", 99)])
    arrived = import_bundle(receiver, bundle).preset
    assert (arrived.id, arrived.name) == ("choir-2", "Choir 2")
    assert arrived.program != mine.program
    assert receiver.get("choir") == mine
    assert not import_bundle(receiver, bundle).is_new


def test_an_old_preset_in_a_bundle_is_brought_up(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    old = json.loads(members(bundle)["preset.json"]) | {"version": 1}
    del old["program"], old["untrusted_plugins"]
    files = vouched(members(bundle) | {"preset.json": json.dumps(old).encode()})
    assert import_bundle(receiver, write(tmp_path / "old.styluspreset", files)).preset.version == 3


def test_loud_styles_are_turned_down_and_not_clipped(receiver: PresetLibrary, tmp_path: Path) -> None:
    receiver.save(preset(styles=[{"audio": "a"}]), [tone(tmp_path / "loud.wav", gain=3.0, subtype="FLOAT")])
    content = members(export_bundle(receiver, "choir", tmp_path))["styles/1-loud.flac"]
    (tmp_path / "out.flac").write_bytes(content)
    heard, original = soundfile.read(tmp_path / "out.flac")[0], soundfile.read(tmp_path / "loud.wav")[0]
    np.testing.assert_allclose(heard, original / np.abs(original).max(), atol=1e-6)


def test_without_a_picture_there_is_one_of_the_sound(sender: PresetLibrary, tmp_path: Path) -> None:
    (sender.user_folder / "choir.png").unlink()
    cover = members(export_bundle(sender, "choir", tmp_path))["cover.png"]
    assert check_png(cover) == (512, 512)


def test_a_picture_of_the_users_is_taken_or_refused(sender: PresetLibrary, tmp_path: Path) -> None:
    (tmp_path / "mine.png").write_bytes(png(np.full((3, 5, 3), 7, np.uint8)))
    exported = export_bundle(sender, "choir", tmp_path, cover=tmp_path / "mine.png")
    assert members(exported)["cover.png"] == (tmp_path / "mine.png").read_bytes()
    for bad in ("low.flac", "nowhere.png", "."):
        with pytest.raises(PresetError, match="cover picture"):
            export_bundle(sender, "choir", tmp_path, cover=tmp_path / bad)


def test_what_cannot_travel_is_not_exported(sender: PresetLibrary, tmp_path: Path) -> None:
    sender.save(
        sender.get("choir").model_copy(update={"settings": preset(settings={"checkpoint": "/my/model"}).settings})
    )
    with pytest.raises(PresetError, match="a folder of this computer"):
        export_bundle(sender, "choir", tmp_path)
    with pytest.raises(PresetError, match="cannot be written"):
        export_bundle(PresetLibrary(), "warm-strings", tmp_path / "no" / "where")


def test_every_factory_preset_travels(receiver: PresetLibrary, tmp_path: Path) -> None:
    factory = PresetLibrary()
    for name in ("tape-tines", "solo-cello"):
        exported = export_bundle(factory, name, tmp_path)
        assert not import_bundle(PresetLibrary(user_folder=tmp_path / "both"), exported).is_new
        assert b"Permission is hereby granted" in members(exported)["licence.txt"]
        assert import_bundle(receiver, exported).is_new


PLUGIN = {"kind": "plugin", "plugin": {"path": "/vst3/Verb.vst3", "name": "Verb", "raw_state": "AAAA"}}


@pytest.mark.parametrize(
    "effect", [PLUGIN, {"kind": "parallel", "branches": [{"effects": [PLUGIN | {"bypass": True}]}]}]
)
def test_plugins_wait_for_consent(
    bundle: Path, receiver: PresetLibrary, tmp_path: Path, effect: dict[str, Any]
) -> None:
    files = with_preset(members(bundle), chain={"effects": [effect]}, untrusted_plugins=False)
    arrived = import_bundle(receiver, write(tmp_path / "p.styluspreset", files)).preset
    assert arrived.untrusted_plugins
    with pytest.raises(PresetError, match=r"Verb \(/vst3/Verb.vst3\).*presets consent choir") as caught:
        arrived.check_consent()
    assert caught.value.code == "preset.consent"
    assert editing.rename(receiver, "choir", "Other").untrusted_plugins
    assert editing.duplicate(receiver, "choir").untrusted_plugins
    editing.consent(receiver, "choir").check_consent()
    assert not receiver.get("choir").untrusted_plugins


def test_without_plugins_there_is_nothing_to_consent_to(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    files = with_preset(members(bundle), untrusted_plugins=True)
    arrived = import_bundle(receiver, write(tmp_path / "p.styluspreset", files)).preset
    assert not arrived.untrusted_plugins
    arrived.check_consent()
