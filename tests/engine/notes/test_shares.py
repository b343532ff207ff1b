"""A sound that is heard in shares is heard as by one: bit for bit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bench.material.signals import random_melody
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.machine.runtime import choose_runtime
from stylus_daw.engine.notes.note import HEARD_ROWS
from stylus_daw.engine.notes.transcriber import Transcriber, embedded
from stylus_daw.engine.share import Share, Shared
from stylus_daw.errors import EngineError, RequestError

RATE = 44_100


@pytest.fixture(scope="module")
def transcriber() -> Transcriber:
    return embedded(choose_runtime("cpu"))


@pytest.fixture(scope="module")
def melody() -> Clip:
    """Three tiles, the last one short."""
    return random_melody(RATE, 12.0, seed=3)


def saved(blocks: Iterator[np.ndarray], path: Path) -> Path:
    np.save(path, np.concatenate(list(blocks), axis=1).T)
    return path


@pytest.mark.parametrize("shares", [1, 2, 3, 5])
def test_all_shares_together_are_the_transcription(
    transcriber: Transcriber, melody: Clip, tmp_path: Path, shares: int
) -> None:
    files = []
    for number in range(shares):
        heard = list(transcriber.hear(melody, Share(number=number, of=shares)))
        if not heard:  # more shares than tiles
            heard = [np.zeros((HEARD_ROWS, 0), np.float32)]
        files.append(saved(iter(heard), tmp_path / f"{number}.npy"))
    alone = transcriber.transcribe(melody, Scratch())
    together = transcriber.decoded(melody, Shared.of(tuple(files), rows=HEARD_ROWS), Scratch())
    assert alone.notes
    assert (together.notes, together.hits, together.tuning_cents) == (alone.notes, alone.hits, alone.tuning_cents)
    every = slice(None), slice(0, alone.posteriors.frames)
    assert together.posteriors.spool[every].tobytes() == alone.posteriors.spool[every].tobytes()


def test_shares_of_another_sound_and_files_that_are_none_are_refused(
    transcriber: Transcriber, melody: Clip, tmp_path: Path
) -> None:
    half = saved(transcriber.hear(melody, Share(number=0, of=2)), tmp_path / "half.npy")
    with pytest.raises(EngineError, match="have 512 frames, the sound 1,201"):
        transcriber.decoded(melody, Shared.of((half,), rows=HEARD_ROWS), Scratch())
    with pytest.raises(EngineError, match="is not a share of 9 rows"):
        Shared.of((half,), rows=9)
    with pytest.raises(EngineError, match="cannot be read"):
        Shared.of((tmp_path / "missing.npy",), rows=HEARD_ROWS)


@pytest.mark.parametrize(("number", "of"), [(0, 0), (2, 2), (-1, 3), (0, 257)])
def test_a_share_that_is_none_is_refused(number: int, of: int) -> None:
    with pytest.raises(RequestError):
        Share(number=number, of=of)
