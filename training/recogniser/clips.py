"""What the recogniser hears: every program of some soundfonts in pieces of all roles, stored as decibels in bytes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from training.compose import Role, compose
from training.recogniser.image import clip_image
from training.recogniser.net import PROGRAMS
from training.soundfont import Soundfont
from training.voices import sounds

RATE, SECONDS, FRAMES = 44_100, 4.0, 200
LOWEST_DB, STEP_DB = -100.0, 0.5
"""A byte counts half decibels from 100 dB below the clip's level."""
SOUNDS = Path("/usr/share/sounds")
FONTS = ("sf3/MuseScore_General_Full.sf3", "sf2/sf_GMbank.sf2", "sf2/OPL-3_FM_128M.sf2")
"""Debian's musescore-general-soundfont, csound-soundfont, opl3-soundfont: not one of the benchmark's."""
UNSEEN_FONTS = ("sf2/FluidR3_GM.sf2", "sf2/TimGM6mb.sf2")
ROLES = tuple(role for role in Role if role not in (Role.DRUMS, Role.SONG))
DRUM_SHARE, TUNING_SPREAD = 0.15, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Clips:
    """Images in bytes ``[clips, bands, frames]`` and the number of the program that plays each ``[clips]``."""

    images: NDArray[np.uint8]
    programs: NDArray[np.int64]

    def of(self, programs: Sequence[int]) -> Clips:
        """Those of some programs, by number."""
        kept = np.isin(self.programs, np.array(programs))
        return Clips(images=self.images[kept], programs=self.programs[kept])

    def decibels(self, index: int) -> NDArray[np.float32]:
        """One image, dB re the clip's level. Shape: ``[bands, frames]``."""
        return self.images[index].astype(np.float32) * np.float32(STEP_DB) + np.float32(LOWEST_DB)


def make_shard(font: Soundfont, path: Path, *, takes: int, seed: int, drum_share: float = DRUM_SHARE) -> Path:
    """Every program ``takes`` times; a finished shard is left as it is."""
    if path.exists():
        return path
    rng, images, programs = np.random.default_rng([13, seed]), [], []
    for number, program in enumerate(PROGRAMS):
        for _ in range(takes if font.has_program(program) else 0):
            image = _take(font, program, rng, drum_share)
            if image is not None:
                images.append(image)
                programs.append(number)
    temp = path.with_suffix(".tmp.npz")
    np.savez(temp, images=np.stack(images), programs=np.array(programs))
    temp.replace(path)
    return path


def _take(font: Soundfont, program: int, rng: np.random.Generator, drum_share: float) -> NDArray[np.uint8] | None:
    role = Role.BASS if 32 <= program < 40 and rng.random() < 0.5 else ROLES[rng.integers(len(ROLES))]
    piece = compose(rng, seconds=SECONDS, role=role, drum_share=drum_share)
    tuning = float(rng.normal(0, TUNING_SPREAD)) if drum_share else 0.0
    audio = font.play(piece, SECONDS, program=program, tuning=tuning)
    if not sounds(audio):
        return None
    return in_bytes(clip_image(Clip(samples=audio, rate=RATE))[:, :FRAMES])


def in_bytes(decibels: NDArray[np.float32]) -> NDArray[np.uint8]:
    """An image as :class:`Clips` stores it. Shape kept."""
    return np.round((decibels - LOWEST_DB) / STEP_DB).clip(0, 255).astype(np.uint8)


def load(paths: list[Path]) -> Clips:
    """Several shards as one."""
    parts = [np.load(path) for path in paths]
    return Clips(
        images=np.concatenate([p["images"] for p in parts]), programs=np.concatenate([p["programs"] for p in parts])
    )


def training_shards(folder: Path, shards: int) -> list[Path]:
    """Where the shards of all fonts lie."""
    return [folder / f"{Path(name).stem}-{number}.npz" for number in range(shards) for name in FONTS]


def unseen_shards(folder: Path) -> list[Path]:
    return [folder / f"unseen-{Path(name).stem}.npz" for name in UNSEEN_FONTS]


def make_all(folder: Path, *, shards: int, takes: int, jobs: int) -> None:
    """All shards, by ``jobs`` processes."""
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(job, jobs, folder, shards, takes) for job in range(jobs)]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        pool.map(_work, tasks, chunksize=1)


def _work(task: tuple[int, int, Path, int, int]) -> None:
    job, jobs, folder, shards, takes = task
    fonts = {name: Soundfont(SOUNDS / name, RATE) for name in (*FONTS, *UNSEEN_FONTS)}
    names = list(FONTS) * shards
    for index in range(job, len(names), jobs):
        path = training_shards(folder, shards)[index]
        print(make_shard(fonts[names[index]], path, takes=takes, seed=index), flush=True)
    for index in range(job, len(UNSEEN_FONTS), jobs):
        path = unseen_shards(folder)[index]
        print(make_shard(fonts[UNSEEN_FONTS[index]], path, takes=2, seed=1000 + index, drum_share=0.0), flush=True)
