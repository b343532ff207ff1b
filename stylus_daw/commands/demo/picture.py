"""``demo.png``: mel images and waveforms of content, style and result, one row for each preset. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.spectrogram import Image, MelGeometry, band_edges_hz, level_db

GEOMETRY = MelGeometry()
RANGE_DB = (-65.0, 5.0)  # dB re the clip's loudness: what the picture shows
TICKS_HZ = (100, 300, 1_000, 3_000, 10_000)  # Hz: marks of the picture
COLUMNS = ("content", "style", "result")
BACKGROUND, INK, WAVE_COLOURS = "#16161d", "#e8e6e3", ("#7fb7be", "#d3a4d8", "#f4b860")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One preset of the picture: three clips, and what is above them."""

    clips: tuple[Clip, Clip, Clip]
    titles: tuple[str, str, str]


def draw(rows: Sequence[Row], path: Path) -> None:
    """Write the picture.

    Raises:
        ImportError: matplotlib is not installed.
        OSError: it cannot be written.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(15, 4.6 * len(rows)), dpi=100, facecolor=BACKGROUND, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(2 * len(rows), 3, sharey="row", squeeze=False, height_ratios=[3.2, 1] * len(rows))
    for index, row in enumerate(rows):
        _draw_row(axes[2 * index], axes[2 * index + 1], row)
    figure.savefig(path, facecolor=BACKGROUND)


def _draw_row(images: Any, waves: Any, row: Row) -> None:
    peak = max(float(np.abs(clip.samples).max()) for clip in row.clips)
    for column, clip in enumerate(row.clips):
        _draw_mel(images[column], clip, f"{COLUMNS[column]}: {row.titles[column]}")
        _draw_wave(waves[column], clip, peak, WAVE_COLOURS[column])
    images[0].set_ylabel("Hz", color=INK)


def _draw_mel(axis: Any, clip: Clip, title: str) -> None:
    grid = GEOMETRY.at(clip.rate)
    mel_db = grid.mel_db(grid.stft(clip.mid()))
    axis.imshow(
        _relative(mel_db),
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=RANGE_DB[0],
        vmax=RANGE_DB[1],
        extent=(0, clip.seconds, 0, GEOMETRY.bands),
        interpolation="nearest",
    )
    centres = band_edges_hz(GEOMETRY)[1:-1]
    axis.set_yticks(np.interp(TICKS_HZ, centres, np.arange(GEOMETRY.bands) + 0.5), [f"{hz:,}" for hz in TICKS_HZ])
    axis.set_title(title, color=INK, fontsize=11, loc="left")
    _tidy(axis, clip)
    axis.tick_params(labelbottom=False)


def _draw_wave(axis: Any, clip: Clip, peak: float, colour: str) -> None:
    """The outline, as a DAW draws it: lowest and highest sample of every point."""
    per_point = max(1, clip.length // 1_500)
    points = clip.mid()[: clip.length // per_point * per_point].reshape(-1, per_point)
    seconds = np.arange(points.shape[0]) * per_point / clip.rate
    axis.fill_between(seconds, points.min(axis=1), points.max(axis=1), color=colour, linewidth=0)
    axis.set_ylim(-peak, peak)
    axis.set_yticks([])
    axis.set_xlabel("s", color=INK, fontsize=9)
    _tidy(axis, clip)


def _relative(mel_db: Image) -> Image:
    """Decibels re the clip's own loudness. Shape: ``[bands, frames]``, kept."""
    return mel_db - level_db(mel_db)


def _tidy(axis: Any, clip: Clip) -> None:
    axis.set_xlim(0, clip.seconds)
    axis.set_facecolor(BACKGROUND)
    axis.tick_params(colors=INK, labelsize=8)
    for spine in axis.spines.values():
        spine.set_visible(False)
