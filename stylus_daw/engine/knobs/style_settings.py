"""StyleSettings: the engine's knobs, and all that is known about each. This class is the one table of knobs.

To add a knob, add a field here and its DSP (``docs/adding-a-knob.md``).

Names against the symbols of Stylus (arXiv 2411.15913) and StyleID (CVPR 2024):

=================  ============  ==========================================================
``strength``       alpha         ``out = A_c + alpha (A_s - A_c)``; 0 gives the input back
``structure``      gamma         ``Q~ = gamma Q_content + (1 - gamma) Q``
``structure_end``                gamma at the last step of sampling; on the way there it follows a cosine
``sharpness``      T             multiplies the attention logits
``start``          t_start       fraction of the noise schedule that is inverted
``steps``                        steps of inversion and of sampling, each
``matching``                     which statistics the initial latent takes from the styles
``sampler``                      how sampling steps; the inversion is always of second order
=================  ============  ==========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stylus_daw.engine.knobs.choices import Matching, Method, Quality, Sampler
from stylus_daw.engine.knobs.knob import DialSpec, Knob, Place, knobs_of, setting
from stylus_daw.engine.knobs.points import EnvelopePoints

DEFAULT_CHECKPOINT = "stylus-mini"
MAX_SEED = 2**31 - 1
"""The highest seed that every random generator on the way takes: a signed 32-bit integer."""
_INVERSION_ONLY = frozenset({Method.INVERSION})


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleSettings:
    """The engine's knobs. None leaves a knob to the checkpoint, so that one preset suits every checkpoint.

    Choices may be given as text.

    Raises:
        RequestError: a value is not allowed.

    >>> StyleSettings(strength=3)
    Traceback (most recent call last):
    stylus_daw.errors.RequestError: strength is 3; allowed: 0 to 2.
    """

    strength: float | None = setting(
        None,
        Knob(
            low=0,
            high=2,
            default={Method.ONE_PASS: 1.0, Method.INVERSION: 0.9},
            meaning="how far towards the style; 0 is the input",
            dial=DialSpec(
                place=Place.MAIN,
                label="Strength",
                hint="How far towards the style. 0 % leaves the sound as it is, but for the chain.",
                unit="%",
            ),
        ),
    )
    structure: float | None = setting(
        None,
        Knob(
            low=0,
            high=1,
            default={Method.ONE_PASS: 0.0, Method.INVERSION: 0.75},
            meaning="how much of the content is kept; stylus-mini: 0 keeps the style's envelopes, 1 the content's",
            dial=DialSpec(
                place=Place.MAIN,
                label="Structure",
                hint="How closely the result follows the course of the original.",
                unit="%",
            ),
        ),
    )
    structure_end: float | None = setting(
        None,
        Knob(
            low=0,
            high=1,
            used_by=_INVERSION_ONLY,
            meaning="structure at the last step",
            left_open="the same at all steps",
        ),
    )
    sharpness: float | None = setting(
        None,
        Knob(low=0.25, high=4, default=1.0, meaning="above 1 picks fewer moments of the style"),
    )
    start: float | None = setting(
        None,
        Knob(low=0.05, high=1, default=1.0, used_by=_INVERSION_ONLY, meaning="how deep the inversion goes"),
    )
    steps: int | None = setting(
        None,
        Knob(
            low=1,
            high=200,
            used_by=_INVERSION_ONLY,
            meaning="steps of inversion and of sampling, each",
            left_open="the quality chooses",
        ),
    )
    seed: int = setting(
        0,
        Knob(low=0, high=MAX_SEED, used_by=_INVERSION_ONLY, meaning="another seed, another take"),
    )
    matching: Matching = setting(
        Matching.ROWS,
        Knob(used_by=_INVERSION_ONLY, meaning="which statistics the start takes from the styles"),
    )
    sampler: Sampler | None = setting(
        None,
        Knob(
            default=Sampler.UNIPC,
            used_by=_INVERSION_ONLY,
            meaning="which sampler",
            left_open="unipc",
            see="docs/models.md",
        ),
    )
    quality: Quality = setting(
        Quality.NORMAL,
        Knob(meaning="how much time a render may take; sets the steps where they are left open"),
    )
    checkpoint: str = setting(
        DEFAULT_CHECKPOINT,
        Knob(meaning="a model's name, folder, file or hub id", metavar="NAME|PATH|HUB-ID", see="docs/models.md"),
    )
    transients: float | None = setting(
        None,
        Knob(
            low=0,
            high=1,
            default=0.0,
            meaning="how much of the input's attacks stays",
            left_open="0, the style's attacks",
            dial=DialSpec(
                place=Place.MAIN,
                label="Keep attacks",
                hint="How much of the original's attacks stays.",
                unit="%",
            ),
        ),
    )
    low_keep_hz: float | None = setting(
        None,
        Knob(
            low=20,
            high=2_000,
            unit="Hz",
            meaning="below it the input stays as it is",
            left_open="nothing is kept",
            dial=DialSpec(
                place=Place.MORE,
                label="Keep lows below",
                hint="Below this frequency the original stays as it is.",
                unit="Hz",
                is_logarithmic=True,
                has_off=True,
            ),
        ),
    )
    dry_wet: float | None = setting(
        None,
        Knob(
            low=0,
            high=1,
            default=1.0,
            meaning="share of the result in the mix with the input",
            left_open="1",
            dial=DialSpec(
                place=Place.MAIN,
                label="Dry / wet",
                hint="Share of the result in the mix with the original.",
                unit="%",
            ),
        ),
    )
    brightness: float | None = setting(
        None,
        Knob(
            low=0,
            high=1,
            default=1.0,
            meaning="overall tilt, from the input's (0) to the style's (1)",
            left_open="1",
            dial=DialSpec(
                place=Place.MORE,
                label="Brightness",
                hint="0 % keeps the overall tilt of the original, 100 % takes the style's.",
                unit="%",
            ),
        ),
    )
    formants: float | None = setting(
        None,
        Knob(
            low=0,
            high=1,
            default=1.0,
            meaning="broad resonances, from the input's (0) to the style's (1)",
            left_open="1",
            dial=DialSpec(
                place=Place.MORE,
                label="Formants",
                hint="0 % keeps the broad resonances of the original, such as a voice's vowels, "
                "100 % takes the style's.",
                unit="%",
            ),
        ),
    )
    envelope: EnvelopePoints | None = setting(
        None,
        Knob(
            meaning="strength over time: points [seconds from the region's start, factor 0 to 2]",
            left_open="1 everywhere",
            metavar="FILE",
            see="docs/presets.md",
        ),
    )
    tempo_sync: bool = setting(
        False,
        Knob(meaning="loops the styles by bars at the session's tempo"),
    )
    tempo_bpm: float | None = setting(
        None,
        Knob(
            low=20,
            high=400,
            unit="BPM",
            meaning="the session's tempo, if the host gives none",
            left_open="unknown",
            option="tempo",
            told_by="tempo",
            dial=DialSpec(
                place=Place.TEMPO,
                label="Tempo",
                hint="The session's tempo, in quarter notes a minute.",
                unit="BPM",
                step=0.1,
                decimals=1,
                usual=120.0,
            ),
        ),
    )
    bar_beats: float | None = setting(
        None,
        Knob(
            low=1,
            high=32,
            default=4.0,
            meaning="quarter notes in a bar, if the host gives none",
            left_open="4",
            told_by="time_signature",
            dial=DialSpec(
                place=Place.TEMPO,
                label="Beats in a bar",
                hint="Quarter notes in a bar of the session.",
                step=0.5,
                decimals=1,
            ),
        ),
    )

    @property
    def is_bypassed(self) -> bool:
        """The sound stays as it is, and no model runs."""
        return 0 in (self.strength, self.dry_wet)

    def __post_init__(self) -> None:
        for name, knob in knobs_of(type(self)).items():
            written = getattr(self, name)
            value = knob.checked(written)
            if value is not written:
                object.__setattr__(self, name, value)


KNOBS: Mapping[str, Knob] = knobs_of(StyleSettings)
"""Every knob by its name."""


def filled(settings: StyleSettings, name: str, method: Method = Method.ONE_PASS) -> Any:
    """The value of a knob, or its default where it is left open.

    >>> filled(StyleSettings(), "strength", Method.INVERSION), filled(StyleSettings(dry_wet=0.5), "dry_wet")
    (0.9, 0.5)
    """
    return KNOBS[name].filled(getattr(settings, name), method)
