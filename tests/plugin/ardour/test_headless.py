"""LV2 and VST3 in a real Ardour without a window: capture, render, playback in place, and the session opened again."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.rehearsal import bundled_region
from tests.daws.ardour.session_files import make_session
from tests.plugin.ardour.headless import (
    BASS,
    CAPTURE,
    KEYS,
    KEYS_VST3,
    PRESET,
    RENDER,
    ROOM,
    Headless,
    Track,
    ardour_environment,
    newest,
    scan_vst3,
)
from tests.support.needs import need

pytestmark = pytest.mark.plugin

START, FRAMES = 100_000, 144_000
DECLICK = 6_000  # frames: how long Ardour fades in what it plays, and its pre-roll


@pytest.fixture(autouse=True)
def _ardour() -> None:
    need("ardour7-lua")


@pytest.fixture
def music() -> np.ndarray:
    """Three seconds of the demo's electric piano, (frames, 2)."""
    return bundled_region().with_handles.samples[:, :FRAMES].T.astype(np.float32)


def stems(home: Path) -> set[Path]:
    return set((home / "jobs").glob("*/stem.wav"))


def captures(home: Path) -> set[Path]:
    return set((home / "connect").glob("capture-*.wav"))


def placed(music: np.ndarray) -> np.ndarray:
    """The whole track: silence with the music at its frame."""
    track = np.zeros((START + 2 * FRAMES, music.shape[1]), np.float32)
    track[START : START + FRAMES] = music
    return track


@pytest.mark.parametrize(("kind", "rate"), [(KEYS, 44_100), (KEYS_VST3, 48_000)], ids=["LV2", "VST3"])
def test_a_whole_session(plugin: Path, home: Path, tmp_path: Path, music: np.ndarray, kind: Track, rate: int) -> None:
    session = make_session(tmp_path / "song", rate)
    session.put(kind.name, music, START, "keys")
    track = placed(music)
    environment = ardour_environment(plugin, home, tmp_path)
    scan_vst3(plugin, environment)
    known, before = stems(home), captures(home)
    with Headless(session, environment, kind) as ardour:
        ardour.add_plugin()
        ardour.wait_for_companion()
        ardour.set(PRESET, 1)
        ardour.set(CAPTURE, 1)
        ardour.roll(START + 10_000, 2.0)
        newest(lambda: captures(home), before)
        ardour.set(RENDER, 1)
        stem = newest(lambda: stems(home), known)
        ardour.wait_for_stem()
        bounced = ardour.bounce(START, START + FRAMES, "bounce")
        ardour.save()
    job = json.loads((stem.parent / "job.json").read_text("utf-8"))
    start, length = job["region"]["start"], job["region"]["length"]
    sent, _ = soundfile.read(stem.parent / "input.wav", dtype="float32")
    np.testing.assert_array_equal(sent[DECLICK:], track[start + DECLICK : start + length])
    samples, _ = soundfile.read(stem, dtype="float32")
    track[start : start + length] = samples
    np.testing.assert_array_equal(bounced, track[START : START + FRAMES])
    with Headless(session, environment | {"STYLUS_HOME": str(tmp_path / "nobody")}, kind) as ardour:
        ardour.find_plugin()
        np.testing.assert_array_equal(ardour.bounce(START, START + FRAMES, "again"), bounced)


@pytest.mark.parametrize("kind", [BASS, ROOM], ids=["mono", "5.1"])
def test_an_offline_bounce_is_captured_to_the_sample_and_comes_back(
    plugin: Path, home: Path, tmp_path: Path, music: np.ndarray, kind: Track
) -> None:
    session = make_session(tmp_path / "song", 48_000)
    gains = np.linspace(1, 0.5, kind.channels, dtype=np.float32)
    wide = np.ascontiguousarray(music[:, :1] * gains)
    session.put(kind.name, wide, START, "take")
    known, before = stems(home), captures(home)
    with Headless(session, ardour_environment(plugin, home, tmp_path), kind) as ardour:
        ardour.add_plugin()
        ardour.wait_for_companion()
        ardour.set(PRESET, 1)
        ardour.set(CAPTURE, 1)
        ardour.bounce(START + 7, START + 70_007, "in")
        captured, _ = soundfile.read(newest(lambda: captures(home), before), dtype="float32", always_2d=True)
        np.testing.assert_array_equal(captured, wide[7:70_007])
        ardour.set(RENDER, 1)
        stem = newest(lambda: stems(home), known)
        ardour.wait_for_stem()
        back = ardour.bounce(START, START + FRAMES, "out")
    samples, _ = soundfile.read(stem, dtype="float32", always_2d=True)
    expected = wide.copy()
    expected[7:70_007] = samples
    np.testing.assert_array_equal(back, expected)
