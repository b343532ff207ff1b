"""Ways from an image back to sound: functions of the content, its image and the result's.

Images are in dB re full scale, ``[bands, frames]`` on the grid of `BANDS`, no lower than 70 dB below the
content's level. See ``bench/fidelity/reconstructions.md``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d
from scipy.signal import oaconvolve

from bench.fidelity.causal_attacks import minimum_phase, with_causal_attacks
from bench.fidelity.phase_integration import integrated_phase
from bench.quality.anchors import BANDS
from stylus_daw.audio.attacks import attacks
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.overtones import AROUND, missing_levels
from stylus_daw.audio.reconstruction import MAX_BOOST_DB, MAX_CUT_DB, SYNTHESIS, apply_gain, shaped_blocks
from stylus_daw.audio.spectrogram import Image, MelGeometry, MelGrid, Spectrum

Variant = Callable[[Clip, Image, Image], Clip]

SHORT = MelGeometry(hop_ms=5, window_ms=20, fft_ms=40)
MISSING_DB, FLOOR_MARGIN_DB, DRIVE = 6.0, 8.0, 8.0
HOLD_FRAMES = 4


def gain(content: Clip, before: Image, after: Image) -> Clip:
    """The content's complex STFT times the ratio of the images: 50 ms windows, zero phase."""
    grid = SYNTHESIS.at(content.rate)
    linear = _linear(grid, after - before)
    return _synthesised(content, grid, lambda spectrum: spectrum * linear)


def gain_short(content: Clip, before: Image, after: Image) -> Clip:
    """The same with 20 ms windows, 5 ms apart."""
    grid = SHORT.at(content.rate)
    frames = grid.frames(content.length)
    places = np.minimum(np.arange(frames) * SHORT.hop_ms / BANDS.hop_ms, after.shape[1] - 1)
    low = np.minimum(places.astype(int), max(0, after.shape[1] - 2))
    share = (places - low).astype(np.float32)
    gain_db = after - before
    following = np.minimum(low + 1, after.shape[1] - 1)
    finer = (gain_db[:, low] * (1 - share) + gain_db[:, following] * share).astype(np.float32)
    return _synthesised(content, grid, lambda spectrum: spectrum * _linear(grid, finer))


