"""stylus-mini's contract, on an untrained net: what must hold whatever the weights are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from stylus_daw.audio.clip import Clip
from stylus_daw.engine.image import values as mini_image
from stylus_daw.engine.image.row_match import match_rows
from stylus_daw.engine.mini.loading import load_mini
from stylus_daw.engine.mini.net import NET_CONFIG
from stylus_daw.engine.mini.with_net import NetCheckpoint
from stylus_daw.engine.notes.weights import transcriber_files
from stylus_daw.engine.progress import ignore
from stylus_daw.engine.request import Quality, StyleRequest, StyleSettings, WeightedStyle
from stylus_daw.engine.shelf.registry import embedded_folder
from stylus_daw.engine.transfer import stylize
from stylus_daw.errors import CheckpointError, JobCancelled, RequestError
from tests.support.engine.sounds import tone


def restyled(mini: NetCheckpoint, content: Clip, *styles: Clip, **settings: object) -> Clip:
    chosen = tuple(WeightedStyle(clip=style) for style in styles or (tone(330, rate=44_100),))
    return stylize(StyleRequest(content=content, styles=chosen, settings=StyleSettings(**settings)), mini)  # type: ignore[arg-type]


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000, 96_000, 192_000])
def test_every_rate_keeps_length_rate_and_channels(small_mini: NetCheckpoint, rate: int) -> None:
    content = tone(220, 0.4, rate=rate)
    out = restyled(small_mini, content)
    assert (out.samples.shape, out.rate, out.start) == (content.samples.shape, rate, content.start)
    assert not np.array_equal(out.samples, content.samples)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
def test_any_channel_count_works(small_mini: NetCheckpoint, channels: int) -> None:
    content = tone(220, 0.3, channels=channels)
    assert restyled(small_mini, content).samples.shape == content.samples.shape


@pytest.mark.parametrize("length", [1, 2, 479, 480, 4_801, 48_000 * 6 + 13])
def test_any_length_works(small_mini: NetCheckpoint, length: int) -> None:
    content = tone(220, 7).slice(0, length)
    assert restyled(small_mini, content).length == length


def test_strength_zero_is_the_input_bit_for_bit(small_mini: NetCheckpoint) -> None:
    content = tone(220)
    np.testing.assert_array_equal(restyled(small_mini, content, strength=0.0).samples, content.samples)


def test_a_little_strength_changes_little(small_mini: NetCheckpoint) -> None:
    content = tone(220)
    distance = [
        np.abs(restyled(small_mini, content, strength=a).samples - content.samples).mean() for a in (0.01, 0.5, 1.0)
    ]
    assert distance[0] < distance[1] < distance[2]
    assert distance[0] < 0.05 * distance[2]


def test_the_same_request_gives_the_same_samples(small_mini: NetCheckpoint) -> None:
    first, second = (restyled(small_mini, tone(220), strength=0.7, structure=0.4) for _ in range(2))
    np.testing.assert_array_equal(first.samples, second.samples)


@pytest.mark.parametrize("knob", [{"structure": 0.9}, {"sharpness": 3.0}, {"strength": 1.6}])
def test_every_knob_is_heard(small_mini: NetCheckpoint, knob: dict[str, float]) -> None:
    plain, turned = restyled(small_mini, tone(220)), restyled(small_mini, tone(220), **knob)
    assert np.abs(plain.samples - turned.samples).max() > 1e-4


def test_the_blend_follows_the_weights(small_mini: NetCheckpoint) -> None:
    content, one, other = tone(220), tone(110, harmonics=1), tone(1760, harmonics=12)

    def blended(weight: float) -> Clip:
        styles = (WeightedStyle(clip=one, weight=1 - weight), WeightedStyle(clip=other, weight=weight))
        return stylize(StyleRequest(content=content, styles=styles), small_mini)

    ends = restyled(small_mini, content, one), restyled(small_mini, content, other)
    near_one = [np.abs(blended(w).samples - ends[0].samples).mean() for w in (0.01, 0.5, 0.99)]
    assert near_one[0] < near_one[1] < near_one[2]


def test_silence_comes_back_as_it_is(small_mini: NetCheckpoint) -> None:
    silent = Clip(samples=np.zeros((2, 4_800), np.float32), rate=48_000)
    assert restyled(small_mini, silent) is silent


def test_a_silent_style_is_refused(small_mini: NetCheckpoint) -> None:
    with pytest.raises(RequestError, match="silent") as caught:
        restyled(small_mini, tone(220), Clip(samples=np.zeros((1, 4_800), np.float32), rate=48_000))
    assert caught.value.code == "style.silent"


def test_channels_in_opposite_phase_do_not_vanish(small_mini: NetCheckpoint) -> None:
    mono = tone(220, channels=1).samples
    content = Clip(samples=np.concatenate([mono, -mono]), rate=48_000)
    out = restyled(small_mini, content)
    np.testing.assert_allclose(out.samples[0], -out.samples[1], atol=1e-6)
    assert np.abs(out.samples).max() > 0.01


def test_a_style_shorter_than_a_window_is_repeated(small_mini: NetCheckpoint) -> None:
    assert restyled(small_mini, tone(220), tone(330, 0.2)).length == tone(220).length


def test_progress_rises_to_the_end_and_cancel_stops_at_the_next_step(small_mini: NetCheckpoint) -> None:
    seen: list[float] = []
    request = StyleRequest(content=tone(220, 8), styles=(WeightedStyle(clip=tone(330)),))
    stylize(request, small_mini, lambda fraction, stage: seen.append(fraction))
    assert seen == sorted(seen)
    assert len(seen) > 4

    def stop(fraction: float, stage: str) -> None:
        if fraction > 0.2:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        stylize(request, small_mini, stop)
    assert restyled(small_mini, tone(220)).length == 48_000


def test_better_quality_listens_to_more_of_the_style(small_mini: NetCheckpoint) -> None:
    style = Clip(samples=np.concatenate([tone(220, 6).samples, tone(1_000, 6).samples], axis=1), rate=48_000)
    draft, high = (restyled(small_mini, tone(220), style, quality=q) for q in (Quality.DRAFT, Quality.HIGH))
    assert not np.array_equal(draft.samples, high.samples)


def test_matching_rows_to_themselves_changes_nothing() -> None:
    image = np.random.default_rng(0).uniform(-1, 1, (128, 40)).astype(np.float32)
    mean, spread = mini_image.row_statistics(image)
    np.testing.assert_allclose(match_rows(image, mean, spread, mean, spread), image, atol=2e-6)


def test_the_embedded_checkpoint_loads_and_is_small() -> None:
    checkpoint = load_mini(embedded_folder(), "cpu")
    assert len(checkpoint.sha256) == 64
    assert not isinstance(checkpoint, NetCheckpoint)
    files = [*embedded_folder().iterdir(), *transcriber_files()]
    assert sum(file.stat().st_size for file in files) <= 4 * 2**20


def test_a_broken_checkpoint_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError) as missing:
        load_mini(tmp_path, "cpu")
    assert missing.value.code == "checkpoint.incomplete"
    (tmp_path / "config.json").write_text(json.dumps({"net": NET_CONFIG}))
    with pytest.raises(CheckpointError, match=r"lacks model\.safetensors"):
        load_mini(tmp_path, "cpu")
    save_file({"nothing": torch.zeros(1)}, tmp_path / "model.safetensors")
    with pytest.raises(CheckpointError) as wrong:
        load_mini(tmp_path, "cpu")
    assert wrong.value.code == "checkpoint.broken"


@pytest.mark.parametrize("config", ["[]", '{"base": "thin air"}', "{", "[" * 50_000])
def test_a_configuration_that_is_none_is_refused(tmp_path: Path, config: str) -> None:
    (tmp_path / "config.json").write_text(config)
    with pytest.raises(CheckpointError, match="cannot be loaded"):
        load_mini(tmp_path, "cpu")


def test_no_style_is_a_request_error() -> None:
    with pytest.raises(RequestError, match="No style"):
        StyleRequest(content=tone(220), styles=())


@pytest.mark.parametrize(
    ("name", "value"),
    [("strength", 2.5), ("structure", -0.1), ("sharpness", 9), ("steps", 0), ("seed", -1), ("start", 0)],
)
def test_settings_out_of_range_name_value_and_range(name: str, value: float) -> None:
    with pytest.raises(RequestError, match=rf"{name} is .*allowed"):
        replace(StyleSettings(), **{name: value})


def test_a_region_of_a_few_frames_never_meets_memory_that_nobody_wrote(small_mini: NetCheckpoint) -> None:
    rng, knobs = np.random.default_rng(0), small_mini.knobs(StyleSettings())
    style = rng.uniform(-1, 1, (small_mini.geometry.bands, 300)).astype(np.float32)
    for width in (1, 2, 16, 17) * 20:
        junk = [torch.full((int(rng.integers(1, 400_000)),), float("nan")) for _ in range(6)]
        del junk  # the allocator hands these pages out again
        content = rng.uniform(-1, 1, (small_mini.geometry.bands, width)).astype(np.float32)
        assert np.isfinite(small_mini.restyle(content, [(1.0, style)], knobs, ignore)).all()
