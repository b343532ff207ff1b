"""StyleRequest and its parts: pure data, everything that decides what the engine makes.

Names against the symbols of Stylus (arXiv 2411.15913) and StyleID (CVPR 2024):

===============  ============  ==========================================================
``strength``     alpha         ``out = A_c + alpha (A_s - A_c)``; 0 gives the input back
``structure``    gamma         ``Q~ = gamma Q_content + (1 - gamma) Q``; on guides: whose envelopes a note follows
``structure_end``              gamma at the last step of sampling; on the way there it follows a cosine
``sharpness``    T             multiplies the attention logits
``start``        t_start       fraction of the noise schedule that is inverted
``steps``                      steps of inversion and of sampling, each
``matching``                   which statistics the initial latent takes from the styles
``sampler``                    how sampling steps; the inversion is always of second order
===============  ============  ==========================================================

A field that is None takes the checkpoint's own default, so that one preset suits every checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import TypeVar

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.sound import Sound
from stylus_daw.engine.envelope import EnvelopePoints, checked_points
from stylus_daw.errors import RequestError, check_range

Choice = TypeVar("Choice", bound=StrEnum)

DEFAULT_CHECKPOINT = "stylus-mini"
MAX_SEED = 2**31 - 1
RANGES = {
    "strength": (0, 2),
    "structure": (0, 1),
    "structure_end": (0, 1),
    "sharpness": (0.25, 4),
    "start": (0.05, 1),
    "steps": (1, 200),
    "transients": (0, 1),
    "low_keep_hz": (20, 2_000),
    "dry_wet": (0, 1),
    "brightness": (0, 1),
    "formants": (0, 1),
    "tempo_bpm": (20, 400),
    "bar_beats": (1, 32),
}
"""Lowest and highest value of each knob that may be None."""


class Quality(Enum):
    """How much time a render may take."""

    DRAFT = "draft"
    NORMAL = "normal"
    HIGH = "high"


class Matching(StrEnum):
    """What the initial latent takes from the styles, per latent channel."""

    ROWS = "rows"
    """Mean and spread of every row of frequencies (AdaIN that knows frequency)."""
    CHANNELS = "channels"
    """Mean and spread of the whole channel (AdaIN, as published)."""
    EXACT = "exact"
    """The whole distribution of every row (exact feature distribution matching, arXiv 2203.07740)."""


class Sampler(StrEnum):
    """How an inverted checkpoint gets from noise back to an image."""

    DDIM = "ddim"
    """First order (arXiv 2010.02502)."""
    DPMPP = "dpmpp"
    """DPM-Solver++, second order multistep (arXiv 2211.01095)."""
    UNIPC = "unipc"
    """UniPC, second order, with a corrector (arXiv 2302.04867)."""
    LCM = "lcm"
    """Latent consistency, for a few steps on Stable Diffusion 1.x; needs its LoRA (arXiv 2311.05556)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleSettings:
    """The engine's knobs. None = the checkpoint's own default.

    Attributes:
        strength: 0..2, how far towards the style; 0 returns the input bit for bit.
        structure: 0..1; on guides (stylus-mini) the articulation: 0 notes and hits have the style's envelopes, 1 the
            content's own dynamics and articulation; on inverted checkpoints how much the queries keep of the content.
        structure_end: 0..1, structure at the last step (inverted checkpoints only); None = the same at all steps.
        sharpness: 0.25..4, temperature of the attention; above 1 picks fewer style frames.
        start: 0.05..1, how deep the inversion goes (inverted checkpoints only).
        steps: 1..200, steps of inversion and of sampling (inverted checkpoints only).
        seed: 0..2^31-1.
        matching: which statistics the initial latent takes (inverted checkpoints only); its value as text will do.
        sampler: how sampling steps (inverted checkpoints only); its value as text will do.
        quality: chooses ``steps`` and ``sampler`` where they are None.
        checkpoint: a name (``"stylus-mini"``) or a folder.
        transients: 0..1, how far the gain stands still at attacks, so that they stay the content's; None = 0.
        low_keep_hz: 20..2000, below it the content stays as it is; None = nothing is kept.
        dry_wet: 0..1, share of the result in the mix with the content; 0 returns the input bit for bit; None = 1.
        brightness: 0..1, 0 keeps the content's overall spectral tilt, 1 takes the result's; None = 1.
        formants: 0..1, 0 keeps the content's broad resonances, 1 takes the result's; None = 1.
        envelope: points (seconds from the region's first sample, 0..2) between which the factor on the gain in dB
            runs straight; before the first and after the last point it stands; None = 1 everywhere.
        tempo_sync: the styles are brought to ``tempo_bpm`` and looped by whole bars.
        tempo_bpm: 20..400, the session's tempo in quarter notes a minute.
        bar_beats: 1..32, quarter notes in a bar of the session; None = 4.

    Raises:
        RequestError: a value is out of its range.
    """

    strength: float | None = None
    structure: float | None = None
    structure_end: float | None = None
    sharpness: float | None = None
    start: float | None = None
    steps: int | None = None
    seed: int = 0
    matching: Matching = Matching.ROWS
    sampler: Sampler | None = None
    quality: Quality = Quality.NORMAL
    checkpoint: str = DEFAULT_CHECKPOINT
    transients: float | None = None
    low_keep_hz: float | None = None
    dry_wet: float | None = None
    brightness: float | None = None
    formants: float | None = None
    envelope: EnvelopePoints | None = None
    tempo_sync: bool = False
    tempo_bpm: float | None = None
    bar_beats: float | None = None

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if value is not None:
                check_range(name, value, low, high)
        check_range("seed", self.seed, 0, MAX_SEED)
        object.__setattr__(self, "matching", _chosen("matching", Matching, self.matching))
        if self.sampler is not None:
            object.__setattr__(self, "sampler", _chosen("sampler", Sampler, self.sampler))
        if self.envelope is not None:
            object.__setattr__(self, "envelope", checked_points(self.envelope))


def _chosen(name: str, kind: type[Choice], written: str) -> Choice:
    try:
        return kind(written)
    except ValueError as error:
        text = f"{name} is {written!r}; allowed: {', '.join(kind)}."
        raise RequestError(f"request.{name}", text) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedStyle:
    """A style reference in memory and its share of the blend.

    Attributes:
        clip: the reference, any rate, any length.
        weight: > 0; weights are normalised to sum 1.
        tempo_bpm: 20..400, its own tempo; None = it is listened for where it is needed.
    """

    clip: Clip
    weight: float = 1.0
    tempo_bpm: float | None = None

    def __post_init__(self) -> None:
        check_range("style weight", self.weight, 1e-6, 1e6)
        if self.tempo_bpm is not None:
            check_range("style tempo_bpm", self.tempo_bpm, *RANGES["tempo_bpm"])


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRequest:
    """One call of the engine.

    Attributes:
        content: the region, with any handles already attached; a clip, or a sound that is read in pieces.
        styles: one or more references.
        settings: the knobs.
        before: samples of ``content`` that are a handle before the region; the envelope counts from their end.
    """

    content: Sound
    styles: tuple[WeightedStyle, ...]
    settings: StyleSettings = field(default_factory=StyleSettings)
    before: int = 0

    def __post_init__(self) -> None:
        if not self.styles:
            raise RequestError("request.no_style", "No style was given. Name a preset or at least one style file.")

    @property
    def weights(self) -> tuple[float, ...]:
        """Blend weights, sum 1."""
        total = sum(style.weight for style in self.styles)
        return tuple(style.weight / total for style in self.styles)
