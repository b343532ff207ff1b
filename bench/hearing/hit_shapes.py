"""What a hit does, whatever equaliser stands behind it: how it decays, where its brightness goes, how noisy it is.

A cross-check of the judges of kits, without training. Every band is taken relative to its own mean over the clip, so
that a static equaliser changes nothing but the weights of the bands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import MelGeometry

GEOMETRY = MelGeometry(hop_ms=5, window_ms=20)
GROUPS = 8
"""Groups of bands whose decay is measured."""
FLOOR_DB, LONGEST_S, SHORTEST_S, TOGETHER_S = -60.0, 0.25, 0.04, 0.02
"""Depth under the loudest; how much of a hit is looked at; what is too short to tell; what is struck at once."""
COURSE = 4
"""Stretches in which the brightness is taken."""
EARLY_S = 0.06

Shapes = NDArray[np.float64]


def moments(onsets_s: Sequence[float], seconds: float) -> list[tuple[float, float]]:
    """Begin and end of what each hit has to itself, in seconds; hits struck at once are one.

    >>> moments([0.5, 0.505, 0.6], 1.0)
    [(0.5, 0.6), (0.6, 0.85)]
    """
    begins: list[float] = []
    for onset in sorted(onset for onset in onsets_s if onset < seconds):
        if not begins or onset - begins[-1] > TOGETHER_S:
            begins.append(onset)
    ends = [*begins[1:], seconds]
    spans = [(a, min(b, a + LONGEST_S)) for a, b in zip(begins, ends, strict=True)]
    return [(a, b) for a, b in spans if b - a >= SHORTEST_S]


def hit_shapes(clip: Clip, spans: Sequence[tuple[float, float]]) -> Shapes:
    """Decay of each group (dB per 100 ms), course of the brightness (bands), noisiness (dB). Shape: ``[hits, 13]``."""
    image = mel_image(clip, GEOMETRY).astype(np.float64)
    image = np.maximum(image, image.max() + FLOOR_DB)
    white = image - 10.0 * np.log10((10.0 ** (image / 10.0)).mean(axis=1, keepdims=True))
    rate = image.shape[1] * clip.rate / clip.length
    cuts = [white[:, int(a * rate) : int(b * rate)] for a, b in spans]
    return np.stack([np.concatenate([_decay(cut), _course(cut), _noisiness(cut)]) for cut in cuts])


def likeness(result: Shapes, wanted: Shapes, other: Shapes) -> float:
    """Share of hits, 0..1, nearer to the wanted ones; a hit counts by how far apart the two are."""
    spread = np.concatenate([wanted, other]).std(axis=0) + 1e-6
    apart, near, far = (np.linalg.norm(d / spread, axis=1) for d in (wanted - other, result - wanted, result - other))
    return float((apart * (near < far)).sum() / max(apart.sum(), 1e-9))


def _decay(cut: Shapes) -> Shapes:
    """Slope of each group from its peak on. Shape: ``[bands, frames] -> [GROUPS]``."""
    groups = 10.0 * np.log10((10.0 ** (cut / 10.0)).reshape(GROUPS, -1, cut.shape[1]).mean(axis=1))
    return np.array([_slope(course[course.argmax() :]) for course in groups])


def _slope(course: Shapes) -> float:
    if len(course) < COURSE:
        return 0.0
    time = np.arange(len(course)) * GEOMETRY.hop_ms / 100.0
    return float(np.polyfit(time, course, 1)[0])


def _course(cut: Shapes) -> Shapes:
    """Centre of the power, in bands, in each stretch. Shape: ``[bands, frames] -> [COURSE]``."""
    power = np.stack([(10.0 ** (part / 10.0)).mean(axis=1) for part in np.array_split(cut, COURSE, axis=1)])
    return (power * np.arange(cut.shape[0])).sum(axis=1) / power.sum(axis=1)


def _noisiness(cut: Shapes) -> Shapes:
    """Flatness of the first 60 ms. Shape: ``[bands, frames] -> [1]``."""
    power = (10.0 ** (cut[:, : round(EARLY_S * 1000 / GEOMETRY.hop_ms)] / 10.0)).mean(axis=1)
    return np.array([10.0 * np.log10(power).mean() - 10.0 * np.log10(power.mean())])
