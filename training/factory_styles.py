"""Renders the style audio of the factory presets: ``python -m training.factory_styles``.

Each score (`training.factory_scores`) is played once by the MIT-licensed FluidR3 GM soundfont, its ring-out is
folded onto its start so that it loops, and it is written as a 16-bit FLAC at about -18 LUFS. Small
deviations of time and force come from a seed of the style's name: the same command gives the same samples.
"""

from __future__ import annotations

import argparse
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyloudnorm
import soundfile
import tinysoundfont
from numpy.typing import NDArray

from training.factory_scores import SCORES
from training.factory_scores_drums import DRUM_SCORES
from training.factory_scores_more import MORE_SCORES
from training.notation import Score
from training.soundfont import DRUM_BANK

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
STYLES = Path(__file__).parents[1] / "presets" / "stylus_presets" / "styles"
RATE = 44_100
TARGET_LUFS, CEILING_DB = -18.0, -1.5
RING_SECONDS = 2.0
ALL_SCORES = SCORES + MORE_SCORES + DRUM_SCORES

Stereo = NDArray[np.float32]
Action = tuple[int, bool, int, int]


def render(score: Score, soundfont: Path = SOUNDFONT) -> Stereo:
    """The score as a loop at `TARGET_LUFS`. Shape: ``[2, samples]`` at `RATE`, full scale 1.0."""
    length = round(score.beats * 60 / score.bpm * RATE)
    played = _play(score, length + round(RING_SECONDS * RATE), soundfont)
    return _levelled(_looped(played, length))


def _play(score: Score, total: int, soundfont: Path) -> Stereo:
    synth = tinysoundfont.Synth(samplerate=RATE, gain=-12)
    bank = DRUM_BANK if score.is_drums else 0
    synth.program_select(0, synth.sfload(str(soundfont)), bank, score.program, score.is_drums)
    blocks, now = [], 0
    for sample, is_on, pitch, velocity in [*_actions(score), (total, False, 0, 0)]:
        if sample > now:
            blocks.append(np.frombuffer(synth.generate(sample - now), np.float32).reshape(-1, 2).T.copy())
            now = sample
        if is_on:
            synth.noteon(0, pitch, velocity)
        elif sample < total:
            synth.noteoff(0, pitch)
    return np.concatenate(blocks, axis=1)


def _actions(score: Score) -> list[Action]:
    """Note-offs and note-ons in time order; a pitch struck again is released first."""
    starts: dict[int, list[int]] = {}
    notes = sorted(_notes(score))
    for start, _, pitch, _ in notes:
        starts.setdefault(pitch, []).append(start)
    actions: list[Action] = []
    for start, end, pitch, velocity in notes:
        following = min((other for other in starts[pitch] if other > start), default=end)
        actions += [(start, True, pitch, velocity), (min(end, following), False, pitch, 0)]
    return sorted(actions, key=lambda action: action[:2])


def _notes(score: Score) -> Iterator[tuple[int, int, int, int]]:
    """(first sample, last sample, pitch, velocity), a few milliseconds and steps off the written ones."""
    rng = np.random.default_rng(zlib.crc32(score.style.encode()))
    beat = 60 / score.bpm
    for event in score.events:
        for pitch in event.pitches:
            start = max(0.0, event.beat * beat + rng.normal(0, score.loose_ms / 1000))
            velocity = int(np.clip(event.velocity + rng.normal(0, 3), 1, 127))
            end = start + event.beats * beat * score.legato
            yield round(start * RATE), round(end * RATE), pitch, velocity


def _looped(played: Stereo, length: int) -> Stereo:
    loop = played[:, :length].copy()
    ring = played[:, length:] * np.linspace(1, 0, played.shape[1] - length, dtype=np.float32) ** 2
    loop[:, : ring.shape[1]] += ring
    return loop


def _levelled(loop: Stereo) -> Stereo:
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(loop.T)
    gain = 10 ** ((TARGET_LUFS - loudness) / 20)
    return (loop * min(gain, 10 ** (CEILING_DB / 20) / np.abs(loop).max())).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT, help="FluidR3_GM.sf2 (Debian: fluid-soundfont-gm)")
    parser.add_argument("--out", type=Path, default=STYLES, help="folder for the FLAC files")
    parser.add_argument("--missing", action="store_true", help="leave alone what the folder has already")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for score in ALL_SCORES:
        path = options.out / f"{score.style}.flac"
        if options.missing and path.exists():
            continue
        loop = render(score, options.soundfont)
        soundfile.write(path, loop.T, RATE, subtype="PCM_16")
        loudness = pyloudnorm.Meter(RATE).integrated_loudness(loop.T)
        peak_db = 20 * np.log10(np.abs(loop).max())
        size = path.stat().st_size / 1000
        print(f"{path.name:24} {loop.shape[1] / RATE:5.2f} s {loudness:6.1f} LUFS {peak_db:6.1f} dBFS {size:5.0f} kB")


if __name__ == "__main__":
    main()
