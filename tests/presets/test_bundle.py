"""Presets that travel: exported whole, imported whole, or refused with a reason and without a trace."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_daw.errors import PresetError
from stylus_daw.presets import editing
from stylus_daw.presets.bundles.bundle import MAX_MEMBERS, MEMBER_BYTES
from stylus_daw.presets.bundles.export import export_bundle
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library import PresetLibrary
from stylus_daw.presets.png import check_png, png
from stylus_daw.presets.preset import Preset

Members = dict[str, bytes]


def tone(path: Path, hz: float = 440.0, **options: Any) -> Path:
    seconds = np.arange(2_000) / 8_000
    soundfile.write(path, options.pop("gain", 0.5) * np.sin(2 * np.pi * hz * seconds), 8_000, **options)
    return path


def preset(**changes: Any) -> Preset:
    styles = [{"audio": "a.flac", "title": "Low", "licence": "CC0-1.0"}, {"audio": "b.flac", "weight": 0.25}]
    written = {"version": 3, "id": "choir", "name": "Choir", "notes": "Two\nlines", "tags": ["wide"], "styles": styles}
    return Preset.model_validate(written | changes)


@pytest.fixture
def sender(tmp_path: Path) -> PresetLibrary:
    """A library with one preset of two styles, one of them no FLAC, and a small picture."""
    library = PresetLibrary([tmp_path / "nothing"], user_folder=tmp_path / "sender")
    files = [tone(tmp_path / "low.flac", 110), tone(tmp_path / "high.wav", 880, subtype="FLOAT")]
    library.save(preset(chain={"effects": [{"kind": "reverb", "mix": 0.3}]}), files)
    picture = np.random.default_rng(1).integers(0, 256, (8, 8, 3), np.uint8)
    (tmp_path / "sender" / "choir.png").write_bytes(png(picture))
    return library


@pytest.fixture
def bundle(sender: PresetLibrary, tmp_path: Path) -> Path:
    return export_bundle(sender, "choir", tmp_path)


@pytest.fixture
def receiver(tmp_path: Path) -> PresetLibrary:
    (tmp_path / "receiver").mkdir()
    return PresetLibrary([tmp_path / "nothing"], user_folder=tmp_path / "receiver" / "presets")


def snapshot(folder: Path) -> dict[str, str | bytes]:
    """Everything below a folder, links not followed."""
    found: dict[str, str | bytes] = {}
    for path in sorted(folder.rglob("*")):
        kind = "link" if path.is_symlink() else "folder" if path.is_dir() else path.read_bytes()
        found[path.relative_to(folder).as_posix()] = kind
    return found


def members(path: Path) -> Members:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: Members, change: Callable[[zipfile.ZipInfo], object] = lambda entry: None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            change(entry)
            archive.writestr(entry, content)
    return path


def vouched(files: Members) -> Members:
    """With a manifest that fits."""
    listed = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
        if name != "manifest.json"
    ]
    return files | {"manifest.json": json.dumps({"format": "styluspreset", "version": 1, "files": listed}).encode()}


def with_preset(files: Members, **changes: Any) -> Members:
    return vouched(files | {"preset.json": json.dumps(json.loads(files["preset.json"]) | changes).encode()})


def refused(library: PresetLibrary, path: Path, code: str) -> str:
    """The reason, after nothing was written."""
    before = snapshot(library.user_folder)
    with pytest.raises(PresetError) as caught:
        import_bundle(library, path)
    assert caught.value.code == code
    assert snapshot(library.user_folder) == before
    return caught.value.message


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

    monkeypatch.setattr("stylus_daw.presets.library.write_text_atomic", full)
    with pytest.raises(PresetError, match="No space left"):
        import_bundle(receiver, other)
    assert snapshot(receiver.user_folder) == before


KILLED = """
import os, sys
from pathlib import Path
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library import PresetLibrary
left, replace = int(sys.argv[3]), Path.replace
def dying(self, target):
    global left
    left -= 1
    if not left:
        os._exit(9)
    return replace(self, target)
Path.replace = dying
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


