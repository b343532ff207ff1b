"""Contact sheets: the mel pictures of a few pairs side by side, and their sound as FLAC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bench.material.pairs import Pair
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.formats.writing import write_audio
from stylus_daw.audio.level.loudness import match_loudness
from stylus_daw.audio.level.true_peak import limit_true_peak
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import Image, MelGeometry, level_db

PAIRS_PER_SHEET = 4
RANGE_DB = (-60.0, 5.0)
LISTENING_LUFS, CEILING_DB = -20.0, -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One row of a sheet: a title and named images in dB re each clip's level."""

    title: str
    images: Mapping[str, Image]


def strip(pair: Pair, results: Mapping[str, Clip]) -> Strip:
    """Content, style, truth and the results of a pair as pictures."""
    plan = pair.plan
    title = f"{plan.index}: {plan.category.value}, {pair.font_name}, {plan.content_program} → {plan.style_program}"
    return pictured(title, {**_given(pair), **results})


def pictured(title: str, clips: Mapping[str, Clip]) -> Strip:
    """Any clips as pictures."""
    return Strip(title=title, images={name: _picture(clip) for name, clip in clips.items()})


def draw_sheet(strips: Sequence[Strip], path: Path) -> None:
    """Write a PNG: a row per pair, a column per clip; the first, the content, bears the pair's title."""
    columns = max(len(s.images) for s in strips)
    figure = Figure(figsize=(2.7 * columns, 2.1 * len(strips)), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(len(strips), columns, squeeze=False)
    for row, entry in zip(axes, strips, strict=True):
        for axis in row:
            axis.set_axis_off()
        for axis, (name, image) in zip(row, entry.images.items(), strict=False):
            axis.imshow(image, origin="lower", aspect="auto", vmin=RANGE_DB[0], vmax=RANGE_DB[1], cmap="magma")
            axis.set_title(name, fontsize=8)
        row[0].set_title(entry.title, fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def write_clips(pair: Pair, results: Mapping[str, Clip], folder: Path) -> None:
    """All clips of a pair as FLAC, equally loud."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, clip in {**_given(pair), **results}.items():
        listenable = limit_true_peak(match_loudness(clip, LISTENING_LUFS), CEILING_DB)
        write_audio(folder / f"{pair.plan.index:02d}-{name.replace(' ', '-')}.flac", listenable)


def _given(pair: Pair) -> dict[str, Clip]:
    return {"content": pair.content, "style": pair.style, "truth": pair.truth}


def _picture(clip: Clip) -> Image:
    image = mel_image(clip, MelGeometry())
    return image - np.float32(level_db(image))
