"""Bundles with one thing wrong, or a few, at random: taken whole or refused."""

from __future__ import annotations

import json
import random
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest
import soundfile

from stylus_daw.errors import PresetError
from stylus_daw.presets.bundles.importing import import_bundle
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.presets.preset import Preset
from tests.support.bundles import Members, members, snapshot, vouched, write


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
