"""Effects in words: their groups, the names of their knobs, and the dials these are turned with. No Qt.

The table of effects (``stylus_daw.chain.effects``) is the core's and English; what the window says of it is marked here
for translation.
"""

from __future__ import annotations

from collections.abc import Mapping

from stylus_daw.chain.effects import EffectKind, Parameter
from stylus_ui.presenters.sound.dial import Dial
from stylus_ui.state.text import later

GROUPS: Mapping[str, tuple[str, ...]] = {
    later("Equalizer"): ("low_shelf", "peak", "high_shelf", "high_pass", "low_pass", "ladder"),
    later("Dynamics"): ("compressor", "gate", "limiter", "gain"),
    later("Distortion"): ("saturation", "clip", "bitcrush", "downsample", "mp3", "gsm"),
    later("Movement"): ("chorus", "phaser", "pitch"),
    later("Space"): ("reverb", "hall", "delay"),
    later("Tools"): ("invert",),
}
"""The built-in effects as the menu shows them."""

KNOBS: Mapping[str, str] = {
    "attack_ms": later("Attack"),
    "bits": later("Bits"),
    "brightness": later("Brightness"),
    "ceiling_db": later("Ceiling"),
    "damping": later("Damping"),
    "decay_s": later("Decay"),
    "delay_ms": later("Delay"),
    "depth": later("Depth"),
    "drive": later("Drive"),
    "drive_db": later("Drive"),
    "feedback": later("Feedback"),
    "frequency_hz": later("Frequency"),
    "gain_db": later("Gain"),
    "makeup_db": later("Make-up"),
    "mode": later("Mode"),
    "output_db": later("Output"),
    "poles": later("Poles"),
    "pre_delay_ms": later("Pre-delay"),
    "q": later("Q"),
    "quality": later("Coder"),
    "rate_hz": later("Rate"),
    "ratio": later("Ratio"),
    "release_ms": later("Release"),
    "resonance": later("Resonance"),
    "semitones": later("Semitones"),
    "size": later("Size"),
    "threshold_db": later("Threshold"),
    "time_ms": later("Time"),
    "width": later("Width"),
}

SAID = frozenset(
    {
        later("Low shelf"),
        later("lifts or lowers everything below a frequency"),
        later("corner frequency"),
        later("boost or cut"),
        later("how narrow"),
        later("High shelf"),
        later("lifts or lowers everything above a frequency"),
        later("Peak"),
        later("lifts or lowers a band around a frequency"),
        later("centre frequency"),
        later("High-pass"),
        later("removes lows"),
        later("steepness, 6 dB per octave each"),
        later("Low-pass"),
        later("removes highs"),
        later("Ladder filter"),
        later("resonant synthesizer filter"),
        later("low, high or band pass, 12 or 24 dB per octave"),
        later("emphasis at the corner"),
        later("saturation inside the filter"),
        later("Compressor"),
        later("evens out the level, each channel on its own"),
        later("level above which it works"),
        later("above 1 works harder"),
        later("time until it acts"),
        later("time until it lets go"),
        later("gain after it"),
        later("Noise gate"),
        later("lowers what is quiet"),
        later("level below which it closes"),
        later("how hard it closes"),
        later("time until it opens"),
        later("time until it closes"),
        later("Limiter"),
        later("keeps true peaks under a ceiling, without make-up gain"),
        later("highest peak"),
        later("Saturation"),
        later("warm overdrive (tanh)"),
        later("gain into the curve"),
        later("gain after the curve"),
        later("Clipper"),
        later("hard distortion: cuts off peaks"),
        later("level at which peaks are cut"),
        later("Bitcrush"),
        later("fewer levels per sample"),
        later("bit depth"),
        later("Downsample"),
        later("old sampler: a lower sample rate, then back"),
        later("the lower rate; at or above the session's it does nothing"),
        later("Chorus"),
        later("several players at once"),
        later("speed of the movement"),
        later("width of the movement"),
        later("centre delay"),
        later("share that is fed back"),
        later("Phaser"),
        later("moving notches"),
        later("Delay"),
        later("echoes"),
        later("time between echoes"),
        later("repeats"),
        later("Reverb"),
        later("a room"),
        later("size of the room"),
        later("softness of its walls"),
        later("stereo width"),
        later("time before it sounds"),
        later("Convolution hall"),
        later("a large room, by convolution with a response made for it"),
        later("time until it is 60 dB down"),
        later("how long highs ring"),
        later("MP3"),
        later("what an MP3 coder leaves; above 48 kHz coded at 48 kHz"),
        later("0 is good, 10 is bad"),
        later("Telephone"),
        later("a mobile phone call: narrow band, GSM coded"),
        later("Pitch shift"),
        later("another pitch, the same length; timing within about 20 ms, not sample-exact"),
        later("up or down"),
        later("Gain"),
        later("louder or softer"),
        later("gain"),
        later("Invert"),
        later("inverts the polarity"),
        later("Parallel"),
        later("the same sound through several branches, added up on the same samples"),
        later("Plugin"),
        later("a VST3 (any system) or AU (macOS) plugin of your own"),
    }
)
"""Everything that the table of effects says; ``tests/ui/presenters/sound/test_chain.py`` holds it to that."""

STEPS: Mapping[str, float] = {"dB": 0.1, "ms": 1, "st": 0.1, "": 0.1, ":1": 0.1, "bit": 0.1}


def dial_of(parameter: Parameter) -> Dial:
    """The dial of a parameter that is a number.

    >>> from stylus_daw.chain.effects import EFFECTS
    >>> dial = dial_of(EFFECTS["reverb"].parameters[0])
    >>> dial.unit, dial.position(0.5)
    ('%', 50)
    """
    low, high, default = parameter.low, parameter.high, float(parameter.default)
    if not parameter.unit and high <= 1:
        return Dial(low=low, high=high, default=default, unit="%", factor=100)
    if parameter.is_logarithmic:
        decimals = 2 if high <= 20 else 1 if low < 1 else 0
        return Dial(low=low, high=high, default=default, unit=parameter.unit, decimals=decimals, is_logarithmic=True)
    step = 1.0 if parameter.is_whole else STEPS[parameter.unit]
    return Dial(low=low, high=high, default=default, unit=parameter.unit, step=step, decimals=int(step < 1))


def mix_dial(kind: EffectKind) -> Dial:
    """The dial of the processed signal's share."""
    return Dial(low=0, high=1, default=kind.mix, unit="%", factor=100)


BRANCH = Dial(low=-60, high=24, default=0, step=0.1, unit="dB", decimals=1)
"""Gain of a branch."""
