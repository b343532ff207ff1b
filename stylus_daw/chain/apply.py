"""apply_chain, process_chunks: sound through a chain, on its sample and at its length.

Both run the same streams, so a clip in one call and its chunks give the same samples. Only ``pitch``
moves sound: within about 20 ms up to an octave (40 ms at 8 kHz).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import chain

import numpy as np

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.sound import BLOCK_SAMPLES
from stylus_daw.audio.spool import Scratch, Spool
from stylus_daw.chain.effect_streams import Studio
from stylus_daw.chain.plugins.channels import SPEAKERS
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.spec import ChainSpec, EffectSpec

MAX_MATCH_DB = 24.0
"""Loudness matching adds no more than this, so that noise is not made music."""

QUIET_DB = -60.0
"""Where a tail of ``until_quiet`` ends, below the loudest sample."""

QUIET_SECONDS = 6.0
"""How long a sound must stay there to be over: longer than the slowest echo."""

__all__ = ["SPEAKERS", "apply_chain", "process_chunks"]


def apply_chain(clip: Clip, spec: ChainSpec, *, hosting: Hosting | None = None) -> Clip:
    """The clip through the chain: same rate, channels and start; same length, or with a tail that is kept longer.

    A chain without an active effect gives the same object back.

    Args:
        clip: the sound.
        spec: the chain.
        hosting: finds and runs plugins; left out, with the list of plugins in the state folder.

    Raises:
        ChainError: an effect failed or made samples that are not numbers; a plugin is missing, crashed or hung.

    >>> clip = Clip(samples=np.full((2, 100), 0.5, np.float32), rate=48_000)
    >>> louder = ChainSpec.model_validate({"effects": [{"kind": "gain", "params": {"gain_db": -6}}]})
    >>> round(float(apply_chain(clip, louder).samples[0, 0]), 3)
    0.251
    """
    if not spec.active:
        return clip
    parts = process_chunks([clip.samples], clip.rate, spec, hosting=hosting)
    return clip.with_samples(np.concatenate(list(parts), axis=1))


def process_chunks(
    chunks: Iterable[Samples],
    rate: int,
    spec: ChainSpec,
    *,
    hosting: Hosting | None = None,
    scratch: Scratch | None = None,
) -> Iterator[Samples]:
    """A sound in chunks through the chain; what comes out, joined, is what `apply_chain` gives for the whole.

    What comes out is late and cut in other places than what went in. With ``match_loudness`` everything
    comes at the end, and so it does from a chain with ``pitch``, ``gsm`` or ``mp3``, which alone hold all of it
    in memory.

    Args:
        chunks: ``[channels, any length]``, all with as many channels.
        rate: in Hz.
        spec: the chain.
        hosting: see `apply_chain`.
        scratch: where sound is that must be held back; left out, in the system's folder for temporary files.

    Yields:
        Pieces with at least one sample.

    Raises:
        ChainError: see `apply_chain`.
    """
    with ExitStack() as stack:
        session: _Session | None = None
        for chunk in chunks:
            if session is None:
                found = hosting or Hosting.in_folder()
                studio = Studio(
                    channels=chunk.shape[0],
                    rate=rate,
                    hosting=found,
                    stack=stack,
                    allow_missing=spec.allow_missing_plugins,
                )
                session = _Session(studio, spec, scratch or Scratch())
            yield from _heard(session.push(chunk))
        if session is not None:
            for samples in session.finish():
                yield from _heard(samples)


def _heard(samples: Samples) -> Iterator[Samples]:
    """The samples, if there are any. Shape: ``[channels, any]``."""
    if samples.shape[1]:
        yield samples


class _Session:
    """One sound on its way through a chain: the effects, loudness matching, a final limiter, the tail."""

    def __init__(self, studio: Studio, spec: ChainSpec, scratch: Scratch) -> None:
        body, ceiling = _split_limiter(spec)
        self._body, self._ceiling = studio.series(body), studio.series(ceiling)
        self._spec, self._studio, self._scratch = spec, studio, scratch
        self._match = _LoudnessMatch(studio, scratch) if spec.match_loudness else None
        self._given, self._length, self._peak = 0, 0, 0.0

    def push(self, samples: Samples) -> Samples:
        """Shape: ``[channels, any]`` in and out."""
        self._length += samples.shape[1]
        wet = self._through_body(samples)
        if self._match is not None:
            self._match.hold(wet, dry=samples)
            return wet[:, :0]
        out = self._ceiling.push(wet)
        self._given += out.shape[1]
        return out

    def finish(self) -> Iterator[Samples]:
        """What is left. Shape: each ``[channels, any]``."""
        end = self._limited(chain(self._ring_out(), self._rest()))
        yield from self._trimmed(end) if self._spec.tail == "until_quiet" else end

    def _limited(self, wet: Iterable[Samples]) -> Iterator[Samples]:
        """Through the limiter at the end. Shape: each ``[channels, any]``."""
        for samples in wet if self._match is None else self._matched(self._match, wet):
            yield self._ceiling.push(samples)
        yield self._ceiling.finish()

    def _matched(self, match: _LoudnessMatch, wet: Iterable[Samples]) -> Iterator[Samples]:
        """All of it, matched in loudness. Shape: each ``[channels, any]``."""
        for samples in wet:
            match.hold(samples)
        self._peak = 0.0
        for samples in match.matched():
            self._note_peak(samples)
            yield samples

    def _ring_out(self) -> Iterator[Samples]:
        """The chain's answer to the silence of the tail, a second at a time. Shape: each ``[channels, any]``."""
        rate, quiet = self._studio.rate, 0
        left = self._spec.tail_samples(rate)
        while left and quiet < QUIET_SECONDS * rate:
            silence = np.zeros((self._studio.channels, min(left, rate)), np.float32)
            left -= silence.shape[1]
            wet = self._through_body(silence)
            is_quiet = self._spec.tail == "until_quiet" and np.abs(wet).max(initial=0.0) <= self._quiet
            quiet = quiet + wet.shape[1] if is_quiet else 0
            yield wet

    def _rest(self) -> Iterator[Samples]:
        """What the effects still hold. Shape: ``[channels, any]``."""
        wet = self._body.finish()
        self._note_peak(wet)
        yield wet

    def _through_body(self, samples: Samples) -> Samples:
        """Through the effects before the limiter. Shape: ``[channels, any]`` in and out."""
        wet = self._body.push(samples)
        self._note_peak(wet)
        return wet

    def _note_peak(self, samples: Samples) -> None:
        """Shape: ``[channels, any]``."""
        self._peak = max(self._peak, float(np.abs(samples).max(initial=0.0)))

    @property
    def _quiet(self) -> float:
        return self._peak * 10 ** (QUIET_DB / 20)

    def _trimmed(self, end: Iterable[Samples]) -> Iterator[Samples]:
        """Without what is 60 dB below the loudest sample, but at least as long as the input. Shape: as it came."""
        with self._scratch.spool(self._studio.channels) as spool:
            for samples in end:  # all of it, before it is known what is quiet
                spool.append(samples)
            last = 0
            for first, samples in _numbered(spool, spool.columns):
                loud = np.flatnonzero(np.abs(samples).max(axis=0) > self._quiet)
                last = first + int(loud[-1]) + 1 if loud.size else last
            for _, samples in _numbered(spool, max(last, self._length - self._given)):
                yield samples


