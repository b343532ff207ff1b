"""Holes: moments in which the content sounds and the result hardly does.

    python -m bench.hearing.holes CONTENT RESULT

Per group of bands, over 100 ms: the content lies within 40 dB of its own level, and the result more than 20 dB below
the content. What the style takes from a whole group of bands is colour, not a hole: it is measured over the whole clip
and not counted. A result without holes has 0 everywhere.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import MelGeometry, band_edges_hz, level_db

GROUP_EDGES_HZ = {"lows": 250.0, "low mids": 1_000.0, "high mids": 4_000.0, "highs": 16_000.0}
"""Upper edges."""
MOMENT_FRAMES = 10
SOUNDING_DB, HOLE_DB = -40.0, -20.0
BANDS = MelGeometry()

Float = NDArray[np.float32]


def holes(content: Clip, result: Clip) -> dict[str, float]:
    """Share of the moments in which each group of bands sounds in the content, and has a hole in the result, 0..1.

    A group that never sounds has none.
    """
    ours, theirs = _groups(content), _groups(result)
    return {name: _share(ours[name], theirs[name]) for name in GROUP_EDGES_HZ}


def _share(content: Float, result: Float) -> float:
    sounds = content > SOUNDING_DB
    if not sounds.any():
        return 0.0
    colour = min(0.0, _mean_db(result[sounds]) - _mean_db(content[sounds]))
    return float((result[sounds] < content[sounds] + colour + HOLE_DB).mean())


def _groups(clip: Clip) -> Mapping[str, Float]:
    """Level of each group over time, re the clip's own level, dB."""
    image = mel_image(clip, BANDS)
    power, centres = 10.0 ** ((image - level_db(image)) / 10.0), band_edges_hz(BANDS)[1:-1]
    found, low = {}, 0.0
    for name, high in GROUP_EDGES_HZ.items():
        total = power[(centres >= low) & (centres < high)].sum(axis=0)
        found[name] = 10.0 * np.log10(uniform_filter1d(total, MOMENT_FRAMES, mode="nearest") + 1e-12)
        low = high
    return found


def _mean_db(levels_db: Float) -> float:
    return float(10.0 * np.log10((10.0 ** (levels_db / 10.0)).mean()))


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns 1 where there are holes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("result", type=Path)
    args = parser.parse_args(arguments)
    found = holes(read(args.content), read(args.result))
    for name, share in found.items():
        print(f"{name:10} {100 * share:6.2f} %")
    return int(max(found.values()) > 0)


if __name__ == "__main__":
    sys.exit(main())
