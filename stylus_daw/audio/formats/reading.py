"""Reading audio files: what a file is, and the requested stretch of it."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

import numpy as np
import soundfile

from stylus_daw.audio.clip import MAX_CHANNELS, MAX_RATE, MIN_RATE, Clip, Samples
from stylus_daw.audio.formats import position
from stylus_daw.audio.formats.chunks import ixml, riff
from stylus_daw.audio.formats.decoder import MAX_FRAMES, decoder
from stylus_daw.audio.formats.provenance import Provenance
from stylus_daw.audio.formats.shortfall import Shortfall, ShortFileError
from stylus_daw.errors import AudioFileError, RequestError
from stylus_daw.regular_file import NotRegularError, open_regular

_BLOCK = 1 << 22  # samples: 34 MB of stereo at a time

logger = logging.getLogger(__name__)

OnShort = Callable[[ShortFileError], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioInfo:
    """What an audio file says about itself.

    Attributes:
        rate: samples per second.
        channels: 1 to 8.
        frames: samples per channel. MP3 and other lossy files may decode to a few more or fewer than
            were encoded; this is the decoder's figure.
        format: container as libsndfile names it: ``"WAV"``, ``"FLAC"``, …
        subtype: coding of a sample: ``"PCM_24"``, ``"FLOAT"``, ``"VORBIS"``, …
        time_reference: ``bext`` TimeReference, samples since midnight; None if the file has none.
        missing: of a file that breaks off, how many samples per channel it announces beyond its end; 0: it does not
            say. None: it is whole, as far as can be told.
    """

    rate: int
    channels: int
    frames: int
    format: str
    subtype: str
    time_reference: int | None = None
    speaker_mask: int = 0
    missing: int | None = None

    @property
    def seconds(self) -> float:
        return self.frames / self.rate


def probe(path: Path) -> AudioInfo:
    """What the file is, without reading its samples.

    Raises:
        AudioFileError: the file is not audio of a kind that stylus-daw reads.
    """
    with opened(path) as (_, info):
        return info


def shortage(path: Path, info: AudioInfo) -> ShortFileError | None:
    """What to tell of a file that breaks off and can be used as far as it goes; else None."""
    if info.missing is None:
        return None
    announced_s = (info.frames + info.missing) / info.rate if info.missing else None
    return ShortFileError(path, Shortfall(holds_s=info.seconds, announced_s=announced_s))


def log_short(short: ShortFileError) -> None:
    """The log's word on a file that breaks off."""
    logger.warning("%s", short.message)


def read(path: Path, *, first: int = 0, length: int | None = None, on_short: OnShort = log_short) -> Clip:
    """``length`` samples from sample ``first`` of the file; only these are decoded.

    16 and 24 bits and 32-bit float are exact; wider codings are rounded to 32-bit float.

    Args:
        path: audio file.
        first: first sample of the stretch.
        length: samples; None = all that follow.
        on_short: is told of a file that breaks off.

    Returns:
        Clip whose ``start`` is the file's ``bext`` TimeReference (0 without one) plus ``first``.

    Raises:
        AudioFileError: see :func:`probe`; also if the region reaches beyond the file or contains NaN.
    """
    with opened(path) as (sound, info):
        check_region(path, info, first, length)
        tell_short(path, info, on_short)
        wanted = info.frames - first if length is None else length
        samples = decode(path, sound, first, wanted)
    if samples.shape[1] < wanted:
        accept_short(path, first, samples.shape[1], wanted, whole=length is None)
    try:
        return Clip(samples=samples, rate=info.rate, start=(info.time_reference or 0) + first)
    except RequestError as error:
        raise AudioFileError(error.code, f"'{path}': {error.message}") from error


def read_provenance(path: Path) -> Provenance | None:
    """What :func:`~stylus_daw.audio.formats.writing.write_stem` put into the file; None for any other file.

    Raises:
        AudioFileError: the file is missing or cannot be opened.
    """
    with regular(path) as stream, _os_errors(path):
        content = riff.read_chunk(stream, b"iXML")
    return ixml.unpack(content) if content else None


