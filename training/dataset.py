"""Renders the training set: the same pieces by many voices, as mel images, in shards on disk.

    python -m training.dataset --out training/runs/data --shards 24 --jobs 2

A triple (content, style, truth) is never stored; it is drawn from the shards: two renders of one
piece by voices A and B, and a render of another piece by B.
"""

from __future__ import annotations

import argparse
import multiprocessing
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spectrogram import level_db
from stylus_daw.engine.image.values import GEOMETRY, to_values
from training.compose import compose
from training.voices import Voice, draw_voices, load_fonts, play

RATE = 44_100
FRAMES = 512
SECONDS = (FRAMES + 4) * GEOMETRY.hop_ms / 1000
PIECES_PER_SHARD, VOICES_PER_PIECE = 120, 4
DEFAULT_FONTS = ("/usr/share/sounds/sf2/FluidR3_GM.sf2", "/usr/share/sounds/sf2/MuseScore_General_Full.sf2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Images uint8 ``[renders, bands, frames]``; per render its piece, voice and drums flag."""

    images: NDArray[np.uint8]
    pieces: NDArray[np.int64]
    voices: NDArray[np.int64]
    drums: NDArray[np.bool_]


def make_shard(index: int, out: Path, fonts: list, voices: list[Voice]) -> Path:
    """Compose, play and store one shard; a finished one is left as it is."""
    path = out / f"shard-{index:03d}.npz"
    if path.exists():
        return path
    rng = np.random.default_rng([7, index])
    images, pieces, used, drums = [], [], [], []
    for number in range(PIECES_PER_SHARD):
        piece = compose(rng, seconds=SECONDS)
        for voice in rng.choice(len(voices), VOICES_PER_PIECE, replace=False):
            image = _image(play(voices[voice], piece, SECONDS, fonts))
            if image is not None:
                images.append(image)
                pieces.append(index * PIECES_PER_SHARD + number)
                used.append(voice)
                drums.append(bool(piece.drums))
    temp = path.with_suffix(".tmp.npz")
    np.savez(temp, images=np.stack(images), pieces=pieces, voices=used, drums=drums)
    temp.replace(path)
    return path


def _image(audio: NDArray[np.float32]) -> NDArray[np.uint8] | None:
    grid = GEOMETRY.at(RATE)
    mel = grid.mel_db(grid.stft(audio.mean(axis=0)))[:, 1 : FRAMES + 1]
    level = level_db(mel)
    if not np.isfinite(level) or level < -70:
        return None
    values = to_values(mel, level)
    return np.round((values + 1) * 127.5).astype(np.uint8)


def load_shard(path: Path) -> Shard:
    with np.load(path) as stored:
        return Shard(**{name: stored[name] for name in ("images", "pieces", "voices", "drums")})


def _work(task: tuple[int, int, Path, tuple[str, ...], int]) -> None:
    first, step, out, paths, shards = task
    fonts = load_fonts([Path(p) for p in paths], RATE)
    voices = draw_voices(np.random.default_rng(11), fonts)
    if first == 0:
        np.save(out / "voices.npy", np.array([astuple(v) for v in voices]))
    for index in range(first, shards, step):
        make_shard(index, out, fonts, voices)
        print(f"shard {index + 1}/{shards}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("training/runs/data"))
    parser.add_argument("--shards", type=int, default=24)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--soundfont", action="append", help="repeat for several", default=None)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    fonts = tuple(args.soundfont or DEFAULT_FONTS)
    tasks = [(job, args.jobs, args.out, fonts, args.shards) for job in range(args.jobs)]
    with multiprocessing.get_context("spawn").Pool(args.jobs) as pool:
        pool.map(_work, tasks, chunksize=1)


if __name__ == "__main__":
    main()
