"""The pairs of the benchmark, restyled once and then shaped by one control after the other."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import librosa
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from bench.controls.page import Row
from bench.material.pairs import Pair
from bench.quality.metrics import Figures, Judge
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.level.loudness import integrated_lufs, match_loudness
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.spectrogram import Image
from stylus_daw.engine.checkpoint import Checkpoint
from stylus_daw.engine.controls.controls import AUDIBLE_LU, Controls, GainPlan, planned, shaped_blocks
from stylus_daw.engine.controls.tone import RESONANCE_OCTAVES, TILT_OCTAVES, LongTermSpectra
from stylus_daw.engine.progress import ignore
from stylus_daw.engine.request import StyleSettings

log = logging.getLogger(__name__)

SESSION_BPM = 120.0
SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    *({"transients": amount} for amount in (0.25, 0.5, 0.75, 1.0)),
    *({"low_keep_hz": hz} for hz in (80.0, 160.0)),
    *({"dry_wet": share} for share in (0.7, 0.4)),
    *({"brightness": share} for share in (0.5, 0.0)),
    *({"formants": share} for share in (0.5, 0.0)),
    {"envelope": ((0.0, 0.0),)},
    {"envelope": ((0.0, 0.0), (6.0, 1.0))},
)
SOUNDING_LOWS = 1e-4
"""Share of the power below which there are no lows to speak of."""
ATTACK_S, ATTACKS, BEFORE_S = 0.5, 10, 0.020


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Restyled:
    """A pair and what the engine makes of it, before the controls."""

    pair: Pair
    content_db: Image
    gain_db: Image
    judge: Judge


def restyled(pair: Pair, checkpoint: Checkpoint) -> Restyled:
    """The engine's gain for a pair, at its defaults."""
    curve, geometry = checkpoint.curve, checkpoint.geometry
    content_db, style_db = mel_image(pair.content, geometry), mel_image(pair.style, geometry)
    level = curve.level(content_db)
    values = curve.to_values(content_db, level)
    style = curve.to_values(style_db, curve.level(style_db))
    result = checkpoint.restyle(values, [(1.0, style)], checkpoint.knobs(StyleSettings()), ignore)
    return Restyled(
        pair=pair,
        content_db=content_db,
        gain_db=curve.to_decibels(result, level) - curve.to_decibels(values, level),
        judge=Judge(pair.content, pair.truth),
    )


def heard(subject: Restyled, settings: dict[str, Any], checkpoint: Checkpoint) -> Clip:
    """The sound of a setting."""
    controls, content = Controls.of(StyleSettings(**settings)), subject.pair.content
    plan = planned(subject.gain_db, subject.content_db, controls, checkpoint.geometry)
    sound = _shaped(subject, plan)
    if not controls.keeps_level:
        return match_loudness(sound, integrated_lufs(content))
    missing = integrated_lufs(content) - integrated_lufs(sound)
    return sound if abs(missing) <= AUDIBLE_LU else _shaped(subject, plan.corrected(missing))


def _shaped(subject: Restyled, plan: GainPlan) -> Clip:
    gain_db = np.concatenate(list(shaped_blocks(plan, subject.gain_db, subject.content_db)), axis=1)
    return apply_gain(subject.pair.content, gain_db, plan.geometry)


def rows_of(subject: Restyled, checkpoint: Checkpoint) -> Iterator[Row]:
    """Every setting on one pair."""
    plain = heard(subject, {}, checkpoint)
    for settings in SETTINGS:
        sound = heard(subject, settings, checkpoint)
        truth: Figures = subject.judge.measure(sound)
        tilt_db, resonances_db = _spectral_distances(subject, sound, checkpoint)
        yield Row(
            settings=settings,
            category=subject.pair.plan.category.value,
            lsd_db=truth.lsd_db,
            timbre=truth.timbre,
            chroma=truth.chroma,
            onset=truth.onset,
            pitch=truth.pitch,
            own_onset=_onset_likeness(sound, subject.pair.content),
            loudness_lu=integrated_lufs(sound) - integrated_lufs(subject.pair.content),
            centroid_octaves=float(np.log2(_centroid_hz(sound) / _centroid_hz(subject.pair.content))),
            tilt_db=tilt_db,
            resonances_db=resonances_db,
            low_residual_db=_low_residual_db(subject.pair.content, sound, settings.get("low_keep_hz")),
            mix_residual_db=_mix_residual_db(subject.pair.content, plain, sound, settings.get("dry_wet")),
            residual_db=_difference_db(sound.samples, subject.pair.content.samples),
        )


def _onset_likeness(sound: Clip, content: Clip) -> float:
    """Correlation of the onset strengths."""
    one, other = (librosa.onset.onset_strength(y=clip.mid(), sr=clip.rate) for clip in (sound, content))
    return float(np.corrcoef(one, other)[0, 1])


def _spectral_distances(subject: Restyled, sound: Clip, checkpoint: Checkpoint) -> tuple[float, float]:
    """RMS over the bands of how far the sound's overall tilt, and its broad resonances, are from the content's."""
    spectra = LongTermSpectra(checkpoint.geometry.bands)
    spectra.add(subject.content_db, mel_image(sound, checkpoint.geometry) - subject.content_db)
    tilt = spectra.difference_db(checkpoint.geometry, TILT_OCTAVES)
    resonances = spectra.difference_db(checkpoint.geometry, RESONANCE_OCTAVES) - tilt
    return _rms(tilt), _rms(resonances)


def _low_residual_db(content: Clip, sound: Clip, below_hz: float | None) -> float | None:
    """What differs an octave below the frequency, re the content there; None if that holds nothing."""
    if below_hz is None:
        return None
    lows = butter(6, below_hz / 2, fs=content.rate, output="sos")
    ours, theirs = (sosfiltfilt(lows, clip.samples.astype(np.float64)) for clip in (sound, content))
    share = np.square(theirs).sum() / np.square(content.samples, dtype=np.float64).sum()
    return _difference_db(ours, theirs) if share > SOUNDING_LOWS else None


def _mix_residual_db(content: Clip, wet: Clip, sound: Clip, share: float | None) -> float | None:
    """How far the sound is from content and result mixed as samples, re that mixture at the same level."""
    if share is None:
        return None
    mixed = (1 - share) * content.samples.astype(np.float64) + share * wet.samples
    level = float((sound.samples * mixed).sum() / (mixed**2).sum())
    return _difference_db(sound.samples, level * mixed)


def _difference_db(one: NDArray[Any], other: NDArray[Any]) -> float:
    power = float(np.square(one - other, dtype=np.float64).sum() / max(np.square(other, dtype=np.float64).sum(), 1e-30))
    return 10 * float(np.log10(max(power, 1e-20)))


def _centroid_hz(clip: Clip) -> float:
    """Of the mean power spectrum."""
    power = (np.abs(librosa.stft(clip.mid())) ** 2).mean(axis=1)
    return float((librosa.fft_frequencies(sr=clip.rate) * power).sum() / max(power.sum(), 1e-30))


def _rms(curve: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.square(curve).mean()))