def mutated(files: Members, whole: bytes, rng: random.Random) -> bytes | Members:
    """One thing wrong, or a few: in the bytes of the file, or in a member that the manifest vouches for."""
    if rng.random() < 0.5:
        return damaged(whole, rng)
    changed = dict(files)
    name = rng.choice(list(changed))
    match rng.randrange(5):
        case 0:
            changed[name] = damaged(changed[name], rng)
        case 1:
            del changed[name]
        case 2:
            changed[rng.choice(["../x", "/tmp/x", "styles/x.flac", "x", "styles/../x.flac"])] = changed.pop(name)
        case 3:
            changed["preset.json"] = json.dumps(twisted(json.loads(changed["preset.json"]), rng)).encode()
        case _:
            changed["manifest.json"] = json.dumps(twisted(json.loads(changed["manifest.json"]), rng)).encode()
    return vouched(changed) if rng.random() < 0.7 else changed


def damaged(content: bytes, rng: random.Random) -> bytes:
    made = bytearray(content)
    for _ in range(rng.choice([1, 1, 2, 8])):
        place = rng.randrange(len(made) + 1)
        match rng.randrange(4):
            case 0:
                made[place : place + 1] = rng.randbytes(1)
            case 1:
                del made[place : place + rng.randrange(1, 100)]
            case 2:
                made[place:place] = rng.randbytes(rng.randrange(1, 20))
            case _:
                made[place : place + 4] = struct.pack("<I", rng.choice([0, 1, 2**16, 2**31, 2**32 - 1]))
    return bytes(made)


def twisted(value: Any, rng: random.Random) -> Any:
    """One value somewhere in JSON is another."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        return {**value, key: twisted(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        place = rng.randrange(len(value))
        return [*value[:place], twisted(value[place], rng), *value[place + 1 :]]
    strange = [
        None,
        True,
        -1,
        0,
        10**30,
        1e308,
        "",
        "../x",
        "\ud800",
        "\x00",
        "x" * 300,
        [],
        {},
        [[]],
        {"a": 1},
        "/tmp/x",
    ]
    return rng.choice(strange)


def check_mutants(seeds: range, bundle: Path, tmp_path: Path) -> tuple[int, int]:
    """Imports each mutant; gives how many were taken and refused."""
    whole, files = bundle.read_bytes(), members(bundle)
    taken = 0
    for seed in seeds:
        home = tmp_path / "run" / str(seed)
        library = PresetLibrary([tmp_path / "nothing"], user_folder=home / "presets")
        library.user_folder.mkdir(parents=True)
        mutant = mutated(files, whole, random.Random(seed))
        path = tmp_path / "mutant.styluspreset"
        path.write_bytes(mutant) if isinstance(mutant, bytes) else write(path, mutant)
        outside = snapshot(tmp_path)
        arrived = taken_or_refused(library, path)
        inside = f"run/{seed}/presets/"
        now = snapshot(tmp_path)
        if arrived is not None:
            taken += 1
            check_arrived(library, arrived)
            now = {name: kind for name, kind in now.items() if not name.startswith(inside)}
        assert now == outside, seed
        shutil.rmtree(home)
    return taken, len(seeds) - taken


def taken_or_refused(library: PresetLibrary, path: Path) -> Preset | None:
    """The preset, or None after a refusal with a reason; anything else is a bug and fails the test."""
    try:
        return import_bundle(library, path).preset
    except PresetError as error:
        if not (error.code and error.message.endswith((".", "…"))):
            pytest.fail(f"refused without a reason: {error.code} {error.message!r}")
        return None


def check_arrived(library: PresetLibrary, arrived: Preset) -> None:
    """It is in the library, whole, and nothing else is."""
    assert library.all() == (arrived,)
    assert library.broken() == ()
    for style in library.styles(arrived):
        assert style.path.is_relative_to(library.user_folder)
        assert soundfile.info(style.path).frames > 0
    names = {path.name for path in library.user_folder.iterdir()}
    assert names <= {f"{arrived.id}.json", f"{arrived.id}.png", f"{arrived.id}.licence.txt", "styles"}


def test_every_mutant_is_taken_whole_or_refused(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    taken, gone = check_mutants(range(150), bundle, tmp_path)
    assert taken > 5
    assert gone > 75


@pytest.mark.slow
def test_a_thousand_mutants_are_taken_whole_or_refused(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    taken, gone = check_mutants(range(1_000, 2_000), bundle, tmp_path)
    assert taken > 30
    assert gone > 500
