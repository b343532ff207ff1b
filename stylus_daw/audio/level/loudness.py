"""Loudness after ITU-R BS.1770-4: measured in one pass over a sound of any length, and matched."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from pyloudnorm import IIRfilter
from scipy.signal import sosfilt

from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.sound import Amplified, Sound, pieces, to_clip
from stylus_daw.errors import check_range

_BLOCK_S = 0.4  # s: BS.1770-4, a gating block
_STEP = 0.25  # of a block: BS.1770-4, blocks overlap by 75 %
_ABSOLUTE_GATE_LUFS = -70.0  # BS.1770-4
_RELATIVE_GATE_LU = 10.0  # BS.1770-4, below the mean of the blocks that pass the absolute gate
_OFFSET_LU = -0.691  # BS.1770-4, equation 2: a full-scale 997 Hz sine in one channel measures -3.01 LUFS
_SIDE = 1.41  # power: BS.1770-4, table 3, side and rear channels count 1.5 dB more
_LFE = 0.0  # power: BS.1770-4 leaves the LFE out
# Power by channel count, in WAV order; 6 = L R C LFE Ls Rs, 8 = L R C LFE Lb Rb Ls Rs. BS.1770-4, table 4.
_WEIGHTS = {
    1: (1.0,),
    2: (1.0, 1.0),
    3: (1.0, 1.0, 1.0),
    4: (1.0, 1.0, 1.0, 1.0),
    5: (1.0, 1.0, 1.0, _SIDE, _SIDE),
    6: (1.0, 1.0, 1.0, _LFE, _SIDE, _SIDE),
    7: (1.0, 1.0, 1.0, _LFE, 1.0, _SIDE, _SIDE),
    8: (1.0, 1.0, 1.0, _LFE, 1.0, 1.0, _SIDE, _SIDE),
}

MAX_TARGET_LUFS = 24.0  # LUFS: beyond is no sound but numbers that were never brought to full scale
MAX_GAIN_DB = 60.0  # dB: what a darkened impulse needs at most on `bench/fidelity/fidelity.md` (decision 0007)
_CLOSE_LU = 0.001  # LU: close enough; meters show tenths
_ROUNDS = 8  # gains tried: each may bring further blocks through the gate; two are usual

Power = NDArray[np.float64]


class LoudnessMeter:
    """Gated loudness of samples that come in pieces of any size; remembers one number per 100 ms.

    Filters, blocks, gates and results are those of pyloudnorm. The powers of the channels are added before
    the blocks are formed, so any channel count can be measured. A sound shorter than one block of 400 ms
    counts as one block of its own length: its K-weighted power over its own duration.

    >>> tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(48_000) / 48_000)
    >>> meter = LoudnessMeter(1, 48_000)
    >>> meter.add(tone[None, :500]); meter.add(tone[None, 500:])
    >>> round(meter.lufs)
    -23
    """

    def __init__(self, channels: int, rate: int) -> None:
        self._rate = rate
        self._gains = np.array(_WEIGHTS[channels])
        self._filter = _k_weighting(rate)
        self._state = np.zeros((self._filter.shape[0], channels, 2))
        self._blocks: list[float] = []
        self._power = np.zeros(0)
        self._dropped = 0

    def add(self, samples: Samples) -> None:
        """Shape: ``[channels, any]``."""
        if not samples.shape[1]:
            return
        power, self._state = self._weighted(samples)
        self._power = np.concatenate([self._power, power])
        while self._borders(len(self._blocks))[1] <= self._length:
            self._blocks.append(self._block(len(self._blocks), self._power, self._dropped))
        done = self._borders(len(self._blocks))[0] - self._dropped
        self._power, self._dropped = self._power[done:], self._dropped + done

    @property
    def lufs(self) -> float:
        """Loudness of everything so far; ``-inf`` for silence and for anything below the gate of -70 LUFS."""
        return _gated(self._measured)

    @property
    def level_lufs(self) -> float:
        """:attr:`lufs`, or below the gate of -70 LUFS the loudness without that gate; ``-inf`` for digital silence."""
        return _level(self._measured)

    def gain_db_to(self, target_lufs: float, *, max_gain_db: float = MAX_GAIN_DB) -> float:
        """The gain that brings everything so far to ``target_lufs``, even if it has to pass the gate on the way.

        A boost stops at ``max_gain_db``; a cut is not limited. Silence gets 0 dB, and a target of ``-inf`` (the
        loudness of silence) gets ``-inf``.

        Raises:
            RequestError: a target above +24 LUFS or a limit outside 0 to 96 dB.
        """
        check_range("target loudness (LUFS)", target_lufs, -math.inf, MAX_TARGET_LUFS)
        check_range("largest gain (dB)", max_gain_db, 0, 96)
        power, gain_db = self._measured, 0.0
        reached = _level(power)
        if reached in (-math.inf, target_lufs):
            return 0.0
        for _ in range(_ROUNDS):
            gain_db = min(gain_db + target_lufs - reached, max_gain_db)
            reached = _level(power * 10 ** (gain_db / 10))
            if abs(target_lufs - reached) < _CLOSE_LU or reached == -math.inf:
                break
        return gain_db

    @property
    def _measured(self) -> Power:
        """Power of each block of 400 ms. Shape: ``[blocks]``."""
        return np.array(self._short() if self._length < self._shortest else self._all_blocks())

    @property
    def _length(self) -> int:
        return self._dropped + self._power.size

    @property
    def _shortest(self) -> int:
        return math.ceil(_BLOCK_S * self._rate)

    def _weighted(self, samples: Samples) -> tuple[Power, NDArray[np.float64]]:
        """K-weighted power of all channels together, and the filter's state after it.

        Shape: ``[channels, samples] -> [samples], [sections, channels, 2]``.
        """
        weighted, state = sosfilt(self._filter, samples.astype(np.float64), axis=1, zi=self._state)
        return self._gains @ np.square(weighted), state

    def _borders(self, block: int) -> tuple[int, int]:
        return int(_BLOCK_S * (block * _STEP) * self._rate), int(_BLOCK_S * (block * _STEP + 1) * self._rate)

    def _block(self, block: int, power: Power, first: int) -> float:
        """Mean power of a block; ``power`` begins at sample ``first``. Shape: ``[samples]``."""
        low, high = self._borders(block)
        return float(power[low - first : high - first].sum()) / (_BLOCK_S * self._rate)

    def _all_blocks(self) -> list[float]:
        """Rounding decides, as in pyloudnorm, whether a last block that ends a little after the sound counts."""
        count = int(np.round((self._length / self._rate - _BLOCK_S) / (_BLOCK_S * _STEP)) + 1)
        missing = range(len(self._blocks), count)
        return [*self._blocks[:count], *(self._block(block, self._power, self._dropped) for block in missing)]

    def _short(self) -> list[float]:
        """One block, filled up with silence; the mean is taken over the sound's own duration."""
        if not self._length:
            return []
        ringing, _ = self._weighted(np.zeros((self._gains.size, self._shortest - self._length), np.float32))
        whole = np.concatenate([self._power, ringing]) * (self._shortest / self._length)
        return [self._block(0, whole, 0)]


