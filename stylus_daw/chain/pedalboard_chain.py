"""PedalboardChain: the effects of a render (see ``stylus_daw.jobs.stem_renderer.Chain``)."""

from __future__ import annotations

from stylus_daw.audio.sound import Sound, pieces
from stylus_daw.audio.spool import Scratch, SpooledSound
from stylus_daw.chain.apply import process_chunks
from stylus_daw.chain.planning import spec_of
from stylus_daw.chain_plan import ChainPlan


class PedalboardChain:
    """Sounds through planned chains, of any length.

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
        for samples in process_chunks(pieces(sound), sound.rate, spec_of(plan), scratch=self._scratch):
            spool.append(samples)
        return SpooledSound(spool=spool, rate=sound.rate, start=sound.start)
