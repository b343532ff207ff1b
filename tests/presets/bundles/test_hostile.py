"""Bundles that are wrong, by mistake or on purpose: refused with a reason and without a trace."""

from __future__ import annotations

import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.presets.bundles.bundle import MAX_MEMBERS, MEMBER_BYTES
from stylus_daw.presets.library.library import PresetLibrary
from tests.support.bundles import Members, members, refused, tone, vouched, with_preset, write


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "/etc/evil",
        "styles/../../evil.flac",
        "C:\\evil.flac",
        "styles\\evil.flac",
        "styles/a/b.flac",
        "evil.exe",
        "styles/",
        "preset.json/",
        "PRESET.JSON",
        "styles/Evil.flac",
        "styles/evil.flac ",
        "styles/evil.wav",
        "./preset.json",
        "styles/.flac",
        "",
    ],
)
def test_names_that_no_bundle_has_are_refused(bundle: Path, receiver: PresetLibrary, tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "evil.styluspreset", vouched(members(bundle) | {name: b"evil"}))
    assert "no bundle has a member" in refused(receiver, path, "bundle.names")


def test_a_name_that_ends_early_is_refused(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    path = write(tmp_path / "nul", vouched(members(bundle) | {"styles/evil.flac?.exe": b"evil"}))
    path.write_bytes(path.read_bytes().replace(b"evil.flac?.exe", b"evil.flac\0.exe"))
    assert "no bundle has a member" in refused(receiver, path, "bundle.names")


def test_links_devices_and_locks_are_refused(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    for mode in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFCHR):
        path = write(
            tmp_path / "e",
            members(bundle),
            lambda entry, mode=mode: setattr(entry, "external_attr", (mode | 0o777) << 16),
        )
        refused(receiver, path, "bundle.kind")
    path = write(tmp_path / "e", members(bundle), lambda entry: setattr(entry, "compress_type", zipfile.ZIP_LZMA))
    refused(receiver, path, "bundle.kind")
    locked = bytearray(bundle.read_bytes())
    directory = locked.rindex(b"PK\x01\x02")
    locked[directory + 8] |= 1
    (tmp_path / "e").write_bytes(locked)
    refused(receiver, tmp_path / "e", "bundle.kind")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_is_there_twice_is_refused(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    path = write(tmp_path / "twice", members(bundle))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("preset.json", members(bundle)["preset.json"])
    assert "twice" in refused(receiver, path, "bundle.names")


def test_bombs_are_refused_unopened(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    deflated = {"compress_type": zipfile.ZIP_DEFLATED}

    def deflate(entry: zipfile.ZipInfo) -> None:
        for name, value in deflated.items():
            setattr(entry, name, value)

    many = members(bundle) | {f"styles/{number}.flac": b"x" for number in range(MAX_MEMBERS)}
    refused(receiver, write(tmp_path / "many", many), "bundle.count")
    silence = members(bundle) | {"styles/1-low.flac": bytes(4 << 20)}
    refused(receiver, write(tmp_path / "deep", silence, deflate), "bundle.ratio")
    long = members(bundle) | {"licence.txt": bytes(MEMBER_BYTES["licence.txt"] + 1)}
    refused(receiver, write(tmp_path / "long", long), "bundle.size")
    crowd = write(tmp_path / "crowd", {f"styles/{number:060}.flac": b"" for number in range(2_000)})
    assert "table of contents" in refused(receiver, crowd, "bundle.damaged")


def test_a_member_that_lies_about_its_size_is_refused(bundle: Path, receiver: PresetLibrary, tmp_path: Path) -> None:
    files = members(bundle)
    content = bytearray(write(tmp_path / "lie", files | {"licence.txt": bytes(50_000)}).read_bytes())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.rindex(b"licence.txt") if offset == 24 else content.index(b"licence.txt")
        head = content.rindex(mark, 0, place)
        content[head + offset : head + offset + 4] = struct.pack("<I", 10)
    (tmp_path / "lie").write_bytes(content)
    refused(receiver, tmp_path / "lie", "bundle.damaged")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda files: files | {"styles/1-low.flac": files["styles/1-low.flac"][:-1] + b"!"}, "bundle.hash"),
        (lambda files: {name: body for name, body in files.items() if name != "cover.png"}, "bundle.names"),
        (lambda files: {name: body for name, body in files.items() if name != "manifest.json"}, "bundle.names"),
        (lambda files: {name: body for name, body in files.items() if name != "preset.json"}, "bundle.names"),
        (lambda files: files | {"styles/extra.flac": b"x"}, "bundle.names"),
        (lambda files: vouched(files | {"styles/extra.flac": files["styles/1-low.flac"]}), "bundle.styles"),
        (lambda files: files | {"manifest.json": b"{"}, "bundle.manifest"),
        (lambda files: files | {"manifest.json": b"[" * 60_000}, "bundle.manifest"),
        (lambda files: files | {"manifest.json": b'{"files": [], "format": "zip"}'}, "bundle.manifest"),
        (lambda files: vouched(files | {"preset.json": b"\xff"}), "preset.unreadable"),
        (lambda files: vouched(files | {"preset.json": b'{"id": ' + b"9" * 5_000 + b"}"}), "preset.unreadable"),
        (lambda files: vouched(files | {"cover.png": b"GIF89a"}), "preset.cover"),
        (lambda files: with_preset(files, styles=[{"audio": "/etc/passwd"}]), "preset.path"),
        (lambda files: with_preset(files, styles=[{"audio": "styles/other.flac"}]), "bundle.styles"),
        (lambda files: with_preset(files, version=99), "preset.version"),
        (lambda files: with_preset(files, nmae="x"), "preset.key"),
        (lambda files: with_preset(files, name="Bell\x07"), "bundle.text"),
        (lambda files: with_preset(files, notes="\x1b[2J"), "bundle.text"),
        (lambda files: with_preset(files, settings={"checkpoint": "//server/share"}), "bundle.checkpoint"),
        (lambda files: with_preset(files, chain={"effects": [{"kind": "gain", "params": {"gain_db": 10**400}}]}), ""),
    ],
)
def test_what_does_not_fit_is_refused_with_its_reason(
    bundle: Path, receiver: PresetLibrary, tmp_path: Path, change: Callable[[Members], Members], code: str
) -> None:
    path = write(tmp_path / "changed.styluspreset", change(members(bundle)))
    assert "changed.styluspreset" in refused(receiver, path, code or "preset.unreadable") or code.startswith(
        ("bundle.text", "bundle.checkpoint", "preset.cover")
    )


