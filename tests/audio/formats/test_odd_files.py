"""Files as they really come: headers that are wrong, positions in odd places, formats that libsndfile does not read.

Each gives all of its samples and its true position.
"""

from __future__ import annotations

import codecs
import io
import struct
import tracemalloc
import uuid
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stylus_daw.audio import files
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.formats.chunks import ixml
from stylus_daw.audio.formats.kinds import FORMATS_SAID, looks_like_audio
from stylus_daw.errors import AudioFileError
from tests.support.encoded import encoded_by_ffmpeg

RATE, FRAMES, MIDNIGHT_AND_AN_HOUR = 48_000, 24_000, 172_800_000
SHAPES = np.random.default_rng(3)


def tone(frames: int = FRAMES, channels: int = 1) -> np.ndarray:
    """Shape: ``[frames, channels]``; 16-bit values, so that PCM keeps them."""
    wave = 0.5 * np.sin(np.arange(frames)[:, None] * np.linspace(0.05, 0.2, channels)[None])
    return np.round(wave * 32767).astype(np.int16)


def chunk(name: bytes, content: bytes, *, size: int | None = None, pad: bool = True) -> bytes:
    return (
        name + struct.pack("<I", len(content) if size is None else size) + content + b"\0" * (pad and len(content) % 2)
    )


def pcm(channels: int = 1, bits: int = 16) -> bytes:
    align = channels * bits // 8
    return struct.pack("<HHIIHH", 1, channels, RATE, RATE * align, align, bits)


def bext(time_reference: int) -> bytes:
    return bytes(338) + struct.pack("<Q", time_reference) + bytes(256)


def wave(path: Path, *chunks: bytes, form: bytes = b"RIFF") -> Path:
    body = b"WAVE" + b"".join(chunks)
    path.write_bytes(form + struct.pack("<I", len(body)) + body)
    return path


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF], ids=["zero", "streamed"])
def test_a_recorder_that_was_switched_off_left_all_its_samples(tmp_path: Path, size: int) -> None:
    data = chunk(b"data", tone().tobytes(), size=size)
    clip = files.read(wave(tmp_path / "a.wav", chunk(b"fmt ", pcm()), data))
    assert np.array_equal(clip.samples[0], tone()[:, 0] / np.float32(32768))


@pytest.mark.parametrize("size", [0, 0x7FFF_F000, 0xFFFF_FFFF], ids=["zero", "SoX to a pipe", "ffmpeg to a pipe"])
def test_a_stream_without_a_length_does_not_break_off(tmp_path: Path, size: int) -> None:
    path = wave(tmp_path / "a.wav", chunk(b"fmt ", pcm()), chunk(b"data", tone().tobytes(), size=size))
    assert (files.probe(path).frames, files.probe(path).missing) == (FRAMES, None)


def test_an_empty_data_chunk_before_other_chunks_is_empty(tmp_path: Path) -> None:
    path = wave(tmp_path / "a.wav", chunk(b"fmt ", pcm()), chunk(b"data", b""), chunk(b"LIST", bytes(20)))
    with pytest.raises(AudioFileError) as caught:
        files.read(path)
    assert caught.value.code == "audio.empty"


@pytest.mark.parametrize("kind", ["plain", "extensible"])
def test_24_bits_in_four_bytes_are_no_noise(tmp_path: Path, kind: str) -> None:
    form = struct.pack("<HHIIHH", 0xFFFE if kind == "extensible" else 1, 1, RATE, RATE * 4, 4, 24)
    if kind == "extensible":
        form += struct.pack("<HHIH", 22, 24, 4, 1) + bytes.fromhex("000000001000800000aa00389b71")
    samples = tone().astype("<i4") << 16
    clip = files.read(wave(tmp_path / "a.wav", chunk(b"fmt ", form), chunk(b"data", samples.tobytes())))
    assert np.array_equal(clip.samples[0], tone()[:, 0] / np.float32(32768))


def test_a_header_of_the_first_windows_which_leaves_its_bits_out_is_understood(tmp_path: Path) -> None:
    path = wave(tmp_path / "a.wav", chunk(b"fmt ", pcm()[:14]), chunk(b"data", tone().tobytes()))
    assert np.array_equal(files.read(path).samples[0], tone()[:, 0] / np.float32(32768))


@pytest.mark.parametrize("form", [b"RF64", b"BW64"])
@pytest.mark.parametrize("size", [1 << 63, (1 << 64) - 1], ids=["2^63", "all ones"])
def test_a_size_that_no_disk_holds_hides_no_samples(tmp_path: Path, form: bytes, size: int) -> None:
    ds64 = chunk(b"ds64", struct.pack("<QQQI", size, size, size, 0))
    data = chunk(b"data", tone().tobytes(), size=0xFFFF_FFFF)
    clip = files.read(wave(tmp_path / "a.wav", ds64, chunk(b"fmt ", pcm()), data, form=form))
    assert np.array_equal(clip.samples[0], tone()[:, 0] / np.float32(32768))


