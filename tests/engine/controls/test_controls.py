"""What each control does to the gain, and to the sound of a render."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, gaussian_filter1d
from scipy.signal import butter, sosfiltfilt

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.level.loudness import integrated_lufs
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.spectrogram import Image, MelGeometry
from stylus_daw.engine.controls.controls import CONTEXT_FRAMES, Controls, planned, shaped_blocks
from stylus_daw.engine.controls.tone import RESONANCE_OCTAVES, TILT_OCTAVES, LongTermSpectra
from stylus_daw.engine.mini.checkpoint import MiniCheckpoint
from stylus_daw.engine.request import StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.transfer import stylize
from stylus_daw.errors import RequestError
from tests.support.engine.sounds import tone

GEOMETRY = MelGeometry()
CONTENT, STYLE = tone(110, 3.0), tone(330, 1.0, harmonics=20)
SHORT = tone(110, 0.8, rate=16_000, channels=1)
CONTENT_DB = mel_image(CONTENT, GEOMETRY)
EVERYTHING = Controls(
    transients=0.7, low_keep_hz=150, dry_wet=0.6, brightness=0.3, formants=0.4, envelope=((0.5, 0.2), (2.0, 1.8))
)


def restless(frames: int = CONTENT_DB.shape[1]) -> Image:
    """A gain that moves in time and frequency, as far as a model's does."""
    rng = np.random.default_rng(1)
    course = gaussian_filter1d(rng.normal(0, 12, (1, frames)), 1.5, axis=1)
    own = gaussian_filter(rng.normal(0, 30, (GEOMETRY.bands, frames)), (2, 2))
    return (course + own + np.linspace(-10, 12, GEOMETRY.bands)[:, None]).astype(np.float32)


def controlled(gain_db: Image, controls: Controls) -> Image:
    """The gain of the whole content under the controls. Shape: ``[bands, frames]`` both."""
    plan = planned(gain_db, CONTENT_DB, controls, GEOMETRY)
    return np.concatenate(list(shaped_blocks(plan, gain_db, CONTENT_DB)), axis=1)


def sounding(controls: Controls, gain_db: Image | None = None) -> Clip:
    gain_db = restless() if gain_db is None else gain_db
    return apply_gain(CONTENT, controlled(gain_db, controls), GEOMETRY)


def rendered(mini: MiniCheckpoint, before: int = 0, **settings: Any) -> Clip:
    styles = (WeightedStyle(clip=STYLE),)
    request = StyleRequest(content=SHORT, styles=styles, settings=StyleSettings(**settings), before=before)
    return stylize(request, mini)


def residual_db(one: np.ndarray, other: np.ndarray) -> float:
    return float(10 * np.log10(np.square(one - other).sum() / np.square(other).sum() + 1e-20))


def test_controls_that_are_off_leave_the_gain_as_it_is() -> None:
    gain_db = restless()
    off = Controls.of(StyleSettings())
    assert off.is_neutral
    assert np.array_equal(controlled(gain_db, off), gain_db)


def test_blocks_with_their_context_are_shaped_as_the_whole() -> None:
    gain_db = restless()
    plan = planned(gain_db, CONTENT_DB, EVERYTHING, GEOMETRY)
    whole = plan.shaped(gain_db, CONTENT_DB)
    first, last = 100, 160
    low, high = first - CONTEXT_FRAMES, last + CONTEXT_FRAMES
    block = plan.shaped(gain_db[:, low:high], CONTENT_DB[:, low:high], low)[:, CONTEXT_FRAMES:-CONTEXT_FRAMES]
    np.testing.assert_allclose(block, whole[:, first:last], atol=1e-3)
    short = plan.shaped(gain_db[:, first:last], CONTENT_DB[:, first:last], first)
    assert np.abs(short - whole[:, first:last]).max() > 0.1


def test_transients_keep_the_gain_still_at_attacks_only() -> None:
    since = (np.arange(CONTENT_DB.shape[1]) % 50).astype(int)
    kept = controlled(restless(), Controls(transients=1.0))
    bands = CONTENT_DB.max(axis=1) > CONTENT_DB.max() - 30
    moves = np.abs(np.diff(kept, axis=1))[bands]
    at_attacks, far_from_them = moves[:, (since[1:] < 4) & (np.arange(since.size - 1) > 20)], moves[:, since[1:] == 25]
    assert np.median(at_attacks) < 0.5 * np.median(far_from_them)


