"""apply_chain, process_chunks: sound through a chain, on its sample and at its length.

Both run the same streams, so a clip in one call and its chunks give the same samples. Only ``pitch``
moves sound: within about 20 ms up to an octave (40 ms at 8 kHz).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import numpy as np

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.chain.channels import SPEAKERS
from stylus_daw.chain.effect_streams import Studio
from stylus_daw.chain.hosting import Hosting
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
        ChainError: an effect failed or made samples that are no numbers; a plugin is missing, crashed or hung.

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
    chunks: Iterable[Samples], rate: int, spec: ChainSpec, *, hosting: Hosting | None = None
) -> Iterator[Samples]:
    """A sound in chunks through the chain; what comes out, joined, is what `apply_chain` gives for the whole.

    What comes out is late and cut in other places than what went in. With ``match_loudness`` everything
    comes at the end, and so it does from a chain with ``pitch``.

    Args:
        chunks: ``[channels, any length]``, all with as many channels.
        rate: in Hz.
        spec: the chain.
        hosting: see `apply_chain`.

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
                    channels=chunk.shape[0], rate=rate, hosting=found, stack=stack,
                    allow_missing=spec.allow_missing_plugins,
                )  # fmt: skip
                session = _Session(studio, spec)
            yield from _heard(session.push(chunk))
        if session is not None:
            yield from _heard(session.finish())


def _heard(samples: Samples) -> Iterator[Samples]:
    if samples.shape[1]:
        yield samples


class _Session:
    """One sound on its way through a chain: the effects, loudness matching, a final limiter, the tail."""

    def __init__(self, studio: Studio, spec: ChainSpec) -> None:
        body, ceiling = _split_limiter(spec)
        self._body, self._ceiling = studio.series(body), studio.series(ceiling)
        self._spec, self._studio = spec, studio
        self._dry: list[Samples] = []
        self._wet: list[Samples] = []
        self._given, self._length, self._peak = 0, 0, 0.0

    def push(self, samples: Samples) -> Samples:
        self._length += samples.shape[1]
        wet = self._through_body(samples)
        if self._spec.match_loudness:
            self._dry.append(samples)
            self._wet.append(wet)
            return wet[:, :0]
        out = self._ceiling.push(wet)
        self._given += out.shape[1]
        return out

    def finish(self) -> Samples:
        wet = np.concatenate([*self._wet, *self._ring_out(), self._body.finish()], axis=1)
        if self._spec.match_loudness:
            wet, self._peak = _matched(wet, np.concatenate(self._dry, axis=1), self._studio.rate), 0.0
        self._note_peak(wet)
        end = np.concatenate([self._ceiling.push(wet), self._ceiling.finish()], axis=1)
        return self._trimmed(end) if self._spec.tail == "until_quiet" else end

    def _ring_out(self) -> Iterator[Samples]:
        """The chain's answer to the silence of the tail, a second at a time."""
        rate, quiet = self._studio.rate, 0
        left = self._spec.tail_samples(rate)
        while left and quiet < QUIET_SECONDS * rate:
            silence = np.zeros((self._studio.channels, min(left, rate)), np.float32)
            left -= silence.shape[1]
            wet = self._through_body(silence)
            is_quiet = self._spec.tail == "until_quiet" and np.abs(wet).max(initial=0.0) <= self._quiet
            quiet = quiet + wet.shape[1] if is_quiet else 0
            yield wet

    def _through_body(self, samples: Samples) -> Samples:
        wet = self._body.push(samples)
        self._note_peak(wet)
        return wet

    def _note_peak(self, samples: Samples) -> None:
        self._peak = max(self._peak, float(np.abs(samples).max(initial=0.0)))

    @property
    def _quiet(self) -> float:
        return self._peak * 10 ** (QUIET_DB / 20)

    def _trimmed(self, end: Samples) -> Samples:
        """Without what is 60 dB below the loudest sample, but never shorter than the sound that came."""
        loud = np.flatnonzero(np.abs(end).max(axis=0) > self._quiet)
        last = int(loud[-1]) + 1 if loud.size else 0
        return end[:, : max(last, self._length - self._given)]


def _split_limiter(spec: ChainSpec) -> tuple[tuple[EffectSpec, ...], tuple[EffectSpec, ...]]:
    """The chain, and apart from it a limiter that ends it: it comes after loudness matching."""
    active = spec.active
    cut = len(active) - (bool(active) and active[-1].kind == "limiter")
    return active[:cut], active[cut:]


def _matched(sound: Samples, dry: Samples, rate: int) -> Samples:
    """The sound at the loudness that it had before the chain, by one gain; silence stays silence.

    Measured over the dry sound's own length: a tail does not count.
    """
    # Imported here: it brings scipy.signal, which most chains do not need.
    from stylus_daw.audio.loudness import integrated_lufs

    wanted = integrated_lufs(Clip(samples=dry, rate=rate))
    measured = integrated_lufs(Clip(samples=sound[:, : dry.shape[1]], rate=rate))
    if not (np.isfinite(wanted) and np.isfinite(measured)):
        return sound
    gain_db = min(wanted - measured, MAX_MATCH_DB)
    return sound * np.float32(10 ** (gain_db / 20))
