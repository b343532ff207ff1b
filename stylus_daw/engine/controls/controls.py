"""The controls: how the gain of an image changes before it shapes the sound. numpy only.

They only change the gain per band and frame, so phase, length and alignment stay the content's, and they all work
on blocks of frames:

1. ``brightness``, ``formants``: a curve over the bands, the same in every frame (`stylus_daw.engine.controls.tone`)
2. ``transients``: the gain holds still at attacks (`stylus_daw.engine.controls.attacks`)
3. ``dry_wet``: ``(1 - w) + w * gain``, linear: content and result in phase, each at the content's loudness
4. ``low_keep_hz``, ``envelope``: factors 0..2 on the gain in dB; where they are 0 the audio is the content's

`planned` reads the whole region once and returns a `GainPlan`, whose `shaped` is a pure function of a block.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
from scipy.ndimage import convolve1d

from stylus_daw.audio.columns import Columns, column_blocks
from stylus_daw.audio.level.image_loudness import frame_powers, integrated
from stylus_daw.audio.spectrogram import Image, MelGeometry, band_edges_hz
from stylus_daw.engine.controls.attacks import CONTEXT_FRAMES as CONTEXT_FRAMES
from stylus_daw.engine.controls.attacks import attacks, steadied
from stylus_daw.engine.controls.tone import LongTermSpectra
from stylus_daw.engine.envelope import delayed, factors
from stylus_daw.engine.knobs.points import EnvelopePoints
from stylus_daw.engine.knobs.style_settings import StyleSettings, filled

BLOCK_FRAMES = 4096  # frames, 41 s: 2 MB per image of 128 bands
CROSSOVER_OCTAVES = 1.0 / 3.0  # over which kept lows give way; by trial against `bench/controls/controls.md`, not swept
MAX_LEVEL_DB = 24.0  # dB of make-up at most: more would mean that hardly anything is left to match
LEVEL_STEPS = 6  # trials for the make-up at most; three are usual
CLOSE_LU = 0.02  # LU: close enough; the image itself is off by more
FLATTEST, STEEPEST = 0.1, 2.0  # LU per dB: bounds of the secant's slope, so that a step cannot run away
SMALLEST_GAIN = 1e-4  # -80 dB: keeps logarithms finite
OVERLAP = np.array([0.005, 0.228, 0.534, 0.228, 0.005])  # squared Hann windows of 50 ms, 10 ms apart
BETWEEN = np.array([0.15, 0.7, 0.15])  # share of neighbouring bands in a band's gain; by trial, not swept
AUDIBLE_LU = 0.3  # LU that the image's loudness may be off by; beyond it, the sound is shaped again (decision 0014)


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """The controls of `StyleSettings`, with their neutral values.

    Attributes:
        envelope: counted from the first sample of the audio, handles included; empty: none.
    """

    transients: float = 0.0
    low_keep_hz: float = 0.0
    dry_wet: float = 1.0
    brightness: float = 1.0
    formants: float = 1.0
    envelope: EnvelopePoints = ()

    @classmethod
    def of(cls, settings: StyleSettings, *, before_s: float = 0.0) -> Self:
        """The controls in the settings, for audio that begins ``before_s`` seconds before the region.

        >>> Controls.of(StyleSettings(dry_wet=0.5), before_s=0.1)
        Controls(transients=0.0, low_keep_hz=0.0, dry_wet=0.5, brightness=1.0, formants=1.0, envelope=())
        """
        names = {one.name for one in fields(cls)} - {"envelope"}
        chosen = {name: value for name in names if (value := filled(settings, name)) is not None}
        return cls(**chosen, envelope=delayed(settings.envelope or (), before_s))

    @property
    def is_neutral(self) -> bool:
        """Nothing changes the gain."""
        return self == type(self)()

    @property
    def keeps_level(self) -> bool:
        """Parts of the sound stay exactly the content's, so one gain for all of it must not follow."""
        return self.low_keep_hz > 0 or bool(self.envelope)

    @property
    def is_dry(self) -> bool:
        """The result is the content."""
        return self.dry_wet == 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GainPlan:
    """What the controls need to know about a whole region.

    Attributes:
        controls: as requested.
        geometry: of the images.
        loudest_db: highest level of the content's image.
        tone_db: added to the gain of every frame. ``[bands, 1]``.
        wet_db: brings the result to the content's loudness before the two are mixed.
        makeup_db: brings the mixture to the content's loudness if `Controls.keeps_level`; otherwise 0, and the
            loudness of the sound is matched.
    """

    controls: Controls
    geometry: MelGeometry
    loudest_db: float
    tone_db: Image
    wet_db: float = 0.0
    makeup_db: float = 0.0

    def shaped(self, gain_db: Image, content_db: Image, first: int = 0) -> Image:
        """The gain of a block, in dB. Shape: ``[bands, frames]`` all.

        The inner frames depend on `CONTEXT_FRAMES` frames on each side: pass them where the region has them, and cut
        them off afterwards.

        Args:
            gain_db: result minus content.
            content_db: of the same frames.
            first: index of the block's first frame in the region.
        """
        asked = self._wet(gain_db, content_db) + np.float32(self.wet_db)
        mixed = mixture(asked, self.controls.dry_wet) + np.float32(self.makeup_db)
        return mixed * self._share(first, gain_db.shape[1])

    def wetness(self, first: int, count: int, content_db: Columns) -> Image:
        """How much of the style the controls let in, 0..1. Shape: ``[bands, frames]``, either of them 1 if the same.

        Args:
            first, count: frames.
            content_db: of the whole region.
        """
        share = np.minimum(self.controls.dry_wet * self._share(first, count), 1.0)
        if not self.controls.transients:
            return share
        low, high = max(0, first - CONTEXT_FRAMES), min(content_db.shape[1], first + count + CONTEXT_FRAMES)
        held = attacks(content_db[:, low:high], self.loudest_db)[:, first - low : first - low + count]
        return share * (1.0 - self.controls.transients * held)

    def corrected(self, missing_lu: float) -> Self:
        """The plan for a sound that came out too soft by this much."""
        return replace(self, makeup_db=float(np.clip(self.makeup_db + missing_lu, -MAX_LEVEL_DB, MAX_LEVEL_DB)))

    def _wet(self, gain_db: Image, content_db: Image) -> Image:
        """Shape: ``[bands, frames]`` all."""
        toned = gain_db + self.tone_db
        amount = self.controls.transients
        return steadied(toned, content_db, amount, self.loudest_db) if amount else toned

    def _share(self, first: int, count: int) -> Image:
        """Factor on the gain in dB. Shape: ``[bands, frames]``, either of them 1 if it is the same for all."""
        share = kept_lows(self.geometry, self.controls.low_keep_hz)[:, None]
        if not self.controls.envelope:
            return share
        seconds = np.arange(first, first + count, dtype=np.float64) * (self.geometry.hop_ms / 1000.0)
        return share * factors(self.controls.envelope, seconds)


