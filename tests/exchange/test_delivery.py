"""Stems of 16 and 24 bits, as WAV and FLAC, read back by libsndfile."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from wavinfo import WavInfoReader

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.files import Provenance, probe, read_provenance, write_stem
from stylus_daw.errors import AudioFileError, RequestError
from stylus_daw.exchange.delivery import ALLOWED_BITS, Container, Delivery, write_delivery
from stylus_daw.exchange.placed import PlacedStem, placed_stem

RATE = 48_000
START = 172_800_123
MADE_BY = Provenance(preset="Warm Strings", model="stylus-mini", app_version="0.1.0")
KINDS = [Delivery(container=kind, bits=bits) for kind, allowed in ALLOWED_BITS.items() for bits in allowed]
INTEGERS = [kind for kind in KINDS if kind.bits < 32]


def name(kind: Delivery) -> str:
    return f"out{kind.bits}.{kind.container.value}"


def a_stem(folder: Path, samples: Samples, *, start: int = START) -> PlacedStem:
    write_stem(folder / "stem.wav", Clip(samples=samples, rate=RATE, start=start), MADE_BY)
    return placed_stem(folder / "stem.wav")


def music(channels: int = 2, length: int = 70_001, peak: float = 0.5) -> Samples:
    noise = np.random.default_rng(3).standard_normal((channels, length))
    return (peak * noise / np.abs(noise).max()).astype(np.float32)


def integers_of(path: Path, bits: int) -> np.ndarray:
    """Shape: ``[channels, samples]``."""
    read = np.asarray(soundfile.read(path, dtype="int32", always_2d=True)[0], np.int32)
    return read.T >> (32 - bits)


@pytest.mark.parametrize("kind", KINDS, ids=name)
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_rate_channels_length_and_position_stay(tmp_path: Path, kind: Delivery, channels: int) -> None:
    write_delivery(a_stem(tmp_path, music(channels)), tmp_path / name(kind), kind)
    info = probe(tmp_path / name(kind))
    assert (info.rate, info.channels, info.frames, info.time_reference) == (RATE, channels, 70_001, START)
    assert info.subtype == ("FLOAT" if kind.bits == 32 else f"PCM_{kind.bits}")
    assert (info.format == "FLAC") is (kind.container is Container.FLAC)


@pytest.mark.parametrize("bits", [16, 24])
def test_a_wave_says_its_place_and_what_made_it_to_other_readers(tmp_path: Path, bits: int) -> None:
    path = tmp_path / "out.wav"
    write_delivery(a_stem(tmp_path, music(1)), path, Delivery(container=Container.WAV, bits=bits))
    assert path.stat().st_size % 2 == 0
    told = WavInfoReader(str(path))
    assert told.bext is not None
    assert told.fmt is not None
    assert told.bext.time_reference == START
    assert (told.fmt.bits_per_sample, told.fmt.block_align) == (bits, bits // 8)
    assert f"W={bits},M=mono,T=TPDF dither" in told.bext.coding_history
    assert read_provenance(path) == MADE_BY


@pytest.mark.parametrize("kind", INTEGERS, ids=name)
def test_what_fits_is_copied_to_the_bit(tmp_path: Path, kind: Delivery) -> None:
    highest = 2 ** (kind.bits - 1)
    steps = np.random.default_rng(5).integers(-highest, highest, (2, 70_001), dtype=np.int32)
    steps[:, :2] = [[-highest, highest - 1], [highest - 1, -highest]]
    write_delivery(a_stem(tmp_path, (steps / highest).astype(np.float32)), tmp_path / name(kind), kind)
    np.testing.assert_array_equal(integers_of(tmp_path / name(kind), kind.bits), steps)


def test_float_is_copied_to_the_bit_over_full_scale(tmp_path: Path) -> None:
    samples = music(peak=3.0)
    write_delivery(a_stem(tmp_path, samples), tmp_path / "a.wav", Delivery(container=Container.WAV, bits=32))
    np.testing.assert_array_equal(soundfile.read(tmp_path / "a.wav", dtype="float32")[0].T, samples)


@pytest.mark.parametrize("peak", [1e-5, 0.5])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.bits == 16], ids=name)
def test_dither_is_white_and_half_a_step_whatever_the_level(tmp_path: Path, kind: Delivery, peak: float) -> None:
    """Triangular dither and rounding: 1/6 + 1/12 = 1/4 step squared; -93.3 dB below a full-scale sine at 16 bits."""
    samples = music(length=200_001, peak=peak)
    write_delivery(a_stem(tmp_path, samples), tmp_path / name(kind), kind)
    error = integers_of(tmp_path / name(kind), 16) / 32768 - samples.astype(np.float64)
    levels = 20 * np.log10(np.sqrt(2) * error.std(axis=1))
    np.testing.assert_allclose(levels, -93.3, atol=0.1)
    assert np.abs(error * 32768).max() <= 1.5
    between = [np.corrcoef(error[0], error[1])[0, 1], np.corrcoef(error[0], samples[0])[0, 1]]
    neighbours = np.corrcoef(error[0, 1:], error[0, :-1])[0, 1]
    np.testing.assert_allclose([*between, neighbours], 0, atol=0.015)


@pytest.mark.parametrize("kind", KINDS, ids=name)
def test_the_same_take_gives_the_same_file(tmp_path: Path, kind: Delivery) -> None:
    stem = a_stem(tmp_path, music())
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_delivery(stem, tmp_path / folder / name(kind), kind)
    assert (tmp_path / "one" / name(kind)).read_bytes() == (tmp_path / "two" / name(kind)).read_bytes()


@pytest.mark.parametrize("kind", INTEGERS, ids=name)
def test_over_full_scale_is_told_and_nothing_is_written(tmp_path: Path, kind: Delivery) -> None:
    with pytest.raises(RequestError, match=r"\+3\.01 dBFS.*32-bit float") as caught:
        write_delivery(a_stem(tmp_path, music(peak=2**0.5)), tmp_path / name(kind), kind)
    assert caught.value.code == "export.clipped"
    assert [path.name for path in tmp_path.iterdir()] == ["stem.wav"]


@pytest.mark.parametrize("kind", INTEGERS, ids=name)
def test_at_full_scale_nothing_wraps(tmp_path: Path, kind: Delivery) -> None:
    samples = np.where(np.arange(5_000) % 7 < 3, 1.0, -1.0).astype(np.float32)[None]
    write_delivery(a_stem(tmp_path, samples), tmp_path / name(kind), kind)
    error = integers_of(tmp_path / name(kind), kind.bits) - samples.astype(np.float64) * 2 ** (kind.bits - 1)
    assert np.abs(error).max() <= 2


def test_what_a_container_does_not_hold_is_refused() -> None:
    with pytest.raises(RequestError, match="32 bits cannot be written as flac; allowed: 16, 24"):
        Delivery(container=Container.FLAC, bits=32)


@pytest.mark.parametrize("kind", KINDS, ids=name)
def test_the_stem_and_missing_folders_are_safe(tmp_path: Path, kind: Delivery) -> None:
    stem = a_stem(tmp_path, music())
    with pytest.raises(AudioFileError) as caught:
        write_delivery(stem, stem.path, kind)
    assert caught.value.code == "audio.protected"
    with pytest.raises(AudioFileError, match="missing"):
        write_delivery(stem, tmp_path / "missing" / name(kind), kind)
