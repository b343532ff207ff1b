"""The table of built-in effects: names, units, ranges and defaults, in one place.

Everything else (validation, the JSON Schema, the docs, the knobs of the app) reads this table; only
`stylus_daw.chain.build` knows which pedalboard plugin is behind a kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ParameterValue = float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One knob of an effect.

    Attributes:
        name: key in ``params``, with its unit (``gain_db``).
        meaning: one line for tooltips and docs.
        low: smallest value; unused where there are ``choices``, like ``high``.
        high: largest value.
        default: value where the key is absent.
        unit: for display: ``"Hz"``, ``"dB"``, ``"ms"``, ``"s"``, ``"st"``, ``"bit"``, ``":1"`` or ``""``.
        is_whole: only whole numbers.
        is_logarithmic: a knob should move in octaves or decades.
        choices: the allowed words of a parameter that is not a number.
    """

    name: str
    meaning: str
    low: float = 0.0
    high: float = 1.0
    default: ParameterValue = 0.0
    unit: str = ""
    is_whole: bool = False
    is_logarithmic: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectKind:
    """One kind of effect and its knobs.

    Attributes:
        kind: key in JSON, such as ``"low_shelf"``.
        label: name on screen.
        meaning: one line.
        parameters: the knobs, in the order they are shown.
        mix: default share of the processed signal, 0..1.
    """

    kind: str
    label: str
    meaning: str
    parameters: tuple[Parameter, ...] = ()
    mix: float = 1.0

    def parameter(self, name: str) -> Parameter | None:
        return next((parameter for parameter in self.parameters if parameter.name == name), None)

    @property
    def defaults(self) -> dict[str, ParameterValue]:
        return {parameter.name: parameter.default for parameter in self.parameters}


def _frequency(default: float, meaning: str = "corner frequency") -> Parameter:
    return Parameter(
        name="frequency_hz", meaning=meaning, low=10, high=24_000, default=default, unit="Hz", is_logarithmic=True
    )


def _level(name: str, meaning: str, low: float, high: float, default: float) -> Parameter:
    return Parameter(name=name, meaning=meaning, low=low, high=high, default=default, unit="dB")


def _time(name: str, meaning: str, low: float, high: float, default: float) -> Parameter:
    return Parameter(name=name, meaning=meaning, low=low, high=high, default=default, unit="ms", is_logarithmic=True)


def _amount(name: str, meaning: str, default: float, high: float = 1.0) -> Parameter:
    return Parameter(name=name, meaning=meaning, low=0, high=high, default=default)


_BAND_GAIN = _level("gain_db", "boost or cut", -24, 24, 0)
_Q = Parameter(name="q", meaning="how narrow", low=0.1, high=10, default=0.71, is_logarithmic=True)
_POLES = Parameter(name="poles", meaning="steepness, 6 dB per octave each", low=1, high=4, default=2, is_whole=True)
_RATE = Parameter(
    name="rate_hz", meaning="speed of the movement", low=0.01, high=20, default=0.8, unit="Hz", is_logarithmic=True
)
_FEEDBACK = _amount("feedback", "share that is fed back", 0.0, high=0.95)
_RATIO = Parameter(name="ratio", meaning="above 1 works harder", low=1, high=20, default=3, unit=":1")