class _LoudnessMatch:
    """Holds a sound back until its loudness, and its loudness before the chain, are known."""

    def __init__(self, studio: Studio, scratch: Scratch) -> None:
        # Imported here: it brings scipy.signal, which most chains do not need.
        from stylus_daw.audio.level.loudness import LoudnessMeter

        self._dry, self._wet = (LoudnessMeter(studio.channels, studio.rate) for _ in range(2))
        self._held = scratch.spool(studio.channels)
        self._length = 0

    def hold(self, wet: Samples, dry: Samples | None = None) -> None:
        """The wet sound is measured over the dry sound's length: a tail does not count. Shape: ``[channels, any]``."""
        if dry is not None:
            self._dry.add(dry)
            self._length += dry.shape[1]
        self._wet.add(wet[:, : max(0, self._length - self._held.columns)])
        self._held.append(wet)

    def matched(self) -> Iterator[Samples]:
        """The sound at its loudness before the chain, by one gain; silence stays silence. Shape: as it came."""
        wanted, measured = self._dry.lufs, self._wet.lufs
        is_heard = np.isfinite(wanted) and np.isfinite(measured)
        gain = np.float32(10 ** (min(wanted - measured, MAX_MATCH_DB) / 20) if is_heard else 1.0)
        for _, samples in _numbered(self._held, self._held.columns):
            yield samples * gain
        self._held.close()


def _numbered(spool: Spool, columns: int) -> Iterator[tuple[int, Samples]]:
    """The spool's first ``columns`` in pieces, with the index of each first sample. Shape: each ``[channels, any]``."""
    for first in range(0, columns, BLOCK_SAMPLES):
        yield first, spool.read(first, min(BLOCK_SAMPLES, columns - first))


def _split_limiter(spec: ChainSpec) -> tuple[tuple[EffectSpec, ...], tuple[EffectSpec, ...]]:
    """The chain, and apart from it a limiter that ends it: it comes after loudness matching."""
    active = spec.active
    cut = len(active) - (bool(active) and active[-1].kind == "limiter")
    return active[:cut], active[cut:]
