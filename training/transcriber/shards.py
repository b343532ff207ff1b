"""What the transcriber sees of scenes, in shards on disk, by several processes. Training may begin with the first ones.

python -m training.transcriber.shards --out training/runs/transcriber/data --shards 60 --jobs 2
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from stylus_daw.engine.notes.features import HOP, RATE, REACH, Viewer
from stylus_daw.engine.notes.tuning import Tuning
from training.compose import Note
from training.soundfont import Soundfont
from training.transcriber.scenes import SECONDS, Scene, draw_scene
from training.voices import load_fonts, training_fonts

SCENES = 32
FRAMES = int(SECONDS * 100)
DETUNED_SHARE, MOST_CENTS = 0.25, 35.0
VALIDATION_SEED, TRAINING_SEED = 71, 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Scenes as the net sees them.

    Attributes:
        grid: levels, 255 is the loudest, 0 is 80 dB below. Shape: uint8 ``[scenes, windows, bins, frames]``.
        bands: likewise. Shape: uint8 ``[scenes, bands, frames]``.
        notes: scene, start in seconds, end, pitch, strength. Shape: float32 ``[notes, 5]``.
        hits: scene, start in seconds, strength. Shape: float32 ``[hits, 3]``.
        kinds: of the scenes. Shape: ``[scenes]``.
        tunings: cents that were measured. Shape: ``[scenes]``.
    """

    grid: NDArray[np.uint8]
    bands: NDArray[np.uint8]
    notes: NDArray[np.float32]
    hits: NDArray[np.float32]
    kinds: NDArray[np.int64]
    tunings: NDArray[np.float32]


def make_shard(
    path: Path, rng: np.random.Generator, fonts: list[Soundfont], *, held_out: bool, scenes: int = SCENES
) -> None:
    """Compose, play, look and store; a finished shard is left as it is."""
    if path.exists():
        return
    rows: dict[str, list] = {name: [] for name in ("grid", "bands", "notes", "hits", "kinds", "tunings")}
    for number in range(scenes):
        scene = _detuned(rng, draw_scene(rng, fonts, held_out=held_out), fonts[0].rate)
        grid, bands, cents = _seen(scene, fonts[0].rate)
        rows["grid"].append(grid)
        rows["bands"].append(bands)
        rows["kinds"].append(int(scene.kind))
        rows["tunings"].append(cents)
        rows["notes"] += [(number, n.start_s, n.start_s + n.seconds, n.pitch, n.velocity / 127) for n in scene.notes]
        rows["hits"] += [(number, n.start_s, n.velocity / 127) for n in scene.hits]
    temp = path.with_suffix(".tmp.npz")
    np.savez(temp, **_arrays(rows))
    temp.replace(path)


def _arrays(rows: dict[str, list]) -> dict[str, Any]:
    return {
        "grid": np.stack(rows["grid"]),
        "bands": np.stack(rows["bands"]),
        "notes": np.array(rows["notes"], np.float32).reshape(-1, 5),
        "hits": np.array(rows["hits"], np.float32).reshape(-1, 3),
        "kinds": np.array(rows["kinds"]),
        "tunings": np.array(rows["tunings"], np.float32),
    }


def _detuned(rng: np.random.Generator, scene: Scene, rate: int) -> Scene:
    """Some scenes run faster or slower, as tapes and turntables do."""
    if rng.random() > DETUNED_SHARE:
        return scene
    faster = 2 ** (rng.uniform(-MOST_CENTS, MOST_CENTS) / 1200)
    audio = soxr.resample(np.ascontiguousarray(scene.audio.T), rate * faster, rate).T
    missing = scene.audio.shape[1] - audio.shape[1]
    audio = np.pad(audio, ((0, 0), (0, max(0, missing))))[:, : scene.audio.shape[1]]
    notes, hits = (tuple(_faster(n, faster) for n in part) for part in (scene.notes, scene.hits))
    return replace(scene, audio=audio.astype(np.float32), notes=notes, hits=hits)


def _faster(note: Note, factor: float) -> Note:
    return replace(note, start_s=note.start_s / factor, seconds=note.seconds / factor)


def _seen(scene: Scene, rate: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8], float]:
    """Grid, bands and the tuning, as ``stylus_daw.engine.notes.analysis`` finds them, in one pass."""
    mono = soxr.resample(scene.audio.mean(axis=0, dtype=np.float32), rate, RATE)
    samples = np.pad(mono, (REACH, 2 * REACH))[: (FRAMES - 1) * HOP + 2 * REACH]
    tuning = Tuning()
    tuning.hear(samples)
    view = _viewer(round(tuning.cents())).view(samples, FRAMES)
    grid, bands = view.relative(view.loudest_db)
    return np.round(grid * 255).astype(np.uint8), np.round(bands * 255).astype(np.uint8), tuning.cents()


_viewer = lru_cache(maxsize=101)(Viewer)


def load_shard(path: Path) -> Shard:
    with np.load(path) as stored:
        return Shard(**{name: stored[name] for name in Shard.__slots__})


def _work(task: tuple[int, int, Path, int]) -> None:
    first, step, out, shards = task
    fonts = load_fonts(training_fonts())
    if first == 0:
        make_shard(
            out / "validation.npz", np.random.default_rng(VALIDATION_SEED), fonts, held_out=True, scenes=2 * SCENES
        )
    for index in range(first, shards, step):
        start = time.monotonic()
        rng = np.random.default_rng([TRAINING_SEED, index])
        make_shard(out / f"shard-{index:04d}.npz", rng, fonts, held_out=False)
        print(f"shard {index + 1}/{shards} {time.monotonic() - start:.0f} s", flush=True)


def make_shards(out: Path, shards: int, jobs: int) -> None:
    """All shards, and one of held-out voices; resumable."""
    out.mkdir(parents=True, exist_ok=True)
    tasks = [(job, jobs, out, shards) for job in range(jobs)]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        pool.map(_work, tasks, chunksize=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("training/runs/transcriber/data"))
    parser.add_argument("--shards", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    make_shards(args.out, args.shards, args.jobs)


if __name__ == "__main__":
    main()
