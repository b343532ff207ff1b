"""Capture, a real render and playback through the real CLAP file, with every kind of transport."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.rehearsal import bundled_region
from tests.plugin.peers import ClapHost, Parameter, Status

pytestmark = pytest.mark.plugin

START, LENGTH = 123_457, 60_000
CHANGING = (1, 64, 441, 8_192, 3, 1_000)


@pytest.fixture(scope="module")
def music() -> np.ndarray:
    """Three seconds of the demo's electric piano, (frames, 2)."""
    return bundled_region().with_handles.samples[:, :144_000].T.astype(np.float32)


@pytest.fixture(scope="module")
def session(plugin: Path, home: Path, music: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of a session in which a region was captured and rendered."""
    saved = tmp_path_factory.mktemp("session") / "session.state"
    with ClapHost(plugin, home) as host:
        host.audio(music, START - 20_000)
        host.render(START, START + LENGTH, sizes=CHANGING)
        host.do("save", saved)
    return saved


@pytest.fixture(scope="module")
def stem(session: Path, home: Path) -> np.ndarray:
    """What the companion rendered, (frames, 2)."""
    (path,) = (home / "jobs").glob("*/stem.wav")
    samples, rate = soundfile.read(path, dtype="float32")
    assert (rate, samples.shape) == (48_000, (LENGTH, 2))
    return samples


@pytest.fixture
def opened(clap: ClapHost, session: Path, music: np.ndarray) -> ClapHost:
    """The session, opened where no companion is."""
    clap.do("restore", session)
    clap.audio(music, START - 20_000)
    return clap


def original(music: np.ndarray, start: int, end: int) -> np.ndarray:
    """What stands on the track from frame ``start`` to ``end``, (frames, 2)."""
    track = np.zeros((end - start, 2), np.float32)
    first, last = max(start, START - 20_000), min(end, START - 20_000 + len(music))
    if first < last:
        track[first - start : last - start] = music[first - START + 20_000 : last - START + 20_000]
    return track


def expected(music: np.ndarray, stem: np.ndarray, start: int, end: int) -> np.ndarray:
    """The same with the stem in the region's place."""
    track = original(music, start, end)
    first, last = max(start, START), min(end, START + LENGTH)
    if first < last:
        track[first - start : last - start] = stem[first - START : last - START]
    return track


def test_the_job_carries_the_region_as_it_passed(session: Path, home: Path, music: np.ndarray) -> None:
    (folder,) = (path.parent for path in (home / "jobs").glob("*/job.json"))
    job = json.loads((folder / "job.json").read_text("utf-8"))
    assert job["region"] == {"start": START, "length": LENGTH, "rate": 48_000}
    assert (job["client"], job["tempo"], job["time_signature"]) == ("connect", 120, "4/4")
    sent, _ = soundfile.read(folder / "input.wav", dtype="float32")
    np.testing.assert_array_equal(sent, original(music, START, START + LENGTH))


@pytest.mark.parametrize("sizes", [(1,), (64,), (441,), (8_192,), CHANGING])
def test_the_stem_is_on_its_sample_and_nothing_else_changes(
    opened: ClapHost, music: np.ndarray, stem: np.ndarray, sizes: tuple[int, ...]
) -> None:
    heard = opened.play(START - 5_000, START + LENGTH + 5_000, sizes)
    np.testing.assert_array_equal(heard, expected(music, stem, START - 5_000, START + LENGTH + 5_000))
    assert not np.array_equal(heard, original(music, START - 5_000, START + LENGTH + 5_000))


def test_loops_and_jumps_stay_on_the_sample(opened: ClapHost, music: np.ndarray, stem: np.ndarray) -> None:
    for place in (START + 10, START + 10, START + 40_000, -5_000, START - 3, START + LENGTH - 700):
        heard = opened.play(place, place + 1_500, (441, 64))
        np.testing.assert_array_equal(heard, expected(music, stem, place, place + 1_500))


def test_a_bypass_and_a_dry_mix_give_the_original_to_the_bit(opened: ClapHost, music: np.ndarray) -> None:
    whole = original(music, START - 1_000, START + LENGTH)
    for parameter, value, back in ((Parameter.RESULT, 0, 1), (Parameter.BYPASS, 1, 0), (Parameter.DRY_WET, 0, 100)):
        opened.set(parameter, value)
        opened.do("stop", 1, 64)
        np.testing.assert_array_equal(opened.play(START - 1_000, START + LENGTH), whole)
        opened.set(parameter, back)


def test_a_and_b_fade_into_each_other_within_5_ms(opened: ClapHost, music: np.ndarray, stem: np.ndarray) -> None:
    place = START + 20_000
    opened.play(place - 1_000, place)
    opened.set(Parameter.RESULT, 0)
    heard = opened.play(place, place + 1_000, (64,))
    a, b = original(music, place, place + 1_000), expected(music, stem, place, place + 1_000)
    ramp = np.clip(1 - np.arange(1_000) / 240, 0, 1)[:, None]
    np.testing.assert_allclose(heard, a + ramp * (b - a), atol=2e-6)
    np.testing.assert_array_equal(heard[242:], a[242:])


def test_a_stopped_transport_is_the_original(opened: ClapHost, music: np.ndarray) -> None:
    opened.audio(music, 0)
    opened.take()
    opened.do("stop", 4, 512)
    np.testing.assert_array_equal(opened.take(), np.tile(music[:512], (4, 1)))


def test_at_another_sample_rate_the_original_passes(opened: ClapHost, music: np.ndarray) -> None:
    opened.do("rate", 44_100)
    opened.until(Status.TROUBLE)
    heard = opened.play(START, START + 9_000)
    np.testing.assert_array_equal(heard, original(music, START, START + 9_000))


def test_the_loop_becomes_the_region(plugin: Path, home: Path, music: np.ndarray) -> None:
    with ClapHost(plugin, home) as host:
        host.until(Status.READY)
        host.audio(music, 0)
        host.press(Parameter.CAPTURE)
        host.do("play", 5_000, 38_000, 441)
        host.do("play", 14_000, 20_000, 441)
        host.until(Status.CAPTURED)
        host.do("save", home / "loop.state")
    assert b'"start": 14000, "length": 24000, "before": 9000' in (home / "loop.state").read_bytes()


def test_the_audio_thread_takes_no_memory_lock_file_or_socket(
    opened: ClapHost, plugin: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened.press(Parameter.CAPTURE)
    for turn in range(6):  # through the stem, armed, with every switch turned
        opened.set(Parameter.RESULT, turn % 2)
        opened.set(Parameter.EQUAL_LOUD, int(turn % 3 == 0))
        opened.do("play", START - 20_000, START + LENGTH + 20_000, 64, 32, 128, 1)
        opened.do("stop", 10, 64)
    worst, blocks, calls, names = opened.do("worst").split()
    with capsys.disabled():
        print(f"\n  audio thread: worst of {blocks} blocks {float(worst):.0f} µs; forbidden calls: {calls} ({names})")
    assert int(blocks) > 10_000
    assert (calls, names) == ("0", "none")


def test_the_watch_over_the_audio_thread_sees_what_is_forbidden(clap: ClapHost) -> None:
    clap.do("sin")
    calls, names = clap.do("worst").split()[2:]
    assert int(calls) >= 4
    assert {"malloc", "free", "pthread_mutex_lock", "fopen"} <= set(names.split(","))
