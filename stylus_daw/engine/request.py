"""StyleRequest and its parts: pure data, everything that decides what the engine makes.

Names against the symbols of Stylus (arXiv 2411.15913) and StyleID (CVPR 2024):

===============  ============  ==========================================================
``strength``     alpha         ``out = A_c + alpha (A_s - A_c)``; 0 gives the input back
``structure``    gamma         ``Q~ = gamma Q_content + (1 - gamma) Q``
``structure_end``              gamma at the last step of sampling; on the way there it follows a cosine
``sharpness``    T             multiplies the attention logits
``start``        t_start       fraction of the noise schedule that is inverted
``steps``                      steps of inversion and of sampling, each
``matching``                   which statistics the initial latent takes from the styles
===============  ============  ==========================================================

A field that is None takes the checkpoint's own default, so that one preset suits every checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum

from stylus_daw.audio.clip import Clip
from stylus_daw.errors import RequestError, check_range

DEFAULT_CHECKPOINT = "stylus-mini"
MAX_SEED = 2**31 - 1


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleSettings:
    """The engine's knobs. None = the checkpoint's own default.

    Attributes:
        strength: 0..2, how far towards the style; 0 returns the input bit for bit.
        structure: 0..1, how much the queries keep of the content.
        structure_end: 0..1, structure at the last step (inverted checkpoints only); None = the same at all steps.
        sharpness: 0.25..4, temperature of the attention; above 1 picks fewer style frames.
        start: 0.05..1, how deep the inversion goes (inverted checkpoints only).
        steps: 1..200, steps of inversion and of sampling (inverted checkpoints only).
        seed: 0..2^31-1.
        matching: which statistics the initial latent takes (inverted checkpoints only); its value as text will do.
        quality: chooses ``steps`` where it is None.
        checkpoint: a name (``"stylus-mini"``) or a folder.

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
    quality: Quality = Quality.NORMAL
    checkpoint: str = DEFAULT_CHECKPOINT

    def __post_init__(self) -> None:
        ranges = {
            "strength": (0, 2),
            "structure": (0, 1),
            "structure_end": (0, 1),
            "sharpness": (0.25, 4),
            "start": (0.05, 1),
            "steps": (1, 200),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if value is not None:
                check_range(name, value, low, high)
        check_range("seed", self.seed, 0, MAX_SEED)
        object.__setattr__(self, "matching", _matching(self.matching))


def _matching(written: str) -> Matching:
    try:
        return Matching(written)
    except ValueError as error:
        text = f"matching is {written!r}; allowed: {', '.join(Matching)}."
        raise RequestError("request.matching", text) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedStyle:
    """A style reference in memory and its share of the blend.

    Attributes:
        clip: the reference, any rate, any length.
        weight: > 0; weights are normalised to sum 1.
    """

    clip: Clip
    weight: float = 1.0

    def __post_init__(self) -> None:
        check_range("style weight", self.weight, 1e-6, 1e6)


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleRequest:
    """One call of the engine.

    Attributes:
        content: the region, with any handles already attached.
        styles: one or more references.
        settings: the knobs.
    """

    content: Clip
    styles: tuple[WeightedStyle, ...]
    settings: StyleSettings = field(default_factory=StyleSettings)

    def __post_init__(self) -> None:
        if not self.styles:
            raise RequestError("request.no_style", "No style was given. Name a preset or at least one style file.")

    @property
    def weights(self) -> tuple[float, ...]:
        """Blend weights, sum 1."""
        total = sum(style.weight for style in self.styles)
        return tuple(style.weight / total for style in self.styles)
