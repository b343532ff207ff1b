"""The LV2 in a real Ardour without a window: capture, render, playback in place, and the session opened again."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.rehearsal import bundled_region
from tests.daws.ardour.session_files import make_session
from tests.plugin.ardour.headless import CAPTURE, PRESET, RENDER, TRACK, Headless, ardour_environment, newest
from tests.support.needs import need

pytestmark = pytest.mark.plugin

START, FRAMES = 100_000, 144_000
DECLICK = 6_000  # frames: how long Ardour fades in what it plays, and its pre-roll


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_a_whole_session(plugin: Path, home: Path, tmp_path: Path, rate: int) -> None:
    need("ardour7-lua")
    session = make_session(tmp_path / "song", rate)
    music = bundled_region().with_handles.samples[:, :FRAMES].T.astype(np.float32)
    session.put(TRACK, music, START, "keys")
    track = np.zeros((START + 2 * FRAMES, 2), np.float32)
    track[START : START + FRAMES] = music
    environment = ardour_environment(plugin, home, tmp_path)

    def stems() -> list[Path]:
        return list((home / "jobs").glob("*/stem.wav"))

    def captures() -> list[Path]:
        return list((home / "connect").glob("capture-*.wav"))

    known, before = set(stems()), set(captures())
    with Headless(session, environment) as ardour:
        ardour.add_plugin()
        time.sleep(2.5)  # the plugin finds stylus-daw
        ardour.set(PRESET, 1)
        ardour.set(CAPTURE, 1)
        ardour.roll(START + 10_000, 2.0)
        newest(captures, before)
        time.sleep(0.5)
        ardour.set(RENDER, 1)
        stem = newest(stems, known)
        time.sleep(1.0)
        bounced = ardour.bounce(START, START + FRAMES, "bounce")
        ardour.save()
    job = json.loads((stem.parent / "job.json").read_text("utf-8"))
    start, length = job["region"]["start"], job["region"]["length"]
    sent, _ = soundfile.read(stem.parent / "input.wav", dtype="float32")
    np.testing.assert_array_equal(sent[DECLICK:], track[start + DECLICK : start + length])
    samples, _ = soundfile.read(stem, dtype="float32")
    track[start : start + length] = samples
    np.testing.assert_array_equal(bounced, track[START : START + FRAMES])
    with Headless(session, environment | {"STYLUS_HOME": str(tmp_path / "nobody")}) as ardour:
        ardour.find_plugin()
        np.testing.assert_array_equal(ardour.bounce(START, START + FRAMES, "again"), bounced)


def test_an_offline_bounce_is_captured_to_the_sample(plugin: Path, home: Path, tmp_path: Path) -> None:
    need("ardour7-lua")
    session = make_session(tmp_path / "song", 48_000)
    music = bundled_region().with_handles.samples[:, :FRAMES].T.astype(np.float32)
    session.put(TRACK, music, START, "keys")

    def captures() -> list[Path]:
        return list((home / "connect").glob("capture-*.wav"))

    known = set(captures())
    with Headless(session, ardour_environment(plugin, home, tmp_path)) as ardour:
        ardour.add_plugin()
        time.sleep(0.5)
        ardour.set(CAPTURE, 1)
        ardour.bounce(START + 7, START + 70_007, "bounce")
        captured, _ = soundfile.read(newest(captures, known), dtype="float32")
    np.testing.assert_array_equal(captured, music[7:70_007])
