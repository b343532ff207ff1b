"""How many notes were found: written and found ones paired, each at most once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

ONSET_S, OFFSET_SHARE = 0.05, 0.2
"""An onset may lie 50 ms beside; an end 50 ms or a fifth of the note: MIREX, and mir_eval's defaults."""
FAR = 1e3


@dataclass(slots=True)
class Score:
    """Counts, which add up over clips."""

    written: int = 0
    found: int = 0
    matched: int = 0

    def __iadd__(self, other: Score) -> Score:
        self.written += other.written
        self.found += other.found
        self.matched += other.matched
        return self

    @property
    def f1(self) -> float:
        """0..1; nothing written and nothing found is 1.

        >>> Score(written=10, found=10, matched=8).f1
        0.8
        """
        total = self.written + self.found
        return 2 * self.matched / total if total else 1.0


def score_notes(
    written: NDArray[np.floating], found: NDArray[np.floating], *, with_offsets: bool = False, onset_s: float = ONSET_S
) -> Score:
    """Rows of onset in s, end in s, MIDI pitch. The pitch must be the same key."""
    score = Score(written=len(written), found=len(found))
    for pitch in np.unique(np.round(written[:, 2])) if len(written) and len(found) else ():
        one, other = (rows[np.round(rows[:, 2]) == pitch] for rows in (written, found))
        score.matched += _pairs(_fits(one, other, onset_s, with_offsets))
    return score


def score_hits(written: NDArray[np.floating], found: NDArray[np.floating], *, onset_s: float = ONSET_S) -> Score:
    """Onsets in s. Hits within 20 ms of each other are one."""
    one, other = _merged(written), _merged(found)
    score = Score(written=len(one), found=len(other))
    if len(one) and len(other):
        score.matched = _pairs(np.abs(one[:, None] - other[None]) <= onset_s)
    return score


def _merged(times: NDArray[np.floating]) -> NDArray[np.floating]:
    times = np.sort(times)
    return times[np.diff(times, prepend=-1.0) > 0.02]


def _fits(one: NDArray, other: NDArray, onset_s: float, with_offsets: bool) -> NDArray[np.bool_]:
    fits = np.abs(one[:, None, 0] - other[None, :, 0]) <= onset_s
    if with_offsets:
        allowed = np.maximum(ONSET_S, OFFSET_SHARE * (one[:, 1] - one[:, 0]))[:, None]
        fits &= np.abs(one[:, None, 1] - other[None, :, 1]) <= allowed
    return fits


def _pairs(fits: NDArray[np.bool_]) -> int:
    """Most pairs that fit, each row and column once."""
    rows, columns = linear_sum_assignment(np.where(fits, 0.0, FAR))
    return int(fits[rows, columns].sum())
