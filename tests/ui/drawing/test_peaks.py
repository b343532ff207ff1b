"""Peaks: what they say of the samples, how they grow, how they are kept."""

from __future__ import annotations

import os
import threading
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from stylus_daw.errors import AudioFileError
from stylus_ui.drawing.peak_cache import PeakCache
from stylus_ui.drawing.peak_loader import Opened, scan
from stylus_ui.drawing.peaks import BASE_BLOCK, CHUNK, Peaks, sample_outline
from tests.support.ui.lane_sounds import ramp, silence


def scanned(path: Path, folder: Path, told: list[float] | None = None) -> Peaks:
    heard = told if told is not None else []
    peaks = scan(path, PeakCache(folder), tell=lambda o: heard.append(o.peaks.fraction), is_cancelled=lambda: False)
    assert peaks is not None
    return peaks


@pytest.mark.parametrize("per_column", [256, 700, 5_000, 40_000, 300_000])
def test_every_zoom_shows_the_extremes_of_the_samples(per_column: int) -> None:
    samples = np.random.default_rng(1).standard_normal((2, 700_001)).astype(np.float32) * 0.2
    peaks = Peaks(rate=48_000, frames=samples.shape[1])
    peaks.add(samples)
    columns = samples.shape[1] // per_column
    low, high, rms = peaks.outline(0, per_column, columns)
    assert low.min() == pytest.approx(samples[:, : per_column * columns].min(), rel=1e-3)
    assert high.max() == pytest.approx(samples[:, : per_column * columns].max(), rel=1e-3)
    assert np.mean(rms) == pytest.approx(0.2, rel=0.02)


def test_nothing_is_known_outside_the_file_and_behind_what_was_scanned() -> None:
    peaks = Peaks(rate=48_000, frames=3 * CHUNK)
    peaks.add(np.full((1, CHUNK), 0.5, np.float32))
    known = ~np.isnan(peaks.outline(-CHUNK, CHUNK, 5)[0])
    assert known.tolist() == [False, True, False, False, False]


def test_single_samples_are_joined_by_straight_lines() -> None:
    samples = np.array([[0.0, 1.0, 0.0]], np.float32)
    low, high, _ = sample_outline(samples, 0.5, 0.5, 4)
    assert high.tolist() == pytest.approx([0.25, 0.75, 0.75, 0.25])
    assert low.tolist() == high.tolist()


def test_a_long_file_is_told_of_while_it_grows_and_never_held_in_memory(tmp_path: Path) -> None:
    path = silence(tmp_path / "hour.wav", 3600)
    shown: list[int] = []
    tracemalloc.start()

    def tell(opened: Opened) -> None:
        shown.append(opened.peaks.known)

    peaks = scan(path, PeakCache(tmp_path / "cache"), tell=tell, is_cancelled=lambda: False)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peaks is not None
    assert most < 48 * 2**20  # as samples, the file is 115 MB
    assert shown[0] == 0
    assert peaks.is_complete
    assert peaks.outline(0, peaks.frames / 100, 100)[1].argmax() == 99


def test_a_cancelled_scan_stops_and_keeps_nothing(tmp_path: Path) -> None:
    path, cache = ramp(tmp_path / "a.wav", 60), PeakCache(tmp_path / "cache")
    assert scan(path, cache, tell=lambda _: None, is_cancelled=lambda: True) is None
    assert cache.load(path) is None


def test_a_file_is_scanned_once_and_again_after_an_edit(tmp_path: Path) -> None:
    path, told = ramp(tmp_path / "a.wav", 30), []
    first = scanned(path, tmp_path / "cache")
    again = scanned(path, tmp_path / "cache", told)
    assert told == [1.0]
    assert np.array_equal(first.base, again.base)
    assert np.allclose(first.outline(0, 9_000, 100), again.outline(0, 9_000, 100), atol=1e-3)
    ramp(path, 31)
    scanned(path, tmp_path / "cache", told)
    assert told[1] == 0.0


@pytest.mark.parametrize("damage", [b"", b"not a zip", b"PK\x03\x04 broken"])
def test_damaged_peaks_are_made_again(tmp_path: Path, damage: bytes) -> None:
    path, cache = ramp(tmp_path / "a.wav", 1), PeakCache(tmp_path / "cache")
    scanned(path, tmp_path / "cache")
    kept = next((tmp_path / "cache").glob("*.npz"))
    kept.write_bytes(damage)
    assert cache.load(path) is None
    assert scanned(path, tmp_path / "cache").is_complete
    assert cache.load(path) is not None


def test_the_peaks_that_were_used_last_stay_when_room_runs_out(tmp_path: Path) -> None:
    paths = [ramp(tmp_path / f"{name}.wav", 10) for name in "abc"]
    folder = tmp_path / "cache"
    size = 0
    for age, path in enumerate(paths[:2]):
        scanned(path, folder)
        newest = max(folder.glob("*.npz"), key=lambda kept: kept.stat().st_mtime_ns)
        size = newest.stat().st_size
        os.utime(newest, (time.time() - 100 + age, time.time() - 100 + age))
    small = PeakCache(folder, limit_bytes=2 * size)
    assert small.load(paths[0]) is not None
    scan(paths[2], small, tell=lambda _: None, is_cancelled=lambda: False)
    assert [small.load(path) is not None for path in paths] == [True, False, True]


def test_what_is_not_audio_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("no sound")
    with pytest.raises(AudioFileError, match=r"cannot be read as audio"):
        scanned(path, tmp_path / "cache")


def test_a_full_disk_costs_the_cache_not_the_picture(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert scanned(ramp(tmp_path / "a.wav", 1), tmp_path / "cache").is_complete


def test_readers_on_another_thread_see_only_finished_blocks() -> None:
    peaks, wrong = Peaks(rate=48_000, frames=40 * CHUNK), []

    def watch() -> None:
        while not peaks.is_complete:
            _, high, _ = peaks.outline(0, BASE_BLOCK * 64, peaks.frames // (BASE_BLOCK * 64))
            wrong.extend(high[~np.isnan(high) & (high != 0.5)])

    watcher = threading.Thread(target=watch)
    watcher.start()
    for _ in range(40):
        peaks.add(np.full((1, CHUNK), 0.5, np.float32))
    watcher.join()
    assert wrong == []


@pytest.mark.parametrize("per_column", [0.3, 1.0, 3.7, 90.0])
@pytest.mark.parametrize("first", [-250.0, 0.0, 1234.5, 9_900.0])
def test_a_cut_is_drawn_as_if_all_samples_were_there(first: float, per_column: float) -> None:
    samples = np.random.default_rng(3).standard_normal((2, 10_000)).astype(np.float32)
    outline = sample_outline(samples, first, per_column, 300)
    edges = first + per_column * np.arange(301)
    is_inside = (edges[:-1] >= 0) & (edges[1:] <= samples.shape[1] - 1)
    assert not np.isnan(outline[0, is_inside]).any()
    assert np.isnan(outline[0, edges[1:] < 0]).all()
    if per_column > 50:
        last = np.flatnonzero(is_inside)[-1]
        cut = samples[:, int(edges[last]) : int(edges[last + 1])]
        assert outline[:2, last].tolist() == pytest.approx([cut.min(), cut.max()])
