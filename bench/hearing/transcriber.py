"""How many notes the transcriber finds, beside Basic Pitch, on voices that no training has heard.

    python -m bench.hearing.transcriber --pairs 64 --scenes 24 > bench/hearing/transcriber.md

Onsets within 50 ms at the right key, each matched once; with offsets: the end within 50 ms or a fifth of the note.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.hearing.basic_pitch import find_notes
from bench.markdown import table
from bench.material.pairs import SECONDS as PAIR_SECONDS
from bench.material.pairs import render_pairs
from stylus_daw.audio.clip import Clip
from stylus_daw.engine.notes.transcriber import transcribe
from training.compose import Note
from training.transcriber.matching import Score, score_hits, score_notes
from training.transcriber.scenes import Kind, Scene, draw_scene_of
from training.voices import SHARES_BEFORE_FAUST, load_fonts, training_fonts

SEED = 0x7A9E
RATE = 44_100
TAIL_S = 0.1
"""Notes that begin so near to the end of a clip are left out on both sides: too short to be heard."""
SCENE_NAMES = {
    Kind.SOLO: "one voice of any kind",
    Kind.DRUM_MIX: "one voice with drums",
    Kind.BAND: "two to five voices, mostly with drums",
    Kind.DRUMS: "drums alone",
    Kind.NOISE: "noise alone",
}
INTRODUCTION = """# Notes found

Made by `{command}`. F1 of notes at exactly the right key whose onsets lie within 50 ms, each matched once; *with
offsets*: the end besides within 50 ms or a fifth of the note's length (the usual MIREX rules). Basic Pitch with the
thresholds that suit it best on the pairs (onset .75, frame .42). No voice here was heard in training: the *pairs* are
contents of `bench.quality` ({fonts}; held-out General MIDI programs; TimGM6mb in no training at all), the *scenes*
are held-out voices of all kinds (programs, modal, Vital and wavetable patches) with rooms, compressors and noise.
Notes that begin in the last {tail:g} s are left out.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Case:
    """A clip and what is played in it."""

    group: str
    clip: Clip
    notes: tuple[Note, ...]
    hits: tuple[Note, ...]


@dataclass(slots=True, kw_only=True)
class Row:
    """The scores of a group."""

    clips: int = 0
    seconds: float = 0.0
    ours: Score = field(default_factory=Score)
    ours_offsets: Score = field(default_factory=Score)
    theirs: Score = field(default_factory=Score)
    theirs_offsets: Score = field(default_factory=Score)
    hits: Score = field(default_factory=Score)

    def add(self, case: Case) -> None:
        """Transcribe it both ways."""
        last = case.clip.seconds - TAIL_S
        written = _rows([(n.start_s, n.start_s + n.seconds, n.pitch) for n in case.notes], last)
        heard = transcribe(case.clip)
        ours = _rows([(n.start_s, n.end_s, n.pitch) for n in heard.notes], last)
        theirs = _rows([(n.start_s, n.end_s, n.pitch) for n in find_notes(case.clip)], last)
        self.clips, self.seconds = self.clips + 1, self.seconds + case.clip.seconds
        self.ours += score_notes(written, ours)
        self.ours_offsets += score_notes(written, ours, with_offsets=True)
        self.theirs += score_notes(written, theirs)
        self.theirs_offsets += score_notes(written, theirs, with_offsets=True)
        strokes = (np.array([h.start_s for h in group if h.start_s < last]) for group in (case.hits, heard.hits))
        self.hits += score_hits(*strokes)


def _rows(notes: list[tuple[float, float, float]], last: float) -> NDArray[np.float64]:
    return np.array([note for note in notes if note[0] < last]).reshape(-1, 3)


def pair_cases(count: int) -> Iterator[Case]:
    """Contents of the first pairs of ``bench.quality``."""
    for pair in render_pairs(count):
        piece = pair.plan.piece
        notes = tuple(n for n in piece.notes if n.start_s < PAIR_SECONDS)
        hits = tuple(n for n in piece.drums if n.start_s < PAIR_SECONDS)
        yield Case(group=f"pairs: {pair.plan.category.value}", clip=pair.content, notes=notes, hits=hits)


def scene_cases(count: int) -> Iterator[Case]:
    """``count`` scenes of each kind by held-out voices."""
    fonts = load_fonts(training_fonts(), RATE)
    for kind, name in SCENE_NAMES.items():
        rng = np.random.default_rng([SEED, int(kind)])
        for _ in range(count):
            scene = draw_scene_of(kind, rng, fonts, held_out=True, shares=SHARES_BEFORE_FAUST)
            yield _case(name, scene)


def _case(name: str, scene: Scene) -> Case:
    clip = Clip(samples=np.ascontiguousarray(scene.audio), rate=RATE)
    return Case(group=f"scenes: {name}", clip=clip, notes=scene.notes, hits=scene.hits)


def measure(pairs: int, scenes: int) -> dict[str, Row]:
    """All groups, in order."""
    rows: dict[str, Row] = {}
    for cases in (pair_cases(pairs), scene_cases(scenes)):
        for case in cases:
            rows.setdefault(case.group, Row()).add(case)
    return rows


def markdown(command: str, rows: dict[str, Row]) -> str:
    """The page."""
    fonts = "FluidR3_GM and TimGM6mb in turn"
    header = ["voices", "clips", "notes", "onset F1", "Basic Pitch", "with offsets", "Basic Pitch", "hits F1"]
    lines = [_line(name, row) for name, row in sorted(rows.items(), key=lambda item: item[0].partition(":")[0])]
    pairs = {name: row for name, row in rows.items() if name.startswith("pairs")}
    lines.append(_line("**all pairs**", _together(pairs)))
    silent = _false_notes({name: row for name, row in rows.items() if not row.ours.written})
    return "\n".join([INTRODUCTION.format(command=command, fonts=fonts, tail=TAIL_S), table(header, lines), silent])


def _line(name: str, row: Row) -> list[str]:
    scores = (row.ours, row.theirs, row.ours_offsets, row.theirs_offsets)
    notes = [f"{score.f1:.2f}" if score.written else "–" for score in scores]
    hits = f"{row.hits.f1:.2f}" if row.hits.written else "–"
    return [name, str(row.clips), str(row.ours.written), *notes, hits]


def _together(rows: dict[str, Row]) -> Row:
    total = Row()
    for row in rows.values():
        total.clips += row.clips
        for name in ("ours", "ours_offsets", "theirs", "theirs_offsets", "hits"):
            getattr(total, name).__iadd__(getattr(row, name))
    return total


def _false_notes(rows: dict[str, Row]) -> str:
    """Where nothing pitched is played, every note is wrong."""
    header = ["nothing pitched", "clips", "false notes a second", "Basic Pitch"]
    lines = []
    for name, row in rows.items():
        rates = [score.found / row.seconds for score in (row.ours, row.theirs)]
        lines.append([name, str(row.clips), *(f"{rate:.2f}" for rate in rates)])
    return table(header, lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=64)
    parser.add_argument("--scenes", type=int, default=24, help="of each kind")
    args = parser.parse_args()
    command = f"python -m bench.hearing.transcriber --pairs {args.pairs} --scenes {args.scenes}"
    print(markdown(command, measure(args.pairs, args.scenes)))


if __name__ == "__main__":
    main()
