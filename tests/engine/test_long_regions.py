"""Regions of any length, and regions that were rendered before: the same samples as ever, for less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.columns import Columns
from stylus_daw.audio.level.loudness import integrated_lufs, match_loudness
from stylus_daw.audio.reconstruction import apply_gain, mel_image
from stylus_daw.audio.sound import to_clip
from stylus_daw.audio.spectrogram import Image, MelGeometry
from stylus_daw.audio.spool import Scratch
from stylus_daw.engine import transfer
from stylus_daw.engine.checkpoint import Knobs, ValueCurve, in_sections
from stylus_daw.engine.guide.region import HeardRegion
from stylus_daw.engine.image.values import RowStatistics, row_statistics
from stylus_daw.engine.mini.checkpoint import FULL_GAIN, MiniCheckpoint
from stylus_daw.engine.progress import ReportProgress, ignore
from stylus_daw.engine.request import Quality, StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.result_cache import KeptResults, Result
from stylus_daw.engine.transfer import stylize, stylized
from stylus_daw.errors import JobCancelled
from tests.support.engine.sounds import tone
from tests.support.spooled import spooled


@dataclass(slots=True)
class Counted:
    """A checkpoint that counts how often its model runs."""

    checkpoint: MiniCheckpoint
    runs: int = 0
    name: str = field(init=False)
    sha256: str = field(init=False)
    geometry: MelGeometry = field(init=False)

    def __post_init__(self) -> None:
        self.name, self.sha256 = self.checkpoint.name, self.checkpoint.sha256
        self.geometry = self.checkpoint.geometry

    @property
    def curve(self) -> ValueCurve:
        return self.checkpoint.curve

    def guide(self, region: HeardRegion, knobs: Knobs, scratch: Scratch, progress: ReportProgress) -> Any:
        return self.checkpoint.guide(region, knobs, scratch, progress)

    def knobs(self, settings: StyleSettings) -> Knobs:
        return self.checkpoint.knobs(settings)

    def restyle(self, content: Image, styles: Any, knobs: Knobs, progress: ReportProgress) -> Image:
        return self.checkpoint.restyle(content, styles, knobs, progress)

    def restyle_blocks(
        self,
        content: Columns,
        styles: Sequence[tuple[float, Image]],
        knobs: Knobs,
        progress: ReportProgress,
        base: Columns | None = None,
    ) -> Iterator[Image]:
        self.runs += 1
        return self.checkpoint.restyle_blocks(content, styles, knobs, progress, base)


def request(content: Any = None, *styles: Clip, **settings: Any) -> StyleRequest:
    chosen = tuple(WeightedStyle(clip=style) for style in styles or (tone(330),))
    return StyleRequest(
        content=tone(220) if content is None else content, styles=chosen, settings=StyleSettings(**settings)
    )


@pytest.fixture
def on_disk(tmp_path: Path) -> Scratch:
    return Scratch(folder=tmp_path / "spool", memory_bytes=1)


@pytest.mark.parametrize("controls", [{}, {"strength": 0.6, "transients": 0.7, "dry_wet": 0.5, "brightness": 0.3}])
def test_a_region_on_disk_gives_the_samples_of_one_in_memory(
    small_mini: MiniCheckpoint, on_disk: Scratch, controls: dict[str, float]
) -> None:
    clip = tone(220, 11, rate=44_100, channels=1)
    streamed = stylized(request(spooled(clip, on_disk), **controls), small_mini, scratch=on_disk)
    assert not isinstance(streamed, Clip)
    np.testing.assert_array_equal(to_clip(streamed).samples, stylize(request(clip, **controls), small_mini).samples)


def test_strength_scales_the_gain_in_decibels(small_mini: MiniCheckpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    content, style = tone(220), tone(330)
    curve, geometry = small_mini.curve, small_mini.geometry
    heard, other = mel_image(content, geometry), mel_image(style, geometry)
    level = curve.level(heard)
    values, of_style = curve.to_values(heard, level), curve.to_values(other, curve.level(other))
    result = small_mini.restyle(values, [(1.0, of_style)], small_mini.knobs(StyleSettings()), ignore)
    gain_db = curve.to_decibels(result, level) - curve.to_decibels(values, level)
    monkeypatch.setattr(transfer, "can_take_overtones", lambda bands: False)
    for strength in (0.25, 1.0, 1.7):
        asked = small_mini.knobs(StyleSettings(strength=strength)).gain
        assert asked == pytest.approx(FULL_GAIN * strength)
        shaped = apply_gain(content, gain_db * np.float32(asked), geometry)
        expected = match_loudness(shaped, integrated_lufs(content)).samples
        np.testing.assert_array_equal(stylize(request(content, style, strength=strength), small_mini).samples, expected)


def test_turning_the_strength_or_a_control_does_not_run_the_model_again(small_mini: MiniCheckpoint) -> None:
    counted, kept = Counted(small_mini), KeptResults()
    for knobs in ({}, {"strength": 0.3}, {"transients": 0.5}, {"dry_wet": 0.4}, {}):
        out = stylized(request(**knobs), counted, scratch=Scratch(), kept=kept)
        np.testing.assert_array_equal(to_clip(out).samples, stylize(request(**knobs), small_mini).samples)
    assert counted.runs == 1


@pytest.mark.parametrize(
    "other",
    [
        request(tone(221)),
        request(Clip(samples=tone(220).samples, rate=44_100)),
        request(None, tone(331)),
        request(None, tone(330), tone(440)),
        request(structure=0.5),
        request(sharpness=2.0),
        request(quality=Quality.HIGH),
    ],
)
def test_what_decides_the_image_runs_the_model_again(small_mini: MiniCheckpoint, other: StyleRequest) -> None:
    counted, kept = Counted(small_mini), KeptResults()
    for one in (request(), other):
        stylized(one, counted, scratch=Scratch(), kept=kept)
    assert counted.runs == 2


def kept_result(scratch: Scratch, columns: int) -> Result:
    spools = [scratch.spool(1) for _ in range(2)]
    for spool in spools:
        spool.append(np.zeros((1, columns), np.float32))
    return Result(content_db=spools[0], gain_db=spools[1], content_lufs=-20.0, floor_db=-90.0)


def test_results_are_bounded_and_the_least_used_goes_first(on_disk: Scratch) -> None:
    kept = KeptResults(memory_bytes=2_000, disk_bytes=10_000)
    for name in "abc":
        kept.put(name, kept_result(Scratch(), 100))
        assert kept.get("a") is not None
    assert [name for name in "abc" if kept.get(name)] == ["a", "c"]
    kept.put("long", kept_result(on_disk, 1_000))
    assert kept.get("a") is not None
    kept.put("too long", kept_result(on_disk, 2_000))
    assert kept.get("too long") is None


def test_sections_join_without_a_seam_and_progress_rises() -> None:
    image = np.random.default_rng(0).uniform(-1, 1, (3, 30_000)).astype(np.float32)
    seen: list[float] = []
    lengths: list[int] = []

    def restyle(section: Image, progress: ReportProgress) -> Image:
        lengths.append(section.shape[1])
        progress(1.0, "restyling")
        return section

    blocks = list(in_sections(restyle, image, lambda fraction, stage: seen.append(fraction)))
    np.testing.assert_allclose(np.concatenate(blocks, axis=1), image, atol=1e-6)
    assert max(lengths) <= 12_288
    assert sum(lengths) < 30_500
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    (whole,) = in_sections(restyle, image[:, :50], ignore)
    np.testing.assert_array_equal(whole, image[:, :50])


def test_row_statistics_do_not_depend_on_the_blocks() -> None:
    values = np.random.default_rng(0).normal(-0.5, 0.4, (8, 5_000)).clip(-1, 1).astype(np.float32)
    statistics = RowStatistics()
    for first in range(0, 5_000, 700):
        statistics.add(values[:, first : first + 700])
    for merged, whole in zip(statistics.result(), row_statistics(values), strict=True):
        np.testing.assert_allclose(merged, whole, atol=1e-5)


def test_progress_never_falls_and_a_cancel_is_honoured_at_every_step(
    small_mini: MiniCheckpoint, on_disk: Scratch
) -> None:
    asked = request(spooled(tone(220, 11, rate=8_000, channels=1), on_disk), dry_wet=0.5)
    seen: list[tuple[float, str]] = []
    stylized(asked, small_mini, scratch=on_disk, kept=KeptResults(), progress=lambda *step: seen.append(step))
    assert [fraction for fraction, _ in seen] == sorted(fraction for fraction, _ in seen)
    assert [*dict.fromkeys(stage for _, stage in seen)] == [
        "listening to the region",
        "restyling",
        "listening to the style",
        "rebuilding the sound",
    ]

    for last in np.linspace(0, len(seen) - 1, 8).astype(int):
        told: list[float] = []

        def stop(fraction: float, stage: str, told: list[float] = told, last: int = last) -> None:
            told.append(fraction)
            if len(told) > last:
                raise JobCancelled

        with pytest.raises(JobCancelled):
            stylized(asked, small_mini, scratch=on_disk, kept=KeptResults(), progress=stop)
        assert len(told) == last + 1