def planned(gain_db: Columns, content_db: Columns, controls: Controls, geometry: MelGeometry) -> GainPlan:
    """The plan for a region; reads both images block by block, so they may be on disk.

    Args:
        gain_db, content_db: the whole region, ``[bands, frames]``.
        controls: as requested.
        geometry: of both images, hop 10 ms.
    """
    spectra, loudest = LongTermSpectra(geometry.bands), -np.inf
    for first in range(0, gain_db.shape[1], BLOCK_FRAMES):
        part = slice(first, min(first + BLOCK_FRAMES, gain_db.shape[1]))
        spectra.add(content_db[:, part], gain_db[:, part])
        loudest = max(loudest, float(content_db[:, part].max()))
    tone = spectra.correction_db(geometry, brightness=controls.brightness, formants=controls.formants)
    plan = GainPlan(controls=controls, geometry=geometry, loudest_db=loudest, tone_db=tone.astype(np.float32)[:, None])
    if controls.dry_wet < 1.0:
        wet = replace(plan, controls=replace(controls, dry_wet=1.0, low_keep_hz=0.0, envelope=()))
        plan = replace(plan, wet_db=_matching_db(wet, gain_db, content_db))
    return replace(plan, makeup_db=_matching_db(plan, gain_db, content_db)) if controls.keeps_level else plan


