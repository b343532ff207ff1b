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
        "-:0.8 C2:1.5@88 G2:0.5@62 C3:2@72 Ab1:1.5@90 Eb2:0.5@64 Ab2:2@74 Bb1:1.5@88 F2:0.5@62 Bb2:2@76 "
        "G1:1.5@94 D2:0.5@68 G2:2@80 C2:1@90",
        "-:0.8 Eb3+G3+Bb3+D4:1.5@62 Eb3+G3+Bb3+D4:2.5@50 C3+Eb3+G3+Bb3:1.5@64 C3+Eb3+G3+Bb3:2.5@52 "
        "D3+F3+Ab3+C4:1.5@66 D3+F3+Ab3+C4:2.5@54 F3+Ab3+B3+D4:1.5@72 F3+Ab3+B3+D4:2.5@58 Eb3+G3+C4:1@60",
        "G4:0.4@70 Bb4:0.4@78 C5:1@96 D5:0.5@80 Eb5:0.5@88 G5:1@104 F5:0.5@84 Eb5:0.5@76 "
        "C5:1.5@90 Bb4:0.5@68 Ab4:0.5@72 G4:1.5@82 -:0.5 F4:0.5@70 Ab4:0.5@78 C5:0.5@86 Eb5:1@98 D5:0.5@82 C5:0.5@74 "
        "B4:0.5@92 D5:0.5@84 F5:0.5@96 Ab5:1@108 G5:1@94 F5:0.5@78 Eb5:1@84",
    ),
    legato=0.95,
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
    print(f"{options.out}: {played.shape[1] / RATE:.2f} s, peak {peak_db:.1f} dBFS, {options.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
