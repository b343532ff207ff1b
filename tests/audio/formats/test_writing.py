"""Stems and references, read back by readers that are not ours."""

from __future__ import annotations

import contextlib
import json
import os
import struct
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pedalboard.io
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from wavinfo import WavInfoReader

from stylus_daw.audio import files
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.formats.chunks import riff
from stylus_daw.engine.request import Quality
from stylus_daw.errors import AudioFileError
from tests.support import disks

RATE = 48_000
PROVENANCE = files.Provenance(
    preset="Röhre <warm> & 漆",
    settings={"strength": 0.8, "quality": Quality.NORMAL, "path": Path("a/b"), "layers": (1, 2)},
    model="stylus-mini",
    model_sha256="ab" * 32,
    source_sha256="cd" * 32,
    app_version="1.2.3",
    note="take 2\x07",
)


def clip_of(channels: int = 2, length: int = 1001, start: int = 0, rate: int = RATE) -> Clip:
    samples = np.random.default_rng(length).standard_normal((channels, length)).astype(np.float32)
    return Clip(samples=samples, rate=rate, start=start)


def temps(folder: Path) -> list[Path]:
    return list(folder.glob(".stylus-*"))


@pytest.mark.parametrize("channels", [1, 2, 3, 6, 8])
@pytest.mark.parametrize("length", [1, 1001, 70_000])
def test_a_stem_holds_the_samples_exactly_for_every_reader(tmp_path: Path, channels: int, length: int) -> None:
    clip = clip_of(channels, length)
    path = tmp_path / "stem.wav"
    files.write_stem(path, clip, PROVENANCE)

    by_soundfile, rate = soundfile.read(path, dtype="float32", always_2d=True)
    with pedalboard.io.AudioFile(str(path)) as opened:
        by_pedalboard, pedalboard_rate = opened.read(opened.frames), opened.samplerate

    assert rate == pedalboard_rate == RATE
    np.testing.assert_array_equal(by_soundfile.T, clip.samples)
    np.testing.assert_array_equal(by_pedalboard, clip.samples)
    np.testing.assert_array_equal(files.read(path).samples, clip.samples)
    assert soundfile.info(path).subtype == "FLOAT"


def test_extreme_samples_survive(tmp_path: Path) -> None:
    values = np.array(
        [[0.0, -0.0, 1.0, -1.0, 1.5, 3e38, 1e-45, np.nextafter(np.float32(1), np.float32(2))]], np.float32
    )
    files.write_stem(tmp_path / "a.wav", Clip(samples=values, rate=RATE), PROVENANCE)
    assert files.read(tmp_path / "a.wav").samples.tobytes() == values.tobytes()


@pytest.mark.parametrize("start", [0, 172_800_000, 2**32 - 1, 2**32, 2**40 + 5, 2**48])
def test_the_position_is_in_bext_and_in_ixml(tmp_path: Path, start: int) -> None:
    path = tmp_path / "stem.wav"
    files.write_stem(path, clip_of(start=start), PROVENANCE)

    seen = WavInfoReader(str(path))

    assert seen.bext is not None
    assert seen.ixml is not None
    assert seen.bext.time_reference == start
    text = {name: int(seen.ixml.raw_xml.findtext(name)) for name in POSITION_ELEMENTS}
    assert (text["BEXT/BWF_TIME_REFERENCE_HIGH"] << 32) + text["BEXT/BWF_TIME_REFERENCE_LOW"] == start
    assert text["SPEED/FILE_SAMPLE_RATE"] == RATE
    assert files.probe(path).time_reference == start
    assert files.read(path, first=10, length=5).start == start + 10


POSITION_ELEMENTS = ("BEXT/BWF_TIME_REFERENCE_HIGH", "BEXT/BWF_TIME_REFERENCE_LOW", "SPEED/FILE_SAMPLE_RATE")


def test_an_independent_reader_finds_what_made_the_stem(tmp_path: Path) -> None:
    path = tmp_path / "stem.wav"
    before = datetime.now().replace(microsecond=0)
    files.write_stem(path, clip_of(), PROVENANCE)

    seen = WavInfoReader(str(path))

    assert seen.bext is not None
    assert seen.bext.version == 1
    assert seen.bext.originator == "stylus-daw"
    assert len(seen.bext.originator_ref) == 32
    assert seen.bext.description.startswith("stylus-daw 1.2.3; preset Rohre <warm> & ?; model stylus-mini abab")
    assert seen.bext.coding_history == "A=PCM,F=48000,W=32,M=stereo,T=stylus-daw 1.2.3; float\r\n"
    made = datetime.fromisoformat(f"{seen.bext.originator_date} {seen.bext.originator_time}")
    assert before <= made <= before + timedelta(minutes=1)

    assert seen.ixml is not None
    own = seen.ixml.raw_xml.find("STYLUS_DAW")
    assert own.findtext("PRESET") == PROVENANCE.preset
    assert own.findtext("MODEL_SHA256") == "ab" * 32
    assert own.findtext("SOURCE_SHA256") == "cd" * 32
    assert own.findtext("APP_VERSION") == "1.2.3"
    assert own.findtext("NOTE") == "take 2\ufffd"
    assert json.loads(own.findtext("SETTINGS"))["strength"] == 0.8
    assert len(list(seen.ixml.track_list)) == 2
    assert list(seen.walk())