@pytest.mark.parametrize("kind", ["wav", "noise", "long"])
def test_audio_that_is_no_style_is_refused(bundle: Path, receiver: PresetLibrary, tmp_path: Path, kind: str) -> None:
    if kind == "wav":
        content = tone(tmp_path / "x.wav").read_bytes()
    elif kind == "noise":
        content = os.urandom(2_000)
    else:
        soundfile.write(tmp_path / "x.flac", np.zeros(8_000 * 901, np.int16), 8_000)
        content = (tmp_path / "x.flac").read_bytes()
    files = members(bundle) | {"styles/1-low.flac": content}
    styles = json.loads(files["preset.json"])["styles"]
    styles[0]["sha256"] = None
    refused(receiver, write(tmp_path / "x.styluspreset", with_preset(files, styles=styles)), "bundle.audio")


def test_what_is_no_bundle_is_refused(receiver: PresetLibrary, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    refused(receiver, tmp_path / "empty", "bundle.damaged")
    refused(receiver, tone(tmp_path / "a.wav"), "bundle.damaged")
    refused(receiver, tmp_path / "nowhere", "bundle.missing")
    refused(receiver, tmp_path, "bundle.kind")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_a_pipe_is_not_waited_for(receiver: PresetLibrary, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    refused(receiver, tmp_path / "pipe", "bundle.kind")