_KINDS = (
    EffectKind(
        kind="low_shelf",
        label="Low shelf",
        meaning="lifts or lowers everything below a frequency",
        parameters=(_frequency(120), _BAND_GAIN, _Q),
    ),
    EffectKind(
        kind="high_shelf",
        label="High shelf",
        meaning="lifts or lowers everything above a frequency",
        parameters=(_frequency(6_000), _BAND_GAIN, _Q),
    ),
    EffectKind(
        kind="peak",
        label="Peak",
        meaning="lifts or lowers a band around a frequency",
        parameters=(_frequency(1_000, "centre frequency"), _BAND_GAIN, _Q),
    ),
    EffectKind(kind="high_pass", label="High-pass", meaning="removes lows", parameters=(_frequency(80), _POLES)),
    EffectKind(kind="low_pass", label="Low-pass", meaning="removes highs", parameters=(_frequency(12_000), _POLES)),
    EffectKind(
        kind="ladder",
        label="Ladder filter",
        meaning="resonant synthesizer filter",
        parameters=(
            Parameter(
                name="mode",
                meaning="low, high or band pass, 12 or 24 dB per octave",
                default="lpf12",
                choices=("lpf12", "hpf12", "bpf12", "lpf24", "hpf24", "bpf24"),
            ),
            _frequency(2_000),
            _amount("resonance", "emphasis at the corner", 0.1),
            Parameter(name="drive", meaning="saturation inside the filter", low=1, high=10, default=1),
        ),
    ),
    EffectKind(
        kind="compressor",
        label="Compressor",
        meaning="evens out the level, each channel on its own",
        parameters=(
            _level("threshold_db", "level above which it works", -60, 0, -20),
            _RATIO,
            _time("attack_ms", "time until it acts", 0.1, 200, 10),
            _time("release_ms", "time until it lets go", 5, 2_000, 120),
            _level("makeup_db", "gain after it", 0, 24, 0),
        ),
    ),
    EffectKind(
        kind="gate",
        label="Noise gate",
        meaning="lowers what is quiet",
        parameters=(
            _level("threshold_db", "level below which it closes", -100, 0, -60),
            Parameter(name="ratio", meaning="how hard it closes", low=1, high=100, default=10, unit=":1"),
            _time("attack_ms", "time until it opens", 0.1, 200, 1),
            _time("release_ms", "time until it closes", 5, 2_000, 100),
        ),
    ),
    EffectKind(
        kind="limiter",
        label="Limiter",
        meaning="keeps true peaks under a ceiling, without make-up gain",
        parameters=(
            _level("ceiling_db", "highest peak", -24, 0, -1),
            _time("release_ms", "time until it lets go", 1, 1_000, 100),
        ),
    ),
    EffectKind(
        kind="saturation",
        label="Saturation",
        meaning="warm overdrive (tanh)",
        parameters=(
            _level("drive_db", "gain into the curve", 0, 40, 6),
            _level("output_db", "gain after the curve", -40, 12, 0),
        ),
    ),
    EffectKind(
        kind="clip",
        label="Clipper",
        meaning="hard distortion: cuts off peaks",
        parameters=(_level("threshold_db", "level at which peaks are cut", -60, 0, -6),),
    ),
    EffectKind(
        kind="bitcrush",
        label="Bitcrush",
        meaning="fewer levels per sample",
        parameters=(Parameter(name="bits", meaning="bit depth", low=2, high=24, default=12, unit="bit"),),
    ),
    EffectKind(
        kind="downsample",
        label="Downsample",
        meaning="old sampler: a lower sample rate, then back",
        parameters=(
            Parameter(
                name="rate_hz",
                meaning="the lower rate; at or above the session's it does nothing",
                low=1_000,
                high=96_000,
                default=16_000,
                unit="Hz",
                is_logarithmic=True,
            ),
        ),
    ),
    EffectKind(
        kind="chorus",
        label="Chorus",
        meaning="several players at once",
        parameters=(
            _RATE,
            _amount("depth", "width of the movement", 0.25),
            _time("delay_ms", "centre delay", 1, 100, 7),
            _FEEDBACK,
        ),
        mix=0.5,
    ),
    EffectKind(
        kind="phaser",
        label="Phaser",
        meaning="moving notches",
        parameters=(
            _RATE,
            _amount("depth", "width of the movement", 0.5),
            _frequency(1_300, "centre frequency"),
            _FEEDBACK,
        ),
        mix=0.5,
    ),
    EffectKind(
        kind="delay",
        label="Delay",
        meaning="echoes",
        parameters=(_time("time_ms", "time between echoes", 1, 5_000, 300), _amount("feedback", "repeats", 0.3, 0.95)),
        mix=0.25,
    ),
    EffectKind(
        kind="reverb",
        label="Reverb",
        meaning="a room",
        parameters=(
            _amount("size", "size of the room", 0.5),
            _amount("damping", "softness of its walls", 0.5),
            _amount("width", "stereo width", 1.0),
            Parameter(name="pre_delay_ms", meaning="time before it sounds", low=0, high=250, default=10, unit="ms"),
        ),
        mix=0.2,
    ),
    EffectKind(
        kind="hall",
        label="Convolution hall",
        meaning="a large room, by convolution with a response made for it",
        parameters=(
            Parameter(
                name="decay_s",
                meaning="time until it is 60 dB down",
                low=0.2,
                high=12,
                default=2.5,
                unit="s",
                is_logarithmic=True,
            ),
            _amount("brightness", "how long highs ring", 0.4),
            _amount("width", "stereo width", 1.0),
            Parameter(name="pre_delay_ms", meaning="time before it sounds", low=0, high=250, default=20, unit="ms"),
        ),
        mix=0.2,
    ),
    EffectKind(
        kind="mp3",
        label="MP3",
        meaning="what an MP3 coder leaves; above 48 kHz coded at 48 kHz",
        parameters=(Parameter(name="quality", meaning="0 is good, 10 is bad", low=0, high=10, default=7),),
    ),
    EffectKind(kind="gsm", label="Telephone", meaning="a mobile phone call: narrow band, GSM coded"),
    EffectKind(
        kind="pitch",
        label="Pitch shift",
        meaning="another pitch, the same length; timing within about 20 ms, not sample-exact",
        parameters=(Parameter(name="semitones", meaning="up or down", low=-24, high=24, default=0, unit="st"),),
    ),
    EffectKind(
        kind="gain", label="Gain", meaning="louder or softer", parameters=(_level("gain_db", "gain", -60, 24, 0),)
    ),
    EffectKind(kind="invert", label="Invert", meaning="inverts the polarity"),
)

EFFECTS: Mapping[str, EffectKind] = MappingProxyType({kind.kind: kind for kind in _KINDS})
"""Every built-in effect by its kind."""

PARALLEL = EffectKind(
    kind="parallel", label="Parallel", meaning="the same sound through several branches, added up on the same samples"
)
PLUGIN = EffectKind(kind="plugin", label="Plugin", meaning="a VST3 (any system) or AU (macOS) plugin of your own")

KINDS: Mapping[str, EffectKind] = MappingProxyType({**EFFECTS, PARALLEL.kind: PARALLEL, PLUGIN.kind: PLUGIN})
"""Every kind that a chain may hold: the built-in effects, and what is written in other ways than ``params``."""
