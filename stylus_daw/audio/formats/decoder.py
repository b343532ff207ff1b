"""Which decoder reads a file: libsndfile where it gives all there is, others where it gives less or nothing.

libsndfile believes headers. An MP3 without a table of contents, an Ogg of several links, a WAV whose size wrapped
at 4 GiB: of all these it reads the beginning and calls it the whole. Each is recognised here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import soundfile

from stylus_daw.audio.formats import whole_file
from stylus_daw.audio.formats.breaking_off import missing_frames
from stylus_daw.audio.formats.chunks import wave_data
from stylus_daw.audio.formats.kinds import FORMATS_SAID
from stylus_daw.audio.formats.whole_file import Coding
from stylus_daw.errors import AudioFileError

_FORMATS = ("WAV", "WAVEX", "RF64", "W64", "AIFF", "CAF", "FLAC", "OGG", "MP3")
_STATED = ("FLAC", "MP3")  # formats whose length libsndfile takes from the header
MAX_FRAMES = 2**40  # samples, 66 days at 192 kHz: more is the placeholder of a streamed file
_TABLE = re.compile(rb"Xing|Info|VBRI")  # marks of the frame that states an MP3's length
_TABLE_WITHIN = 256  # bytes from the first MPEG frame: side information ends before
_TRIMMED = 4 * 1152  # samples: encoder delay and padding that gapless decoding takes off
_BLOCK = 1 << 20  # bytes read at a time when pages are looked for
_FIRST_PAGE = 0x02  # header type of the first page of a logical stream (RFC 3533)
_Answer = TypeVar("_Answer")


def decoder(path: Path, stream: BinaryIO) -> tuple[soundfile.SoundFile, Coding]:
    """The open file as something that reads 32-bit float samples, and what it is.

    Raises:
        AudioFileError: not audio, or of a kind that cannot be read (``audio.format``).
    """
    sound, coding = _chosen(path, stream)
    if coding.missing:
        return sound, coding
    what = {"subtype": coding.subtype, "rate": coding.rate, "channels": coding.channels, "frames": coding.frames}
    missing = _at_rest(stream, lambda: missing_frames(stream, **what))
    return sound, coding if missing is None else replace(coding, missing=missing)


def _chosen(path: Path, stream: BinaryIO) -> tuple[soundfile.SoundFile, Coding]:
    if path.suffix.lower() == ".raw":  # soundfile would ask for the rate; libsndfile would guess
        raise unknown_format(path, "a raw file does not state its rate and channels")
    if (data := wave_data.misstated(stream)) is not None:
        return _with_coding(_open(path, data.view(stream)))
    stream.seek(0)
    try:
        sound = _open(path, stream)
    except AudioFileError as refused:
        return _otherwise(path, stream, refused)
    if _gives_all(sound, stream):
        return _with_coding(sound)
    announced = sound.frames if sound.format in _STATED and _has_length(sound) else None
    sound.close()
    return whole_file.decoded(path, stream, announced)


def unknown_format(path: Path, reason: str) -> AudioFileError:
    """The error for a file that nobody here can read."""
    return AudioFileError(
        "audio.format",
        f"'{path}' cannot be read as audio ({reason}). Allowed: {FORMATS_SAID}. Export it as WAV.",
    )


class _Patient:
    """A stream for libsndfile, which asks damaged files for places that cannot be: it then stays where it is."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.read, self.tell = stream.read, stream.tell

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Where it is now."""
        try:
            return self._stream.seek(offset, whence)
        except (OSError, ValueError, OverflowError):
            return self._stream.tell()


def _open(path: Path, source: Any) -> soundfile.SoundFile:
    try:
        patient: Any = _Patient(source)
        sound = soundfile.SoundFile(patient)
    except soundfile.LibsndfileError as error:
        raise unknown_format(path, error.error_string.rstrip(".")) from error
    if sound.format not in _FORMATS:  # e.g. any text named .au would be read as telephone noise
        sound.close()
        raise unknown_format(path, f"it looks like {sound.format}")
    return sound


def _otherwise(path: Path, stream: BinaryIO, refused: AudioFileError) -> tuple[soundfile.SoundFile, Coding]:
    try:
        return whole_file.decoded(path, stream)
    except AudioFileError as error:
        raise (refused if error.code == "audio.format" else error) from error


def _with_coding(sound: soundfile.SoundFile) -> tuple[soundfile.SoundFile, Coding]:
    coding = Coding(
        format=sound.format,
        subtype=sound.subtype,
        rate=sound.samplerate,
        channels=sound.channels,
        frames=sound.frames,
    )
    return sound, coding


def _gives_all(sound: soundfile.SoundFile, stream: BinaryIO) -> bool:
    """Whether libsndfile's frame count is all there is. The stream's position is left as it was."""
    match sound.format:
        case "MP3":
            return _at_rest(stream, lambda: _mp3_is_whole(sound, stream))
        case "OGG":
            return _at_rest(stream, lambda: not _is_chained(stream))
        case "FLAC":
            return _has_length(sound) and _at_rest(stream, lambda: _has_its_end(stream, sound.frames))
        case "CAF":
            return _has_length(sound)
        case _:
            return sound.seekable()  # GSM is not


def _has_length(sound: soundfile.SoundFile) -> bool:
    """Streamed files leave it open."""
    return 0 < sound.frames <= MAX_FRAMES


def _has_its_end(stream: BinaryIO, frames: int) -> bool:
    """Whether the last sample that the header announces is there. A second decoder asks: a failure spoils it."""
    stream.seek(0)
    patient: Any = _Patient(stream)
    try:
        with soundfile.SoundFile(patient) as sound:
            sound.seek(frames - 1)
            return len(sound.read(1)) == 1
    except soundfile.LibsndfileError:
        return False


def _at_rest(stream: BinaryIO, question: Callable[[], _Answer]) -> _Answer:
    place = stream.tell()
    try:
        return question()
    finally:
        stream.seek(place)


def _mp3_is_whole(sound: soundfile.SoundFile, stream: BinaryIO) -> bool:
    """Its packets hold what its table states; without one, what libsndfile guessed."""
    tolerance, held = _TRIMMED if _has_table(stream) else 0, whole_file.packet_samples(stream)
    return sound.frames - _TRIMMED <= held <= sound.frames + tolerance or not held


def _has_table(stream: BinaryIO) -> bool:
    stream.seek(0)
    head = stream.read(10)
    if head[:3] == b"ID3":
        size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True))
        stream.seek(10 + size)
    else:
        stream.seek(0)
    return _TABLE.search(stream.read(_TABLE_WITHIN)) is not None


def _is_chained(stream: BinaryIO) -> bool:
    """Whether a logical stream begins after others have brought samples: one file, several links."""
    stream.seek(0, os.SEEK_SET)
    began, carried = 0, b""
    while block := stream.read(_BLOCK):
        text = carried + block
        for found in re.finditer(rb"OggS\x00(.)", text, re.DOTALL):
            is_first = found.group(1)[0] & _FIRST_PAGE
            if is_first and began:
                return True
            began += not is_first
        carried = text[-5:]
    return False
