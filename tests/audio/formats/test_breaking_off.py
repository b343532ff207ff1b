"""Files that break off: read as far as they go, and it is told how much is missing."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.audio import files
from stylus_daw.audio.formats.source import opened_sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.errors import AudioFileError
from tests.support.encoded import encoded_by_ffmpeg

RATE, FRAMES = 44_100, 176_400
SAMPLES = np.random.default_rng(5).normal(0, 3000, (FRAMES, 2)).astype(np.int16)
"""Noise: its packets are as long as packets can be."""
EXACT = [
    ("a.wav", "WAV", "PCM_16"),
    ("a.aiff", "AIFF", "PCM_16"),
    ("a.aiff", "AIFF", "FLOAT"),
    ("a.w64", "W64", "PCM_16"),
    ("a.rf64", "RF64", "PCM_16"),
    ("a.wav", "WAV", "ULAW"),
]
BLOCKS = [
    ("a.caf", "CAF", "PCM_16", 2),
    ("a.wav", "WAV", "IMA_ADPCM", 2 * 2048),
    ("a.wav", "WAV", "MS_ADPCM", 2 * 2048),
    ("a.wav", "WAV", "GSM610", 2 * 320),
    ("a.aiff", "AIFF", "IMA_ADPCM", 2 * 64),
    ("a.caf", "CAF", "ALAC_16", 2 * 4096),
    ("a.flac", "FLAC", "PCM_16", 0),
    ("a.mp3", "MP3", "MPEG_LAYER_III", 0),
]
"""The last figure: how many samples the announced length may be off, which follows from the bytes of whole blocks."""
BY_FFMPEG = [("a.m4a", "alac", 0), ("a.m4a", "aac", 2 * 1024), ("a.wv", "wavpack", 0)]


def written(path: Path, container: str, subtype: str) -> Path:
    samples = SAMPLES[:, :1] if subtype in ("GSM610", "IMA_ADPCM") else SAMPLES
    soundfile.write(path, samples, RATE, subtype=subtype, format=container)
    return path


def cut(path: Path, share: float) -> Path:
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    return path


def is_whole(path: Path) -> bool:
    info = files.probe(path)
    return info.missing is None and files.shortage(path, info) is None


@pytest.mark.parametrize(("name", "container", "subtype"), EXACT)
@pytest.mark.parametrize("share", [0.5, 0.50001, 0.9], ids=["half", "within a sample", "most"])
def test_samples_of_one_size_are_counted(tmp_path: Path, name: str, container: str, subtype: str, share: float) -> None:
    path = written(tmp_path / name, container, subtype)
    whole = files.read(path).samples
    assert is_whole(path)
    info = files.probe(cut(path, share))
    assert info.missing is not None
    assert info.frames + info.missing == FRAMES
    assert abs(info.frames - share * FRAMES) < 1000
    assert np.array_equal(files.read(path).samples, whole[:, : info.frames])


@pytest.mark.parametrize(("name", "container", "subtype", "off"), BLOCKS)
def test_packets_and_blocks_are_counted_as_well(
    tmp_path: Path, name: str, container: str, subtype: str, off: int
) -> None:
    path = written(tmp_path / name, container, subtype)
    whole = files.read(path).samples
    assert is_whole(path)
    info = files.probe(cut(path, 0.5))
    assert info.missing is not None
    assert abs(info.frames + info.missing - whole.shape[1]) <= off
    assert abs(info.frames - FRAMES / 2) < 5000
    kept = files.read(path).samples
    assert kept.shape[1] == info.frames
    if container != "MP3":  # its two decoders differ by a few samples of delay
        assert np.allclose(kept[:, :-4096], whole[:, : info.frames - 4096], atol=1e-4)


@pytest.mark.parametrize(("name", "codec", "off"), BY_FFMPEG)
def test_so_are_the_packets_that_only_ffmpeg_reads(tmp_path: Path, name: str, codec: str, off: int) -> None:
    options = {"movflags": "faststart"} if name.endswith("m4a") else {}
    path = encoded_by_ffmpeg(tmp_path / name, codec, SAMPLES, **options)
    assert is_whole(path)
    info = files.probe(cut(path, 0.6))
    assert info.missing is not None
    assert abs(info.frames + info.missing - FRAMES) <= off
    assert 0.3 * FRAMES < info.frames < 0.6 * FRAMES


@pytest.mark.parametrize("subtype", ["VORBIS", "OPUS"])
def test_an_ogg_says_how_far_its_last_page_was_to_reach(tmp_path: Path, subtype: str) -> None:
    path, rate = tmp_path / "a.ogg", 48_000
    soundfile.write(path, SAMPLES, rate, subtype=subtype, format="OGG")
    assert is_whole(path)
    path.write_bytes(path.read_bytes()[:-500])
    info = files.probe(path)
    assert info.missing is not None
    assert FRAMES <= info.frames + info.missing < FRAMES + 1000
    assert files.read(path).length == info.frames


def test_where_the_length_is_unknown_the_last_packet_tells(tmp_path: Path) -> None:
    path = written(tmp_path / "a.flac", "FLAC", "PCM_16")
    streamed = bytearray(path.read_bytes())
    streamed[21] &= 0xF0
    streamed[22:26] = bytes(4)  # the 36 bits of STREAMINFO that count the samples
    path.write_bytes(streamed)
    assert is_whole(path)
    info = files.probe(cut(path, 0.5))
    assert info.missing == 0
    short = files.shortage(path, info)
    assert short is not None
    assert short.shortfall.announced_s is None
    assert "its last packet, after 1." in short.message


def test_a_length_that_a_damaged_flac_claims_costs_no_memory(tmp_path: Path) -> None:
    path = written(tmp_path / "claims.flac", "FLAC", "PCM_16")
    header = bytearray(path.read_bytes())
    header[21] |= 0x0F
    header[22:26] = b"\xff\xff\xff\xf0"
    path.write_bytes(header)
    info = files.probe(path)
    assert (info.frames, info.missing) == (FRAMES, 0xFFFFFFFF0 - FRAMES)
    assert np.array_equal(files.read(path).samples, SAMPLES.T / np.float32(32768))


def test_a_flac_that_is_damaged_within_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.flac", "FLAC", "PCM_16")
    damaged = bytearray(path.read_bytes())
    middle = len(damaged) // 2
    damaged[middle : middle + 40_000] = bytes(40_000)
    path.write_bytes(damaged)
    with pytest.raises(AudioFileError, match="is damaged"):
        files.read(path)


@pytest.mark.parametrize("memory_bytes", [1 << 30, 1000], ids=["in memory", "in pieces"])
def test_it_is_told_once_and_a_region_must_be_inside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, memory_bytes: int
) -> None:
    path = cut(written(tmp_path / "a.aiff", "AIFF", "PCM_16"), 0.5)
    scratch = Scratch(folder=tmp_path, memory_bytes=memory_bytes)
    with caplog.at_level(logging.WARNING), opened_sound(path, scratch) as sound:
        assert sound.length == files.probe(path).frames
    assert caplog.text.count("breaks off: its header announces 4.00 s, and it holds 2.00 s") == 1
    with pytest.raises(AudioFileError, match=r"breaks off.*Choose a region inside it"):
        files.read(path, first=0, length=FRAMES)
