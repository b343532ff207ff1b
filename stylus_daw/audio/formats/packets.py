"""Packets of a compressed file, decoded by FFmpeg. Imported only where such a file is read: PyAV takes its time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import av
import av.error
import numpy as np

from stylus_daw.audio.clip import Samples


class DecodedBlocks:
    """Decoded blocks as 32-bit float. Shape: each ``[channels, any]``.

    The last packet may be one that cannot be decoded, because the file ends within it. One before it is an error.
    """

    def __init__(self, container: Any, stream: Any) -> None:
        self._container, self._stream = container, stream
        self._fault: Exception | None = None

    @property
    def breaks_off(self) -> bool:
        """The file ended within a packet; known at the end."""
        return self._fault is not None

    def __iter__(self) -> Iterator[Samples]:
        codec = self._stream.codec_context
        resampler = av.AudioResampler(format="fltp", layout=codec.layout, rate=codec.sample_rate)
        for frame in self._frames():
            frame.pts = None
            for even in resampler.resample(frame):
                yield np.asarray(even.to_ndarray(), np.float32)
        with contextlib.suppress(ValueError):
            for even in resampler.resample(None):
                yield np.asarray(even.to_ndarray(), np.float32)

    def _frames(self) -> Iterator[Any]:
        has_sound = False
        for packet in self._packets():
            if self._fault and packet.size:
                raise self._fault
            try:
                frames = packet.decode()
            except av.error.InvalidDataError as error:
                self._fault, frames = error, []
            has_sound = has_sound or bool(frames)
            yield from frames
        if self._fault and not has_sound:
            raise self._fault

    def _packets(self) -> Iterator[Any]:
        try:
            yield from self._container.demux(self._stream)
        except av.error.InvalidDataError as error:  # some containers look for the next packet before they give this
            self._fault = error
