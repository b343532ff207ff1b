"""Clip: audio in memory, which all rooms exchange."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stylus_daw.errors import RequestError, check_range

MIN_RATE, MAX_RATE = 8_000, 192_000  # Hz: from telephone audio to the highest rate that DAWs offer
MAX_CHANNELS = 8  # 7.1, the widest layout that the loudness weights cover

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """A stretch of audio at a place in time.

    Attributes:
        samples: float32 ``[channels, samples]``, full scale is 1.0, C-contiguous.
        rate: samples per second, 8,000 to 192,000.
        start: position of the first sample in the session, in samples of ``rate``.

    Raises:
        RequestError: empty, too many channels, a rate out of range, NaN or infinity.

    >>> Clip(samples=np.zeros((2, 480), np.float32), rate=48_000).seconds
    0.01
    """

    samples: Samples
    rate: int
    start: int = 0

    def __post_init__(self) -> None:
        if self.samples.ndim != 2:
            raise ValueError(f"samples must be [channels, samples], not shape {self.samples.shape}")
        check_range("sample rate", self.rate, MIN_RATE, MAX_RATE, code="audio.rate")
        check_range("channel count", self.samples.shape[0], 1, MAX_CHANNELS, code="audio.channels")
        if self.samples.shape[1] == 0:
            raise RequestError("audio.empty", "The audio has 0 samples; at least 1 is needed. Choose a longer region.")
        object.__setattr__(self, "samples", np.ascontiguousarray(self.samples, dtype=np.float32))
        _refuse_non_finite(self.samples)

    @property
    def channels(self) -> int:
        return self.samples.shape[0]

    @property
    def length(self) -> int:
        """Number of samples per channel."""
        return self.samples.shape[1]

    @property
    def seconds(self) -> float:
        return self.length / self.rate

    def mid(self) -> Samples:
        """Mean of all channels. Shape: ``[samples]``."""
        return self.samples.mean(axis=0, dtype=np.float32)

    def with_samples(self, samples: Samples) -> Clip:
        """The same place in time with other samples. Shape: ``[channels, any]``."""
        return replace(self, samples=samples)

    def read(self, first: int, count: int) -> Samples:
        """``count`` samples from ``first``; makes a clip a ``Sound``. Shape: ``[channels, count]``."""
        return self.samples[:, first : first + count]

    def slice(self, first: int, length: int) -> Clip:
        """``length`` samples from sample ``first`` of this clip, its ``start`` moved along.

        Raises:
            RequestError: the slice reaches outside the clip.
        """
        if first < 0 or length < 1 or first + length > self.length:
            raise RequestError(
                "audio.region",
                f"The region of {length} samples from sample {first} does not fit into the audio, which has "
                f"{self.length} samples. Choose a region inside it.",
            )
        return replace(self, samples=self.samples[:, first : first + length], start=self.start + first)


def _refuse_non_finite(samples: Samples) -> None:
    """Shape: ``[channels, samples]``."""
    bad = ~np.isfinite(samples)
    if bad.any():
        channel, index = np.argwhere(bad)[0]
        raise RequestError(
            "audio.non_finite",
            f"{int(bad.sum())} samples are NaN or infinite, the first at sample {index} of channel {channel + 1}. "
            "Render the region again without the plugin that made them.",
        )