def test_provenance_is_read_back_as_it_was_given(tmp_path: Path) -> None:
    given_ = files.Provenance(preset="x", settings={"a": [1, None, {"b": "ü"}]}, model="m", note="two\nlines")
    files.write_stem(tmp_path / "a.wav", clip_of(), given_)
    assert files.read_provenance(tmp_path / "a.wav") == given_


def test_a_file_of_another_program_has_no_provenance(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros(10), RATE)
    soundfile.write(tmp_path / "a.flac", np.zeros(10), RATE)
    assert files.read_provenance(tmp_path / "a.wav") is None
    assert files.read_provenance(tmp_path / "a.flac") is None


@given(preset=st.text(max_size=400), note=st.text(max_size=50), value=st.text(max_size=50))
def test_any_text_makes_a_readable_stem(preset: str, note: str, value: str) -> None:
    provenance = files.Provenance(preset=preset, note=note, settings={"value": value})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.wav"
        files.write_stem(path, clip_of(length=3), provenance)
        assert WavInfoReader(str(path)).bext is not None
        back = files.read_provenance(path)
        assert back is not None
        assert back.settings == provenance.settings
        assert soundfile.info(path).frames == 3


def test_the_chunks_are_in_order_and_none_states_a_tempo(tmp_path: Path) -> None:
    path = tmp_path / "stem.wav"
    files.write_stem(path, clip_of(length=1001), PROVENANCE)
    with path.open("rb") as stream:
        found = {chunk.ident: chunk for chunk in riff.chunks(stream)}
        fact = riff.read_chunk(stream, b"fact")
        bext = riff.read_chunk(stream, b"bext")
    assert list(found) == [b"fmt ", b"fact", b"bext", b"iXML", b"data"]
    assert fact == struct.pack("<I", 1001)
    assert bext is not None
    assert bext[602:].startswith(b"A=PCM")
    assert found[b"data"].size == 1001 * 2 * 4
    size = path.stat().st_size
    assert found[b"data"].start + found[b"data"].size == size
    assert struct.unpack("<I", path.read_bytes()[4:8])[0] == size - 8


def test_a_file_over_4_gib_is_rf64_and_every_reader_finds_its_end(tmp_path: Path) -> None:
    frames = 2**29 + 12_345
    chunks = [(b"bext", bytes(338) + struct.pack("<Q", 777) + bytes(256)), (b"junk", b"odd")]
    header = riff.wave_header(channels=2, rate=RATE, frames=frames, extra=chunks)
    ending = np.random.default_rng(0).standard_normal((100, 2)).astype("<f4")
    path = tmp_path / "long.wav"
    with path.open("wb") as stream:  # sparse: only the ends take room on the disk
        stream.write(header)
        stream.seek(len(header) + (frames - 100) * 8)
        stream.write(ending.tobytes())

    info = files.probe(path)
    seen = WavInfoReader(str(path))

    assert header[:4] == b"RF64"
    assert (info.format, info.frames, info.time_reference) == ("RF64", frames, 777)
    assert (seen.data.frame_count, seen.bext and seen.bext.time_reference) == (frames, 777)
    assert struct.unpack_from("<QQQ", header, 20) == (path.stat().st_size - 8, frames * 8, frames)
    np.testing.assert_array_equal(files.read(path, first=frames - 100, length=100).samples, ending.T)
    np.testing.assert_array_equal(files.read(path, first=frames - 50).samples, ending[50:].T)


def test_riff_holds_up_to_4_gib() -> None:
    empty = len(riff.wave_header(channels=1, rate=RATE, frames=0))
    most = (2**32 - 1 - (empty - 8)) // 4
    assert riff.wave_header(channels=1, rate=RATE, frames=most)[:4] == b"RIFF"
    assert riff.wave_header(channels=1, rate=RATE, frames=most + 1)[:4] == b"RF64"


def test_a_bext_after_the_samples_is_found_too(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    soundfile.write(path, np.zeros(11), RATE, subtype="PCM_U8")
    with path.open("ab") as stream:
        stream.write(b"bext" + struct.pack("<I", 602) + bytes(338) + struct.pack("<Q", 4242) + bytes(256))
    assert files.read(path).start == 4242


def test_a_position_before_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="-1") as caught:
        files.write_stem(tmp_path / "a.wav", clip_of(start=-1), PROVENANCE)
    assert caught.value.code == "audio.position"


def test_the_source_is_never_written_over(tmp_path: Path) -> None:
    source = tmp_path / "source.wav"
    source.write_bytes(b"precious")
    (tmp_path / "link.wav").symlink_to(source)
    (tmp_path / "hard.wav").hardlink_to(source)
    (tmp_path / "inner").mkdir()
    for path in [source, tmp_path / "link.wav", tmp_path / "hard.wav", tmp_path / "inner" / ".." / "source.wav"]:
        for write in (
            lambda p: files.write_stem(p, clip_of(), PROVENANCE, protect=(tmp_path / "other.wav", source)),
            lambda p: files.write_audio(p, clip_of(), protect=(source,)),
        ):
            with pytest.raises(AudioFileError, match="is the source") as caught:
                write(path)
            assert caught.value.code == "audio.protected"
    assert source.read_bytes() == b"precious"


