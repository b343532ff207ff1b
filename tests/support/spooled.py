"""A sound copied into a spool."""

from __future__ import annotations

from stylus_daw.audio.sound import Sound, pieces
from stylus_daw.audio.spool import Scratch, SpooledSound


def spooled(sound: Sound, scratch: Scratch) -> SpooledSound:
    """A copy of the sound, stored where ``scratch`` stores spools."""
    spool = scratch.spool(sound.channels)
    for samples in pieces(sound):
        spool.append(samples)
    return SpooledSound(spool=spool, rate=sound.rate, start=sound.start)
