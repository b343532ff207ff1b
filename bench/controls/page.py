"""``bench/controls/controls.md``, from what `bench.controls` measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

METRICS = ("lsd_db", "timbre", "chroma", "onset", "pitch")
OFF: dict[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting on one pair. The first five compare with the truth, the others with the content."""

    settings: dict[str, Any]
    category: str
    lsd_db: float
    timbre: float
    chroma: float
    onset: float
    pitch: float
    own_onset: float
    loudness_lu: float
    centroid_octaves: float
    tilt_db: float
    resonances_db: float
    low_residual_db: float | None
    mix_residual_db: float | None
    residual_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TempoRow:
    """A style of a written tempo: what is heard of it, and of its loop at the session's."""

    style: str
    bpm: float
    heard_bpm: float
    is_clear: bool
    looped_bpm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    title: str
    value: Callable[[Sequence[Row]], float]
    digits: int = 2


def _mean(name: str) -> Callable[[Sequence[Row]], float]:
    return lambda rows: float(np.mean([getattr(row, name) for row in rows]))


def _mean_size(name: str) -> Callable[[Sequence[Row]], float]:
    return lambda rows: float(np.mean([abs(getattr(row, name)) for row in rows]))


def _largest(name: str) -> Callable[[Sequence[Row]], float]:
    return lambda rows: max(abs(getattr(row, name)) for row in rows)


def _highest(name: str) -> Callable[[Sequence[Row]], float]:
    """Of the rows that have it."""
    return lambda rows: max((value for row in rows if (value := getattr(row, name)) is not None), default=np.nan)


TO_TRUTH = (
    _Column(title="LSD, dB", value=_mean("lsd_db")),
    _Column(title="timbre", value=_mean("timbre"), digits=1),
    _Column(title="chroma", value=_mean("chroma"), digits=3),
    _Column(title="onset", value=_mean("onset"), digits=3),
    _Column(title="pitch", value=_mean("pitch"), digits=3),
)
LOUDNESS = _Column(title="loudness off by at most, LU", value=_largest("loudness_lu"))
SECTIONS: tuple[tuple[str, str, tuple[_Column, ...]], ...] = (
    (
        "transients",
        "Onset likeness to the content: correlation of the onset strengths.",
        (_Column(title="onset likeness to the content", value=_mean("own_onset"), digits=4),),
    ),
    (
        "low_keep_hz",
        "Residual: what differs from the content an octave below the frequency, the worst pair with lows.",
        (_Column(title="residual in the lows, dB", value=_highest("low_residual_db"), digits=1), LOUDNESS),
    ),
    (
        "dry_wet",
        "Residual: how far the sound is from content and result mixed sample by sample, the worst pair.",
        (_Column(title="residual to the mix, dB", value=_highest("mix_residual_db"), digits=1), LOUDNESS),
    ),
    (
        "brightness",
        "Centroid and tilt: of the sound's mean spectrum against the content's.",
        (
            _Column(title="centroid off by, octaves", value=_mean_size("centroid_octaves")),
            _Column(title="tilt off by, dB", value=_mean("tilt_db")),
        ),
    ),
    (
        "formants",
        "Resonances: what a third of an octave shows more than an octave, against the content's; RMS.",
        (
            _Column(title="resonances off by, dB", value=_mean("resonances_db")),
            _Column(title="tilt off by, dB", value=_mean("tilt_db")),
        ),
    ),
    (
        "envelope",
        "At 0 throughout, and rising from 0 to 1 over the region. Residual: what differs from the content.",
        (_Column(title="residual, dB", value=_highest("residual_db"), digits=1), LOUDNESS),
    ),
)


