"""apply_chain: a clip through a chain of built-in effects, on its sample and at its length.

Channels: pedalboard's reverb leaves more than two channels untouched and its limiter links all it is
given, so effects see the channels as speaker pairs and singles in WAVE order (`SPEAKERS`): a centre or
an LFE is treated alone and nothing bleeds between front and back.

Time: every effect gets its whole input in one call with ``reset=True``; pedalboard then takes its own
latency back. Only ``pitch`` moves sound: within about 20 ms up to an octave (40 ms at 8 kHz).
"""

from __future__ import annotations

import numpy as np
import pedalboard

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.chain.build import build
from stylus_daw.chain.spec import ChainSpec, EffectSpec
from stylus_daw.errors import ChainError

SPEAKERS: dict[int, tuple[int, ...]] = {
    1: (1,),
    2: (2,),
    3: (2, 1),  # L R C
    4: (2, 2),  # quad
    5: (2, 1, 2),  # 5.0
    6: (2, 1, 1, 2),  # 5.1
    7: (2, 1, 1, 1, 2),  # 6.1
    8: (2, 1, 1, 2, 2),  # 7.1
}
"""How many neighbouring channels an effect sees at once, by channel count."""

RUN_OUT_SECONDS = 0.1
"""Silence behind the sound, cut off again: pushes out what effects hold back, and no block is too short."""

MAX_MATCH_DB = 24.0
"""Loudness matching adds no more than this, so that noise is not made music."""


def apply_chain(clip: Clip, spec: ChainSpec) -> Clip:
    """The clip through the chain: same rate, channels and start; same length, or with ``keep`` the tail too.

    A chain without an active effect gives the same object back.

    Raises:
        ChainError: an effect failed or made samples that are no numbers.

    >>> clip = Clip(samples=np.full((2, 100), 0.5, np.float32), rate=48_000)
    >>> louder = ChainSpec.model_validate({"effects": [{"kind": "gain", "params": {"gain_db": -6}}]})
    >>> round(float(apply_chain(clip, louder).samples[0, 0]), 3)
    0.251
    """
    if not spec.active:
        return clip
    kept = clip.length + spec.tail_samples(clip.rate)
    padded = _with_silence(clip.samples, kept + round(RUN_OUT_SECONDS * clip.rate))
    body, ceiling = _split_limiter(spec)
    sound = _through(padded, body, clip.rate)
    if spec.match_loudness:
        sound = _matched(sound, clip)
    sound = _through(sound, ceiling, clip.rate)
    return clip.with_samples(sound[:, :kept])


def _split_limiter(spec: ChainSpec) -> tuple[tuple[EffectSpec, ...], tuple[EffectSpec, ...]]:
    """The chain, and apart from it a limiter that ends it: it comes after loudness matching."""
    active = spec.active
    cut = len(active) - (active[-1].kind == "limiter")
    return active[:cut], active[cut:]


def _with_silence(samples: Samples, length: int) -> Samples:
    padded = np.zeros((samples.shape[0], length), np.float32)
    padded[:, : samples.shape[1]] = samples
    return padded


def _through(samples: Samples, effects: tuple[EffectSpec, ...], rate: int) -> Samples:
    for effect in effects:
        samples = _apply(samples, effect, rate)
    return samples


def _apply(dry: Samples, effect: EffectSpec, rate: int) -> Samples:
    wet = np.empty_like(dry)
    first = 0
    for count in SPEAKERS[dry.shape[0]]:
        speakers = slice(first, first + count)
        wet[speakers] = _process(dry[speakers], effect, rate)
        first += count
    if not np.isfinite(wet).all():
        raise ChainError(
            "chain.non_finite",
            f"The effect {effect.kind} made samples that are NaN or infinite at {rate} Hz. Bypass it, or lower its "
            "gain and feedback.",
        )
    return wet if effect.mix == 1 else _blend(dry, wet, effect.mix)


def _blend(dry: Samples, wet: Samples, mix: float) -> Samples:
    """Straight line from dry (mix 0) to wet (mix 1)."""
    return (dry + np.float32(mix) * (wet - dry)).astype(np.float32, copy=False)


def _process(samples: Samples, effect: EffectSpec, rate: int) -> Samples:
    """One pair or single through fresh plugins. Shape: ``[1 or 2, samples]`` in and out."""
    try:
        wet = pedalboard.process(samples, rate, build(effect, rate), reset=True)
    except (ValueError, RuntimeError) as error:
        raise ChainError("chain.effect_failed", f"The effect {effect.kind} failed at {rate} Hz: {error}") from error
    if wet.shape != samples.shape:
        raise ChainError(
            "chain.length", f"The effect {effect.kind} returned {wet.shape} samples for {samples.shape}. Bypass it."
        )
    return wet


def _matched(sound: Samples, clip: Clip) -> Samples:
    """The sound at the loudness that the clip had before the chain, by one gain; silence stays silence.

    Measured over the clip's own length: neither tail nor run-out counts.
    """
    # Imported here: it brings scipy.signal, which most chains do not need.
    from stylus_daw.audio.loudness import integrated_lufs

    wanted = integrated_lufs(clip)
    measured = integrated_lufs(clip.with_samples(sound[:, : clip.length]))
    if not (np.isfinite(wanted) and np.isfinite(measured)):
        return sound
    gain_db = min(wanted - measured, MAX_MATCH_DB)
    return sound * np.float32(10 ** (gain_db / 20))
