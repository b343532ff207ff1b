"""``docs/factory-presets.md``, from the audition of the factory presets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from bench.presets.report import LOUDEST_PEAK_DB, QUIETEST_LUFS, Audition, PresetReport, failures

CLOSEST = 10


def page(report: PresetReport) -> str:
    """The page as Markdown."""
    return "\n".join([*_head(report), *_sounds(report), *_measured(report), *_closest(report), *_verdict(report), ""])


def _head(report: PresetReport) -> Iterator[str]:
    contents = ", ".join(report.contents)
    yield "# Factory presets"
    yield ""
    yield (
        f"{len(report.auditions)} presets, each auditioned by `python -m bench.presets` with the weights "
        f"`{report.model}` on {len(report.contents)} contents of {report.seconds:g} s ({contents}), on the way that "
        "a job takes: engine, loudness, chain, stem file. This page is written by that command."
    )
    yield ""


def _sounds(report: PresetReport) -> Iterator[str]:
    yield "## What they are for"
    yield ""
    yield "| no. | preset | group | styles | what it is good for |"
    yield "|---:|---|---|---|---|"
    for found in report.auditions:
        preset = found.preset
        styles = " + ".join(style.title.partition(",")[0] for style in preset.styles)
        yield f"| {preset.program} | {preset.name} (`{preset.id}`) | {preset.group} | {styles} | {preset.notes} |"
    yield ""


def _measured(report: PresetReport) -> Iterator[str]:
    yield "## How they measure"
    yield ""
    yield (
        "Loudness: quietest and loudest stem. True peak: the loudest stem. Centroid: mean. Distances are those of "
        "timbre: the Euclidean distance of the means and standard deviations over time of MFCC 1 to 19, mean over the "
        f"contents. For scale: a high shelf of 3 dB at 2 kHz moves the contents by {report.threshold:.1f}."
    )
    yield ""
    yield "| preset | LUFS | dBTP | centroid, Hz | distance to the input | nearest preset | its distance |"
    yield "|---|---:|---:|---:|---:|---|---:|"
    for index, found in enumerate(report.auditions):
        other, distance = report.nearest(index)
        yield _row(found, report.auditions[other], distance)
    yield ""


def _row(found: Audition, nearest: Audition, distance: float) -> str:
    loudness = f"{min(found.lufs):.1f} to {max(found.lufs):.1f}"
    return (
        f"| `{found.preset.id}` | {loudness} | {found.true_peak_db:.1f} | {found.centroid_hz:.0f} | "
        f"{found.from_input:.1f} | `{nearest.preset.id}` | {distance:.1f} |"
    )


def _closest(report: PresetReport) -> Iterator[str]:
    pairs = list(combinations(range(len(report.auditions)), 2))
    distances = np.array([report.distances[pair] for pair in pairs])
    yield "## How far they are from each other"
    yield ""
    yield (
        f"Of all {len(pairs)} pairs the smallest distance is {distances.min():.1f}, the median "
        f"{np.median(distances):.1f}, the largest {distances.max():.1f}. The closest {CLOSEST}:"
    )
    yield ""
    yield "| one | other | distance |"
    yield "|---|---|---:|"
    for index in distances.argsort()[:CLOSEST]:
        one, other = (report.auditions[place].preset.id for place in pairs[index])
        yield f"| `{one}` | `{other}` | {distances[index]:.1f} |"
    yield ""
    yield from _matrix(report)


def _matrix(report: PresetReport) -> Iterator[str]:
    """All pairs, the columns by number."""
    programs = [str(found.preset.program) for found in report.auditions]
    yield "All pairs; the columns bear the presets' numbers:"
    yield ""
    yield f"| preset | {' | '.join(programs)} |"
    yield "|---|" + "---:|" * len(programs)
    for index, found in enumerate(report.auditions):
        cells = ("" if other == index else f"{report.distances[index, other]:.0f}" for other in range(len(programs)))
        yield f"| {found.preset.program} `{found.preset.id}` | {' | '.join(cells)} |"
    yield ""


def _verdict(report: PresetReport) -> Iterator[str]:
    yield "## Verdict"
    yield ""
    yield (
        f"A preset fails when a stem is quieter than {QUIETEST_LUFS:g} LUFS, peaks above {LOUDEST_PEAK_DB:g} dBTP, or "
        f"when its distance to the input or to another preset is below {report.threshold:.1f}."
    )
    yield ""
    yield from (f"- {sentence}" for sentence in failures(report) or ("None fails.",))
