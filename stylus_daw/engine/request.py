"""StyleRequest and its parts: pure data, everything that decides what the engine makes.

The knobs are ``StyleSettings``: the table in `stylus_daw.engine.knobs.style_settings`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.sound import Sound
from stylus_daw.engine.knobs.choices import Matching, Quality, Sampler
from stylus_daw.engine.knobs.style_settings import DEFAULT_CHECKPOINT, KNOBS, MAX_SEED, StyleSettings
from stylus_daw.engine.share import Shared
from stylus_daw.errors import RequestError, check_range

__all__ = [
    "DEFAULT_CHECKPOINT",
    "MAX_SEED",
    "Matching",
    "Quality",
    "Sampler",
    "StyleRequest",
    "StyleSettings",
    "WeightedStyle",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedStyle:
    """A style reference in memory and its share of the blend.

    Attributes:
        clip: the reference, any rate, any length.
        weight: > 0; weights are normalised to sum 1.
        tempo_bpm: 20..400, its own tempo; None: detected when needed.
    """

    clip: Clip
    weight: float = 1.0
    tempo_bpm: float | None = None

    def __post_init__(self) -> None:
        check_range("style weight", self.weight, 1e-6, 1e6)
        if self.tempo_bpm is not None:
            check_range("style tempo_bpm", self.tempo_bpm, *KNOBS["tempo_bpm"].range)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRequest:
    """One call of the engine.

    Attributes:
        content: the region, with any handles already attached; a clip, or a sound that is read in pieces.
        styles: one or more references.
        settings: the knobs.
        before: samples of ``content`` that are a handle before the region; the envelope counts from their end.
        heard: what other machines heard of ``content``; None: this one hears it. Gives the same samples.
    """

    content: Sound
    styles: tuple[WeightedStyle, ...]
    settings: StyleSettings = field(default_factory=StyleSettings)
    before: int = 0
    heard: Shared | None = None

    def __post_init__(self) -> None:
        if not self.styles:
            raise RequestError("request.no_style", "No style was given. Name a preset or at least one style file.")

    @property
    def weights(self) -> tuple[float, ...]:
        """Blend weights, sum 1."""
        total = sum(style.weight for style in self.styles)
        return tuple(style.weight / total for style in self.styles)