def test_a_source_that_is_gone_is_protected_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="is the source"):
        files.write_stem(tmp_path / "a.wav", clip_of(), PROVENANCE, protect=(tmp_path / "a.wav",))


def test_an_older_stem_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "stem.wav"
    files.write_stem(path, clip_of(length=5000), PROVENANCE)
    files.write_stem(path, clip_of(length=10), PROVENANCE)
    assert files.probe(path).frames == 10
    assert temps(tmp_path) == []


@contextlib.contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """The system refuses to let any file of this process grow beyond ``size`` bytes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [0, 100, 100_000])
def test_a_write_that_the_system_breaks_off_leaves_the_old_file_and_no_temp(tmp_path: Path, size: int) -> None:
    path = tmp_path / "stem.wav"
    path.write_bytes(b"old")
    with files_limited_to(size), pytest.raises(AudioFileError) as caught:
        files.write_stem(path, clip_of(length=200_000), PROVENANCE)
    assert caught.value.code == "audio.write"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["stem.wav"]  # noqa: PTH208 - names, hidden ones too


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 256 KiB."""
    with disks.small_disk(tmp_path / "disk", "256k") as place:
        yield place


@pytest.mark.parametrize("name", ["stem.wav", "style.flac"])
def test_a_full_disk_is_named_with_the_bytes_it_lacks(small_disk: Path, name: str) -> None:
    path = small_disk / name
    path.write_bytes(b"old")
    quiet = clip_of(length=200_000)
    quiet = quiet.with_samples(quiet.samples / 16)
    with pytest.raises(AudioFileError) as caught:
        files.write_audio(path, quiet)
    assert caught.value.code == "audio.write"
    assert str(small_disk) in caught.value.message
    assert "bytes; " in caught.value.message
    assert "are free" in caught.value.message
    assert path.read_bytes() == b"old"
    assert temps(small_disk) == []
    files.write_audio(path, clip_of(length=10).slice(0, 1).with_samples(np.zeros((2, 5), np.float32)))


def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    if not hasattr(os, "seteuid"):
        pytest.skip("no users to change to")
    folder, was = Path(tempfile.mkdtemp()), os.geteuid()
    folder.chmod(0o555)
    try:
        if was == 0:
            os.seteuid(65534)
        with pytest.raises(AudioFileError) as caught:
            files.write_stem(folder / "a.wav", clip_of(), PROVENANCE)
    finally:
        os.seteuid(was)
        folder.rmdir()  # empty: no temp was left
    assert caught.value.code == "audio.write"
    assert str(folder) in caught.value.message
    assert "writable folder" in caught.value.message


def test_a_missing_folder_and_a_folder_of_that_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "taken.wav").mkdir()
    with pytest.raises(AudioFileError, match="Create that folder first"):
        files.write_stem(tmp_path / "no" / "a.wav", clip_of(), PROVENANCE)
    with pytest.raises(AudioFileError, match="A folder of that name exists"):
        files.write_stem(tmp_path / "taken.wav", clip_of(), PROVENANCE)
    with pytest.raises(AudioFileError, match="file name"):
        files.write_stem(tmp_path / "a\0.wav", clip_of(), PROVENANCE)
    assert temps(tmp_path) == []


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_a_flac_reference_keeps_24_bits(tmp_path: Path, channels: int) -> None:
    clip = clip_of(channels, rate=44_100)
    clip = clip.with_samples(np.clip(clip.samples / 4, -1, 1))
    files.write_audio(tmp_path / "a.flac", clip)
    back = files.read(tmp_path / "a.flac")
    assert files.probe(tmp_path / "a.flac").subtype == "PCM_24"
    assert back.rate == 44_100
    np.testing.assert_allclose(back.samples, clip.samples, atol=2**-23, rtol=0)


def test_a_wav_reference_is_exact_and_has_no_position(tmp_path: Path) -> None:
    clip = clip_of(start=99)
    files.write_audio(tmp_path / "a.WAV", clip)
    np.testing.assert_array_equal(files.read(tmp_path / "a.WAV").samples, clip.samples)
    assert files.probe(tmp_path / "a.WAV").time_reference is None


def test_flac_refuses_what_it_would_clip(tmp_path: Path) -> None:
    loud = Clip(samples=np.full((1, 100), 2.0, np.float32), rate=RATE)
    with pytest.raises(AudioFileError, match=r"\+6\.02 dBFS") as caught:
        files.write_audio(tmp_path / "a.flac", loud)
    assert caught.value.code == "audio.clipped"


def test_other_suffixes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match=r"\.wav and \.flac") as caught:
        files.write_audio(tmp_path / "a.mp3", clip_of())
    assert caught.value.code == "audio.format"


def test_settings_that_do_not_go_to_json_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="set cannot be serialised to JSON"):
        files.Provenance(settings={"bad": {1, 2}})
