"""From source file to stem file, with the real chain and a stylizer that can be reasoned about."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import Shortfall, probe, read, read_provenance, sha256_of, write_audio
from stylus_daw.audio.sound import Amplified, Sound, to_clip
from stylus_daw.audio.spool import Scratch
from stylus_daw.chain.pedalboard_chain import PedalboardChain
from stylus_daw.chain.planning import planned
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.engine.request import StyleRequest, StyleSettings
from stylus_daw.errors import AudioFileError, JobCancelled, RequestError
from stylus_daw.jobs.job import Origin, Region, RenderRequest, StyleFile
from stylus_daw.jobs.stem_renderer import StemRenderer

RATE = 48_000


class HalfAsLoud:
    """A stylizer whose result is known: half the amplitude."""

    heard: Any = None

    def stylize(self, request: StyleRequest, device: str, progress: Callable[[float, str], None]) -> Sound:
        self.heard = request.content
        progress(0.5, "restyling")
        content = to_clip(request.content)
        return content.with_samples(content.samples * np.float32(0.5))

    def model(self, name: str, device: str) -> tuple[str, str]:
        return name, "ab" * 32

    def circumstances(self, settings: StyleSettings, device: str) -> dict[str, str]:
        return {"precision": "float32"}


class HalfAsLoudInPieces(HalfAsLoud):
    """The same for a sound that is too long for memory."""

    def stylize(self, request: StyleRequest, device: str, progress: Callable[[float, str], None]) -> Sound:
        progress(0.5, "restyling")
        return Amplified(source=request.content, gain_db=20 * np.log10(0.5))


class FourTimesAsLoud(HalfAsLoud):
    """Far above the ceiling, so that the limiter has work to do."""

    def stylize(self, request: StyleRequest, device: str, progress: Callable[[float, str], None]) -> Sound:
        content = to_clip(request.content)
        return content.with_samples(content.samples * np.float32(4))


class Unchanged(HalfAsLoud):
    """Strength 0."""

    def stylize(self, request: StyleRequest, device: str, progress: Callable[[float, str], None]) -> Sound:
        return request.content


@pytest.fixture
def request_for(tmp_path: Path) -> Callable[..., RenderRequest]:
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, (2, RATE)).astype(np.float32)
    source, style = tmp_path / "content.wav", tmp_path / "style.flac"
    soundfile.write(source, samples.T, RATE, subtype="FLOAT")
    write_audio(style, Clip(samples=samples[:, :8_000], rate=44_100))

    def make(region: Region | None = None, chain: Mapping[str, Any] | None = None) -> RenderRequest:
        return RenderRequest(
            source=source,
            stem=tmp_path / "stem.wav",
            styles=(StyleFile(path=style),),
            region=region,
            chain=planned(ChainSpec.model_validate(chain or {})),
            settings=StyleSettings(strength=0.8),
            origin=Origin(preset="Warm Strings"),
        )

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


@pytest.mark.parametrize("memory_bytes", [1 << 30, 1000], ids=["in memory", "in pieces"])
def test_a_source_that_breaks_off_is_told_with_the_stem_unless_a_region_lies_before_it(
    request_for: Callable[..., RenderRequest], tmp_path: Path, memory_bytes: int
) -> None:
    request = request_for()
    request.source.write_bytes(request.source.read_bytes()[: request.source.stat().st_size // 2])
    scratch = Scratch(folder=tmp_path, memory_bytes=memory_bytes)
    renderer = StemRenderer(HalfAsLoudInPieces(), PedalboardChain(), scratch)
    stem = renderer.render(request, lambda f, s: None, lambda: False)
    assert stem.length == probe(request.source).frames
    assert stem.short == Shortfall(holds_s=stem.length / RATE, announced_s=1.0)
    region = Region(start=0, length=1000, rate=RATE)
    assert renderer.render(replace(request, region=region), lambda f, s: None, lambda: False).short is None


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


@pytest.mark.parametrize("silenced", [{"bypass": True}, {"mix": 0.0}], ids=["bypassed", "dry"])
def test_an_effect_that_is_not_heard_does_not_change_the_loudness(
    request_for: Callable[..., RenderRequest], silenced: dict[str, Any]
) -> None:
    plain = request_for(REGION)
    render(plain, FourTimesAsLoud())
    expected = read(plain.stem).samples
    chain = {"effects": [{"kind": "gain", "params": {"gain_db": 12}, **silenced}]}
    render(request_for(REGION, chain), FourTimesAsLoud())
    np.testing.assert_array_equal(read(plain.stem).samples, expected)


def test_provenance_says_what_made_the_stem(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for(REGION)
    render(request)
    provenance = read_provenance(request.stem)
    assert provenance is not None
    assert (provenance.preset, provenance.model, provenance.model_sha256) == ("Warm Strings", "stylus-mini", "ab" * 32)
    assert provenance.settings["strength"] == 0.8
    assert provenance.settings["circumstances"] == {"precision": "float32"}
    assert len(provenance.source_sha256) == 64


class Meddling(HalfAsLoud):
    """Somebody else is at the source while it is restyled."""

    def __init__(self, meddle: Callable[[], object]) -> None:
        self.meddle = meddle

    def stylize(self, request: StyleRequest, device: str, progress: Callable[[float, str], None]) -> Sound:
        self.meddle()
        return super().stylize(request, device, progress)


@pytest.mark.parametrize("what", ["deleted", "replaced", "cut"])
def test_a_source_that_changes_meanwhile_costs_neither_the_stem_nor_its_provenance(
    request_for: Callable[..., RenderRequest], what: str
) -> None:
    request = request_for()
    heard, sha256 = read(request.source), sha256_of(request.source)
    meddle = {
        "deleted": request.source.unlink,
        "replaced": lambda: request.source.write_bytes(b"another file"),
        "cut": lambda: os.truncate(request.source, 0),
    }
    stem = StemRenderer(Meddling(meddle[what]), PedalboardChain()).render(request, lambda *_: None, lambda: False)
    assert np.array_equal(read(stem.path).samples, heard.samples * np.float32(0.5))
    provenance = read_provenance(stem.path)
    assert provenance is not None
    assert provenance.source_sha256 == sha256


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


LOUD_CHAIN = {
    "effects": [{"kind": "delay"}, {"kind": "gain", "params": {"gain_db": 15}}, {"kind": "clip"}],
    "match_loudness": True,
    "tail": "keep",
    "tail_seconds": 0.1,
}


@pytest.mark.parametrize("chain", [None, LOUD_CHAIN, {"effects": [{"kind": "gain", "params": {"gain_db": 12}}]}])
def test_a_render_from_disk_gives_the_stem_of_one_in_memory(
    request_for: Callable[..., RenderRequest], tmp_path: Path, chain: dict[str, Any] | None
) -> None:
    request = request_for(REGION, chain)
    in_memory, _ = render(request, HalfAsLoudInPieces())
    expected, time_reference = read(request.stem).samples, probe(request.stem).time_reference
    scratch = Scratch(folder=tmp_path / "spool", memory_bytes=1)
    renderer = StemRenderer(HalfAsLoudInPieces(), PedalboardChain(scratch), scratch)
    seen: list[float] = []
    streamed = renderer.render(request, lambda fraction, stage: seen.append(fraction), lambda: False)
    assert replace(streamed, seconds_taken=0) == replace(in_memory, seconds_taken=0)
    assert probe(request.stem).time_reference == time_reference
    np.testing.assert_array_equal(read(request.stem).samples, expected)
    assert seen == sorted(seen)
    assert list((tmp_path / "spool").glob("*")) == []


def test_a_cancel_is_honoured_at_every_step_of_a_long_render(
    request_for: Callable[..., RenderRequest], tmp_path: Path
) -> None:
    request = request_for(None, LOUD_CHAIN)
    scratch = Scratch(folder=tmp_path / "spool", memory_bytes=1)
    renderer = StemRenderer(HalfAsLoudInPieces(), PedalboardChain(scratch), scratch)
    stages: list[str] = []
    renderer.render(request, lambda fraction, stage: stages.append(stage), lambda: False)
    assert [*dict.fromkeys(stages)] == ["reading", "restyling", "effects", "checking the peaks", "writing", "done"]
    request.stem.unlink()
    for last in range(len(stages) - 1):
        asked = iter(range(len(stages)))
        with pytest.raises(JobCancelled):
            renderer.render(request, lambda *_: None, lambda asked=asked, last=last: next(asked) >= last)
        assert not request.stem.exists()


def test_what_will_not_fit_is_refused_before_it_is_begun(
    request_for: Callable[..., RenderRequest], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = SimpleNamespace(free=1_000)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: full)
    engine = HalfAsLoud()
    scratch = Scratch(folder=tmp_path / "spool", memory_bytes=1)
    with pytest.raises(AudioFileError, match=r"384,000 bytes .* 1,000 are free") as caught:
        StemRenderer(engine, PedalboardChain(), scratch).render(request_for(), lambda *_: None, lambda: False)
    assert caught.value.code == "audio.space"
    assert engine.heard is None


def test_requests_survive_json(request_for: Callable[..., RenderRequest]) -> None:
    request = request_for(REGION, {"tail": "keep"})
    assert RenderRequest.from_json(request.to_json()) == request


@pytest.mark.parametrize(("start", "session_start"), [(-5, 0), (0, -5), (-5, 4)])
def test_a_place_before_the_timeline_s_zero_is_refused(start: int, session_start: int) -> None:
    with pytest.raises(RequestError, match="before the timeline's zero") as caught:
        Region(start=start, length=10, rate=RATE, session_start=session_start)
    assert caught.value.code == "request.before_zero"


def test_a_place_before_the_session_s_zero_but_after_midnight_is_told() -> None:
    assert Region(start=-5, length=10, rate=RATE, session_start=RATE).time_reference == RATE - 5


@pytest.mark.parametrize("swapped", ["file", "folder"])
def test_a_source_that_was_swapped_for_a_link_is_not_read_from_outside(
    request_for, tmp_path: Path, swapped: str
) -> None:
    request = request_for()
    inside, outside = tmp_path.resolve() / "jobs" / "a", tmp_path.resolve() / "elsewhere"
    for folder in (inside, outside):
        folder.mkdir(parents=True)
        (folder / "input.wav").write_bytes(request.source.read_bytes())
    request = replace(request, source=inside / "input.wav", stem=inside / "stem.wav")
    assert render(request)[0].path.exists()
    if swapped == "file":
        (inside / "input.wav").unlink()
        (inside / "input.wav").symlink_to(outside / "input.wav")
    else:
        inside.rename(tmp_path / "moved")
        inside.symlink_to(outside)
    with pytest.raises(AudioFileError) as refused:
        render(request)
    assert refused.value.code == "audio.unreadable"


def test_a_hard_link_is_the_file_itself(request_for, tmp_path: Path) -> None:
    request = request_for()
    folder = tmp_path.resolve() / "a"
    folder.mkdir()
    (folder / "input.wav").hardlink_to(request.source)
    before = request.source.read_bytes()
    assert render(replace(request, source=folder / "input.wav", stem=folder / "stem.wav"))[0].path.exists()
    assert request.source.read_bytes() == before
