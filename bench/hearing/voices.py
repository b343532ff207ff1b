"""Which of training's voices can be heard, how long they take, and how well in tune they are.

python -m bench.hearing.voices --model faust --count 160 > bench/hearing/voices.md
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import defaultdict
from dataclasses import dataclass

import librosa
import numpy as np
from numpy.typing import NDArray

from bench.markdown import table
from training.compose import Note, Piece, compose
from training.voices import faust
from training.voices.playing import PLAYERS, sounds
from training.voices.voice import Model

RATE, SECONDS, CLOSE_CENTS = 44_100, 6.0, 30.0
KEYS = (45, 50, 55, 59, 64, 69, 72, 76)
SCALE = tuple(Note(start_s=0.75 * i, seconds=0.6, pitch=key, velocity=100 - 30 * (i % 2)) for i, key in enumerate(KEYS))
HEAD = ("instrument", "voices", "heard", "s a clip", "longest s", "keys", "with a pitch", "in tune", "worst", "alike")
INTRODUCTION = """# Voices of training

Made by `{command}`. Seeds 1 to {count} of `training/voices/{model}.py`. Each voice
plays a composed piece of {seconds:g} s: *heard* are those that are not silent (a voice that cannot play a key in tune
stays silent, and training draws another); seconds are by the clock, compiling included. Then it plays eight keys from
A2 to E5, loud and soft in turn, unless that leaves it silent, and librosa's pYIN (steps of 10 cents) says their pitch.
*In tune* are the keys within {close:g} cents; *worst* is the furthest in cents. *Alike* is the
smallest distance between the mel spectra of two voices, in dB: 0 would be one voice twice.
"""

Float = NDArray[np.floating]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What was found about a voice.

    Attributes:
        heard: whether its composed piece can be.
        seconds: what that took.
        cents: how far the keys are off, NaN without a pitch; empty where the scale is silent.
        spectrum: of the scale in dB. Shape: ``[bands]``.
    """

    heard: bool
    seconds: float
    cents: list[float]
    spectrum: Float


def look(model: Model, seed: int) -> Found:
    """Let the voice play, and listen."""
    piece = _piece(np.random.default_rng([9, seed]))
    begin = time.perf_counter()
    heard = sounds(PLAYERS[model](seed, piece.notes, SECONDS, RATE))
    took = time.perf_counter() - begin
    scale = PLAYERS[model](seed, SCALE, SECONDS, RATE)[0]
    cents = [_cents(scale, note) for note in SCALE] if sounds(scale) else []
    mel = librosa.feature.melspectrogram(y=scale, sr=RATE, n_mels=64).mean(1)
    return Found(heard=heard, seconds=took, cents=cents, spectrum=10 * np.log10(mel + 1e-9))


def _piece(rng: np.random.Generator) -> Piece:
    """One with notes: models do not play drums."""
    while not (piece := compose(rng, seconds=SECONDS)).notes:
        pass
    return piece


def _cents(scale: Float, note: Note) -> float:
    first = round((note.start_s + 0.08) * RATE)
    hz, *_ = librosa.pyin(scale[first : first + round(0.4 * RATE)], fmin=50, fmax=1_500, sr=RATE, frame_length=4_096)
    cents = 1200 * np.log2(hz / 440 * 2 ** ((69 - note.pitch) / 12))
    return float(np.median(cents[np.isfinite(cents)])) if np.isfinite(cents).any() else float("nan")


def row(name: str, found: list[Found]) -> list[str]:
    """A line of the table."""
    cents = np.abs([c for one in found for c in one.cents])
    spectra = [one.spectrum for one in found if one.cents]
    distances = [float(np.abs(a - b).mean()) for a, b in itertools.combinations(spectra, 2)]
    seconds = [one.seconds for one in found]
    return [
        name,
        str(len(found)),
        str(sum(one.heard for one in found)),
        f"{np.mean(seconds):.2f}",
        f"{max(seconds):.1f}",
        str(len(cents)),
        str(np.isfinite(cents).sum()),
        str(int((cents <= CLOSE_CENTS).sum())),
        f"{np.nanmax(cents):.0f}" if np.isfinite(cents).any() else "–",
        f"{min(distances):.1f}" if distances else "–",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=[model.name.lower() for model in Model], default="faust")
    parser.add_argument("--count", type=int, default=160)
    args = parser.parse_args()
    model, rows = Model[args.model.upper()], defaultdict[str, list[Found]](list)
    for seed in range(1, args.count + 1):
        name = faust.draw_patch(seed).program.name if model is Model.FAUST else args.model
        rows[name].append(look(model, seed))
    everything = [one for found in rows.values() for one in found]
    command = f"python -m bench.hearing.voices --model {args.model} --count {args.count}"
    print(INTRODUCTION.format(command=command, seconds=SECONDS, close=CLOSE_CENTS, **vars(args)))
    print(table(HEAD, [*(row(name, rows[name]) for name in sorted(rows)), row("**all**", everything)]), end="")


if __name__ == "__main__":
    main()
