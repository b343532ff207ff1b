"""What the factory's kits play; see `training.factory_scores`.

The engine cuts hits out of a style, each from its own attack to the next one's. So each drum is struck alone, at two
forces, and left to ring; in the groove drums sound together. What the transcriber does not hear would be part of the
hit before it. So the machine's snare comes with a hat, and there is no crash: it is heard only with a kick, and other
kits' kicks would bring it along.
"""

from __future__ import annotations

from training.notation import Score

DRUM_SCORES = (
    Score(
        style="room-kit",
        title="Drum kit in a room, drum by drum and a groove",
        program=8,
        bpm=124,
        lines=(
            "kick:0.5@104 kick:0.5@86 hat:0.5@92 hat:0.5@113 "
            "kick+hat:0.5@104 hat:0.5@109 snare+hat:0.5@114 hat:0.5@101 kick+hat:0.5@104 kick:0.5@98 snare+hat:0.5@119 "
            "ride:0.625@100 ride:0.75@124 snare:0.5@95 snare:0.5@116 open:0.75@119 open:0.75@105 "
            "tom3:0.75@107 tom2:0.75@107 tom1:0.75@108 tom3:0.75@92 tom2:0.75@88 tom1:0.75@90",
        ),
        is_drums=True,
        loose_ms=1.0,
    ),
    Score(
        style="drum-machine",
        title="Analogue drum machine, drum by drum and a groove",
        program=25,
        bpm=124,
        lines=(
            "hat:0.5@90 hat:0.5@115 kick:0.625@104 kick:0.5@86 snare+hat:0.625@115 open:0.625@92 open:0.5@122 "
            "kick+hat:0.5@93 kick:0.5@88 snare+hat:0.5@100 hat:0.5@95 kick+hat:0.5@94 kick:0.5@87 snare+hat:0.5@119 "
            "ride:0.625@98 ride:0.625@114 tom2:0.75@89 tom1:0.75@94 tom2:1@106",
        ),
        is_drums=True,
        loose_ms=0.0,
    ),
    Score(
        style="brush-kit",
        title="Drum kit with brushes, drum by drum and a groove",
        program=40,
        bpm=124,
        lines=(
            "kick:0.5@96 snare:0.625@94 snare:0.5@125 ride:0.5@106 ride:0.75@122 "
            "kick+hat:0.5@92 hat:0.5@113 snare+hat:0.5@127 hat:0.5@104 kick+hat:0.5@100 kick:0.5@83 "
            "snare+hat:0.625@127 hat:0.5@118 hat:0.5@87 kick:0.5@75 open:0.5@95 open:0.5@127 "
            "tom3:0.75@81 tom2:0.75@82 tom1:0.75@83 tom3:0.75@101 tom2:0.75@100 tom1:0.75@98",
        ),
        is_drums=True,
        loose_ms=1.0,
    ),
)
