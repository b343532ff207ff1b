"""Sources: stretches of sound by position, from a file or from memory. A file is never held as a whole."""

from __future__ import annotations

import os
from collections import OrderedDict
from pathlib import Path
from typing import Protocol

import numpy as np
import soundfile

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.formats.reading import probe
from stylus_daw.errors import AudioFileError

BLOCK, KEPT_BLOCKS = 1 << 15, 4


class Source(Protocol):
    """Sound that can be read anywhere.

    Attributes:
        rate: samples per second.
        channels: 1 to 8.
        length: samples per channel.
        start: 0; a source counts from its own first sample.
    """

    @property
    def rate(self) -> int: ...
    @property
    def channels(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def start(self) -> int: ...

    def read(self, first: int, frames: int) -> Samples:
        """Samples ``first`` to ``first + frames``, silence outside the sound. Shape: ``[channels, frames]``."""
        ...


class ClipSource:
    """A clip in memory.

    >>> clip = Clip(samples=np.ones((1, 3), np.float32), rate=48_000)
    >>> ClipSource(clip).read(2, 3).tolist()
    [[1.0, 0.0, 0.0]]
    """

    start = 0

    def __init__(self, clip: Clip) -> None:
        self._samples = clip.samples
        self.rate, self.channels, self.length = clip.rate, clip.channels, clip.length

    def read(self, first: int, frames: int) -> Samples:
        out = np.zeros((self.channels, frames), np.float32)
        low, high = max(0, first), min(self.length, first + frames)
        if low < high:
            out[:, low - first : high - first] = self._samples[:, low:high]
        return out


class FileSource:
    """An audio file, decoded in blocks; the last few stay, so that memory does not grow with the file.

    For one thread at a time.

    Raises:
        AudioFileError: the file cannot be read as audio, at the start or at any later block.
    """

    start = 0

    def __init__(self, path: Path) -> None:
        audio = probe(path)
        self.path = path
        self.rate, self.channels, self.length = audio.rate, audio.channels, audio.frames
        self._blocks: OrderedDict[int, Samples] = OrderedDict()
        name = str(path) if os.name == "nt" else os.fsencode(path)
        self._sound = soundfile.SoundFile(name)  # pyright: ignore[reportArgumentType]

    def read(self, first: int, frames: int) -> Samples:
        out = np.zeros((self.channels, frames), np.float32)
        low, high = max(0, first), min(self.length, first + frames)
        for number in range(low // BLOCK, -(-high // BLOCK) if low < high else 0):
            begin, end = max(low, number * BLOCK), min(high, (number + 1) * BLOCK)
            block = self._block(number)[:, begin - number * BLOCK : end - number * BLOCK]
            out[:, begin - first : begin - first + block.shape[1]] = block
        return out

    def close(self) -> None:
        """Let go of the file."""
        self._sound.close()
        self._blocks.clear()

    def _block(self, number: int) -> Samples:
        if number in self._blocks:
            self._blocks.move_to_end(number)
            return self._blocks[number]
        block = self._blocks[number] = self._decoded(number * BLOCK)
        if len(self._blocks) > KEPT_BLOCKS:
            self._blocks.popitem(last=False)
        return block

    def _decoded(self, first: int) -> Samples:
        try:
            if self._sound.tell() != first:
                self._sound.seek(first)
            samples = np.asarray(self._sound.read(BLOCK, dtype="float32", always_2d=True), dtype=np.float32).T
        except (soundfile.LibsndfileError, OSError) as error:
            message = f"'{self.path}' can no longer be read: {error}. Check that its disk is connected."
            raise AudioFileError("audio.unreadable", message) from error
        return np.nan_to_num(np.ascontiguousarray(samples), posinf=0.0, neginf=0.0)
