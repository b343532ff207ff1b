"""Notes as Spotify's Basic Pitch finds them (Bittner et al. 2022, Apache-2.0): a transcriber that is not ours.

Its network runs through onnxruntime; the package is only where the weights lie, so it is installed without what it
asks for: ``pip install --no-deps basic-pitch``, which ``make setup`` does.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import argrelmax

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.machine.runtime import silent_onnxruntime
from stylus_daw.errors import RequestError

RATE, WINDOW, MARGIN, FRAME_RATE = 22_050, 43_844, 30 * 256, 22_050 / 256
"""Its sample rate; samples in, and samples of overlap; frames a second out."""
ONSET, SOUNDING, SHORTEST = 0.75, 0.42, 4
"""Thresholds and frames: its own .5 and .3 give F1 .64 on our contents, these .74."""
LOWEST_KEY, KEYS, PATIENCE = 21, 88, 11
"""A note ends after 11 frames below the threshold, as in the original."""

Posteriors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNote:
    """A note that was heard."""

    start_s: float
    end_s: float
    pitch: int


def find_notes(clip: Clip) -> list[FoundNote]:
    """The notes of a clip, in the order of their onsets."""
    sounding, onset = _posteriors(soxr.resample(clip.mid(), clip.rate, RATE).astype(np.float32))
    found = _with_onset(sounding, onset)
    return sorted(found, key=lambda note: (note.start_s, note.pitch))


def _with_onset(sounding: Posteriors, onset: Posteriors) -> list[FoundNote]:
    """Notes that begin at a peak of the onset posterior, the last first; then what sounds without one."""
    left, found = sounding.copy(), []
    onsets = np.argwhere(_peaks(_supported(onset, sounding)) >= ONSET).tolist()
    for start, key in sorted(onsets, key=lambda at: -at[0]):
        end = _end(left[:, key], start)
        if end - start > SHORTEST:
            _take(left, start, end, key)
            found.append(_note(start, end, key))
    while left.max() > SOUNDING:
        at, key = (int(place) for place in np.unravel_index(left.argmax(), left.shape))
        end, start = _end(left[:, key], at), at - (_end(left[at::-1, key], 0) - 1)
        _take(left, start, end, key)
        left[at, key] = 0
        if end - start > SHORTEST:
            found.append(_note(start, end, key))
    return found


def _supported(onset: Posteriors, sounding: Posteriors) -> Posteriors:
    """Onsets, or where the other posterior rises, whichever is more."""
    rise = np.maximum(0, sounding - np.vstack([np.zeros((2, KEYS)), sounding[:-2]]))
    return np.maximum(onset, rise * onset.max() / max(rise.max(), 1e-9))


def _peaks(posterior: Posteriors) -> Posteriors:
    peaks, places = np.zeros_like(posterior), argrelmax(posterior, axis=0)
    peaks[places] = posterior[places]
    return peaks


def _end(row: Posteriors, start: int) -> int:
    """First frame after which the key is silent for ``PATIENCE`` frames."""
    end, quiet = start + 1, 0
    while end < len(row) - 1 and quiet < PATIENCE:
        quiet = quiet + 1 if row[end] < SOUNDING else 0
        end += 1
    return end - quiet


def _take(left: Posteriors, start: int, end: int, key: int) -> None:
    left[start:end, max(0, key - 1) : key + 2] = 0


def _note(start: int, end: int, key: int) -> FoundNote:
    return FoundNote(start_s=start / FRAME_RATE, end_s=end / FRAME_RATE, pitch=key + LOWEST_KEY)


def _posteriors(mono: NDArray[np.float32]) -> tuple[Posteriors, Posteriors]:
    """That a key sounds, and that it begins. Shape: ``[samples] -> two [frames, KEYS]``."""
    padded = np.concatenate([np.zeros(MARGIN // 2, np.float32), mono])
    windows = [_window(padded[at : at + WINDOW]) for at in range(0, len(padded), WINDOW - MARGIN)]
    frames = int(np.ceil(len(mono) / RATE * FRAME_RATE))
    one, other = (np.concatenate(parts)[:frames] for parts in zip(*windows, strict=True))
    return (one, other) if one.sum() > other.sum() else (other, one)


def _window(samples: NDArray[np.float32]) -> list[Posteriors]:
    session = _session()
    padded = np.pad(samples, (0, WINDOW - len(samples)))[None, :, None]
    answer = session.run(None, {session.get_inputs()[0].name: padded})
    return [np.asarray(output)[0, 15:-15] for output in answer if np.asarray(output).shape[2] == KEYS]


@lru_cache(maxsize=1)
def _session() -> Any:
    """An ``InferenceSession``."""
    spec = importlib.util.find_spec("basic_pitch")
    if spec is None or not spec.submodule_search_locations:
        message = "Note F1 needs basic-pitch. Install it with: make setup"
        raise RequestError("bench.hearing.basic_pitch", message)
    path = Path(spec.submodule_search_locations[0]) / "saved_models" / "icassp_2022" / "nmp.onnx"
    onnxruntime = silent_onnxruntime()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