def held_back(content: Clip, before: Image, after: Image) -> Clip:
    """A gain that rises waits: in every band the least of this and the 40 ms to come, where the content rises."""
    gain_db = after - before
    rising = before < np.roll(before, -HOLD_FRAMES, axis=1) - 12.0
    coming = minimum_filter1d(gain_db, HOLD_FRAMES + 1, axis=1, origin=-(HOLD_FRAMES // 2))
    return gain(content, before, before + np.where(rising, np.minimum(gain_db, coming), gain_db))


def cut_before_attacks(content: Clip, before: Image, after: Image) -> Clip:
    """The gain, for the sound of each attack by itself; what it sends before itself is cut off."""
    grid = SYNTHESIS.at(content.rate)
    reach = 10 * grid.hop
    shaped = gain(content, before, after).samples
    for place in attacks(content.samples, content.rate):
        first = max(0, place - reach) // grid.hop
        begin, end = first * grid.hop, min(content.length, place + reach)
        part = content.samples[:, begin:end].copy()
        part[:, : place - begin] = 0.0
        frames = slice(first, first + grid.frames(end - begin))
        echo = gain(content.with_samples(part), before[:, frames], after[:, frames])
        shaped[:, begin:place] -= echo.samples[:, : place - begin]
    return content.with_samples(shaped)


def mended_attacks(content: Clip, before: Image, after: Image) -> Clip:
    """The gain; what attacks send before themselves is taken away: a fade, minimum phase or half a response by kind."""
    return apply_gain(content, after - before, BANDS)


def as_rendered(content: Clip, before: Image, after: Image) -> Clip:
    """Mended attacks, and overtones of the content where it lacks sound or 23 dB are not enough: what a render does."""
    gain_db = after - before
    floor_db = float(before.min())

    def missing(first: int, asked_db: Image) -> Image:
        low = max(0, first - AROUND)
        near = before[:, low : first + asked_db.shape[1] + AROUND]
        return missing_levels(near, asked_db, floor_db, before=first - low)

    blocks = shaped_blocks(content, lambda first, count: gain_db[:, first : first + count], BANDS, missing_db=missing)
    return content.with_samples(np.concatenate(list(blocks), axis=1))


def causal_attacks(content: Clip, before: Image, after: Image) -> Clip:
    """The gain; attacks go through filters of minimum phase."""
    grid = SYNTHESIS.at(content.rate)
    shaped = gain(content, before, after).samples
    return content.with_samples(with_causal_attacks(shaped, content, _linear(grid, after - before), grid))


def causal_everywhere(content: Clip, before: Image, after: Image) -> Clip:
    """The gain as filters of minimum phase in every frame."""
    grid = SYNTHESIS.at(content.rate)
    linear = _linear(grid, after - before)
    turned = linear * np.exp(1j * minimum_phase(linear, grid.transform)).astype(np.complex64)
    return _synthesised(content, grid, lambda spectrum: (spectrum * turned).astype(np.complex64))


def content_phase(content: Clip, before: Image, after: Image) -> Clip:
    """The result's magnitude, spread evenly within a band, with the content's phase and balance of channels."""
    grid = SYNTHESIS.at(content.rate)
    wanted = magnitude_of(grid, after)
    spectra = [grid.stft(channel) for channel in content.samples]
    mean = np.sqrt(sum(np.abs(spectrum) ** 2 for spectrum in spectra) / len(spectra)) + 1e-9
    return _synthesised(content, grid, lambda spectrum: spectrum / mean * wanted)


def integrated(content: Clip, before: Image, after: Image) -> Clip:
    """The gain where the content sounds; elsewhere the result's magnitude with integrated phase."""
    grid = SYNTHESIS.at(content.rate)
    linear = _linear(grid, after - before)
    lacking = _lacking(grid, before, after)
    wanted = magnitude_of(grid, after)

    def filled(spectrum: Spectrum) -> Spectrum:
        shaped = spectrum * linear
        magnitude = np.where(lacking, wanted, np.abs(shaped)).astype(np.float64)
        audible = magnitude > magnitude.max() * 1e-4
        phase = integrated_phase(
            magnitude, np.angle(shaped).astype(np.float64), ~lacking & audible, lacking & audible, grid
        )
        return np.where(lacking & audible, magnitude * np.exp(1j * phase), shaped).astype(np.complex64)

    return _synthesised(content, grid, filled)


def overtones(content: Clip, before: Image, after: Image) -> Clip:
    """The gain; where the content lacks sound, overtones of the content, shaped to the result."""
    return _with_donor(content, before, after, content.with_samples(_driven(content)))


def breath(content: Clip, before: Image, after: Image) -> Clip:
    """The gain; where the content lacks sound, noise, shaped to the result."""
    noise = np.float32(0.1) * np.random.default_rng(0).standard_normal(content.samples.shape, np.float32)
    return _with_donor(content, before, after, content.with_samples(noise))


VARIANTS: dict[str, Variant] = {
    "gain, 50 ms": gain,
    "gain, 20 ms": gain_short,
    "held back before attacks": held_back,
    "cut before attacks": cut_before_attacks,
    "mended attacks": mended_attacks,
    "minimum phase at attacks": causal_attacks,
    "minimum phase everywhere": causal_everywhere,
    "content phase, result magnitude": content_phase,
    "gain + integrated phase": integrated,
    "gain + overtones": overtones,
    "gain + noise": breath,
    "as rendered": as_rendered,
}


def magnitude_of(grid: MelGrid, mel_db: Image) -> NDArray[np.float32]:
    """Magnitudes whose mel image this is, even within a band. Shape: ``[bands, frames] -> [bins, frames]``."""
    flat = BANDS.at(grid.rate)
    unit = flat.mel_power(np.ones((flat.bins, 1), np.complex64))
    return np.exp(grid.gain_per_bin((mel_db - 10 * np.log10(unit)) * np.float32(np.log(10) / 20), BANDS))


def _linear(grid: MelGrid, gain_db: Image) -> Image:
    limited = np.clip(gain_db, MAX_CUT_DB, MAX_BOOST_DB)
    return np.exp(grid.gain_per_bin(limited * np.float32(np.log(10) / 20), BANDS))


def _synthesised(content: Clip, grid: MelGrid, change: Callable[[Spectrum], Spectrum]) -> Clip:
    spectra = [change(grid.stft(channel)).astype(np.complex64) for channel in content.samples]
    return content.with_samples(np.stack([grid.istft(spectrum, content.length) for spectrum in spectra]))


def _lacking(grid: MelGrid, before: Image, after: Image) -> NDArray[np.bool_]:
    """Bins of bands at the content's floor where the result is clearly above it. Shape: ``[bins, frames]``."""
    bands = (before < before.min() + FLOOR_MARGIN_DB) & (after > before + MISSING_DB)
    return grid.gain_per_bin(bands.astype(np.float32), BANDS) > 0.5


def _with_donor(content: Clip, before: Image, after: Image, donor: Clip) -> Clip:
    grid = SYNTHESIS.at(content.rate)
    linear = _linear(grid, after - before)
    lacking = _lacking(grid, before, after)
    spectra = [grid.stft(channel) for channel in donor.samples]
    power = sum(grid.mel_power(spectrum) for spectrum in spectra) / len(spectra)
    donated = np.exp(grid.gain_per_bin((after - 10 * np.log10(power)) * np.float32(np.log(10) / 20), BANDS)) * lacking
    kept = np.where(lacking, np.float32(0.0), linear)
    mixed = [
        (grid.stft(own) * kept + other * donated).astype(np.complex64)
        for own, other in zip(content.samples, spectra, strict=True)
    ]
    return content.with_samples(np.stack([grid.istft(spectrum, content.length) for spectrum in mixed]))


def _driven(content: Clip) -> NDArray[np.float32]:
    """The content, overdriven relative to its own level: rich in overtones at every moment."""
    grid = MelGeometry(hop_ms=10, window_ms=20, fft_ms=20).at(content.rate)
    power = np.square(content.samples).mean(axis=0)
    size = grid.window
    kernel = np.hanning(size) / np.hanning(size).sum()
    local = np.sqrt(np.maximum(_smoothed(power, kernel), 1e-10))
    return (np.tanh(DRIVE * content.samples / local) * local).astype(np.float32)


def _smoothed(power: NDArray[np.float32], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(oaconvolve(power, kernel, mode="same"))
