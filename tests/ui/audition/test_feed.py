"""The feed: what a device gets, at its rate and channel count, and what is told about it."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.errors import AudioFileError
from stylus_ui.audition.feed import Feed
from stylus_ui.audition.meter import ShortTermMeter
from stylus_ui.audition.programme import Layer, Programme, Track
from stylus_ui.audition.sources import BLOCK, KEPT_BLOCKS, ClipSource, FileSource


def tone(hertz: float, rate: int, seconds: float = 2.0):
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)
    return np.repeat(wave[None].astype(np.float32), 2, axis=0)


def feed_of(samples, rate: int = 48_000) -> Feed:
    layer = Layer(source=ClipSource(Clip(samples=samples, rate=rate)), length=samples.shape[1])
    feed = Feed()
    feed.command(lambda mixer: mixer.load(Programme(rate=rate, length=layer.length, original=Track(layers=(layer,)))))
    feed.command(lambda mixer: mixer.play())
    return feed


def played(feed: Feed, blocks: int, rate: int = 48_000, channels: int = 2):
    return np.concatenate([feed.block(512, rate, channels) for _ in range(blocks)], axis=1)


def test_a_device_of_the_same_rate_gets_the_samples_untouched():
    sound = tone(441, 48_000)
    np.testing.assert_array_equal(played(feed_of(sound), 20)[:, 512:], sound[:, 512:10_240])


@pytest.mark.parametrize(("rate", "device"), [(44_100, 48_000), (48_000, 44_100), (96_000, 44_100), (22_050, 96_000)])
def test_a_device_of_another_rate_hears_the_same_tone_without_seams(rate, device):
    heard = played(feed_of(tone(441, rate), rate), 40, device)[:, 2_000:]
    assert np.abs(np.diff(heard, axis=1)).max() < 1.05 * 0.5 * 2 * np.pi * 441 / device
    spectrum = np.abs(np.fft.rfft(heard[0] * np.hanning(heard.shape[1])))
    assert abs(np.argmax(spectrum) * device / heard.shape[1] - 441) < 2 * device / heard.shape[1]


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_any_device_gets_its_channels(channels):
    heard = played(feed_of(tone(441, 48_000)), 3, channels=channels)
    assert heard.shape[0] == channels
    assert heard[0].any()
    assert not heard[2:].any()


def test_the_volume_moves_without_steps_and_nothing_passes_full_scale():
    feed = feed_of(8 * tone(50, 48_000))
    loud = played(feed, 10)
    assert np.abs(loud).max() == 1.0
    feed.set_volume(-60.0)
    fading = feed.block(512, 48_000, 2)
    assert np.abs(np.diff(fading, axis=1)).max() < 0.1
    assert not feed.block(512, 48_000, 2).any()


def test_what_is_told_is_up_to_date_once_all_commands_were_obeyed():
    feed = feed_of(tone(441, 48_000))
    assert feed.heard.obeyed < feed.commanded
    assert feed.obey()
    assert (feed.heard.obeyed, feed.heard.is_playing, feed.heard.position) == (feed.commanded, True, 0)
    feed.block(512, 48_000, 2)
    assert feed.heard.position == 512


def test_what_is_heard_is_measured_and_the_volume_does_not_count():
    sound = tone(997, 48_000)
    feed = feed_of(sound)
    feed.set_volume(-40.0)
    played(feed, 150)
    assert feed.heard.lufs == pytest.approx(integrated_lufs(Clip(samples=sound, rate=48_000)), abs=0.1)


def test_the_meter_hears_the_last_3_s_only():
    meter = ShortTermMeter(48_000)
    meter.add(tone(997, 48_000))
    meter.add(np.zeros((2, 4 * 48_000), np.float32))
    assert meter.lufs < -60
    meter.restart()
    assert meter.lufs == -np.inf


class BrokenSource(ClipSource):
    """A disk that was pulled out."""

    def read(self, first: int, frames: int):
        raise AudioFileError("audio.unreadable", "The disk has gone.")


def test_a_sound_that_breaks_off_falls_silent_and_says_why_until_the_next_command():
    layer = Layer(source=BrokenSource(Clip(samples=tone(441, 48_000), rate=48_000)), length=96_000)
    feed = Feed()
    feed.command(lambda mixer: mixer.load(Programme(rate=48_000, length=96_000, original=Track(layers=(layer,)))))
    feed.command(lambda mixer: mixer.play())
    assert not feed.block(512, 48_000, 2).any()
    assert (feed.heard.problem, feed.heard.is_playing) == ("The disk has gone.", False)
    feed.command(lambda mixer: mixer.pause())
    feed.obey()
    assert feed.heard.problem == ""


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_a_file_is_read_in_blocks_and_few_of_them_stay(tmp_path, name):
    rng = np.random.default_rng(0)
    samples = (rng.integers(-9_000, 9_000, (6 * BLOCK + 1_234, 2)) / 32_768).astype(np.float32)
    soundfile.write(tmp_path / name, samples, 48_000, subtype="PCM_16")
    source = FileSource(tmp_path / name)
    for first, frames in [(-5, 10), (0, 100), (3 * BLOCK - 7, 3 * BLOCK), (10, 50), (6 * BLOCK + 1_200, 100)]:
        expected = np.zeros((2, frames), np.float32)
        low, high = max(0, first), min(first + frames, source.length)
        expected[:, low - first : high - first] = samples.T[:, low:high]
        np.testing.assert_array_equal(source.read(first, frames), expected)
    assert len(source._blocks) <= KEPT_BLOCKS
    source.close()
