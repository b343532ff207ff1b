"""What the factory styles play: a few bars for each instrument, written for its registers.

A style should show its timbre low, middle and high, soft and loud, short and long: that is all the
engine can learn from it.
"""

from __future__ import annotations

from training.notation import Score

SCORES = (
    Score(
        style="string-ensemble",
        title="String ensemble, cantabile in A minor",
        program=48,
        bpm=80,
        lines=(
            "A1+A2:3@72 E2:1@64 F1+F2:2@80 G1+G2:2@92",
            "E3+A3+C4:2@58 D3+A3+C4:2@64 F3+A3+C4:2@74 G3+B3+D4:2@88",
            "E5:1.5@78 D5:0.5@70 C5:1@74 A4:1@62 A5:1.5@94 G5:0.5@86 B5:1@100 D6:1@108",
        ),
    ),
    Score(
        style="vibraphone",
        title="Vibraphone, ballad in E flat",
        program=11,
        bpm=84,
        lines=(
            "F3+Ab3+C4+Eb4:2@58 Bb3+D4+F4+Ab4:2@66 G3+Bb3+D4+Eb4:2@76 Ab3+C4+Eb4+G4:2@52",
            "C5:0.5@92 Eb5:0.5@84 G5:1@100 F5:0.5@86 D5:0.5@74 Ab5:1@96 Bb5:0.25@82 C6:0.25@90 D6:0.5@104 "
            "Eb6:1@112 G4:0.5@56 Bb4:0.5@62 C5:0.5@68 Eb5:0.5@60",
        ),
        legato=1.2,
    ),
    Score(
        style="electric-piano",
        title="Tine electric piano, slow chords in D minor",
        program=4,
        bpm=80,
        lines=(
            "D2:1.5@86 A2:0.5@60 D3:1@70 C3:1@64 Bb1:1.5@96 F2:0.5@66 A1:1@104 E2:1@72",
            "-:0.5 F3+A3+C4+E4:1.5@64 F3+A3+C4+E4:2@52 D3+F3+A3+C4:1@90 D4+F4+A4:1@58 C#4+G4+Bb4:1@98 E4+A4+C#5:1@76",
            "-:1 A5:0.5@80 G5:0.5@70 E5:1@84 C5:0.5@58 D5:0.5@62 F5:0.5@92 A5:0.5@100 D6:1@108 C#6:0.5@84 "
            "A5:0.5@66 E5:1@54",
        ),
        legato=1.0,
    ),
    Score(
        style="tine-piano",
        title="Bright tine piano, arpeggios in F",
        program=5,
        bpm=92,
        lines=(
            "F2:2@84 C3:2@66 D2:2@90 Bb1:1@98 C2:1@104",
            "A3:0.5@60 C4:0.5@64 E4:0.5@70 G4:0.5@78 C5:0.5@86 G4:0.5@70 E4:0.5@62 C4:0.5@56 A3:0.5@66 "
            "D4:0.5@72 F4:0.5@78 A4:0.5@88 D5:0.5@98 F5:0.5@104 G5:0.5@110 C6:0.5@112",
            "-:2 E5+G5:1@74 C5+E5:1@62 -:1 A5+C6:1@92 Bb5+D6:1@100 E5+G5:1@68",
        ),
        legato=1.1,
    ),
    Score(
        style="brass-section",
        title="Brass section, fanfare in B flat",
        program=61,
        bpm=92,
        lines=(
            "Bb1+Bb2:1@100 Bb2:0.5@84 F2:0.5@84 G1+G2:2@92 Eb2+Eb3:2@104 F1+F2:2@112",
            "D3+F3+Bb3:1@96 D3+F3+Bb3:0.5@80 F3+Bb3+D4:0.5@88 G3+Bb3+D4:2@70 G3+Bb3+Eb4:2@98 A3+C4+F4:1@110 "
            "A3+Eb4+F4:1@104",
            "F4:0.75@98 Bb4:0.25@84 D5:0.5@104 F5:0.5@110 D5:1@72 Bb4:1@60 G5:0.75@104 F5:0.25@92 Eb5:1@98 "
            "F5:0.5@108 A5:0.5@114 F5:1@84",
        ),
        legato=0.9,
    ),
    Score(
        style="nylon-guitar",
        title="Nylon guitar, fingerstyle in E minor",
        program=24,
        bpm=84,
        lines=(
            "E2:2@88 B2:2@70 C3:1@82 G2:1@72 A2:1@90 B2:1@98",
            "-:0.5 G3:0.5@58 B3:0.5@62 E4:0.5@70 -:0.5 F#3:0.5@60 B3:0.5@66 D4:0.5@72 -:0.5 G3:0.5@64 "
            "B3:0.5@60 E4:0.5@70 C4+E4:0.5@80 A3:0.5@60 D#4+A4:0.5@90 F#3:0.5@64",
            "B4:1@86 E5:0.5@92 G5:0.5@100 F#5:1@88 D5:0.5@70 B4:0.5@62 G4:0.5@68 B4:0.5@76 E5:0.5@84 "
            "B5:0.5@106 A5:0.5@96 E5:0.5@78 F#5:0.5@90 B4:0.5@66",
        ),
        legato=1.3,
    ),
    Score(
        style="choir",
        title="Choir, vowels in D",
        program=52,
        bpm=84,
        lines=(
            "D2+A2:3@70 G2:1@64 B2:2@82 A2+A1:2@94",
            "F#3+A3+D4:2@60 F#3+B3+D4:1@66 G3+B3+D4:1@72 F#3+B3+D4:2@84 E3+A3+C#4:2@98",
            "A4:1@74 D5:1@82 C#5:1@76 B4:1@66 D5:1@88 F#5:1@98 E5:0.5@92 G5:0.5@100 A5:1@108",
        ),
    ),
    Score(
        style="reed-organ",
        title="Reed organ, hymn in G",
        program=20,
        bpm=88,
        lines=(
            "G1+G2:2@84 E2:1@78 D2:1@78 C2+C3:2@88 D2+D3:2@96",
            "B3+D4:1@74 D4+G4:1@78 B3+E4:1@72 A3+D4:1@70 E3+G3+C4:1@80 E4+A4:1@84 D4+F#4:1@90 F#3+C4:1@86",
            "G4:0.5@80 B4:0.5@84 D5:1@90 G5:0.5@94 F#5:0.5@88 E5:0.5@82 D5:0.5@78 C5:0.5@80 E5:0.5@86 "
            "A5:0.5@98 C6:0.5@104 B5:1@100 A5:1@92",
        ),
    ),
    Score(
        style="kalimba",
        title="Kalimba, interlocking in A minor pentatonic",
        program=108,
        bpm=96,
        lines=(
            "A2:1@92 E3:1@74 A2:1@84 G3:1@70 C3:1@96 G3:1@76 D3:1@100 E3:1@80",
            "-:0.25 C4:0.5@66 E4:0.5@72 G4:0.5@60 A4:0.5@84 E4:0.5@64 D4:0.5@70 C4:0.5@58 -:0.25 E4:0.5@74 "
            "G4:0.5@80 C5:0.5@90 G4:0.5@68 A4:0.5@86 D5:0.5@98 E5:0.5@76 A3:0.5@56",
            "A5:0.5@88 -:0.5 E5:0.25@70 G5:0.25@78 A5:0.5@94 C6:1@104 -:0.5 D5:0.5@62 G5:0.5@92 E5:0.5@80 "
            "C5:0.25@64 D5:0.25@68 E6:0.5@110 D6:0.5@102 C6:0.5@92 A5:0.5@80 G5:0.5@66",
        ),
        legato=1.5,
    ),
    Score(
        style="saw-lead",
        title="Saw lead, riff in E minor",
        program=81,
        bpm=100,
        lines=(
            "E2:0.5@100 E2:0.25@80 E3:0.25@96 G2:0.5@90 A2:0.5@94 B2:1@104 D3:0.5@84 B2:0.5@76 C2:0.5@98 "
            "C3:0.5@88 G2:0.5@80 C3:0.5@92 D2:1@106 D#2:1@110",
            "B3+E4:2@62 B3+D4:2@70 G3+C4:2@78 A3+D4:1@88 B3+D#4:1@96",
            "E5:0.5@98 G5:0.25@90 A5:0.25@94 B5:1@108 A5:0.5@88 G5:0.5@80 D5:1@72 E5:0.5@84 G5:0.5@92 "
            "C6:0.5@104 B5:0.5@98 A5:0.5@90 F#5:0.5@86 D#5:0.5@78 B4:0.5@70",
        ),
        legato=0.9,
    ),
    Score(
        style="pizzicato-strings",
        title="Pizzicato strings, walk in C minor",
        program=45,
        bpm=104,
        lines=(
            "C2+C3:1@96 G2:1@74 Ab2:1@80 Eb2:1@72 F2:1@88 C3:1@70 G2+G1:1@104 B2:1@82",
            "-:0.5 Eb3+G3:0.5@62 -:0.5 G3+C4:0.5@70 -:0.5 Ab3+C4:0.5@66 -:0.5 G3+Bb3:0.5@74 -:0.5 "
            "Ab3+C4:0.5@80 -:0.5 F3+Ab3:0.5@60 -:0.5 D4+F4:0.5@92 -:0.5 G3+D4:0.5@76",
            "G4:0.5@84 C5:0.5@90 Eb5:0.5@98 D5:0.25@76 C5:0.25@70 C5:0.5@82 Ab4:0.5@64 Bb4:0.5@72 G4:0.5@58 "
            "Ab4:0.5@76 C5:0.5@86 F5:0.5@102 Eb5:0.5@90 D5:0.25@84 F5:0.25@92 G5:0.5@110 B5:0.5@112 "
            "D6:0.5@96",
        ),
        legato=1.2,
    ),
    Score(
        style="flute",
        title="Flutes, pastoral in G",
        program=73,
        bpm=84,
        lines=(
            "D5:1@84 G5:0.5@90 A5:0.5@94 B5:1.5@102 A5:0.25@84 G5:0.25@78 E5:1@70 G5:0.5@82 C6:0.5@98 "
            "D6:1@110 B5:0.5@92 G5:0.5@76",
            "B4:2@62 D5:1@70 C5:1@64 C5:1@68 E5:1@76 F#5:1@84 D5:1@66",
            "G4:1@56 D4:1@60 G4:1@66 F#4:1@58 E4:1@70 C4:1@74 D4:1@80 C4:0.5@62 B3:0.5@58",
        ),
    ),
    Score(
        style="marimba",
        title="Marimba, pattern in D dorian",
        program=12,
        bpm=100,
        lines=(
            "D2:1@92 A2:0.5@76 D3:0.5@70 G2:1@84 D3:0.5@72 B2:0.5@66 C3:1@90 G2:0.5@74 E3:0.5@70 A2:0.5@100 "
            "A2:0.5@86 C3:0.5@78 E3:0.5@82",
            "F3+A3:0.5@60 D4:0.5@66 A3:0.5@58 F4:0.5@74 G3+B3:0.5@70 D4:0.5@64 B3:0.5@56 G4:0.5@80 "
            "E3+G3:0.5@68 C4:0.5@72 G3:0.5@60 E4:0.5@78 C4+E4:0.5@90 A3:0.5@66 E4:0.5@72 A4:0.5@84",
            "D5:0.25@88 F5:0.25@92 A5:0.5@104 G5:0.5@84 F5:0.5@76 D5:0.5@70 B5:0.5@98 A5:0.5@86 G5:0.5@72 "
            "E5:0.25@80 G5:0.25@86 C6:0.5@108 B5:0.5@94 G5:0.5@76 A5:0.25@84 C6:0.25@90 E6:0.5@110 "
            "C6:0.5@88 A5:0.5@68",
        ),
        legato=1.2,
    ),
    Score(
        style="dulcimer",
        title="Hammered dulcimer, reel in D",
        program=15,
        bpm=104,
        lines=(
            "D2+D3:2@90 A2:2@78 G2+G3:2@94 A2+A3:2@102",
            "A3:0.5@62 D4:0.5@70 F#4:0.5@78 D4:0.5@60 A3:0.5@66 C#4:0.5@70 E4:0.5@76 A3:0.5@58 B3:0.5@70 "
            "D4:0.5@76 G4:0.5@86 D4:0.5@64 C#4:0.5@80 E4:0.5@86 A4:0.5@94 G4:0.5@72",
            "D5:0.5@92 F#5:0.25@80 G5:0.25@84 A5:0.5@100 F#5:0.5@78 E5:0.25@74 F#5:0.25@80 E5:0.25@72 "
            "D5:0.25@68 C#5:0.5@82 A4:0.5@62 B4:0.25@76 D5:0.25@82 G5:0.5@98 B5:0.5@106 A5:0.25@88 "
            "G5:0.25@80 E5:0.5@86 A5:0.5@102 D6:1@112",
        ),
        legato=1.4,
    ),
    Score(
        style="music-box",
        title="Music box, lullaby in F",
        program=10,
        bpm=88,
        lines=(
            "F3:1@84 C4:1@70 A3:1@76 C4:1@66 Bb3:1@82 F4:1@70 C4:1@90 Bb3:1@74",
            "A4:0.5@60 C5:0.5@66 F5:0.5@74 C5:0.5@58 A4:0.5@62 E5:0.5@72 G5:0.5@80 E5:0.5@64 Bb4:0.5@68 "
            "D5:0.5@74 F5:0.5@80 D5:0.5@62 E5:0.5@84 G5:0.5@90 Bb5:0.5@96 C5:0.5@64",
            "C6:1@92 A5:0.5@78 F6:0.5@100 E6:1@94 C6:1@72 D6:0.5@84 F6:0.5@92 Bb6:1@108 G6:0.5@98 E6:0.5@84 C7:1@112",
        ),
        legato=1.6,
    ),
)
