"""Reading real files of every format, and every bad input as a real file."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stylus_daw.audio import files
from stylus_daw.audio.clip import Clip
from stylus_daw.errors import AudioFileError

RATE = 48_000


def noise(frames: int = 12_000, channels: int = 2, seed: int = 0) -> np.ndarray:
    """Frames-first noise whose values 16, 24 and 32 bits hold exactly."""
    whole = np.random.default_rng(seed).integers(-(2**14), 2**14, (frames, channels))
    return (whole / 2**15).astype(np.float32)


def written(path: Path, samples: np.ndarray, rate: int = RATE, **how: str) -> Path:
    soundfile.write(path, samples, rate, **how)
    return path


def refusal(path: Path, **region: int) -> AudioFileError:
    with pytest.raises(AudioFileError) as caught:
        files.read(path, **region)
    assert path.name in caught.value.message
    return caught.value


def outcome(path: Path) -> Clip | str:
    """What reading the whole file gives: audio or an error's code."""
    try:
        return files.read(path)
    except AudioFileError as error:
        return error.code


@pytest.mark.parametrize(
    ("container", "subtype", "suffix"),
    [
        *[("WAV", s, "wav") for s in ("PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")],
        *[("WAVEX", s, "wav") for s in ("PCM_16", "PCM_24", "FLOAT", "DOUBLE")],
        *[("RF64", s, "wav") for s in ("PCM_24", "FLOAT")],
        *[("W64", s, "w64") for s in ("PCM_24", "FLOAT")],
        *[("AIFF", s, "aiff") for s in ("PCM_16", "PCM_24", "FLOAT", "DOUBLE")],
        *[("CAF", s, "caf") for s in ("PCM_24", "FLOAT")],
        *[("FLAC", s, "flac") for s in ("PCM_16", "PCM_24")],
    ],
)
def test_a_lossless_file_gives_its_samples_exactly(tmp_path: Path, container: str, subtype: str, suffix: str) -> None:
    samples = noise()
    path = written(tmp_path / f"a.{suffix}", samples, format=container, subtype=subtype)

    clip, info = files.read(path), files.probe(path)

    assert (clip.rate, clip.start) == (RATE, 0)
    np.testing.assert_array_equal(clip.samples, samples.T)
    assert (info.rate, info.channels, info.frames, info.format, info.subtype) == (RATE, 2, 12_000, container, subtype)
    assert info.time_reference is None


@pytest.mark.parametrize(("container", "subtype", "lsb"), [("WAV", "PCM_U8", 2**-7), ("AIFF", "PCM_S8", 2**-7)])
def test_8_bits_give_the_samples_to_8_bits(tmp_path: Path, container: str, subtype: str, lsb: float) -> None:
    path = written(tmp_path / "a.snd8", noise(), format=container, subtype=subtype)
    np.testing.assert_allclose(files.read(path).samples, noise().T, atol=lsb)


@pytest.mark.parametrize("subtype", ["ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM"])
def test_the_coarse_codings_of_wav_resemble_what_was_written(tmp_path: Path, subtype: str) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE).astype(np.float32)[:, None]
    clip = files.read(written(tmp_path / "a.wav", tone, subtype=subtype))
    assert np.corrcoef(clip.samples[0, :RATE], tone[:, 0])[0, 1] > 0.99


@pytest.mark.parametrize(
    ("container", "subtype", "suffix"),
    [("OGG", "VORBIS", "ogg"), ("OGG", "OPUS", "opus"), ("MP3", "MPEG_LAYER_III", "mp3")],
)
def test_a_lossy_file_gives_what_its_decoder_gives(tmp_path: Path, container: str, subtype: str, suffix: str) -> None:
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE) / RATE).astype(np.float32)
    path = written(tmp_path / f"a.{suffix}", np.stack([tone, tone], 1), format=container, subtype=subtype)

    clip, info = files.read(path), files.probe(path)

    assert (info.format, info.subtype, info.frames) == (container, subtype, clip.length)
    assert abs(clip.length - tone.size) < 3000
    common = slice(5000, 80_000)
    assert np.corrcoef(clip.samples[0, common], tone[common])[0, 1] > 0.98


