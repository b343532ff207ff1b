"""What the transcriber sees of sounds: level, tuning and frames, whatever the rate."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.notes.analysis import circumstances, frame_count, views
from stylus_daw.engine.notes.features import PER_SEMITONE, Viewer, key_loudness
from stylus_daw.engine.notes.note import LOWEST_PITCH, hertz


def tones(*pitches: float, seconds: float = 1.5, rate: int = 44_100, channels: int = 1, level: float = 0.1) -> Clip:
    time = np.arange(round(seconds * rate)) / rate
    partials = (h * hertz(p) for p in pitches for h in range(1, 7))
    wave = sum((np.sin(2 * np.pi * hz * time) * level / 3 for hz in partials if hz < rate / 2.2), np.zeros(len(time)))
    return Clip(samples=np.tile(wave, (channels, 1)).astype(np.float32), rate=rate)


@pytest.mark.parametrize("cents", [-40, -20, -5, 0, 8, 30, 45])
def test_tuning_is_measured_to_three_cents(cents: float) -> None:
    clip = tones(*(pitch + cents / 100 for pitch in (57, 60, 64)))
    assert circumstances(clip).tuning_cents == pytest.approx(cents, abs=3)


def test_noise_has_no_tuning() -> None:
    noise = np.random.default_rng(1).standard_normal((1, 88_200)).astype(np.float32)
    assert circumstances(Clip(samples=0.1 * noise, rate=44_100)).tuning_cents == 0.0


@pytest.mark.parametrize("rate", [8_000, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_a_key_shows_in_its_own_row_at_any_rate(rate: int) -> None:
    clip = tones(60, rate=rate, seconds=0.6)
    view = next(views(clip, 0.0))
    middle = view.grid[2, :, view.grid.shape[2] // 2]
    assert abs(int(middle.argmax()) - (1 + PER_SEMITONE * (60 - LOWEST_PITCH))) <= 1


def test_a_detuned_key_shows_in_its_row_once_the_tuning_is_known() -> None:
    view = next(views(tones(60.4), 40.0))
    assert int(view.grid[2, :, 60].argmax()) == 1 + PER_SEMITONE * (60 - LOWEST_PITCH)


@pytest.mark.parametrize(("samples", "rate", "frames"), [(1, 44_100, 1), (441, 44_100, 2), (1_600, 8_000, 21)])
def test_there_is_a_frame_every_ten_milliseconds(samples: int, rate: int, frames: int) -> None:
    clip = Clip(samples=np.zeros((1, samples), np.float32), rate=rate)
    assert frame_count(clip) == frames
    assert sum(view.grid.shape[2] for view in views(clip, 0.0)) == frames


def test_frames_read_in_pieces_are_those_of_the_whole() -> None:
    clip = tones(50, 62, seconds=6)
    pieces = np.concatenate([view.grid for view in views(clip, 0.0)], axis=2)
    late = next(views(clip.slice(3 * 44_100, 44_100), 0.0)).grid[:, :, 30:60]
    assert np.abs(pieces[:, :, 330:360] - late)[pieces[:, :, 330:360] > -60].max() < 0.5


def test_what_is_seen_does_not_depend_on_the_level_of_a_recording() -> None:
    loud, soft = tones(60), tones(60, level=0.01)
    seen = [next(views(clip, 0.0)).relative(circumstances(clip).level_db)[0] for clip in (loud, soft)]
    assert np.abs(seen[0] - seen[1]).max() < 0.02


def test_a_key_ten_decibels_softer_is_half_as_strong_as_decibels_say() -> None:
    loud, soft = tones(60), tones(60, level=0.1 * 10 ** (-10 / 20))
    level = circumstances(loud).level_db
    middles = [key_loudness(next(views(clip, 0.0)).relative(level)[0])[39, 60] for clip in (loud, soft)]
    assert middles[1] / middles[0] == pytest.approx(10 ** (-10 / 40), rel=0.02)


def test_silence_is_seen_as_nothing() -> None:
    view = Viewer().view(np.zeros(8192 + 240, np.float32), 2)
    assert view.relative(view.loudest_db)[0].max() == 0.0
