"""Composes, plays, listens, draws: contents, styles, truths and guides, in shards on disk."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import level_db
from stylus_daw.engine.guide.instrument import Instrument
from stylus_daw.engine.guide.on_arrays import guide_values
from stylus_daw.engine.image.values import GEOMETRY, to_values
from stylus_daw.engine.notes.note import Transcription
from training.compose import Piece, Role, compose
from training.dataset import FRAMES, RATE, SECONDS
from training.guides.written import mistaken
from training.soundfont import Soundfont
from training.voices import Voice, draw_voice, load_fonts, play, sounds, training_fonts

IMAGES = ("content", "truth", "style", "guide")
STYLES_PER_SHARD, CONTENTS_PER_STYLE = 20, 2
DRUM_SHARE, SAME_SHARE, LEVEL_SPREAD_DB = 0.2, 0.05, 4.0
"""Shares of pieces with drums, and of contents that the style's own voice plays."""
HELD_OUT_SHARDS = 1
"""So many shards, the first ones, are played by voices that no training hears."""

Listener = Callable[[Clip, Piece], Transcription]


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """All that a process needs for making triples."""

    fonts: list[Soundfont]
    listen: Listener
    rng: np.random.Generator
    held_out: bool

    def played(self, voice: Voice, piece: Piece) -> Clip | None:
        audio = play(voice, piece, SECONDS, self.fonts)
        if not sounds(audio):
            return None
        gain = 10 ** (self.rng.normal(0, LEVEL_SPREAD_DB) / 20)
        return Clip(samples=np.ascontiguousarray(audio * gain, np.float32), rate=RATE)

    def voice(self) -> Voice:
        return draw_voice(self.rng, self.fonts, held_out=self.held_out)

    def piece(self) -> Piece:
        return compose(self.rng, seconds=SECONDS, role=_role(self.rng), drum_share=DRUM_SHARE)


def _role(rng: np.random.Generator) -> Role | None:
    """As the composer draws them, but basses twice as often: there the net errs most."""
    return Role.BASS if rng.random() < 0.1 else None


def make_shard(index: int, out: Path, fonts: list[Soundfont], listener: str) -> Path:
    """One shard; a finished one is left as it is."""
    path = out / f"guides-{index:03d}.npz"
    if path.exists():
        return path
    rng = np.random.default_rng([29, index])
    studio = Studio(fonts=fonts, listen=make_listener(listener, rng), rng=rng, held_out=index < HELD_OUT_SHARDS)
    rows: dict[str, list[NDArray[np.uint8]]] = {name: [] for name in IMAGES}
    voices: list[tuple[int, int]] = []
    while len(voices) < STYLES_PER_SHARD * CONTENTS_PER_STYLE:
        _add_style(studio, rows, voices)
    temp = path.with_suffix(".tmp.npz")
    images: dict[str, Any] = {name: np.stack(found) for name, found in rows.items()}
    np.savez(temp, voices=np.array(voices), listener=listener, **images)
    temp.replace(path)
    return path


def _add_style(studio: Studio, rows: dict[str, list[NDArray[np.uint8]]], voices: list[tuple[int, int]]) -> None:
    """A style and some contents."""
    voice, other = studio.voice(), studio.piece()
    style = studio.played(voice, other)
    if style is None:
        return
    instrument, seen = Instrument.of(style, studio.listen(style, other)), values_of(style)
    for _ in range(CONTENTS_PER_STYLE):
        own = voice if studio.rng.random() < SAME_SHARE else studio.voice()
        piece = studio.piece()
        content, truth = studio.played(own, piece), studio.played(voice, piece)
        if content is None or truth is None:
            continue
        guide = guide_values(content, studio.listen(content, piece), style, instrument)
        images = {"content": values_of(content), "truth": values_of(truth), "style": seen, "guide": guide}
        for name, image in images.items():
            rows[name].append(_bytes(image))
        voices.append((voice.font, voice.program))


def values_of(clip: Clip) -> NDArray[np.float32]:
    """A clip as the net sees it. Shape: ``[bands, frames]``."""
    image = mel_image(clip, GEOMETRY)
    return to_values(image, level_db(image))


def _bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.round((values[:, :FRAMES] + 1) * 127.5).clip(0, 255).astype(np.uint8)


def make_listener(kind: str, rng: np.random.Generator) -> Listener:
    """``transcriber``: the shipped one, with its own mistakes; ``written``: the notes with made-up ones."""
    if kind == "written":
        return lambda clip, piece: mistaken(piece, SECONDS, rng)
    from stylus_daw.engine.notes.transcriber import transcribe

    return lambda clip, piece: transcribe(clip)


def make_all(out: Path, *, shards: int, jobs: int, listener: str, first: int = 0) -> None:
    """All shards by ``jobs`` processes."""
    out.mkdir(parents=True, exist_ok=True)
    tasks = [(first + job, jobs, out, first + shards, listener) for job in range(jobs)]
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        pool.map(_work, tasks, chunksize=1)


def _work(task: tuple[int, int, Path, int, str]) -> None:
    first, step, out, end, listener = task
    os.environ["OMP_NUM_THREADS"] = "1"
    _one_thread()
    fonts = load_fonts(training_fonts(), RATE)
    for index in range(first, end, step):
        print(make_shard(index, out, fonts, listener), flush=True)


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)