def test_a_file_may_carry_the_wrong_suffix(tmp_path: Path) -> None:
    path = tmp_path / "really_flac.wav"
    written(tmp_path / "a.flac", noise()).rename(path)
    assert files.probe(path).format == "FLAC"


def test_a_float_file_keeps_samples_beyond_full_scale(tmp_path: Path) -> None:
    loud = 4 * noise()
    np.testing.assert_array_equal(files.read(written(tmp_path / "a.wav", loud, subtype="FLOAT")).samples, loud.T)


def test_a_file_name_may_be_anything_the_system_allows(tmp_path: Path) -> None:
    for name in ["Gesang – Übung 漆.wav", " with 'quotes' \"and\" spaces .wav", "-.wav"]:
        assert files.read(written(tmp_path / name, noise(), subtype="FLOAT")).length == 12_000


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_file_name_need_not_be_utf_8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xfcbung.wav"))
    written(tmp_path / "a.wav", noise()).rename(path)
    assert files.read(path).length == 12_000


@pytest.mark.parametrize(
    ("suffix", "how"),
    [
        ("wav", {"subtype": "PCM_24"}),
        ("flac", {}),
        ("ogg", {}),
        ("mp3", {}),
        ("opus", {"format": "OGG", "subtype": "OPUS"}),
    ],
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.tuples(st.integers(0, 39_999), st.integers(1, 20_000)))
def test_a_slice_is_that_part_of_the_whole_file(
    tmp_path: Path, suffix: str, how: dict[str, str], cut: tuple[int, int]
) -> None:
    path = tmp_path / f"a.{suffix}"
    if not path.exists():
        written(path, noise(40_000), **how)
    whole = files.read(path)
    first, length = cut[0], min(cut[1], whole.length - cut[0])

    part = files.read(path, first=first, length=length)

    assert (part.length, part.start) == (length, first)
    np.testing.assert_array_equal(part.samples, whole.samples[:, first : first + length])


def test_without_a_length_the_rest_of_the_file_is_read(tmp_path: Path) -> None:
    clip = files.read(written(tmp_path / "a.wav", noise(), subtype="FLOAT"), first=11_000)
    np.testing.assert_array_equal(clip.samples, noise()[11_000:].T)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "nowhere" / "a.wav").code == "audio.missing"
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file" / "a.wav").code == "audio.missing"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path)
    assert error.code == "audio.unreadable"
    assert "a folder" in error.message


def test_names_that_no_system_can_open_are_refused(tmp_path: Path) -> None:
    for name in ["a\0b.wav", "a" * 5000]:
        with pytest.raises(AudioFileError) as caught:
            files.probe(tmp_path / name)
        assert caught.value.code == "audio.unreadable"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_is_refused_rather_than_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    assert refusal(tmp_path / "pipe.wav").code == "audio.unreadable"


@pytest.fixture
def as_ordinary_user() -> Iterator[Path]:
    """A folder outside the tests' own, and the rights of a user who is not root."""
    if not hasattr(os, "seteuid"):
        pytest.skip("no users to change to")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(was)
    folder.chmod(0o700)
    shutil.rmtree(folder)


def test_a_file_without_permission_is_refused(as_ordinary_user: Path) -> None:
    path = written(as_ordinary_user / "a.wav", noise())
    path.chmod(0)
    error = refusal(path)
    assert error.code == "audio.unreadable"
    assert "permissions" in error.message


def test_a_zero_byte_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    error = refusal(tmp_path / "a.wav")
    assert error.code == "audio.empty"
    assert "0 bytes" in error.message


def test_a_header_without_samples_is_empty(tmp_path: Path) -> None:
    error = refusal(written(tmp_path / "a.wav", np.zeros((0, 2), np.float32)))
    assert error.code == "audio.empty"
    assert "0 samples" in error.message


