"""The power under narrow filters."""

from __future__ import annotations

import numpy as np
import pytest

from stylus_daw.audio.filter_bank import FRAMES, FilterBank
from stylus_daw.audio.spectrogram import MelGeometry

FILTERS = MelGeometry().at(44_100).filters()
HALF_EMPTY = MelGeometry().at(8_000).filters()


def noise(frames: int, bins: int = FILTERS.shape[1]) -> np.ndarray:
    random = np.random.default_rng(frames)
    parts = random.standard_normal((2, frames, bins)).astype(np.float32)
    return parts[0] + 1j * parts[1]


@pytest.mark.parametrize("frames", [0, 1, FRAMES, 3 * FRAMES + 7])
@pytest.mark.parametrize("filters", [FILTERS, HALF_EMPTY], ids=["44.1 kHz", "8 kHz"])
def test_the_power_is_that_of_one_product_with_all_filters(filters: np.ndarray, frames: int) -> None:
    spectrum = noise(frames, filters.shape[1])
    whole = np.square(np.abs(spectrum.astype(np.complex128))) @ filters.T.astype(np.float64)
    made = FilterBank.of(filters).power(spectrum)
    assert made.shape == whole.shape
    assert made.dtype == np.float32
    np.testing.assert_allclose(made, whole, rtol=1e-5)


def test_bins_above_all_filters_are_not_heard() -> None:
    bank = FilterBank.of(FILTERS)
    assert bank.bins < FILTERS.shape[1]
    spectrum = noise(5)
    before = bank.power(spectrum)
    spectrum[:, bank.bins :] = 1e6
    assert np.array_equal(bank.power(spectrum), before)


def test_no_product_is_large_enough_for_threads_of_its_own() -> None:
    """OpenBLAS shares a product of more than 262,144 multiplications, as of 0.3.30 (interface/gemm.c)."""
    assert max(weights.size for _, weights in FilterBank.of(FILTERS).parts) * FRAMES <= 262_144
