"""Phase for magnitudes that have none: phase-gradient heap integration, seeded by bins whose phase is known.

After Prusa, Balazs, Sondergaard: A noniterative method for reconstruction of phase from STFT magnitude,
IEEE/ACM TASLP 25 (2017). For a Gaussian window exp(-pi t^2 / gamma), with the phase referred to the window's centre:

    d phase / dt = 2 pi f + (d log|X| / df) / gamma        d phase / df = -gamma d log|X| / dt

A Hann window of L samples is nearest to the Gaussian of gamma = 0.25645 L^2.
"""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.spectrogram import MelGrid

GAMMA = 0.25645
SMALLEST = 1e-7

Real = NDArray[np.float64]
Known = NDArray[np.bool_]


def integrated_phase(magnitude: Real, phase: Real, known: Known, wanted: Known, grid: MelGrid) -> Real:
    """The phase, filled in where it is wanted. Shape: ``[bins, frames]`` all, radians.

    From loud to quiet: each cell takes its phase from the loudest neighbour that has one. Islands without a
    known neighbour begin at phase 0.

    Args:
        magnitude: of all cells.
        phase: valid where ``known``; referred to the window's beginning, as `MelGrid.stft` gives it.
        known, wanted: seeds and cells to fill.
    """
    along, across = _gradients(magnitude, grid)
    phase, done = phase.copy(), known.copy()
    for start in _from_loud_to_quiet(magnitude, wanted):
        heap = [(-magnitude[cell], cell) for cell in _neighbours(start, magnitude.shape) if done[cell]]
        if done[start]:
            continue
        if not heap:
            done[start], phase[start] = True, 0.0
            heap = [(-magnitude[start], start)]
        _spread(heap, magnitude, phase, done, wanted, along, across)
    return phase


def _spread(
    heap: list[tuple[float, tuple[int, int]]],
    magnitude: Real,
    phase: Real,
    done: Known,
    wanted: Known,
    along: Real,
    across: Real,
) -> None:
    heapq.heapify(heap)
    while heap:
        _, (m, n) = heapq.heappop(heap)
        for i, j in _neighbours((m, n), magnitude.shape):
            if done[i, j] or not wanted[i, j]:
                continue
            step = (j - n) * (along[m, n] + along[i, j]) / 2 + (i - m) * (across[m, n] + across[i, j]) / 2
            phase[i, j] = phase[m, n] + step
            done[i, j] = True
            heapq.heappush(heap, (-magnitude[i, j], (i, j)))


def _gradients(magnitude: Real, grid: MelGrid) -> tuple[Real, Real]:
    """Phase steps to the next frame and to the next bin."""
    log = np.log(np.maximum(magnitude, SMALLEST))
    over_bins, over_frames = np.gradient(log)
    gamma, hop, size = GAMMA * grid.window**2, grid.hop, grid.transform
    bins = np.arange(magnitude.shape[0])[:, None]
    along = over_bins * (hop * size / gamma) + 2 * np.pi * hop * bins / size
    across = -over_frames * (gamma / (hop * size)) - np.pi * grid.window / size
    return along, across


def _from_loud_to_quiet(magnitude: Real, wanted: Known) -> list[tuple[int, int]]:
    cells = np.argwhere(wanted)
    order = np.argsort(-magnitude[wanted], kind="stable")
    return [(int(m), int(n)) for m, n in cells[order]]


def _neighbours(cell: tuple[int, int], shape: tuple[int, ...]) -> list[tuple[int, int]]:
    m, n = cell
    around = ((m, n - 1), (m, n + 1), (m - 1, n), (m + 1, n))
    return [(i, j) for i, j in around if 0 <= i < shape[0] and 0 <= j < shape[1]]