def test_a_wave_over_four_gigabytes_whose_size_wrapped_has_its_true_length(tmp_path: Path) -> None:
    true_bytes = (1 << 32) + 96_000
    path = wave(tmp_path / "long.wav", chunk(b"fmt ", pcm()), chunk(b"data", b"", size=true_bytes % (1 << 32)))
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size + true_bytes)  # sparse
        stream.seek(-2, 2)
        stream.write(struct.pack("<h", 16_384))
    assert files.probe(path).frames == true_bytes // 2
    assert files.read(path, first=true_bytes // 2 - 1, length=1).samples.tolist() == [[0.5]]


@pytest.mark.parametrize("size", [0, 3, 1_000, 20_000])
def test_a_wave_behind_a_tag_of_mp3_files_keeps_its_end(tmp_path: Path, size: int) -> None:
    path = wave(tmp_path / "tagged.wav", chunk(b"fmt ", pcm()), chunk(b"data", tone().astype("<i2").tobytes()))
    plain = files.read(path)
    tag = b"ID3\x03\x00\x00" + bytes([0, size >> 14, size >> 7 & 0x7F, size & 0x7F]) + bytes(size)
    path.write_bytes(tag + path.read_bytes())
    np.testing.assert_array_equal(files.read(path).samples, plain.samples)


def test_bw64_is_read_with_its_position(tmp_path: Path) -> None:
    ds64 = chunk(b"ds64", struct.pack("<QQQI", 0, 2 * FRAMES, FRAMES, 0))
    data = chunk(b"data", tone().tobytes(), size=0xFFFF_FFFF)
    parts = ds64, chunk(b"fmt ", pcm()), chunk(b"bext", bext(MIDNIGHT_AND_AN_HOUR)), chunk(b"chna", bytes(44)), data
    clip = files.read(wave(tmp_path / "adm.wav", *parts, form=b"BW64"))
    assert (clip.length, clip.start) == (FRAMES, MIDNIGHT_AND_AN_HOUR)


@pytest.mark.parametrize("pad", [True, False], ids=["padded", "unpadded"])
def test_the_position_behind_an_odd_number_of_bytes_is_found(tmp_path: Path, pad: bool) -> None:
    data = chunk(b"data", bytes(3 * 23_999), pad=pad)
    path = wave(tmp_path / "a.wav", chunk(b"fmt ", pcm(bits=24)), data, chunk(b"bext", bext(MIDNIGHT_AND_AN_HOUR)))
    assert files.read(path).start == MIDNIGHT_AND_AN_HOUR


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_position_that_only_ixml_states_is_found(tmp_path: Path, encoding: str) -> None:
    high, low = divmod(MIDNIGHT_AND_AN_HOUR + (1 << 32), 1 << 32)
    xml = (
        "<BWFXML><SPEED>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>{high}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>"
        f"<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>{low}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>"
        "</SPEED></BWFXML>"
    ).encode(encoding)
    path = wave(tmp_path / "a.wav", chunk(b"fmt ", pcm()), chunk(b"iXML", xml), chunk(b"data", tone().tobytes()))
    assert files.read(path).start == MIDNIGHT_AND_AN_HOUR + (1 << 32)


def test_ixml_that_nests_without_end_is_left_unread(tmp_path: Path) -> None:
    xml = b"<BWFXML>" + b"<a>" * 500_000
    path = wave(tmp_path / "a.wav", chunk(b"fmt ", pcm()), chunk(b"iXML", xml), chunk(b"data", tone().tobytes()))
    assert files.read(path).start == 0


@pytest.mark.parametrize("nonsense", [2**64 - 1, 2**63])
def test_a_time_reference_that_nobody_filled_in_is_ignored(tmp_path: Path, nonsense: int) -> None:
    parts = chunk(b"fmt ", pcm()), chunk(b"bext", bext(nonsense)), chunk(b"data", tone().tobytes())
    assert files.probe(wave(tmp_path / "a.wav", *parts)).time_reference is None


def test_wave64_keeps_its_position(tmp_path: Path) -> None:
    path = tmp_path / "a.w64"
    soundfile.write(path, tone(), RATE, format="W64", subtype="PCM_16")
    content = bext(MIDNIGHT_AND_AN_HOUR)
    guid = b"bext" + uuid.UUID("00000000-acf3-11d3-8cd1-00c04f8edb8a").bytes_le[4:]
    block = guid + struct.pack("<Q", 24 + len(content)) + content
    block += b"\0" * (-len(block) % 8)
    whole = bytearray(path.read_bytes())
    whole[40:40] = block
    whole[16:24] = struct.pack("<Q", len(whole))
    path.write_bytes(whole)
    assert (files.read(path).length, files.read(path).start) == (FRAMES, MIDNIGHT_AND_AN_HOUR)


@pytest.mark.parametrize("kind", ["comment", "foreign"])
def test_flac_keeps_its_position(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.flac"
    soundfile.write(path, tone(), RATE)
    text = b"TIME_REFERENCE=%d" % MIDNIGHT_AND_AN_HOUR
    comment = struct.pack("<I", 0) + struct.pack("<I", 1) + struct.pack("<I", len(text)) + text
    content = comment if kind == "comment" else b"riff" + chunk(b"bext", bext(MIDNIGHT_AND_AN_HOUR))
    block = bytes([4 if kind == "comment" else 2]) + len(content).to_bytes(3, "big") + content
    whole = path.read_bytes()
    path.write_bytes(whole[:42] + block + whole[42:])  # behind STREAMINFO
    assert files.probe(path).time_reference == MIDNIGHT_AND_AN_HOUR


def test_every_link_of_a_chained_ogg_is_read(tmp_path: Path) -> None:
    links = [tmp_path / "1.ogg", tmp_path / "2.ogg"]
    for link in links:
        soundfile.write(link, tone(), RATE, format="OGG", subtype="VORBIS")
    path = tmp_path / "both.ogg"
    path.write_bytes(b"".join(link.read_bytes() for link in links))
    assert files.probe(path).frames == files.read(path).length == 2 * FRAMES


def mp3(frames: int) -> bytes:
    encoded = io.BytesIO()
    soundfile.write(encoded, SHAPES.normal(0, 0.1, (frames, 2)), 44_100, format="MP3", bitrate_mode="VARIABLE")
    return encoded.getvalue()


def test_mp3s_that_were_joined_are_read_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "joined.mp3"
    path.write_bytes(mp3(44_100) + mp3(88_200))
    assert files.read(path).length >= 44_100 + 88_200


def test_an_mp3_without_a_table_is_read_to_the_end(tmp_path: Path) -> None:
    whole = mp3(220_500)
    second = whole.index(whole[:2], 100)  # the first frame holds the table alone
    path = tmp_path / "bare.mp3"
    path.write_bytes(whole[second:])
    assert files.probe(path).frames == files.read(path).length >= 220_500


@pytest.mark.parametrize(("name", "codec"), [("a.m4a", "alac"), ("b.wv", "wavpack")])
def test_lossless_files_of_other_programs_are_read_bit_for_bit(tmp_path: Path, name: str, codec: str) -> None:
    clip = files.read(encoded_by_ffmpeg(tmp_path / name, codec, tone(44_100, 2)))
    assert np.array_equal(clip.samples, tone(44_100, 2).T / np.float32(32768))


def test_aac_is_read_whole(tmp_path: Path) -> None:
    clip = files.read(encoded_by_ffmpeg(tmp_path / "a.m4a", "aac", tone(44_100, 2)))
    assert (clip.channels, clip.rate) == (2, 44_100)
    assert 44_100 <= clip.length <= 44_100 + 2 * 1024  # this writer leaves the encoder's priming in


def test_the_loudspeakers_of_a_surround_file_stay_with_its_stem(tmp_path: Path) -> None:
    extensible = struct.pack("<HHIIHHHHI", 0xFFFE, 6, RATE, RATE * 12, 12, 16, 22, 16, 0x3F)
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    parts = chunk(b"fmt ", extensible + guid), chunk(b"data", tone(channels=6).tobytes())
    info = files.probe(wave(tmp_path / "film.wav", *parts))
    assert info.speaker_mask == 0x3F
    stem = Clip(samples=np.zeros((6, 100), np.float32), rate=RATE)
    files.write_stem(tmp_path / "stem.wav", stem, files.Provenance(), speaker_mask=info.speaker_mask)
    assert files.probe(tmp_path / "stem.wav").speaker_mask == 0x3F


def test_one_list_names_all_that_can_be_read() -> None:
    assert all(looks_like_audio(Path(f"a.{suffix}")) for suffix in ("WAV", "opus", "w64", "aifc", "oga", "m4a", "wv"))
    assert not looks_like_audio(Path("a.au"))
    assert "WavPack" in FORMATS_SAID


@pytest.mark.parametrize(
    "xml",
    [
        b"<BWFXML " + b" ".join(b'a%d=""' % n for n in range(900_000)) + b"/>",
        b"<BWFXML>" + b"<a>" * 3_000_000,
        b"<" * 10_000_000,
        b"<BWFXML>" + b"<!---->" * 1_000_000 + b"</BWFXML>",
        codecs.BOM_UTF16_LE + ("<BWFXML>" + "<a>" * 1_000_000).encode("utf-16-le"),
    ],
    ids=["attributes", "nested", "brackets", "comments", "wide"],
)
def test_ixml_that_no_recorder_writes_takes_no_memory(xml: bytes) -> None:
    tracemalloc.start()
    try:
        assert ixml.time_reference(xml) is None
        assert tracemalloc.get_traced_memory()[1] < 4 * len(xml) + 1_000_000
    finally:
        tracemalloc.stop()
