"""PedalboardChain: the effects of a render (see ``stylus_daw.jobs.stem_renderer.Chain``)."""

from __future__ import annotations

import math

import numpy as np

from stylus_daw.audio.sound import Sound, Watched, pieces
from stylus_daw.audio.spool import Scratch, SpooledSound
from stylus_daw.chain.apply import process_chunks
from stylus_daw.chain.planning import spec_of
from stylus_daw.chain_plan import ChainPlan


class PedalboardChain:
    """Sounds through planned chains, of any length.

    Effects expect full scale at most, and limiters hold it; float stems may be far louder. So what peaks above full
    scale goes in lower, by a power of two, and comes out as much higher: no sample is rounded for it.

    Args:
        scratch: where sound that is too long for memory is stored meanwhile.
    """

    def __init__(self, scratch: Scratch | None = None) -> None:
        self._scratch = scratch or Scratch()

    def apply(self, sound: Sound, plan: ChainPlan) -> Sound:
        """The sound through the chain; the sound itself where no effect is heard.

        Raises:
            ChainError: see `stylus_daw.chain.apply.process_chunks`.
            PresetError: see `stylus_daw.chain.planning.spec_of`.
        """
        if not plan.is_active:
            return sound
        spool = self._scratch.spool(sound.channels)
        stage = np.float32(_stage(sound))
        staged = (samples * stage for samples in pieces(sound))
        for samples in process_chunks(staged, sound.rate, spec_of(plan), scratch=self._scratch):
            spool.append(samples / stage)
        return SpooledSound(spool=spool, rate=sound.rate, start=sound.start)


def _stage(sound: Sound) -> float:
    """The factor, a power of two, that brings the sound to full scale or below; 1 where it is there already."""
    heard = sound.source if isinstance(sound, Watched) else sound  # progress is told of the chain alone
    peak = max((float(np.abs(samples).max(initial=0.0)) for samples in pieces(heard)), default=0.0)
    return 2.0 ** -math.ceil(math.log2(peak)) if math.isfinite(peak) and peak > 1.0 else 1.0
