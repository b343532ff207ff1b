"""The shipped transcriber on torch, as it was before it was exported: to compare with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from stylus_daw.audio.sound import Sound
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine.machine.runtime import Network, Runtime
from stylus_daw.engine.notes.note import Transcription
from stylus_daw.engine.notes.transcriber import Listen, embedded
from stylus_daw.engine.progress import ReportProgress
from training.transcriber.weights import TRAINED, Posteriors, load_trained


def network_in_torch(threads: int) -> Network:
    """The trained network as a function of arrays; sets the number of torch's threads."""
    torch.set_num_threads(threads)
    net = Posteriors(load_trained(TRAINED)[0])

    def network(grid: np.ndarray, bands: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return net(torch.from_numpy(grid), torch.from_numpy(bands)).numpy()

    return network


def in_torch(runtime: Runtime) -> Listen:
    """A transcriber whose network runs on torch, with the thresholds of the shipped one."""
    transcriber = replace(embedded(runtime), network=network_in_torch(runtime.threads))

    def listen(
        sound: Sound, *, runtime: Runtime | None, scratch: Scratch | None, progress: ReportProgress
    ) -> Transcription:
        return transcriber.transcribe(sound, scratch or Scratch(), progress)

    return listen
