"""Files that must be decoded as a whole: kinds that libsndfile does not read, or whose length it gets wrong.

PyAV (FFmpeg's libraries) decodes MPEG-4, WavPack, streamed FLAC and MP3s without a table of contents; pedalboard
decodes chained Ogg to the sample. The samples go to a nameless temporary file, where they are read like any other.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import soundfile

from stylus_daw.audio.clip import MAX_CHANNELS, Samples
from stylus_daw.errors import AudioFileError

MAX_HOURS = 24  # hours of sound; beyond that a small file is a trap and a large one a mistake
_DEMUXERS = "mov,wv,flac,mp3,ogg,aac,caf,wav,w64,aiff"
"""What FFmpeg may take a file for. Playlists and image lists are not among them: these open other files."""
_NAMES = {"mov,mp4,m4a,3gp,3g2,mj2": "MPEG-4", "wv": "WavPack", "aac": "AAC"}
_BLOCK = 1 << 20  # samples that pedalboard decodes at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What a file that was decoded as a whole is: container and codec by name, rate, channels, samples per channel."""

    format: str
    subtype: str
    rate: int
    channels: int
    frames: int


def decoded(path: Path, stream: BinaryIO) -> tuple[soundfile.SoundFile, Coding]:
    """All samples of the file as a sound file of 32-bit floats, and what they were.

    Raises:
        AudioFileError: not audio of an allowed kind (``audio.format``), damaged, or longer than 24 hours.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the sound file that reads it)
    try:
        coding = _spooled(path, stream, spool)
        if not coding.frames:
            raise AudioFileError("audio.empty", f"'{path}' has 0 samples; at least 1 is needed. Export it again.")
        spool.seek(0)
        return _SpoolFile(spool, coding), coding
    except BaseException:
        spool.close()
        raise


class _SpoolFile(soundfile.SoundFile):
    """Interleaved 32-bit floats in a temporary file, which goes when this is closed."""

    def __init__(self, spool: BinaryIO, coding: Coding) -> None:
        self._spool = spool
        raw = {"format": "RAW", "subtype": "FLOAT", "endian": "LITTLE"}
        super().__init__(spool, samplerate=coding.rate, channels=coding.channels, **raw)  # pyright: ignore

    def close(self) -> None:
        super().close()
        self._spool.close()


def packet_samples(stream: BinaryIO) -> int:
    """Samples that the packets of an MP3 hold, counted without decoding; 0 where FFmpeg sees no audio."""
    import av.error

    stream.seek(0)
    try:
        with _container(stream) as container:
            first = container.streams.audio[0]
            spans = (packet.duration or 0 for packet in container.demux(first))
            return round(sum(spans) * float(first.time_base or 0) * first.codec_context.sample_rate)
    except (av.error.FFmpegError, IndexError, ValueError):
        return 0


def _spooled(path: Path, stream: BinaryIO, spool: BinaryIO) -> Coding:
    stream.seek(0)
    is_ogg = stream.read(4) == b"OggS"
    stream.seek(0)
    if is_ogg and (coding := _ogg_spooled(path, spool)):
        return coding
    return _ffmpeg_spooled(path, stream, spool)


def _ogg_spooled(path: Path, spool: BinaryIO) -> Coding | None:
    """Vorbis by pedalboard, link after link; None for Opus, which it does not read."""
    from pedalboard.io import AudioFile

    try:
        file = AudioFile(str(path))
    except (ValueError, OSError):
        return None
    frames = 0
    with file:
        _check_channels(path, file.num_channels)
        while (block := file.read(_BLOCK)).shape[1]:
            frames += block.shape[1]
            _check_length(path, frames, round(file.samplerate))
            spool.write(_interleaved(block))
        return Coding(
            format="OGG", subtype="VORBIS", rate=round(file.samplerate), channels=file.num_channels, frames=frames
        )


def _ffmpeg_spooled(path: Path, stream: BinaryIO, spool: BinaryIO) -> Coding:
    import av.error

    try:
        with _container(stream) as container:
            first = next((track for track in container.streams.audio if track.codec_context), None)
            if first is None or not first.codec_context.sample_rate:
                raise _not_audio(path, "it holds no sound that can be decoded")
            return _track_spooled(path, container, first, spool)
    except av.error.FFmpegError as error:
        raise _not_audio(path, error.strerror or "damaged") from error


def _track_spooled(path: Path, container: Any, track: Any, spool: BinaryIO) -> Coding:
    rate, channels = track.codec_context.sample_rate, track.codec_context.channels
    _check_channels(path, channels)
    most, frames = _stated(track, container.format.name), 0
    for block in _blocks(container, track):
        kept = block[:, : None if most is None else max(0, most - frames)]
        frames += kept.shape[1]
        _check_length(path, frames, rate)
        spool.write(_interleaved(kept))
    kind = str(container.format.name)
    name, codec = _NAMES.get(kind, kind.upper()), track.codec_context.name.upper()
    return Coding(format=name, subtype=codec, rate=rate, channels=channels, frames=frames)


def _container(stream: BinaryIO) -> Any:
    import av.error

    return av.open(stream, options={"format_whitelist": _DEMUXERS, "protocol_whitelist": "file"})


def _stated(stream: Any, container: str) -> int | None:
    """MPEG-4 states its length to the sample; its last packet is padded beyond."""
    if "mp4" not in container or stream.duration is None:
        return None
    return round(float(stream.duration * stream.time_base) * stream.codec_context.sample_rate)


def _blocks(container: Any, stream: Any) -> Iterator[Samples]:
    """Decoded blocks as 32-bit float. Shape: each ``[channels, any]``."""
    import av.error

    resampler = av.AudioResampler(
        format="fltp", layout=stream.codec_context.layout, rate=stream.codec_context.sample_rate
    )
    for frame in container.decode(stream):
        frame.pts = None
        for even in resampler.resample(frame):
            yield np.asarray(even.to_ndarray(), np.float32)
    with contextlib.suppress(ValueError):
        for even in resampler.resample(None):
            yield np.asarray(even.to_ndarray(), np.float32)


def _interleaved(samples: Samples) -> bytes:
    """Little-endian frames. Shape: ``[channels, samples]``."""
    return np.ascontiguousarray(samples.T, dtype="<f4").tobytes()


def _check_channels(path: Path, channels: int) -> None:
    if not 1 <= channels <= MAX_CHANNELS:
        message = f"'{path}' has {channels} channels; allowed: 1 to {MAX_CHANNELS}. Split it into smaller files."
        raise AudioFileError("audio.channels", message)


def _check_length(path: Path, frames: int, rate: int) -> None:
    if frames > MAX_HOURS * 3600 * rate:
        message = f"'{path}' is longer than {MAX_HOURS} hours. Cut it into shorter files."
        raise AudioFileError("audio.unreadable", message)


def _not_audio(path: Path, reason: str) -> AudioFileError:
    return AudioFileError("audio.format", f"'{path}' cannot be read as audio ({reason}).")
