"""Faust programs of one note: the physical models of Faust's standard library, some of its synthesisers, bars of ours.

Every program has ``freq`` (Hz), ``gain`` (0..1) and ``gate``, the controls of ``COMMON`` and its own. The texts of the
libraries come with DawDreamer. Left out of them, because they do not play a key as one pitch: the brass (lips and tube
disagree), the marimba (its higher modes are louder than the first), the djembe and the bells (modes at fixed places);
and the modular string and the singers, which take 5 to 30 s to compile (the singer here is a saw and four formants).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What a voice draws.

    Attributes:
        lowest, highest: its range.
        logarithmic: whether ratios are drawn evenly, not differences.
        whole: whether only whole numbers are drawn.
        off_share: how often it is 0 instead.
    """

    lowest: float
    highest: float
    logarithmic: bool = False
    whole: bool = False
    off_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One instrument.

    Attributes:
        name: for people.
        body: a Faust expression with one output; besides its own controls it may use ``pitch`` (freq with vibrato),
            ``length`` (of a string or tube with that pitch, in metres) and ``held`` (the gate with its attack).
        controls: its own, by name; a control is a variable of the body.
    """

    name: str
    body: str
    controls: dict[str, Control]


COMMON = {
    "attack": Control(lowest=0.003, highest=0.08, logarithmic=True),
    "release": Control(lowest=0.06, highest=0.6, logarithmic=True),
    "vibrato": Control(lowest=0.001, highest=0.008, off_share=0.6),
    "vibrato_hz": Control(lowest=4, highest=7),
    "dull_hz": Control(lowest=1_500, highest=16_000, logarithmic=True),
    "body_hz": Control(lowest=150, highest=4_000, logarithmic=True),
    "body_db": Control(lowest=-6, highest=9),
}
"""Seconds down to -60 dB; share of the pitch; a gentle low-pass and a resonance that do not move with the pitch."""

PLUCK = {"place": Control(lowest=0.06, highest=0.94), "bright": Control(lowest=0.4, highest=3, logarithmic=True)}
BREATH = {"breath": Control(lowest=0.005, highest=0.06, logarithmic=True), "push": Control(lowest=0, highest=1)}

PROGRAMS = (
    Program(
        name="steel-string guitar",
        body="pm.guitarModel(length, place, pm.pluckString(length, bright, 1.5, 1, gain, gate))",
        controls=PLUCK,
    ),
    Program(
        name="nylon-string guitar",
        body="pm.nylonGuitarModel(length, place, pm.pluckString(length, bright, 1.5, 1, gain, gate))",
        controls=PLUCK,
    ),
    Program(
        name="electric guitar",
        body="pm.elecGuitarModel(length, place, mute, pm.pluckString(length, bright, 1, 1, gain, gate) * 4)"
        " : ef.cubicnl(drive, 0)",
        controls={
            **PLUCK,
            "mute": Control(lowest=0.98, highest=1),
            "drive": Control(lowest=0.1, highest=0.8, off_share=0.4),
        },
    ),
    Program(
        name="Karplus-Strong string",
        body="pm.ks(length, damping, pm.impulseExcitation(gate) * gain"
        " + noisy * pm.pluckString(length, bright, 1.5, 1, gain, gate))",
        controls={
            "damping": Control(lowest=0.005, highest=0.5, logarithmic=True),
            "noisy": Control(lowest=0, highest=2),
            "bright": PLUCK["bright"],
        },
    ),
    Program(
        name="comb string",
        body="sy.combString(pitch, ring, gate) * gain",
        controls={"ring": Control(lowest=0.3, highest=6, logarithmic=True)},
    ),
    Program(
        name="violin",
        body="pm.violinModel(length, press, held * (0.3 + 0.4 * gain), place)",
        controls={"press": Control(lowest=0.25, highest=0.5), "place": Control(lowest=0.55, highest=0.7)},
    ),
    Program(
        name="clarinet",
        body="pm.clarinetModel(length, blown, reed, bell)"
        " with { blown = pm.blower(held * (0.5 + 0.2 * gain + 0.2 * push), breath, 2000, 5, 0); }",
        controls={
            **BREATH,
            "reed": Control(lowest=0.3, highest=0.7),
            "bell": Control(lowest=0.2, highest=0.8),
        },
    ),
    Program(
        name="flute",
        body="pm.fluteModel(length, mouth, pm.blower(held * (0.6 + 0.25 * push), breath, 2000, 5, 0)) * gain",
        controls={**BREATH, "mouth": Control(lowest=0.52, highest=0.65)},
    ),
    Program(
        name="trombone",
        body="sy.sawTrombone(pitch, 0.4 + 0.6 * gain, gate)",
        controls={},
    ),
    Program(
        name="tuned bar",
        body="pm.strikeModel(10, cutoff, sharp, gain, gate) : pm.modalModel(3, (freq, fourth * freq, tenth * freq),"
        " (ring, ring / 3, ring / 8), (1, 0.2, 0.1))",
        controls={
            "cutoff": Control(lowest=800, highest=9_000, logarithmic=True),
            "sharp": Control(lowest=0.1, highest=1),
            "ring": Control(lowest=0.2, highest=4, logarithmic=True),
            "fourth": Control(lowest=3, highest=4, whole=True),
            "tenth": Control(lowest=8.5, highest=10.5),
        },
    ),
    Program(
        name="FM",
        body="os.osc(pitch + os.osc(pitch * ratio) * depth) * en.adsre(attack, fall, level, release, gate)"
        " with { depth = pitch * ratio * index * gain * en.adsre(0.002, decay, 0.2, 0.3, gate); }",
        controls={
            "ratio": Control(lowest=1, highest=7, whole=True),
            "index": Control(lowest=0.3, highest=6, logarithmic=True),
            "decay": Control(lowest=0.1, highest=3, logarithmic=True),
            "fall": Control(lowest=0.4, highest=6, logarithmic=True),
            "level": Control(lowest=0.2, highest=1, off_share=0.4),
        },
    ),
    Program(
        name="analogue",
        body="os.sawtooth(pitch) * (1 - square) + os.pulsetrain(pitch, width) * square"
        " : ve.moog_vcf_2bn(peak, min(0.4 * ma.SR, pitch * open * (0.2 + sweep))) : *(held)"
        " with { sweep = gain * en.adsre(attack, decay, 0.3, release, gate); }",
        controls={
            "square": Control(lowest=0, highest=1, off_share=0.3),
            "width": Control(lowest=0.1, highest=0.5),
            "peak": Control(lowest=0.1, highest=0.8),
            "open": Control(lowest=2, highest=24, logarithmic=True),
            "decay": Control(lowest=0.1, highest=3, logarithmic=True),
        },
    ),
    Program(
        name="singer",
        body="os.sawtooth(pitch) + 0.1 * no.noise <: fi.resonbp(first, first / 80, 1),"
        " fi.resonbp(second, second / 90, open), fi.resonbp(2700, 22, open * open),"
        " fi.resonbp(3500, 25, 0.5 * open * open) :> *(held * gain)",
        controls={
            "first": Control(lowest=280, highest=850, logarithmic=True),
            "second": Control(lowest=750, highest=2_300, logarithmic=True),
            "open": Control(lowest=0.2, highest=0.9),
        },
    ),
)

HEAD = """import("stdfaust.lib");
freq = hslider("freq", 440, 8, 20000, 0.0001);
gain = hslider("gain", 0.8, 0, 1, 0.0001);
gate = hslider("gate", 0, 0, 1, 1);
"""
TAIL = """pitch = freq * (1 + vibrato * os.osc(vibrato_hz) * en.asre(0.8, 1, 0.2, gate));
length = pitch : pm.f2l;
held = en.asre(attack, 1, release, gate);
process = body * en.asre(0.002, 1, release, gate) : fi.lowpass(1, dull_hz) : fi.peak_eq(body_db, body_hz, body_hz)
    : fi.dcblockerat(20);
"""


def faust_text(program: Program) -> str:
    """The whole program, with a slider for every control."""
    sliders = [_slider(name, control) for name, control in (COMMON | program.controls).items()]
    return "".join([HEAD, *sliders, f"body = {program.body};\n", TAIL])


def _slider(name: str, control: Control) -> str:
    lowest = 0.0 if control.off_share else control.lowest
    return f'{name} = hslider("{name}", {lowest}, {lowest}, {control.highest}, 0.00001);\n'