def test_more_transients_bring_the_onsets_nearer_to_the_contents() -> None:
    def rise(clip: Clip) -> np.ndarray:
        image = np.maximum(mel_image(clip, GEOMETRY), -80.0)
        return np.maximum(np.diff(image, axis=1), 0.0).mean(axis=0)

    likeness = [
        np.corrcoef(rise(sounding(Controls(transients=amount))), rise(CONTENT))[0, 1] for amount in (0.0, 0.4, 1.0)
    ]
    assert likeness == sorted(likeness)
    assert likeness[-1] > likeness[0] + 0.005


def test_lows_that_are_kept_stay_as_they_were() -> None:
    lows = butter(6, 130, fs=CONTENT.rate, output="sos")
    ours, theirs, loud = (
        sosfiltfilt(lows, clip.samples.astype(float))
        for clip in (sounding(Controls(low_keep_hz=250)), CONTENT, sounding(Controls()))
    )
    assert residual_db(ours, theirs) < -20
    assert residual_db(loud, theirs) > -10
    highs = controlled(restless(), Controls(low_keep_hz=250))[60:]
    assert np.abs(highs).max() > 5


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_dry_wet_is_the_mixture_of_the_samples(share: float) -> None:
    wet_db = planned(restless(), CONTENT_DB, Controls(dry_wet=share), GEOMETRY).wet_db
    wet = apply_gain(CONTENT, restless() + np.float32(wet_db), GEOMETRY)
    mixed = (1 - share) * CONTENT.samples + share * wet.samples
    assert residual_db(sounding(Controls(dry_wet=share)).samples, mixed) < -25
    assert abs(integrated_lufs(wet) - integrated_lufs(CONTENT)) < 0.5


@pytest.mark.parametrize(
    ("controls", "tilt", "resonances"),
    [(Controls(brightness=0), 0.0, None), (Controls(formants=0), None, 0.5), (Controls(brightness=0.5), 0.5, None)],
)
def test_tilt_and_resonances_are_kept_by_their_share(
    controls: Controls, tilt: float | None, resonances: float | None
) -> None:
    def distances(gain_db: Image) -> tuple[float, float]:
        spectra = LongTermSpectra(GEOMETRY.bands)
        spectra.add(CONTENT_DB, gain_db)
        broad = spectra.difference_db(GEOMETRY, TILT_OCTAVES)
        return float(np.ptp(broad)), float(np.ptp(spectra.difference_db(GEOMETRY, RESONANCE_OCTAVES) - broad))

    before, after = distances(restless()), distances(controlled(restless(), controls))
    for wanted, one, other in zip((tilt, resonances), before, after, strict=True):
        if wanted is not None:
            assert abs(other / one - wanted) < 0.3


def test_where_the_envelope_is_zero_the_sound_is_the_contents() -> None:
    gain_db = np.full_like(CONTENT_DB, -6.0)
    ours = sounding(Controls(envelope=((1.0, 0.0), (1.0, 1.0))), gain_db).samples
    still = round(0.97 * CONTENT.rate)
    assert np.abs(ours - CONTENT.samples)[:, :still].max() < 1e-6
    twice = controlled(gain_db, Controls(envelope=((0.0, 2.0),)))
    once = controlled(gain_db, Controls(envelope=((0.0, 1.0),)))
    np.testing.assert_allclose(twice, 2 * once, atol=0.1)


@pytest.mark.parametrize(
    "controls", [Controls(low_keep_hz=150), Controls(envelope=((0.0, 0.2), (3.0, 2.0))), EVERYTHING]
)
def test_loudness_is_matched_where_one_gain_for_all_would_spoil_what_is_kept(controls: Controls) -> None:
    assert controls.keeps_level
    assert abs(integrated_lufs(sounding(controls)) - integrated_lufs(CONTENT)) < 0.5


def test_a_dry_render_is_the_content_bit_for_bit(small_mini: MiniCheckpoint) -> None:
    assert np.array_equal(rendered(small_mini, dry_wet=0.0).samples, SHORT.samples)