def page(
    rows: Sequence[Row],
    echoes: dict[float, float],
    tempos: Sequence[TempoRow],
    *,
    pairs: int,
    model: str,
    session_bpm: float,
) -> str:
    """The page as Markdown."""
    lines = [
        "# Controls",
        "",
        f"Made by `python -m bench.controls --pairs {pairs}` with the weights `{model}`: the pairs of `bench.quality`, "
        "every control by itself, means over the pairs. LSD to pitch compare with the truth and are explained in "
        "[quality.md](../quality/quality.md); higher is better for chroma and onset only.",
        "",
    ]
    for name, words, columns in SECTIONS:
        lines += [f"## {name}", "", words, "", *_table(name, rows, columns), ""]
    lines += ["## Pre-echo", "", *_echoes(echoes), "", "## Tempo", "", *_tempos(tempos, session_bpm), ""]
    lines += ["## Category by category", "", *_categories(rows)]
    return "\n".join(lines) + "\n"


def _table(name: str, rows: Sequence[Row], own: tuple[_Column, ...]) -> Iterator[str]:
    yield from _head([name], (*own, *TO_TRUTH))
    for settings in _settings(rows):
        if settings == OFF or name in settings:
            chosen = [row for row in rows if row.settings == settings]
            cells = [f"{c.value(chosen):.{c.digits}f}".replace("nan", "") for c in (*own, *TO_TRUTH)]
            yield f"| {_said(settings)} | {' | '.join(cells)} |"


def _head(first: list[str], columns: Sequence[_Column]) -> Iterator[str]:
    yield f"| {' | '.join([*first, *(column.title for column in columns)])} |"
    yield "|" + "---|" * len(first) + "---:|" * len(columns)


def _settings(rows: Sequence[Row]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        if row.settings not in found:
            found.append(row.settings)
    return found


def _said(settings: dict[str, Any]) -> str:
    if not settings:
        return "off"
    (value,) = settings.values()
    return f"{value:g}" if isinstance(value, float) else "0 to 1" if len(value) > 1 else "0"


def _echoes(echoes: dict[float, float]) -> Iterator[str]:
    yield "Bursts out of silence, restyled: the 20 ms before an attack re the 20 ms after it, the worst of ten."
    yield ""
    yield "| transients | pre-echo, dB |"
    yield "|---|---:|"
    yield from (f"| {amount:g} | {decibels:.1f} |" for amount, decibels in echoes.items())


def _tempos(rows: Sequence[TempoRow], session_bpm: float) -> Iterator[str]:
    clear = [row for row in rows if row.is_clear]
    right = [row for row in clear if abs(row.heard_bpm / row.bpm - 1) <= 0.02]
    followed = [row for row in clear if abs(row.looped_bpm / session_bpm - 1) <= 0.02]
    yield (
        f"The {len(rows)} styles of the factory presets, whose tempo is written (twice or half counts as right): a "
        f"beat is heard in {len(clear)}, within 2 % of the written one in {len(right)}. Looped at {session_bpm:g} bpm "
        f"by their written tempo, {len(followed)} of these are heard within 2 % of that."
    )
    yield ""
    yield f"| style | written | heard | looped at {session_bpm:g} |"
    yield "|---|---:|---:|---:|"
    for row in rows:
        heard = f"{row.heard_bpm:.1f}" if row.is_clear else "no beat"
        yield f"| {row.style} | {row.bpm:g} | {heard} | {row.looped_bpm:.1f} |"


def _categories(rows: Sequence[Row]) -> Iterator[str]:
    yield "What each setting changes against off, to the truth."
    yield ""
    yield from _head(["category", "setting"], TO_TRUTH)
    for category in dict.fromkeys(row.category for row in rows):
        for settings in _settings(rows):
            chosen = [row for row in rows if row.category == category and row.settings == settings]
            off = [row for row in rows if row.category == category and row.settings == OFF]
            cells = [f"{c.value(off):.{c.digits}f}" for c in TO_TRUTH]
            if settings:
                cells = [f"{c.value(chosen) - c.value(off):+.{c.digits}f}" for c in TO_TRUTH]
            label = f"{next(iter(settings))} {_said(settings)}" if settings else "off"
            yield f"| {category} | {label} | {' | '.join(cells)} |"