@pytest.mark.parametrize("suffix", ["wav", "aiff", "flac", "ogg", "mp3", "au", "raw", "vox", "gsm", "txt", ""])
def test_text_under_an_audio_name_is_refused(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"lyrics.{suffix}"
    path.write_text("and then the chorus again\n" * 200)
    error = refusal(path)
    assert error.code == "audio.format"
    assert "FLAC" in error.message


def test_nan_and_infinity_are_refused_where_they_are_read(tmp_path: Path) -> None:
    samples = noise()
    samples[7000, 1] = np.nan
    samples[7001, 0] = np.inf
    path = written(tmp_path / "a.wav", samples, subtype="FLOAT")
    error = refusal(path)
    assert error.code == "audio.non_finite"
    assert "2 samples are NaN or infinite" in error.message
    assert files.read(path, first=7002, length=100).length == 100


def test_a_value_too_large_for_32_bit_float_is_refused(tmp_path: Path) -> None:
    samples = noise().astype(np.float64)
    samples[3, 0] = 1e300
    assert refusal(written(tmp_path / "a.wav", samples, subtype="DOUBLE")).code == "audio.non_finite"


@pytest.mark.parametrize("rate", [300_000, 4_000])
def test_a_rate_outside_the_range_is_refused(tmp_path: Path, rate: int) -> None:
    error = refusal(written(tmp_path / "a.wav", noise(), rate))
    assert error.code == "audio.rate"
    assert f"{rate:,}" in error.message
    assert "8,000 to 192,000" in error.message


def test_nine_channels_are_refused(tmp_path: Path) -> None:
    error = refusal(written(tmp_path / "a.wav", noise(100, 9)))
    assert error.code == "audio.channels"
    assert "9 channels" in error.message
    assert "1 to 8" in error.message


@pytest.mark.parametrize("region", [(-1, 10), (0, 12_001), (12_000, 1), (11_999, 2), (0, 0), (5, -5), (99_999, None)])
def test_a_region_beyond_the_file_is_refused(tmp_path: Path, region: tuple[int, int | None]) -> None:
    path = written(tmp_path / "a.wav", noise())
    with pytest.raises(AudioFileError, match="12,000") as caught:
        files.read(path, first=region[0], length=region[1])
    assert caught.value.code == "audio.region"


@pytest.mark.parametrize("kept", [0.5, 0.01])
@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "mp3", "aiff"])
def test_a_file_cut_short_gives_what_is_left_or_a_reason(tmp_path: Path, suffix: str, kept: float) -> None:
    content = written(tmp_path / f"whole.{suffix}", noise(48_000)).read_bytes()
    path = tmp_path / f"cut.{suffix}"
    path.write_bytes(content[: int(len(content) * kept)])
    got = outcome(path)
    if isinstance(got, Clip):
        assert got.length < 48_000
    else:
        assert got in ("audio.unreadable", "audio.format", "audio.empty", "audio.region")
    with pytest.raises(AudioFileError):
        files.read(path, first=40_000, length=4000)


def test_a_stream_that_does_not_state_its_length_is_read_to_its_end(tmp_path: Path) -> None:
    path = written(tmp_path / "a.flac", noise())
    stated, content = files.read(path), bytearray(path.read_bytes())
    content[21] &= 0xF0  # STREAMINFO: total samples, 36 bits, 0 = unknown
    content[22:26] = bytes(4)
    path.write_bytes(content)
    assert files.probe(path).frames == stated.length
    assert np.array_equal(files.read(path).samples, stated.samples)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 700), junk=st.binary(min_size=1, max_size=12))
def test_a_damaged_header_gives_audio_or_an_audio_file_error(tmp_path: Path, at: int, junk: bytes) -> None:
    path = tmp_path / "a.wav"
    files.write_stem(path, Clip(samples=noise(50).T, rate=RATE), files.Provenance())
    content = bytearray(path.read_bytes())
    content[at : at + len(junk)] = junk
    path.write_bytes(content)
    got = outcome(path)
    assert isinstance(got, Clip) or got.startswith("audio.")
    files.read_provenance(path)


def test_the_hash_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert files.sha256_of(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    with pytest.raises(AudioFileError) as caught:
        files.sha256_of(tmp_path / "b")
    assert caught.value.code == "audio.missing"
