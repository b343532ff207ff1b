"""The fidelity battery: cases, renders, and every line that a render is held to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise, product
from pathlib import Path

import numpy as np

from bench.fidelity import measures
from bench.fidelity.lines import LINES, Case, Finding
from bench.hearing.holes import holes
from bench.material.signals import CONTENTS, HITS, Content, named
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read
from stylus_daw.audio.level.true_peak import SAFE_PEAK_DB, guard_true_peak, true_peak_db
from stylus_daw.audio.windows import Tiling
from stylus_daw.engine.checkpoint import Checkpoint
from stylus_daw.engine.machine.device import choose_device
from stylus_daw.engine.mini.with_net import OVERLAP_FRAMES, TILE_FRAMES
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.registry import open_checkpoint
from stylus_daw.engine.transfer import stylize

RATES, CHANNELS = (44_100, 48_000, 96_000), (1, 2)
STYLES, LONG_STYLE = ("harpsichord", "warm-pad"), "brass-section"
KITS = ("room-kit", "drum-machine", "brush-kit")
STRUCK = (HITS, named("beat"))
"""Contents that kits play; lines that their other sounds break by right are replaced, see `_hit_lines`."""
BRIEF_S, SHORT_S, LONG_S, LONGEST_S = 1.0, 4.0, 30.0, 600.0
SEAMS_FROM_S, STEREO_UP_TO_S, HOLES_UP_TO_S = 20.0, 60.0, 60.0
BRIGHT_STYLE_DB = -50.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """The engine and the styles at hand."""

    checkpoint: Checkpoint
    styles: dict[str, Clip]

    def stem(self, case: Case, content: Clip, *, strength: float | None = None) -> Clip:
        """What a job would write for this case."""
        return self.restyled(content, self.styles[case.style], strength=strength)

    def restyled(self, content: Clip, style: Clip, *, strength: float | None = None) -> Clip:
        """What a job would write for a content and a style."""
        settings = StyleSettings(strength=strength)
        request = StyleRequest(content=content, styles=(WeightedStyle(clip=style),), settings=settings)
        result = stylize(request, self.checkpoint)
        return result if result is content else guard_true_peak(result, content)


def open_bench(device: str = "cpu") -> Bench:
    folder = Path(str(files("stylus_presets"))) / "styles"
    styles = {name: read(folder / f"{name}.flac") for name in (*STYLES, LONG_STYLE, *KITS)}
    return Bench(checkpoint=open_checkpoint("stylus-mini", choose_device(device)), styles=styles)


def cases(longest_s: float = LONGEST_S) -> Iterator[Case]:
    """The matrix: every content in every form, styles in turn; few long ones."""
    for number, (rate, channels) in enumerate(product(RATES, CHANNELS)):
        for index, content in enumerate(CONTENTS):
            style = STYLES[(number + index) % len(STYLES)]
            yield Case(content=content, style=style, rate=rate, channels=channels, seconds=SHORT_S)
        yield Case(content=named("beat"), style=LONG_STYLE, rate=rate, channels=channels, seconds=BRIEF_S)
        for content in STRUCK:
            kit = KITS[number % len(KITS)]
            yield Case(content=content, style=kit, rate=rate, channels=channels, seconds=SHORT_S)
    for kit in KITS:
        yield Case(content=named("beat"), style=kit, rate=48_000, channels=2, seconds=LONG_S)
    for rate in RATES:
        yield Case(content=named("plucked line"), style=LONG_STYLE, rate=rate, channels=2, seconds=LONG_S)
    yield Case(content=named("bright chords"), style=LONG_STYLE, rate=48_000, channels=1, seconds=LONG_S)
    yield Case(content=named("plucked line"), style=LONG_STYLE, rate=48_000, channels=2, seconds=longest_s)


def check(case: Case, bench: Bench) -> list[Finding]:
    """Render a case and measure every line that it can say something about."""
    content = case.clip()
    stem, dry = bench.stem(case, content), bench.stem(case, content, strength=0.0)
    found = {"null": float(np.count_nonzero(dry.samples != content.samples)), **common_lines(stem, content)}
    style = bench.styles[case.style]
    if case.style in KITS:
        found = _hit_lines(found, stem, content, style, case)
    else:
        found |= _steps(stem, content, style, case) | _alignment(stem, content, case.content)
        if case.content.is_music:
            found |= _brightness(stem, style, case.content)
    return [Finding(line=LINES[name], case=case, value=value) for name, value in found.items()]


def common_lines(stem: Clip, content: Clip) -> dict[str, float]:
    """What holds for any content, music from a record too."""
    allowed = max(SAFE_PEAK_DB, true_peak_db(content))
    found = {
        "length": float(abs(stem.length - content.length)),
        "loudness": measures.loudness_difference(stem, content),
        "true peak": max(0.0, true_peak_db(stem) - allowed),
        "burst": measures.step_burst(stem) / max(measures.step_burst(content), 0.3),
    }
    if content.channels == 2 and content.seconds <= STEREO_UP_TO_S:
        level, likeness = measures.stereo_change(stem, content)
        found |= {"stereo level": level, "stereo correlation": likeness}
    if content.seconds <= HOLES_UP_TO_S:
        found["holes"] = 100.0 * max(holes(content, stem).values())
    if content.seconds >= SEAMS_FROM_S:
        flux, above = measures.seam_flux(stem, content, tile_borders(content))
        found |= {"seams": flux, "seams above": above}
    return found


def _hit_lines(common: dict[str, float], stem: Clip, content: Clip, style: Clip, case: Case) -> dict[str, float]:
    """What holds for hits that another kit plays.

    They are other sounds, in one channel that is placed by level: waves do not correlate with the content's any more,
    neither over time nor between the channels, and a short drum leaves silence where a long one rang.
    """
    found = {name: value for name, value in common.items() if name not in ("stereo correlation", "holes")}
    if "stereo level" in found:
        found["stereo level, hits"] = found.pop("stereo level")
    found["steps, with style"] = measures.step_ratio_with(stem, content, style)
    if places := case.content.attacks(content):
        found |= _pre_echo(stem, places)
        found["late, hits"] = max(measures.late_ms(stem, place) for place in places)
    return found


def _pre_echo(stem: Clip, places: tuple[int, ...]) -> dict[str, float]:
    return {
        "pre-echo": max(measures.pre_echo_db(stem, place) for place in places),
        "pre-echo, whole": max(measures.pre_echo_db(stem, place, fade_s=0.0) for place in places),
    }


def _steps(stem: Clip, content: Clip, style: Clip, case: Case) -> dict[str, float]:
    """No click; a content that is given highs has the steps of one that has them."""
    if brighter := case.content.brighter(case.rate, case.channels, case.seconds):
        return {"steps, with highs": measures.step_ratio_with(stem, content, style, brighter)}
    return {"steps": measures.step_ratio(stem, content)}


def tile_borders(content: Clip) -> np.ndarray:
    """True for the frames in which tiles of stylus-mini cross-fade. Shape: ``[frames]``."""
    frames = content.length // round(content.rate / 100) + 2
    inside = np.zeros(frames, bool)
    starts = Tiling(frames=frames, width=TILE_FRAMES, overlap=OVERLAP_FRAMES).starts
    for before, after in pairwise(starts):
        inside[after : before + TILE_FRAMES] = True
    return inside


def _alignment(stem: Clip, content: Clip, kind: Content) -> dict[str, float]:
    """Lag, but for dull contents: a few harmonics have no single peak of correlation."""
    found = {} if kind.is_dull else {"lag": measures.lag_samples(stem, content)}
    if places := kind.attacks(content):
        found |= _pre_echo(stem, places)
    return found


def _brightness(stem: Clip, style: Clip, kind: Content) -> dict[str, float]:
    if measures.brightness_db(style) < BRIGHT_STYLE_DB:
        return {}
    return {"bandwidth, dull content" if kind.is_dull else "bandwidth": measures.brightness_shortfall_db(stem, style)}
