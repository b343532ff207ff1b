"""From source file to stem file, with the real chain and a stylizer that can be reasoned about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_daw.app import PedalboardChain
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import probe, read, read_provenance, write_audio
from stylus_daw.engine.request import StyleRequest, StyleSettings
from stylus_daw.errors import AudioFileError, JobCancelled, RequestError
from stylus_daw.jobs.job import Origin, Region, RenderRequest, StyleFile
from stylus_daw.jobs.render import StemRenderer

RATE = 48_000


class HalfAsLoud:
    """A stylizer whose result is known: half the amplitude."""

    heard: Clip | None = None

    def stylize(self, request: StyleRequest, device: str, progress: Callable[[float, str], None]) -> Clip:
        self.heard = request.content
        progress(0.5, "restyling")
        return request.content.with_samples(request.content.samples / 2)

    def model(self, name: str, device: str) -> tuple[str, str]:
        return name, "ab" * 32


class Unchanged(HalfAsLoud):
    """Strength 0."""

    def stylize(self, request: StyleRequest, device: str, progress: Callable[[float, str], None]) -> Clip:
        return request.content


@pytest.fixture
def request_for(tmp_path: Path) -> Callable[..., RenderRequest]:
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (2, RATE)).astype(np.float32)
    source, style = tmp_path / "content.wav", tmp_path / "style.flac"
    soundfile.write(source, samples.T, RATE, subtype="FLOAT")
    write_audio(style, Clip(samples=samples[:, :8_000], rate=44_100))

    def make(region: Region | None = None, chain: Mapping[str, Any] | None = None) -> RenderRequest:
        return RenderRequest(
            source=source, stem=tmp_path / "stem.wav", styles=(StyleFile(path=style),), region=region,
            chain=dict(chain or {}), settings=StyleSettings(strength=0.8), origin=Origin(preset="Warm Strings"),
        )  # fmt: skip

    return make


def render(request: RenderRequest, engine: HalfAsLoud | None = None) -> tuple[Any, list[float]]:
    seen: list[float] = []
    stem = StemRenderer(engine or HalfAsLoud(), PedalboardChain()).render(
        request, lambda f, s: seen.append(f), lambda: False
    )
    return stem, seen


REGION = Region(
    start=1_234_567, length=20_001, rate=RATE, session_start=172_800_000, before=4_800, after=7_200, source_offset=100
)


def test_the_stem_is_exactly_the_region(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for(REGION)
    stem, seen = render(request)
    assert (stem.start, stem.length, stem.rate, stem.channels) == (174_034_567, 20_001, RATE, 2)
    assert probe(request.stem).time_reference == 174_034_567
    expected = read(request.source).samples[:, 4_900:24_901] / 2
    np.testing.assert_array_equal(read(request.stem).samples, expected)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_the_engine_hears_the_handles(request_for: Callable[..., RenderRequest]) -> None:
    engine = HalfAsLoud()
    render(request_for(REGION), engine)
    assert engine.heard is not None
    assert (engine.heard.length, engine.heard.start) == (4_800 + 20_001 + 7_200, 174_034_567 - 4_800)


def test_strength_zero_without_a_chain_is_bit_identical(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for()
    render(request, Unchanged())
    np.testing.assert_array_equal(read(request.stem).samples, read(request.source).samples)


def test_a_kept_tail_comes_after_the_region_and_holds_no_handle(request_for: Callable[..., RenderRequest]) -> None:
    chain = {"effects": [{"kind": "gain", "params": {"gain_db": 0}}], "tail": "keep", "tail_seconds": 0.25}
    request = request_for(REGION, chain)
    stem, _ = render(request)
    assert stem.length == 20_001 + RATE // 4
    assert not read(request.stem).samples[:, 20_001:].any()


def test_true_peak_stays_below_the_ceiling(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for(REGION, {"effects": [{"kind": "gain", "params": {"gain_db": 12}}]})
    render(request)
    assert np.abs(read(request.stem).samples).max() <= 10 ** (-1 / 20)


def test_provenance_says_what_made_the_stem(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for(REGION)
    render(request)
    provenance = read_provenance(request.stem)
    assert provenance is not None
    assert (provenance.preset, provenance.model, provenance.model_sha256) == ("Warm Strings", "stylus-mini", "ab" * 32)
    assert provenance.settings["strength"] == 0.8
    assert len(provenance.source_sha256) == 64


def test_a_rate_that_is_not_the_session_s_is_refused(request_for: Callable[..., RenderRequest]) -> None:
    with pytest.raises(RequestError, match="44100 Hz") as caught:
        render(request_for(replace(REGION, rate=44_100)))
    assert caught.value.code == "audio.rate_mismatch"


def test_a_region_beyond_the_file_is_refused(request_for: Callable[..., RenderRequest]) -> None:
    with pytest.raises(AudioFileError) as caught:
        render(request_for(replace(REGION, length=40_000)))
    assert caught.value.code == "audio.region"


def test_the_source_is_never_overwritten(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for()
    before = request.source.read_bytes()
    with pytest.raises(AudioFileError):
        render(replace(request, stem=request.source))
    assert request.source.read_bytes() == before


def test_a_cancelled_job_leaves_no_stem(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for()
    with pytest.raises(JobCancelled):
        StemRenderer(HalfAsLoud(), PedalboardChain()).render(request, lambda f, s: None, lambda: True)
    assert not request.stem.exists()


def test_requests_survive_json(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for(REGION, {"tail": "keep"})
    assert RenderRequest.from_json(request.to_json()) == request