def test_a_render_under_an_envelope_counts_from_the_region(small_mini: MiniCheckpoint, one_thread: None) -> None:
    """SHORT begins with a handle of 0.2 s; the lane opens 0.2 s into the region."""
    lane, handle = ((0.2, 0.0), (0.2, 1.0)), SHORT.rate // 5
    changed = np.abs(rendered(small_mini, handle, envelope=lane).samples - SHORT.samples).max(axis=0) > 1e-5
    assert np.flatnonzero(changed)[0] == pytest.approx(0.4 * SHORT.rate, abs=0.03 * SHORT.rate)


def test_every_control_reaches_the_render(small_mini: MiniCheckpoint, one_thread: None) -> None:
    plain = rendered(small_mini)
    for name, value in (("transients", 1.0), ("low_keep_hz", 150.0), ("dry_wet", 0.5), ("brightness", 0.0)):
        turned = rendered(small_mini, 0, **{name: value})
        assert turned.samples.shape == plain.samples.shape
        assert residual_db(turned.samples, plain.samples) > -60, name


def test_a_style_follows_the_sessions_tempo(small_mini: MiniCheckpoint, one_thread: None) -> None:
    style = WeightedStyle(clip=STYLE, tempo_bpm=120.0)
    loose, synced = (
        stylize(StyleRequest(content=SHORT, styles=(style,), settings=StyleSettings(**clock)), small_mini).samples
        for clock in ({}, {"tempo_sync": True, "tempo_bpm": 100.0})
    )
    assert residual_db(synced, loose) > -60


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"transients": 1.5}, "transients is 1.5; allowed: 0 to 1"),
        ({"low_keep_hz": 5}, "allowed: 20 to 2000"),
        ({"dry_wet": -1}, "dry_wet is -1"),
        ({"brightness": 2}, "brightness is 2"),
        ({"formants": 2}, "formants is 2"),
        ({"envelope": []}, "0 points"),
        ({"envelope": [[0, 3]]}, "factor of envelope point 1 is 3; allowed: 0 to 2"),
        ({"envelope": [[1, 1], [0, 1]]}, "order of time"),
        ({"envelope": [[1]]}, "write [seconds, factor]"),
        ({"tempo_bpm": 500}, "tempo_bpm is 500; allowed: 20 to 400"),
        ({"bar_beats": 0}, "allowed: 1 to 32"),
    ],
)
def test_a_value_out_of_its_range_is_named(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(RequestError) as caught:
        replace(StyleSettings(), **settings)
    assert words in caught.value.message


def wetness(controls: Controls, first: int = 0, count: int = CONTENT_DB.shape[1]) -> Image:
    plan = planned(restless(), CONTENT_DB, controls, GEOMETRY)
    return np.broadcast_to(plan.wetness(first, count, CONTENT_DB), (GEOMETRY.bands, count))


@pytest.mark.parametrize(
    ("controls", "least", "most"),
    [
        (Controls(), 1.0, 1.0),
        (Controls(brightness=0.2), 1.0, 1.0),
        (Controls(dry_wet=0.3), 0.3, 0.3),
        (Controls(envelope=((0.0, 0.0),)), 0.0, 0.0),
        (Controls(envelope=((0.0, 2.0),)), 1.0, 1.0),
        (Controls(dry_wet=0.4, envelope=((0.0, 2.0),)), 0.8, 0.8),
        (Controls(low_keep_hz=300.0), 0.0, 1.0),
        (Controls(transients=1.0), 0.0, 1.0),
        (EVERYTHING, 0.0, 1.0),
    ],
)
def test_how_much_style_is_let_in_is_a_share(controls: Controls, least: float, most: float) -> None:
    share = wetness(controls)
    assert (share.min(), share.max()) == (pytest.approx(least, abs=1e-6), pytest.approx(most, abs=1e-6))


def test_how_much_style_is_let_in_does_not_depend_on_the_blocks() -> None:
    whole, frames = wetness(EVERYTHING), CONTENT_DB.shape[1]
    parts = [wetness(EVERYTHING, first, min(77, frames - first)) for first in range(0, frames, 77)]
    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, atol=1e-6)


def test_no_style_is_let_in_at_attacks_and_in_lows_that_are_kept() -> None:
    held = wetness(Controls(transients=1.0))
    onset = round(100 * 0.5)  # of the tone
    assert held[:, onset].min() < 0.05
    assert held[:, onset + 25].min() > 0.9
    lows = wetness(Controls(low_keep_hz=300.0))
    assert lows[0].max() == 0.0
    assert lows[-1].min() == 1.0
