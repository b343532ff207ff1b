"""Writing audio files: stems as Broadcast Wave, style references as FLAC or WAV."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

from stylus_daw.atomic import replacing
from stylus_daw.atomic_inside import is_link, replacing_inside
from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.formats.chunks import ixml, riff
from stylus_daw.audio.formats.chunks.bext import MAX_TIME_REFERENCE, Bext
from stylus_daw.audio.formats.provenance import Provenance
from stylus_daw.audio.sound import Sound, pieces
from stylus_daw.errors import DISK_FULL, AudioFileError, quoted

_FULL = (*DISK_FULL, errno.EFBIG)


def write_stem(
    path: Path,
    sound: Sound,
    provenance: Provenance,
    *,
    protect: tuple[Path, ...] = (),
    speaker_mask: int = 0,
    replaces_links: bool = False,
) -> None:
    """Write ``sound`` as a 32-bit float Broadcast Wave, in blocks: exact samples, position and provenance.

    ``bext`` TimeReference is ``sound.start``; ``iXML`` repeats it and holds the provenance. The file does
    not state a tempo, so DAWs will not stretch it. It is RF64 if longer than 4 GiB. The file appears whole
    or not at all; after an error, an older file of that name is unchanged.

    Args:
        path: where; its folder exists.
        sound: the samples and their position.
        provenance: what made them.
        protect: files that must never be overwritten: the source, the style references.
        speaker_mask: which channel goes to which loudspeaker, as the source says; 0 = not said.
        replaces_links: the folder is one that others write to: a link in the place of ``path`` is replaced, and one in
            the place of its folder refused. Else links are followed.

    Raises:
        AudioFileError: the folder is missing, read-only or full (``audio.write``), ``path`` is one of
            ``protect`` (``audio.protected``), or ``sound.start`` has no TimeReference (``audio.position``).
    """
    bext = _bext(path, sound, provenance)
    extra = [(b"bext", bext.pack()), (b"iXML", ixml.pack(provenance, bext, rate=sound.rate, channels=sound.channels))]
    _write_wave(path, sound, extra, protect, mask=speaker_mask, replaces_links=replaces_links)


def write_made_stem(
    path: Path, chunks: Iterable[bytes], size: int, *, protect: tuple[Path, ...] = (), replaces_links: bool = False
) -> None:
    """Write a stem that another machine has made with :func:`write_stem`; see there.

    Args:
        path: where; its folder exists.
        chunks: the file's content; if this raises, an older file is unchanged.
        size: of the file in bytes.
        protect: files that must never be overwritten.
        replaces_links: the folder is one that others write to.

    Raises:
        AudioFileError: the folder is missing, read-only or full, or ``path`` is one of ``protect``.
    """
    with _target(path, size, protect, replaces_links=replaces_links) as stream:
        for chunk in chunks:
            stream.write(chunk)


def write_audio(path: Path, clip: Clip, *, protect: tuple[Path, ...] = ()) -> None:
    """Write ``clip`` as 24-bit FLAC (``.flac``) or 32-bit float WAV (``.wav``), whole or not at all.

    Raises:
        AudioFileError: as :func:`write_stem`; another suffix (``audio.format``); samples over full
            scale, which FLAC would clip (``audio.clipped``).
    """
    match path.suffix.lower():
        case ".wav":
            _write_wave(path, clip, (), protect)
        case ".flac":
            _write_flac(path, clip, protect)
        case suffix:
            message = f"'{path}' cannot be written as '{suffix}'; allowed: .wav and .flac. Choose one of them."
            raise AudioFileError("audio.format", message)


def _bext(path: Path, sound: Sound, provenance: Provenance) -> Bext:
    if not 0 <= sound.start <= MAX_TIME_REFERENCE:
        raise AudioFileError(
            "audio.position",
            f"'{path}' would start at sample {sound.start:,}; allowed: 0 to {MAX_TIME_REFERENCE:,}. "
            "Add the session's start to its position.",
        )
    return Bext(
        description=provenance.summary,
        originator="stylus-daw",
        reference=uuid.uuid4().hex,
        created=datetime.now(),
        time_reference=sound.start,
        coding_history=_coding_history(sound, provenance.app_version),
    )


def _coding_history(sound: Sound, app_version: str) -> str:
    """One line after EBU R98: algorithm, rate, word length, mode, free text."""
    mode = {1: ",M=mono", 2: ",M=stereo"}.get(sound.channels, "")
    return f"A=PCM,F={sound.rate},W=32{mode},T=stylus-daw {app_version}".rstrip() + "; float\r\n"


def _write_wave(
    path: Path,
    sound: Sound,
    extra: Sequence[tuple[bytes, bytes]],
    protect: tuple[Path, ...],
    *,
    mask: int = 0,
    replaces_links: bool = False,
) -> None:
    header = riff.wave_header(
        channels=sound.channels,
        rate=sound.rate,
        frames=sound.length,
        extra=extra,
        mask=mask if mask.bit_count() == sound.channels else 0,
    )
    needed = len(header) + 4 * sound.channels * sound.length
    with _target(path, needed, protect, replaces_links=replaces_links) as stream:
        stream.write(header)
        for samples in pieces(sound):
            stream.write(_interleaved(samples))


def _interleaved(samples: Samples) -> bytes:
    """Little-endian frames. Shape: ``[channels, samples]``."""
    return np.ascontiguousarray(samples.T, dtype="<f4").tobytes()


def _write_flac(path: Path, clip: Clip, protect: tuple[Path, ...]) -> None:
    """Encodes in memory, because libsndfile does not say why a write failed."""
    peak = float(np.abs(clip.samples).max())
    if peak > 1:
        message = (
            f"'{path}' would clip: its peak is {20 * np.log10(peak):+.2f} dBFS; FLAC holds at most 0 dBFS. "
            "Turn it down, or write .wav."
        )
        raise AudioFileError("audio.clipped", message)
    encoded = io.BytesIO()
    soundfile.write(encoded, clip.samples.T, clip.rate, format="FLAC", subtype="PCM_24")
    with _target(path, encoded.tell(), protect) as stream:
        stream.write(encoded.getbuffer())


@contextlib.contextmanager
def _target(
    path: Path, needed_bytes: int, protect: tuple[Path, ...], *, replaces_links: bool = False
) -> Iterator[BinaryIO]:
    """A stream that becomes ``path``; system errors become AudioFileError."""
    try:
        if not (replaces_links and is_link(path)):
            _refuse_protected(path, protect)
        with (replacing_inside if replaces_links else replacing)(path) as stream:
            yield stream
    except FileExistsError as error:
        text = f"{quoted(path)} was made by somebody else meanwhile, and was kept. Name another place."
        raise AudioFileError("audio.exists", text) from error
    except OSError as error:
        raise AudioFileError("audio.write", _why_not_written(path, needed_bytes, error)) from error
    except ValueError as error:  # a NUL in the path
        raise AudioFileError(
            "audio.write", f"{quoted(path)} cannot be a file name: {error}. Choose another."
        ) from error


def _refuse_protected(path: Path, protect: tuple[Path, ...]) -> None:
    for source in protect:
        if _is_same_file(path, source):
            message = f"'{path}' is the source '{source}', which is never overwritten. Choose another name."
            raise AudioFileError("audio.protected", message)


def _is_same_file(path: Path, other: Path) -> bool:
    """True for links, and for names that the file system does not tell apart."""
    if os.path.normcase(os.path.realpath(path)) == os.path.normcase(os.path.realpath(other)):
        return True
    return path.exists() and other.exists() and path.samefile(other)


def _why_not_written(path: Path, needed_bytes: int, error: OSError) -> str:
    folder = path.parent.absolute()
    reason = error.strerror or error
    said = f"'{path.name[:200]}' was not written to '{folder}': {reason}. It needs {needed_bytes:,} bytes"
    if error.errno in _FULL:
        return f"{said}; {_free_bytes(folder)}. Free some space there, or choose another folder."
    if path.is_dir():
        return f"{said}. A folder of that name exists: choose another name."
    if not folder.is_dir():
        return f"{said}. Create that folder first, or choose another."
    return f"{said}. Choose a writable folder, and close other programs that have the file open."


def _free_bytes(folder: Path) -> str:
    try:
        return f"{shutil.disk_usage(folder).free:,} are free"
    except OSError:
        return "free space is unknown"
