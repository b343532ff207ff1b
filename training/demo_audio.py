"""Plays the musical region of ``stylus-daw demo``: ``python -m training.demo_audio``.

Sixteen beats at 96 bpm, exactly ten seconds, for a tine electric piano of the MIT-licensed FluidR3 GM soundfont:
a track as a producer has it, with half a second of what comes before and after as handles.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

import numpy as np
import pyloudnorm
import soundfile
from numpy.typing import NDArray

from training.compose import Note, Piece, Role
from training.notation import Score
from training.soundfont import Soundfont

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
TARGET = Path(__file__).parents[1] / "stylus_daw" / "demo_audio" / "region.flac"
RATE, SECONDS = 48_000, 11.0
TARGET_LUFS, CEILING_DB = -18.0, -1.5

SCORE = Score(
    style="demo",
    title="Tine electric piano: chords and a melody in C minor",
    program=4,
    bpm=96,
    lines=(
        # 0.8 beats are the half second before the region, 16 the region, 0.8 what follows
        "-:0.8 C2:1@92 -:0.5 G2:0.5@64 C3:0.5@74 -:0.5 C2:1@80 Ab1:1@94 -:0.5 Eb2:0.5@66 Ab2:0.5@76 -:0.5 Ab1:1@82 "
        "Bb1:1@90 -:0.5 F2:0.5@64 Bb2:0.5@78 -:0.5 Bb1:1@84 G1:1@98 -:0.5 D2:0.5@70 G2:0.5@80 B2:0.5@74 "
        "D3:1@86 C2:1@92",
        "-:1.8 Eb3+G3+Bb3+D4:0.5@70 -:1 Eb3+G3+Bb3+D4:0.25@58 -:0.75 Eb3+G3+Bb3+D4:0.75@64 -:0.75 "
        "C3+Eb3+G3+Bb3:0.5@72 -:1 C3+Eb3+G3+Bb3:0.25@58 -:0.75 C3+Eb3+G3+Bb3:0.75@66 -:0.75 "
        "D3+F3+Ab3+C4:0.5@74 -:1 D3+F3+Ab3+C4:0.25@60 -:0.75 D3+F3+Ab3+C4:0.75@68 -:0.75 "
        "F3+Ab3+B3+D4:0.5@80 -:1 F3+Ab3+B3+D4:0.25@64 -:0.75 F3+Ab3+B3+D4:0.5@72 Eb3+G3+C4:1@66",
        "G4:0.4@74 Bb4:0.4@82 C5:1@102 D5:0.5@86 Eb5:0.5@94 G5:1@110 -:0.5 F5:0.25@88 Eb5:0.25@80 "
        "C5:1@96 -:0.5 Bb4:0.5@74 Ab4:0.5@78 G4:1@88 -:0.5 F4:0.5@76 Ab4:0.5@84 C5:0.5@92 Eb5:1@104 -:0.5 D5:0.5@86 "
        "C5:0.5@80 B4:0.5@98 D5:0.5@88 F5:0.5@100 Ab5:1@112 G5:0.5@98 -:0.5 F5:0.5@84 Eb5:0.5@80 C5:1@92",
    ),
    legato=1.1,
)


def play(soundfont: Path) -> NDArray[np.float32]:
    """The region with its handles at `TARGET_LUFS`. Shape: ``[2, samples]`` at `RATE`, full scale 1.0."""
    piece = Piece(role=Role.SONG, notes=_notes(SCORE), drums=(), seconds=SECONDS)
    played = Soundfont(soundfont, RATE).play(piece, SECONDS, program=SCORE.program)
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(played.T)
    gain = 10 ** ((TARGET_LUFS - loudness) / 20)
    return (played * min(gain, 10 ** (CEILING_DB / 20) / np.abs(played).max())).astype(np.float32)


def _notes(score: Score) -> tuple[Note, ...]:
    """The written notes, a few milliseconds and steps off, as hands play them; the same at every call."""
    rng = np.random.default_rng(zlib.crc32(score.style.encode()))
    beat_s = 60 / score.bpm
    return tuple(
        Note(
            start_s=max(0.0, event.beat * beat_s + rng.normal(0, 0.004)),
            seconds=event.beats * beat_s * score.legato,
            pitch=pitch,
            velocity=int(np.clip(event.velocity + rng.normal(0, 3), 1, 127)),
        )
        for event in score.events
        for pitch in event.pitches
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT, help="FluidR3_GM.sf2 (Debian: fluid-soundfont-gm)")
    parser.add_argument("--out", type=Path, default=TARGET, help="the FLAC file")
    options = parser.parse_args()
    options.out.parent.mkdir(parents=True, exist_ok=True)
    played = play(options.soundfont)
    soundfile.write(options.out, played.T, RATE, subtype="PCM_16")
    peak_db = 20 * np.log10(np.abs(played).max())
    size = options.out.stat().st_size / 1e3
    print(f"{options.out}: {played.shape[1] / RATE:.2f} s, peak {peak_db:.1f} dBFS, {size:.0f} kB")


if __name__ == "__main__":
    main()
