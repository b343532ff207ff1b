"""A stretch of an audio file as a sound that is read in pieces, so its length does not cost memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from stylus_daw.audio.clip import Samples
from stylus_daw.audio.formats.reading import (
    OnShort,
    accept_short,
    check_region,
    decode,
    log_short,
    opened,
    read,
    tell_short,
)
from stylus_daw.audio.sound import BLOCK_SAMPLES, Sound
from stylus_daw.audio.spool import Scratch, SpooledSound
from stylus_daw.errors import AudioFileError

_EXACT = ("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE")
_PACKED = ("FLAC", "OGG", "MP3")


@contextlib.contextmanager
def opened_sound(
    path: Path, scratch: Scratch, *, first: int = 0, length: int | None = None, on_short: OnShort = log_short
) -> Iterator[Sound]:
    """The stretch of the file that :func:`~stylus_daw.audio.formats.reading.read` gives, readable within the context.

    A short one is a clip in memory. Uncompressed samples of a long one are read from the file on demand;
    compressed ones are decoded once, into a spool.

    Raises:
        AudioFileError: as :func:`~stylus_daw.audio.formats.reading.read`; for NaN also later, where it is read.
    """
    with opened(path) as (file, info):
        check_region(path, info, first, length)
        wanted = info.frames - first if length is None else length
        is_whole, is_short = length is None, wanted * info.channels * 4 <= scratch.memory_bytes
        start = (info.time_reference or 0) + first
        if not is_short:
            tell_short(path, info, on_short)
        if not is_short and info.subtype in _EXACT and info.format not in _PACKED:
            yield _FileSound(
                path=path, file=file, first=first, channels=info.channels, length=wanted, rate=info.rate, start=start
            )
            return
        if not is_short:
            with scratch.spool(info.channels) as spool:
                for samples in _decoded(path, file, first, wanted, is_whole=is_whole):
                    spool.append(samples)
                yield SpooledSound(spool=spool, rate=info.rate, start=start)
            return
    yield read(path, first=first, length=length, on_short=on_short)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _FileSound:
    """Samples of an open file."""

    path: Path
    file: soundfile.SoundFile
    first: int
    channels: int
    length: int
    rate: int
    start: int

    def read(self, first: int, count: int) -> Samples:
        """Shape: ``[channels, count]``."""
        samples = decode(self.path, self.file, self.first + first, count)
        if samples.shape[1] < count:
            accept_short(self.path, self.first + first, samples.shape[1], count, whole=False)
        _refuse_non_finite(self.path, samples, first)
        return np.ascontiguousarray(samples)


def _decoded(path: Path, file: soundfile.SoundFile, first: int, wanted: int, *, is_whole: bool) -> Iterator[Samples]:
    """The stretch from beginning to end, without seeking in a compressed file. Shape: each ``[channels, any]``."""
    done = 0
    file.seek(first)
    while done < wanted:
        samples = decode(path, file, None, min(BLOCK_SAMPLES, wanted - done))
        if not samples.shape[1]:
            accept_short(path, first, done, wanted, whole=is_whole)
            return
        _refuse_non_finite(path, samples, done)
        done += samples.shape[1]
        yield samples


def _refuse_non_finite(path: Path, samples: Samples, first: int) -> None:
    """Shape: ``[channels, samples]``."""
    if np.isfinite(samples).all():
        return
    channel, index = np.argwhere(~np.isfinite(samples))[0]
    raise AudioFileError(
        "audio.non_finite",
        f"'{path}': sample {first + index} of channel {channel + 1} is NaN or infinite. "
        "Render the region again without the plugin that made it.",
    )
