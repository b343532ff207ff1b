"""The lines of the fidelity battery: what each measures, and up to which figure it holds."""

from __future__ import annotations

from dataclasses import dataclass

from bench.material.signals import Content
from stylus_daw.audio.clip import Clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure that must not be above its limit."""

    name: str
    unit: str
    limit: float
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A content in one form, and the style that it gets."""

    content: Content
    style: str
    rate: int
    channels: int
    seconds: float

    @property
    def name(self) -> str:
        form = "stereo" if self.channels == 2 else "mono"
        return f"{self.content.name} → {self.style}, {self.rate / 1000:g} kHz {form}, {self.seconds:g} s"

    def clip(self) -> Clip:
        return self.content.clip(self.rate, self.channels, self.seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line, measured on one case."""

    line: Line
    case: Case
    value: float

    @property
    def holds(self) -> bool:
        return self.value <= self.line.limit


def _lines(*rows: tuple[str, str, float, str]) -> dict[str, Line]:
    return {name: Line(name=name, unit=unit, limit=limit, what=what) for name, unit, limit, what in rows}


LINES = _lines(
    ("null", "samples", 0, "samples that differ from the content at strength 0"),
    ("length", "samples", 0, "difference in length"),
    ("lag", "samples", 0, "peak of the whitened cross-correlation with the content, any channel"),
    ("loudness", "LU", 0.5, "difference in integrated loudness"),
    ("true peak", "dB", 0.01, "above -1 dBTP, or above the content's own where that is higher"),
    ("stereo level", "dB", 1.0, "change of the level between the channels, any octave within 50 dB of the loudest"),
    ("stereo level, hits", "dB", 3.0, "the same where a kit plays the hits"),
    ("stereo correlation", "", 0.05, "change of the correlation of the channels, any such octave"),
    ("bandwidth", "dB", 12.0, "share of power above 10 kHz, below the style's, where the style has more than -50 dB"),
    ("bandwidth, dull content", "dB", 12.0, "the same, for a content that has nothing above 2 kHz"),
    ("seams", "ratio", 1.0, "median flux of the gain where tiles cross-fade / 95th percentile elsewhere"),
    ("seams above", "%", 10.0, "frames there whose flux is above that percentile (5 is chance)"),
    ("pre-echo", "dB", -40.0, "power from 20 to 3 ms before an attack out of silence, relative to 20 ms from it on"),
    ("pre-echo, whole", "dB", -40.0, "the same for all of the 20 ms before, to the last sample"),
    ("late, hits", "ms", 1.0, "time from an attack until the kit's hit comes within 20 dB of its loudest"),
    ("steps", "ratio", 2.0, "largest step between samples / the content's largest"),
    (
        "steps, with style",
        "ratio",
        2.0,
        "the same / the larger of content's and style's, at one loudness: recorded music, hits by a kit",
    ),
    (
        "steps, with highs",
        "ratio",
        1.0,
        "the same / the larger of the style's and those of the content with highs: dull contents",
    ),
    ("holes", "%", 0.0, "moments in which the content sounds and the stem lies 20 dB lower, in the worst band group"),
    ("burst", "ratio", 2.0, "how far a step stands out of the 5 ms around it / the same in the content"),
)
