"""What an engine must beat, and the ceiling: restyling without a network.

Each takes content and style and gives a clip as long as the content; only the oracle is told the
truth. Gains go through the same reconstruction as the engine's.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.spectrogram import Image, MelGeometry, band_edges_hz, level_db

Engine = Callable[[Clip, Clip], Clip]

BANDS = MelGeometry()
RANGE_DB, SOUNDING_DB = 70.0, 46.0
EQ_OCTAVES = 1 / 3
SCALE_RANGE = (0.5, 2.0)


def copy_content(content: Clip, style: Clip) -> Clip:
    """The content as it is."""
    return content


def copy_style(content: Clip, style: Clip) -> Clip:
    """The style as it is, cut or repeated to the content's length."""
    repeats = -(-content.length // style.length)
    return content.with_samples(np.tile(style.samples, (1, repeats))[:, : content.length])


def match_eq(content: Clip, style: Clip) -> Clip:
    """One static gain curve: the difference of the long-term average spectra, smoothed over 1/3 octave.

    What a match-EQ plugin does.
    """
    image = _levelled(content)
    gain = _average_spectrum(_levelled(style)) - _average_spectrum(image)
    return apply_gain(content, np.repeat(gain[:, None], image.shape[1], axis=1), BANDS)


def match_rows(content: Clip, style: Clip) -> Clip:
    """Every mel row shifted and scaled, in dB, to the mean and spread over time that it has in the style.

    Over the frames within 46 dB of the clip's level; scaled at most twofold, which serves it better than more.
    """
    image, other = _levelled(content), _levelled(style)
    heard, wanted = image[:, _sounding(image)], other[:, _sounding(other)]
    scale = np.clip(wanted.std(axis=1) / np.maximum(heard.std(axis=1), 1.0), *SCALE_RANGE)
    matched = (image - heard.mean(axis=1)[:, None]) * scale[:, None] + wanted.mean(axis=1)[:, None]
    return apply_gain(content, np.clip(matched, -RANGE_DB, None) - image, BANDS)


def oracle(content: Clip, truth: Clip) -> Clip:
    """The truth's own image through our reconstruction: what a perfect prediction would sound like."""
    return apply_gain(content, _levelled(truth) - _levelled(content), BANDS)


ANCHORS: dict[str, Engine] = {
    "copy-content": copy_content,
    "copy-style": copy_style,
    "EQ match": match_eq,
    "row match": match_rows,
}


def _levelled(clip: Clip) -> Image:
    """Mel image in dB re the clip's own level, no lower than -70 dB. Shape: ``[bands, frames]``."""
    image = mel_image(clip, BANDS)
    return np.maximum(image - np.float32(level_db(image)), -RANGE_DB)


def _sounding(levelled: Image) -> np.ndarray:
    return levelled.max(axis=0) > -SOUNDING_DB


def _average_spectrum(levelled: Image) -> Image:
    """Mean power of each band over time, smoothed in log frequency, dB. Shape: ``[bands]``."""
    power = (10.0 ** (levelled / 10.0)).mean(axis=1)
    octave = np.log2(band_edges_hz(BANDS)[1:-1])
    near = np.abs(octave[:, None] - octave[None, :]) <= EQ_OCTAVES / 2
    return (10.0 * np.log10(near @ power / near.sum(axis=1))).astype(np.float32)