def speaker_mask_of(path: Path) -> int:
    """Which channel goes to which loudspeaker, as the file says; 0 where it does not.

    Raises:
        AudioFileError: the file is missing or cannot be opened.
    """
    with regular(path) as stream, _os_errors(path):
        return riff.speaker_mask(stream)


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes, 64 hexadecimal digits.

    Raises:
        AudioFileError: the file is missing or cannot be opened.
    """
    with regular(path) as stream, _os_errors(path):
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[soundfile.SoundFile, AudioInfo]]:
    """The open file and what it is, both checked. The file is opened once: what was checked is what is read."""
    with regular(path) as stream:
        with _os_errors(path):
            time_reference, mask = position.time_reference(stream), riff.speaker_mask(stream)
            sound, coding = decoder(path, stream)
        with sound:
            info = AudioInfo(
                rate=coding.rate,
                channels=coding.channels,
                frames=coding.frames,
                format=coding.format,
                subtype=coding.subtype,
                time_reference=time_reference,
                speaker_mask=mask,
                missing=coding.missing,
            )
            _check_info(path, info)
            yield sound, info


@contextlib.contextmanager
def regular(path: Path) -> Iterator[BufferedReader]:
    """The file, open for reading; never a folder, a pipe or a device, which could block or never end.

    Raises:
        AudioFileError: missing, not permitted, not a regular file, or empty.
    """
    with _os_errors(path):
        stream = open_regular(path)
    with stream:
        if os.fstat(stream.fileno()).st_size == 0:
            raise AudioFileError("audio.empty", f"'{path}' has 0 bytes. Export it again.")
        yield stream


@contextlib.contextmanager
def _os_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        message = f"'{path}' does not exist. Check the path, or export it again."
        raise AudioFileError("audio.missing", message) from error
    except IsADirectoryError as error:
        raise AudioFileError("audio.unreadable", f"'{path}' is a folder. Choose an audio file.") from error
    except NotRegularError as error:
        raise AudioFileError("audio.unreadable", f"'{path}' is not a regular file. Choose an audio file.") from error
    except PermissionError as error:
        message = f"You do not have permission to read '{path}'. Change its permissions, or copy it elsewhere."
        raise AudioFileError("audio.unreadable", message) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        message = f"'{str(path)[:300]}' cannot be read: {error}. Copy it to a local folder and choose that copy."
        raise AudioFileError("audio.unreadable", message) from error


def _check_info(path: Path, info: AudioInfo) -> None:
    if not MIN_RATE <= info.rate <= MAX_RATE:
        raise AudioFileError(
            "audio.rate",
            f"'{path}' has a sample rate of {info.rate:,} Hz; allowed: {MIN_RATE:,} to {MAX_RATE:,} Hz. "
            "Convert it to the session's rate.",
        )
    if not 1 <= info.channels <= MAX_CHANNELS:
        raise AudioFileError(
            "audio.channels",
            f"'{path}' has {info.channels} channels; allowed: 1 to {MAX_CHANNELS}. Split it into smaller files.",
        )
    if info.frames == 0:
        raise AudioFileError("audio.empty", f"'{path}' has 0 samples; at least 1 is needed. Choose a longer region.")
    if info.frames > MAX_FRAMES:
        message = f"'{path}' does not state its length (it was streamed). Convert it to WAV."
        raise AudioFileError("audio.unreadable", message)


def check_region(path: Path, info: AudioInfo, first: int, length: int | None) -> None:
    """Raise an error for a stretch that reaches beyond the file."""
    last = info.frames if length is None else first + length
    if first < 0 or first >= info.frames or last > info.frames or (length is not None and length < 1):
        said = "to the end" if length is None else f"of {length:,} samples"
        short = "" if info.missing is None else "; it breaks off, more was announced"
        raise AudioFileError(
            "audio.region",
            f"The region {said} from sample {first:,} does not fit into '{path}', which has {info.frames:,} "
            f"samples (0 to {info.frames - 1:,}){short}. Choose a region inside it.",
        )


def decode(path: Path, sound: soundfile.SoundFile, first: int | None, length: int) -> Samples:
    """At most ``length`` samples from ``first`` (None: from the current position). Shape: ``[channels, samples]``."""
    try:
        if first is not None and first != sound.tell():
            sound.seek(first)
        return np.concatenate(list(_blocks(sound, length))).T
    except soundfile.LibsndfileError as error:
        message = f"'{path}' is damaged: {error.error_string} Export it again."
        raise AudioFileError("audio.unreadable", message) from error


def _blocks(sound: soundfile.SoundFile, length: int) -> Iterator[Samples]:
    """What is there, in blocks: a length that is only claimed costs no memory. Shape: ``[samples, channels]``."""
    while True:
        block = sound.read(min(length, _BLOCK), dtype="float32", always_2d=True)
        yield np.asarray(block, dtype=np.float32)
        length -= len(block)
        if length <= 0 or len(block) < _BLOCK:
            return


def tell_short(path: Path, info: AudioInfo, on_short: OnShort) -> None:
    """Tell of a file that breaks off."""
    if (short := shortage(path, info)) is not None:
        on_short(short)


def accept_short(path: Path, first: int, got: int, wanted: int, *, whole: bool) -> None:
    """Of a whole file, take what its decoder gives; a region that was asked for must be complete."""
    if whole and got:
        logger.warning("%s announces %d samples but holds %d", path, first + wanted, first + got)
        return
    raise AudioFileError(
        "audio.region",
        f"'{path}' ends early, at sample {first + got:,}; the region of {wanted:,} samples from sample {first:,} is "
        "incomplete. Export it again, or choose an earlier region.",
    )
