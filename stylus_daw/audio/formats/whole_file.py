"""Files that must be decoded as a whole: kinds that libsndfile does not read, or whose length it gets wrong.

PyAV (FFmpeg's libraries) decodes MPEG-4, WavPack, streamed FLAC and MP3s without a table of contents; pedalboard
decodes chained Ogg to the sample. The samples go to a nameless temporary file, where they are read like any other.
"""

from __future__ import annotations

import tempfile
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
_PACKETS = 4096  # samples, two packets of AAC: encoders differ about padding


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """What a file is: container and codec by name, rate, channels, samples per channel.

    Attributes:
        missing: of a file that breaks off, how many samples it announces beyond its end; 0: it does not say. None: it
            is whole, as far as can be told.
    """

    format: str
    subtype: str
    rate: int
    channels: int
    frames: int
    missing: int | None = None


def decoded(path: Path, stream: BinaryIO, announced: int | None = None) -> tuple[soundfile.SoundFile, Coding]:
    """All samples of the file as a sound file of 32-bit floats, and what they were.

    Args:
        path, stream: the file.
        announced: samples per channel that its header is known to promise.

    Raises:
        AudioFileError: not audio of an allowed kind (``audio.format``), damaged, or longer than 24 hours.
    """
    spool = tempfile.TemporaryFile()  # noqa: SIM115 (lives as long as the sound file that reads it)
    try:
        coding = _spooled(path, stream, spool, announced)
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


def _spooled(path: Path, stream: BinaryIO, spool: BinaryIO, announced: int | None) -> Coding:
    stream.seek(0)
    is_ogg = stream.read(4) == b"OggS"
    stream.seek(0)
    if is_ogg and (coding := _ogg_spooled(path, spool)):
        return coding
    return _ffmpeg_spooled(path, stream, spool, announced)


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


def _ffmpeg_spooled(path: Path, stream: BinaryIO, spool: BinaryIO, announced: int | None) -> Coding:
    import av.error

    try:
        with _container(stream) as container:
            first = next((track for track in container.streams.audio if track.codec_context), None)
            if first is None or not first.codec_context.sample_rate:
                raise _not_audio(path, "it holds no sound that can be decoded")
            return _track_spooled(path, container, first, spool, announced)
    except av.error.FFmpegError as error:
        raise _not_audio(path, error.strerror or "damaged") from error


def _track_spooled(path: Path, container: Any, track: Any, spool: BinaryIO, announced: int | None) -> Coding:
    from stylus_daw.audio.formats.packets import DecodedBlocks

    rate, channels = track.codec_context.sample_rate, track.codec_context.channels
    _check_channels(path, channels)
    kind = str(container.format.name)
    stated, frames = _stated(track, kind), 0
    most = stated if "mp4" in kind else None  # its last packet is padded beyond
    blocks = DecodedBlocks(container, track)
    for block in blocks:
        kept = block[:, : None if most is None else max(0, most - frames)]
        frames += kept.shape[1]
        _check_length(path, frames, rate)
        spool.write(_interleaved(kept))
    name, codec = _NAMES.get(kind, kind.upper()), track.codec_context.name.upper()
    lacks = (announced or stated or 0) - frames
    missing = max(0, lacks) if blocks.breaks_off or lacks > _PACKETS else None
    return Coding(format=name, subtype=codec, rate=rate, channels=channels, frames=frames, missing=missing)


def _container(stream: BinaryIO) -> Any:
    import av.error

    return av.open(stream, options={"format_whitelist": _DEMUXERS, "protocol_whitelist": "file"})


def _stated(stream: Any, container: str) -> int | None:
    """MPEG-4 and WavPack state their length to the sample; of others FFmpeg's figure may be a guess."""
    if not ("mp4" in container or container == "wv") or stream.duration is None:
        return None
    return round(float(stream.duration * stream.time_base) * stream.codec_context.sample_rate)


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
