"""Files of others with anything in them: each is read or refused by name, quickly, and never breaks its reader."""

from __future__ import annotations

import contextlib
import json
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from stylus_bridge.client.endpoint import read_endpoint
from stylus_bridge.folders.job_folder import is_unfinished, read_job
from stylus_bridge.hosts.listeners import read_listeners
from stylus_bridge.hosts.visitors import read_visits
from stylus_daw.audio import files
from stylus_daw.errors import StylusError
from stylus_daw.housekeeping.policy import read_policy
from stylus_daw.presets.library.folder import BrokenPreset, FoundPreset, read_entry
from stylus_daw.presets.library.library import PresetLibrary, factory_folder

SLOW_S = 5.0  # s: generous, for a machine that is busy
JOB = {
    "protocol": 1,
    "job": "job-1",
    "client": "reaper",
    "source": "input.wav",
    "region": {"start": 5, "length": 100, "rate": 48_000},
    "preset": "tape-tines",
    "override": {"strength": 0.8},
}
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
DOORS: dict[str, Callable[[Path], object]] = {
    "job.json": read_job,
    "state.json": is_unfinished,
    "bridge.json": read_endpoint,
    "listeners.json": read_listeners,
    "hosts.json": read_visits,
    "clean.json": read_policy,
}
chaotic = settings(settings.get_profile("chaos"))


def opened(folder: Path, name: str, content: bytes) -> None:
    """Read it as the app does: well, or with an error of ours, and soon."""
    (folder / name).write_bytes(content)
    began = time.monotonic()
    with contextlib.suppress(StylusError):
        DOORS[name](folder)
    assert time.monotonic() - began < SLOW_S


@pytest.mark.parametrize("name", DOORS)
@chaotic
@given(content=st.binary(max_size=300) | ANYTHING.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass")))
def test_any_content_is_read_or_refused(tmp_path: Path, name: str, content: bytes) -> None:
    opened(tmp_path, name, content)


@chaotic
@given(key=st.sampled_from([*JOB, "region.start", "region.rate", "override.strength", "unknown"]), value=ANYTHING)
def test_a_job_with_anything_in_one_place_is_read_or_refused(tmp_path: Path, key: str, value: object) -> None:
    (tmp_path / "input.wav").write_bytes(b"RIFF")
    job = json.loads(json.dumps(JOB))
    *outer, last = key.split(".")
    (job[outer[0]] if outer else job)[last] = value
    opened(tmp_path, "job.json", json.dumps(job).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("opening", ["[", '{"a":', "{"])
def test_what_nests_without_end_is_read_or_refused(tmp_path: Path, name: str, opening: str) -> None:
    opened(tmp_path, name, opening.encode() * 100_000)


@chaotic
@given(seed=st.integers(0, 2**32))
def test_a_preset_with_damaged_bytes_is_found_or_skipped(tmp_path: Path, seed: int) -> None:
    path = tmp_path / f"{PresetLibrary().all()[0].id}.json"
    path.write_bytes(damaged((factory_folder() / path.name).read_bytes(), seed))
    assert isinstance(read_entry(path), FoundPreset | BrokenPreset)


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "aiff", "w64", "caf"])
@chaotic
@given(seed=st.integers(0, 2**32))
def test_audio_with_damaged_bytes_is_read_or_refused(tmp_path: Path, suffix: str, seed: int) -> None:
    whole = tmp_path / f"whole.{suffix}"
    if not whole.exists():
        tone = np.sin(np.arange(4_800) / 10).astype(np.float32)
        soundfile.write(whole, tone, 48_000)
    path = tmp_path / f"damaged.{suffix}"
    path.write_bytes(damaged(whole.read_bytes(), seed))
    began = time.monotonic()
    with contextlib.suppress(StylusError):
        assert np.isfinite(files.read(path).samples).all()
    assert time.monotonic() - began < SLOW_S


def damaged(content: bytes, seed: int) -> bytes:
    """Bytes changed, cut out, doubled or moved, mostly near the beginning, where headers are."""
    chance, out = random.Random(seed), bytearray(content)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(min(len(out), chance.choice((64, 400, len(out)))))
        match chance.randrange(5):
            case 0:
                out[at] = chance.randrange(256)
            case 1:
                out[at : at + 4] = chance.choice((b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"))
            case 2:
                del out[at : at + chance.randint(1, 40)]
            case 3:
                out[at:at] = out[at : at + chance.randint(1, 40)]
            case _:
                del out[max(at, 8) :]
    return bytes(out)