def shaped_blocks(plan: GainPlan, gain_db: Columns, content_db: Columns) -> Iterator[Image]:
    """The shaped gain of a region, block by block; the context is added and cut off. Shape: each ``[bands, any]``."""
    frames = gain_db.shape[1]
    for first in range(0, frames, BLOCK_FRAMES):
        low, end = max(0, first - CONTEXT_FRAMES), min(frames, first + BLOCK_FRAMES)
        part = slice(low, min(frames, end + CONTEXT_FRAMES))
        yield plan.shaped(gain_db[:, part], content_db[:, part], low)[:, first - low : end - low]


def mixture(gain_db: Image, wet: float) -> Image:
    """The gain of a signal mixed with itself under a gain, both in phase. Shape: kept.

    >>> [f"{gain:.2f}" for gain in mixture(np.array([-400.0, 0.0]), 0.5)]
    ['-6.02', '0.00']
    """
    if wet == 1.0:
        return gain_db
    linear = (1.0 - wet) + wet * 10.0 ** (gain_db / 20.0)
    return (20.0 * np.log10(np.maximum(linear, SMALLEST_GAIN))).astype(np.float32)


def kept_lows(geometry: MelGeometry, below_hz: float) -> Image:
    """Factor on the gain in dB: 0 for lows that are kept, 1 above, with 1/3 octave between, around ``below_hz``.

    At least the distance of two bands. Shape: ``[bands]``.
    """
    if below_hz <= 0:
        return np.ones(geometry.bands, np.float32)
    octaves = np.log2(band_edges_hz(geometry)[1:-1] / below_hz)
    place = np.clip(octaves / CROSSOVER_OCTAVES + 0.5, 0.0, 1.0)
    return (place * place * (3.0 - 2.0 * place)).astype(np.float32)


def _matching_db(plan: GainPlan, gain_db: Columns, content_db: Columns) -> float:
    """The make-up at which the shaped image is as loud as the content's; 0 if nothing can be made up.

    A secant search. Shape: ``[bands, frames]`` both.
    """
    powers = [frame_powers(block, plan.geometry) for block in column_blocks(content_db, BLOCK_FRAMES)]
    wanted = integrated(np.concatenate(powers), plan.geometry.hop_ms)
    makeup, slope = 0.0, 1.0
    before: tuple[float, float] | None = None
    for _ in range(LEVEL_STEPS):
        blocks = shaped_blocks(replace(plan, makeup_db=makeup), gain_db, content_db)
        missing = wanted - _loudness(blocks, content_db, plan.geometry)
        if not np.isfinite(missing) or abs(missing) < CLOSE_LU:
            break
        if before and before[0] != makeup:
            slope = float(np.clip((before[1] - missing) / (makeup - before[0]), FLATTEST, STEEPEST))
        before = makeup, missing
        makeup = float(np.clip(makeup + missing / slope, -MAX_LEVEL_DB, MAX_LEVEL_DB))
    return makeup


def _loudness(blocks: Iterator[Image], content_db: Columns, geometry: MelGeometry) -> float:
    """LUFS of the content under a gain that comes in blocks. Shape: ``[bands, any]`` each, ``[bands, frames]``."""
    powers, first = [], 0
    for block in blocks:
        last = first + block.shape[1]
        powers.append(frame_powers(content_db[:, first:last] + _heard_gain_db(block), geometry))
        first = last
    return integrated(np.concatenate(powers), geometry.hop_ms)


def _heard_gain_db(gain_db: Image) -> Image:
    """The effect of a moving gain: neighbouring bands blend in dB, overlapping windows as amplitudes.

    Shape: ``[bands, frames]``, kept.
    """
    between = convolve1d(gain_db, BETWEEN, axis=0, mode="nearest")
    amplitudes = convolve1d(10.0 ** (between / 20.0), OVERLAP, axis=1, mode="nearest")
    return np.asarray(20.0 * np.log10(np.maximum(amplitudes, SMALLEST_GAIN)), np.float32)
