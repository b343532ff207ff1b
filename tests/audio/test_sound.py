"""Sounds and spools: what is read in pieces is what is there in one piece, and nothing stays behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.files import opened_sound, read, write_audio
from stylus_daw.audio.level.loudness import LoudnessMeter, integrated_lufs
from stylus_daw.audio.level.true_peak import guarded, limit_true_peak, limited, true_peak_db
from stylus_daw.audio.reconstruction import apply_gain, mel_image, shaped_blocks
from stylus_daw.audio.sound import Amplified, Sound, Watched, eased, padded, part, pieces, to_clip
from stylus_daw.audio.spectrogram import MelGeometry
from stylus_daw.audio.spool import Scratch
from stylus_daw.errors import AudioFileError
from tests.support.spooled import spooled

RATE = 48_000


def noise(length: int = RATE, channels: int = 2, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (channels, length)).astype(np.float32)


@pytest.fixture
def on_disk(tmp_path: Path) -> Scratch:
    return Scratch(folder=tmp_path / "spool", memory_bytes=1)


def in_pieces(sound: Sound, size: int) -> Samples:
    return np.concatenate(list(pieces(sound, size)), axis=1)


@pytest.mark.parametrize("memory_bytes", [1, 1 << 20])
def test_a_spool_gives_back_what_was_put_in(tmp_path: Path, memory_bytes: int) -> None:
    samples = noise(10_000, 3)
    with Scratch(folder=tmp_path, memory_bytes=memory_bytes).spool(3) as spool:
        for first in (0, 1, 4_000):
            spool.append(samples[:, first : {0: 1, 1: 4_000, 4_000: 10_000}[first]])
        np.testing.assert_array_equal(spool.read(0, 10_000), samples)
        np.testing.assert_array_equal(spool.read(3_999, 2), samples[:, 3_999:4_001])
        with pytest.raises(ValueError, match="columns 9999 to 10001"):
            spool.read(9_999, 2)


def test_a_killed_process_leaves_no_spool_behind(tmp_path: Path) -> None:
    code = (
        "import os, sys, numpy as np; from pathlib import Path; from stylus_daw.audio.spool import Scratch;"
        "spool = Scratch(folder=Path(sys.argv[1]), memory_bytes=1).spool(2);"
        "spool.append(np.zeros((2, 100_000), np.float32)); os.kill(os.getpid(), 9)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert ended.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_what_a_power_cut_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    import os

    (tmp_path / ".stylus-old.tmp").write_bytes(b"x")
    os.utime(tmp_path / ".stylus-old.tmp", (0, 0))
    (tmp_path / "mine.wav").write_bytes(b"x")
    assert Scratch(folder=tmp_path).remove_leftovers() == 1
    assert [path.name for path in tmp_path.iterdir()] == ["mine.wav"]


def test_what_does_not_fit_on_the_disk_is_refused_with_both_figures(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"needs 1,000,000,000,000,000,000 bytes.* are free") as caught:
        Scratch(folder=tmp_path).require([10**18, 100])
    assert caught.value.code == "audio.space"
    Scratch(folder=tmp_path).require([100, 200])


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(AudioFileError, match="STYLUS_HOME"):
        Scratch(folder=tmp_path / "file" / "spool", memory_bytes=1).spool(1).append(np.zeros((1, 9), np.float32))


@pytest.mark.parametrize(
    ("name", "subtype"),
    [("a.wav", "FLOAT"), ("a.wav", "PCM_24"), ("a.aiff", "PCM_16"), ("a.flac", "PCM_24"), ("a.mp3", None)],
)
def test_a_long_file_in_pieces_is_the_file(tmp_path: Path, on_disk: Scratch, name: str, subtype: str | None) -> None:
    path = tmp_path / name
    soundfile.write(path, noise(200_000).T, RATE, subtype=subtype)
    whole = read(path)
    with opened_sound(path, on_disk) as sound:
        assert not isinstance(sound, Clip)
        assert (sound.channels, sound.length, sound.rate, sound.start) == (2, whole.length, RATE, 0)
        np.testing.assert_array_equal(in_pieces(sound, 65_536), whole.samples)
        np.testing.assert_array_equal(sound.read(70_000, 5_000), whole.samples[:, 70_000:75_000])


def test_a_stretch_of_a_long_file_is_that_stretch(tmp_path: Path, on_disk: Scratch) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, noise().T, RATE, subtype="FLOAT")
    with opened_sound(path, on_disk, first=1_000, length=20_000) as sound:
        np.testing.assert_array_equal(sound.read(0, 20_000), read(path, first=1_000, length=20_000).samples)
    with pytest.raises(AudioFileError, match="does not fit"), opened_sound(path, on_disk, first=47_000, length=2_000):
        pass


def test_nan_in_a_long_file_is_found_where_it_is(tmp_path: Path, on_disk: Scratch) -> None:
    samples = noise()
    samples[1, 40_000] = np.nan
    path = tmp_path / "a.wav"
    soundfile.write(path, samples.T, RATE, subtype="FLOAT")
    with (
        opened_sound(path, on_disk) as sound,
        pytest.raises(AudioFileError, match="sample 40000 of channel 2") as caught,
    ):
        in_pieces(sound, 7_000)
    assert caught.value.code == "audio.non_finite"


def test_a_short_file_is_a_clip(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", Clip(samples=noise(), rate=RATE))
    with opened_sound(tmp_path / "a.wav", Scratch()) as sound:
        assert isinstance(sound, Clip)


def test_padding_is_silence_outside_and_the_sound_inside() -> None:
    clip = Clip(samples=noise(100), rate=RATE)
    assert not padded(clip, -50, 20).any()
    assert not padded(clip, 100, 20).any()
    np.testing.assert_array_equal(padded(clip, -10, 120)[:, 10:110], clip.samples)


def test_a_part_lies_where_it_was_cut() -> None:
    clip = Clip(samples=noise(1_000), rate=RATE, start=50)
    louder = Amplified(source=clip, gain_db=6.0)
    cut = part(louder, 100, 300)
    assert (cut.start, cut.length, cut.rate, cut.channels) == (150, 300, RATE, 2)
    np.testing.assert_array_equal(to_clip(cut).samples, louder.read(100, 300))
    assert part(louder, 0, 1_000) is louder
    with pytest.raises(ValueError, match="of 1000"):
        part(louder, 900, 101)


def test_a_watched_sound_says_how_far_it_was_read() -> None:
    seen: list[float] = []
    in_pieces(Watched(source=Clip(samples=noise(100), rate=RATE), listener=seen.append), 30)
    assert seen == [0.3, 0.6, 0.9, 1.0]


@pytest.mark.parametrize("length", [1, 441, 40_000, 600_000])
def test_a_shaped_sound_does_not_depend_on_where_it_lies(on_disk: Scratch, length: int) -> None:
    clip = Clip(samples=noise(length), rate=44_100)
    sound = spooled(clip, on_disk)
    image = mel_image(clip, MelGeometry())
    np.testing.assert_array_equal(mel_image(sound, MelGeometry()), image)
    gain = np.random.default_rng(1).uniform(-20, 20, image.shape).astype(np.float32)
    blocks = shaped_blocks(sound, lambda first, count: gain[:, first : first + count], MelGeometry())
    shaped = np.concatenate(list(blocks), axis=1)
    np.testing.assert_array_equal(shaped, apply_gain(clip, gain, MelGeometry()).samples)
    assert shaped.shape == clip.samples.shape


@pytest.mark.parametrize("size", [777, 48_000])
def test_the_loudness_does_not_depend_on_the_pieces(size: int) -> None:
    clip = Clip(samples=noise(5 * RATE + 123) * np.linspace(0, 1, 5 * RATE + 123, dtype=np.float32), rate=RATE)
    meter = LoudnessMeter(2, RATE)
    for samples in pieces(clip, size):
        meter.add(samples)
    assert meter.lufs == pytest.approx(integrated_lufs(clip), abs=1e-9)


def test_a_limited_sound_does_not_depend_on_the_pieces(on_disk: Scratch) -> None:
    samples = noise(400_000)
    samples[0, [5, 100_000, 131_071, 399_999]] = 2.0
    clip = Clip(samples=samples, rate=RATE)
    streamed = limited(spooled(clip, on_disk), -1)
    whole = limit_true_peak(clip, -1).samples
    np.testing.assert_allclose(in_pieces(streamed, 10_007), whole, atol=1e-7)
    assert true_peak_db(streamed) <= -1


def tone(length: int, *, phase: float) -> Clip:
    wave = 0.3 * np.cos(2 * np.pi * 200 * np.arange(length) / RATE + phase)
    return Clip(samples=np.stack([wave, 0.5 * wave]).astype(np.float32), rate=RATE)


def test_a_sound_cut_where_it_sounds_turns_back_and_fades() -> None:
    clip = tone(4_800, phase=0.3)
    around = eased(clip, -500, 5_800, ease=240)
    np.testing.assert_array_equal(around[:, 500:5_300], clip.samples)
    assert not around[:, :260].any()
    assert not around[:, 5_540:].any()
    assert np.abs(np.diff(around, axis=1)).max() < 1.2 * np.abs(np.diff(clip.samples, axis=1)).max()
    np.testing.assert_allclose(around[:, 499], clip.samples[:, 1], rtol=0.01)


def test_a_sound_that_begins_by_itself_is_left_alone() -> None:
    begins, late = tone(4_800, phase=-np.pi / 2), tone(4_800, phase=0.3)
    late = late.with_samples(np.stack([late.samples[0], np.roll(late.samples[1], 9) * (np.arange(4_800) >= 9)]))
    for clip in (begins, late):
        np.testing.assert_array_equal(eased(clip, -500, 1_000, ease=240), padded(clip, -500, 1_000))


def test_easing_changes_nothing_inside_and_copes_with_very_short_sounds() -> None:
    clip = tone(4_800, phase=0.3)
    np.testing.assert_array_equal(eased(clip, 100, 200, ease=240), clip.samples[:, 100:300])
    for length in (1, 2, 30):
        brief = tone(length, phase=0.3)
        np.testing.assert_array_equal(eased(brief, -500, 1_500, ease=240)[:, 500 : 500 + length], brief.samples)


def test_a_region_cut_out_of_a_note_starts_without_a_click() -> None:
    """Its edge has highs that the note has not; raised by 30 dB they would be the loudest of the stem."""
    clip = tone(RATE, phase=0.3)
    gain = np.zeros_like(mel_image(clip, MelGeometry()))
    gain[70:] = 30.0
    shaped = apply_gain(clip, gain, MelGeometry()).samples
    assert np.abs(shaped[:, :200]).max() < 1.5 * np.abs(clip.samples).max()


def test_a_guarded_sound_is_as_loud_as_before_if_that_is_asked_for() -> None:
    """Kicks of 5 dB too much over noise."""
    time = np.arange(RATE // 2) / RATE
    kick = 1.5 * np.cos(2 * np.pi * 60 * time) * np.exp(-12 * time)
    clip = Clip(samples=(0.4 * noise(4 * RATE) + np.tile(kick, 8)).astype(np.float32), rate=RATE)
    quiet = Clip(samples=0.01 * noise(4 * RATE), rate=RATE)
    limited_only, kept = (guarded(clip, quiet, keeps_loudness=keeps) for keeps in (False, True))
    assert integrated_lufs(clip) - integrated_lufs(limited_only) > 0.3
    assert integrated_lufs(clip) - integrated_lufs(kept) < 0.2
    assert true_peak_db(kept) <= -1.0
