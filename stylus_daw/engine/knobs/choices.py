"""The closed sets that a knob may choose from, and the two ways in which a checkpoint works."""

from __future__ import annotations

from enum import Enum, StrEnum


class Method(Enum):
    """How a checkpoint restyles; knobs and their defaults depend on it."""

    ONE_PASS = "one pass"
    """The content goes through the net once: stylus-mini."""
    INVERSION = "inversion"
    """The content is inverted to noise and sampled back: every Stable Diffusion."""


class Quality(StrEnum):
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
