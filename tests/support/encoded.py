"""Files as FFmpeg's encoders write them."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np


def encoded_by_ffmpeg(path: Path, codec: str, samples: np.ndarray, **options: str) -> Path:
    """A file at 44.1 kHz, in the container that its suffix names.

    Args:
        path: of the file.
        codec: FFmpeg's name of it.
        samples: 16-bit integers, stereo. Shape: ``[samples, 2]``.
        options: of the container.
    """
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream(codec, rate=44_100, layout="stereo")
        stream.codec_context.format = "fltp" if codec == "aac" else "s16p"
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="stereo")
        frame.rate = 44_100
        resampler = av.AudioResampler(
            format=stream.codec_context.format, frame_size=stream.codec_context.frame_size or 4096
        )
        for part in [*resampler.resample(frame), *resampler.resample(None), None]:
            container.mux(stream.encode(part))
    return path
