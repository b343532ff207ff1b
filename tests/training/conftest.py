"""Vital's synthesis switches subnormal numbers off in the thread that plays it; other tests count on them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch


@pytest.fixture(autouse=True)
def subnormal_numbers_again() -> Iterator[None]:
    yield
    torch.set_flush_denormal(False)