def measured(sound: Sound) -> LoudnessMeter:
    """A meter that has measured all of the sound."""
    meter = LoudnessMeter(sound.channels, sound.rate)
    for samples in pieces(sound):
        meter.add(samples)
    return meter


def integrated_lufs(sound: Sound) -> float:
    """Gated loudness in LUFS; see :class:`LoudnessMeter`."""
    return measured(sound).lufs


def match_loudness(clip: Clip, target_lufs: float, *, max_gain_db: float = MAX_GAIN_DB) -> Clip:
    """The clip at ``target_lufs``, by one gain for all of it; see :meth:`LoudnessMeter.gain_db_to`."""
    gain_db = measured(clip).gain_db_to(target_lufs, max_gain_db=max_gain_db)
    return to_clip(Amplified(source=clip, gain_db=gain_db)) if gain_db else clip


def _k_weighting(rate: int) -> NDArray[np.float64]:
    """K-weighting with pyloudnorm's coefficients, as second-order sections. Shape: ``[2, 6]``."""
    shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, rate, "high_shelf")
    high_pass = IIRfilter(0.0, 0.5, 38.0, rate, "high_pass")
    return np.array([np.concatenate([stage.b, stage.a]) for stage in (shelf, high_pass)])


def _level(blocks: Power) -> float:
    """With both gates, or without the absolute one where everything is below it. Shape: ``[blocks]``."""
    gated = _gated(blocks)
    return gated if gated > -math.inf else _gated(blocks, floor_lufs=-math.inf)


def _gated(blocks: Power, *, floor_lufs: float = _ABSOLUTE_GATE_LUFS) -> float:
    """BS.1770-4, equations 4 to 7, on the weighted power of each block. Shape: ``[blocks]``."""
    absolute = blocks[_lufs(blocks) >= floor_lufs]
    if not absolute.size:
        return -math.inf
    relative = float(_lufs(absolute.mean())) - _RELATIVE_GATE_LU
    heard = blocks[(_lufs(blocks) > relative) & (_lufs(blocks) > floor_lufs)]
    return float(_lufs(heard.mean())) if heard.size else -math.inf


def _lufs(power: Power | np.float64) -> Power:
    """Loudness of a weighted power; ``-inf`` for 0. Shape: kept."""
    with np.errstate(divide="ignore"):
        return _OFFSET_LU + 10.0 * np.log10(power)
