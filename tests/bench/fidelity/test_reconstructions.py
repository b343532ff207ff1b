"""Phase integration finds the phase of sounds, and every way gives back a sound of the content's length."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.needs import need_module

need_module("librosa", "tinysoundfont")

from bench.fidelity.phase_integration import integrated_phase
from bench.fidelity.reconstruction_variants import VARIANTS
from bench.material.signals import named
from bench.quality.anchors import BANDS
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import MelGeometry

RATE = 16_000


def test_integrated_phase_is_consistent_with_the_magnitude() -> None:
    time = np.arange(RATE) / RATE
    sound = np.sin(2 * np.pi * 440 * time) + 0.5 * np.sin(2 * np.pi * (1000 * time + 400 * time**2))
    grid = MelGeometry().at(RATE)
    spectrum = grid.stft(sound.astype(np.float32))
    magnitude = np.abs(spectrum).astype(np.float64)
    nothing = np.zeros(magnitude.shape, bool)
    phase = integrated_phase(magnitude, np.zeros_like(magnitude), nothing, magnitude > magnitude.max() * 1e-4, grid)
    rebuilt = grid.istft((magnitude * np.exp(1j * phase)).astype(np.complex64), RATE)
    error = np.linalg.norm(np.abs(grid.stft(rebuilt)) - magnitude) / np.linalg.norm(magnitude)
    assert error < 0.05


@pytest.mark.parametrize("name", VARIANTS)
def test_the_images_of_the_content_itself_give_the_content_back(name: str) -> None:
    content = named("plucked line").clip(RATE, 2, 0.5)
    image = mel_image(content, BANDS)
    image = np.maximum(image, image.max() - 70)
    result = VARIANTS[name](content, image, image)
    assert result.samples.shape == content.samples.shape
    difference = np.abs(mel_image(result, BANDS) - mel_image(content, BANDS))[image > image.max() - 40]
    assert difference.mean() < 3
