"""Hears the notes and hits of a sound, in pieces, in flat memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.machine.runtime import Network, Runtime, choose_runtime
from stylus_daw.engine.notes.analysis import BLOCK_FRAMES, Circumstances, circumstances, frame_count, views
from stylus_daw.engine.notes.decoding import Decoder, Thresholds, hits
from stylus_daw.engine.notes.features import RANGE_DB, Float, key_loudness
from stylus_daw.engine.notes.note import HEADS, KEYS, ROWS, Heard, Posteriors, Transcription
from stylus_daw.engine.notes.weights import embedded_folder, load_weights
from stylus_daw.engine.progress import ReportProgress, ignore
from stylus_daw.engine.share import Share, Shared
from stylus_daw.errors import EngineError

TILE_FRAMES = 512
COARSE = 4
"""Frames that the wide view of the network takes together."""
CONTEXT_FRAMES = 72
"""Frames on either side beyond which nothing changes the answer, to the last bit; from 68 on something does."""
STRENGTH_ROWS = slice((HEADS - 1) * KEYS, HEADS * KEYS)
"""The net hears how hard a key is struck; how loud it is is measured."""
STAGE = "hearing the notes"


class Listen(Protocol):
    """What tells the notes of a sound; :func:`transcribe` is one, whoever knows the score is another."""

    def __call__(
        self, sound: Sound, *, runtime: Runtime | None, scratch: Scratch | None, progress: ReportProgress
    ) -> Transcription: ...


def transcribe(
    sound: Sound,
    *,
    runtime: Runtime | None = None,
    scratch: Scratch | None = None,
    progress: ReportProgress = ignore,
) -> Transcription:
    """Notes, hits and posteriors of a sound.

    Args:
        sound: any rate, length and channel count; read in pieces.
        runtime: where the network runs; None: the processor.
        scratch: where long posteriors lie; None: the system's folder for temporary files.
        progress: told 0..1 and "hearing the notes"; what it raises ends the work.

    Raises:
        CheckpointError: the transcriber's weights are missing or broken.
    """
    return embedded(runtime or choose_runtime("cpu")).transcribe(sound, scratch or Scratch(), progress)


@lru_cache(maxsize=2)
def embedded(runtime: Runtime) -> Transcriber:
    """The transcriber that the package brings, in that runtime."""
    return load_transcriber(embedded_folder(), runtime)


def load_transcriber(folder: Path, runtime: Runtime) -> Transcriber:
    """Of ``config.json`` and ``model.onnx``.

    Raises:
        CheckpointError: something is missing, unreadable or does not fit.
    """
    network, thresholds = load_weights(folder, runtime)
    return Transcriber(network=network, thresholds=thresholds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcriber:
    """A network that is ready to run, and what counts as a note.

    ``network`` maps ``[1, windows, bins, t]`` and ``[1, bands, t]`` to posteriors ``[ROWS, t]``; ``t`` is a multiple
    of 4.
    """

    network: Network
    thresholds: Thresholds

    def transcribe(self, sound: Sound, scratch: Scratch, progress: ReportProgress = ignore) -> Transcription:
        """See :func:`transcribe`."""
        about = circumstances(sound)
        return self._decoded(sound, about, self._heard(sound, about, range(_tile_count(sound)), progress), scratch)

    def hear(self, sound: Sound, share: Share, progress: ReportProgress = ignore) -> Iterator[Float]:
        """What a share of the tiles sounds like, for :meth:`decoded`. Shape: each ``[HEARD_ROWS, up to 512]``."""
        return self._heard(sound, circumstances(sound), share.span(_tile_count(sound)), progress)

    def decoded(self, sound: Sound, heard: Shared, scratch: Scratch) -> Transcription:
        """:meth:`transcribe`, bit for bit, from all shares of the sound.

        Raises:
            EngineError: ``engine.share``: they are not those of this sound.
        """
        if heard.columns != frame_count(sound):
            text = f"The shares have {heard.columns:,} frames, the sound {frame_count(sound):,}. Render again."
            raise EngineError("engine.share", text)
        tiles = (heard.read(*block) for block in heard.blocks(TILE_FRAMES))
        return self._decoded(sound, circumstances(sound), tiles, scratch)

    def _heard(self, sound: Sound, about: Circumstances, tiles: range, progress: ReportProgress) -> Iterator[Float]:
        """Posteriors, and below them the level. Shape: each ``[HEARD_ROWS, up to 512]``."""
        for number, (grid, bands, frames) in enumerate(_tiles(sound, about, tiles)):
            progress(number / len(tiles), STAGE)
            within = slice(CONTEXT_FRAMES, CONTEXT_FRAMES + frames)
            yield np.concatenate([self._rows(grid, bands)[:, within], _level_db(bands[:, within])[None]])
        progress(1.0, STAGE)

    def _decoded(self, sound: Sound, about: Circumstances, tiles: Iterable[Float], scratch: Scratch) -> Transcription:
        spool, decoder = scratch.spool(ROWS), Decoder(thresholds=self.thresholds)
        percussion, levels = [], []
        for tile in tiles:
            rows = tile[:ROWS]
            spool.append(rows)
            decoder.feed(Heard.of_rows(rows))
            percussion.append(rows[-1].copy())
            levels.append(tile[ROWS])
        return Transcription(
            notes=decoder.finish(),
            hits=hits(np.concatenate(percussion), np.concatenate(levels), self.thresholds),
            posteriors=Posteriors(spool=spool),
            tuning_cents=about.tuning_cents,
            seconds=sound.length / sound.rate,
        )

    def _rows(self, grid: Float, bands: Float) -> Float:
        """Posteriors of a tile. Shape: ``[windows, bins, t]`` and ``[bands, t]`` to ``[ROWS, t]``."""
        rows = self.network(grid[None].astype(np.float32), bands[None].astype(np.float32))
        rows[STRENGTH_ROWS] *= key_loudness(grid)
        return rows


def _level_db(bands: Float) -> Float:
    """Of all bands together, dB re the sound's level. Shape: ``[bands, t] -> [t]``."""
    return 10 * np.log10(np.power(10.0, (bands - 1) * np.float32(RANGE_DB / 10)).sum(axis=0))


