"""Sound through real plugins: on its sample, in one call and in chunks, on any number of channels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stylus_daw.audio.clip import Clip
from stylus_daw.chain.apply import apply_chain, process_chunks
from stylus_daw.chain.plugins.hosting import Hosting
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.errors import ChainError
from tests.vst3.plugin_sounds import chain, fresh, impulses, noise, pieces

pytestmark = pytest.mark.vst3

RATES = (44_100, 48_000, 96_000)
PLACES = (0, 1, 999, 8_191, 8_192, 20_000, 29_999)
LATE = {0: "StylusGain", 1: "StylusLate1", 1_000: "StylusLate1000"}


def in_chunks(clip: Clip, spec: ChainSpec, hosting: Hosting, *lengths: int) -> Clip:
    parts = list(process_chunks(pieces(clip.samples, *lengths), clip.rate, spec, hosting=hosting))
    return clip.with_samples(np.concatenate(parts, axis=1))


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("latency", LATE)
def test_an_impulse_stays_on_its_sample_in_one_call_and_in_chunks(
    plugins: Path, hosting: Hosting, latency: int, rate: int
) -> None:
    clip = impulses(rate, PLACES)
    spec = chain(fresh(plugins, LATE[latency], gain_db=-6))
    whole = apply_chain(clip, spec, hosting=hosting)
    np.testing.assert_allclose(whole.samples, clip.samples * 10 ** (-6 / 20), atol=1e-6)
    cut = in_chunks(clip, spec, hosting, 1, 777, 8_192, 3)
    np.testing.assert_array_equal(cut.samples, whole.samples)


@pytest.mark.parametrize("rate", RATES)
def test_latencies_add_up_and_are_taken_back_through_a_chain_with_built_in_effects(
    plugins: Path, hosting: Hosting, rate: int
) -> None:
    spec = chain(
        {"kind": "limiter"},
        fresh(plugins, "StylusLate1"),
        {"kind": "delay", "params": {"time_ms": 50}},
        fresh(plugins, "StylusLate1000"),
        {"kind": "chorus"},
        tail="keep",
        tail_seconds=0.3,
    )
    dry = chain(
        {"kind": "limiter"},
        {"kind": "delay", "params": {"time_ms": 50}},
        {"kind": "chorus"},
        tail="keep",
        tail_seconds=0.3,
    )
    clip = impulses(rate, (0, 12_345))
    whole = apply_chain(clip, spec, hosting=hosting)
    np.testing.assert_allclose(whole.samples, apply_chain(clip, dry).samples, atol=1e-6)
    np.testing.assert_array_equal(in_chunks(clip, spec, hosting, 5_000, 11).samples, whole.samples)


def test_half_wet_and_parallel_branches_lie_on_the_same_samples(plugins: Path, hosting: Hosting) -> None:
    late = {"kind": "plugin", "plugin": fresh(plugins, "StylusLate1000")}
    branches = [{"gain_db": -6.0206, "effects": [late]}, {"gain_db": -6.0206}]
    clip = noise()
    half = apply_chain(clip, chain({**late, "mix": 0.5}), hosting=hosting)
    both = apply_chain(clip, chain({"kind": "parallel", "branches": branches}), hosting=hosting)
    np.testing.assert_allclose(half.samples, clip.samples, atol=1e-6)
    np.testing.assert_allclose(both.samples, clip.samples, atol=1e-4)


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("name", ["StylusGain", "StylusMono"])
def test_every_channel_goes_through_a_stereo_and_a_mono_plugin(
    plugins: Path, hosting: Hosting, name: str, channels: int
) -> None:
    clip = noise(channels=channels, length=9_000)
    result = apply_chain(clip, chain(fresh(plugins, name, gain_db=-12)), hosting=hosting)
    assert (result.channels, result.length, result.start) == (channels, clip.length, 777)
    np.testing.assert_allclose(result.samples, clip.samples * 10 ** (-12 / 20), atol=1e-6)


def test_a_plugin_with_four_channels_takes_four_and_refuses_two(plugins: Path, hosting: Hosting) -> None:
    spec = chain(fresh(plugins, "StylusFour", gain_db=6))
    clip = noise(channels=4)
    result = apply_chain(clip, spec, hosting=hosting)
    np.testing.assert_allclose(result.samples, clip.samples * 10 ** (6 / 20), atol=1e-6)
    with pytest.raises(ChainError, match='"StylusFour" takes neither 2 channels') as caught:
        apply_chain(noise(), spec, hosting=hosting)
    assert caught.value.code == "chain.plugin_channels"


def test_the_same_request_gives_the_same_samples(plugins: Path, hosting: Hosting) -> None:
    spec = chain(fresh(plugins, "StylusLate1", gain_db=3.3), {"kind": "reverb"})
    first, second = (apply_chain(noise(), spec, hosting=hosting).samples for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("name", "code"), [("StylusCrashRun", "chain.plugin_crashed"), ("StylusHangRun", "chain.plugin_timeout")]
)
def test_a_plugin_that_fails_in_the_sound_fails_its_job_alone_and_by_name(
    plugins: Path, hosting: Hosting, name: str, code: str
) -> None:
    bad = fresh(plugins, name, armed=1)
    quiet = Clip(samples=np.zeros((2, 9_000), np.float32), rate=48_000)
    assert not apply_chain(quiet, chain(bad), hosting=hosting).samples.any()
    for spec in (chain(bad), chain({"kind": "gain"}, fresh(plugins, "StylusGain"), bad)):
        with pytest.raises(ChainError, match=f'The plugin "{name}"') as caught:
            apply_chain(noise(), spec, hosting=hosting)
        assert caught.value.code == code
    apply_chain(noise(), chain(fresh(plugins, name)), hosting=hosting)


def test_a_crash_in_the_middle_of_chunks_comes_after_what_was_good(plugins: Path, hosting: Hosting) -> None:
    sound = np.zeros((2, 40_000), np.float32)
    sound[:, 30_000:] = 0.5
    spec = chain(fresh(plugins, "StylusCrashRun", armed=1))
    parts = process_chunks(pieces(sound, 1_000), 48_000, spec, hosting=hosting)
    good = sum(next(parts).shape[1] for _ in range(3))
    assert good == 3 * 8_192
    with pytest.raises(ChainError, match="StylusCrashRun"):
        next(parts)