def _tile_count(sound: Sound) -> int:
    return -(-frame_count(sound) // TILE_FRAMES)


def _tiles(sound: Sound, about: Circumstances, tiles: range) -> Iterator[tuple[Float, Float, int]]:
    """Grid and bands with their context on both sides, zeros beyond the sound, and the frames in between."""
    total, done = frame_count(sound), tiles.start * TILE_FRAMES
    first = max(0, done - CONTEXT_FRAMES) // BLOCK_FRAMES * BLOCK_FRAMES
    stream = (view.relative(about.level_db) for view in views(sound, about.tuning_cents, first))
    lacking = max(0, CONTEXT_FRAMES - done)
    surplus = max(0, done - CONTEXT_FRAMES - first)
    grid, bands = (np.pad(x, _before(x, lacking))[..., surplus:] for x in next(stream))
    while done < min(total, tiles.stop * TILE_FRAMES):
        frames = min(TILE_FRAMES, total - done)
        width = -(-(frames + 2 * CONTEXT_FRAMES) // COARSE) * COARSE
        for more in stream:
            grid, bands = (np.concatenate(pair, axis=-1) for pair in zip((grid, bands), more, strict=True))
            if grid.shape[-1] >= width:
                break
        yield _wide(grid, width), _wide(bands, width), frames
        grid, bands, done = grid[..., frames:], bands[..., frames:], done + frames


def _before(image: Float, count: int) -> list[tuple[int, int]]:
    return [(0, 0)] * (image.ndim - 1) + [(count, 0)]


def _wide(image: Float, width: int) -> Float:
    missing = max(0, width - image.shape[-1])
    return np.ascontiguousarray(np.pad(image[..., :width], [(0, 0)] * (image.ndim - 1) + [(0, missing)]))
