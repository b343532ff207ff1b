"""The controls in job.json, and the session's tempo."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from stylus_bridge.folders.job_file import JobFile
from stylus_daw.engine.request import StyleSettings
from stylus_daw.jobs.job import RenderRequest, StyleFile


def job(override: dict[str, Any], **more: Any) -> JobFile:
    region = {"start": 0, "length": 10, "rate": 48_000}
    written = {"job": "a", "source": "in.wav", "region": region, "preset": "p", "override": override}
    return JobFile.model_validate(written | more)


def test_controls_take_the_place_of_the_presets() -> None:
    lane = [[0, 0], [2, 1.5]]
    chosen = job({"transients": 0.5, "envelope": lane}).overridden(StyleSettings(transients=0.1, low_keep_hz=90))
    assert chosen == StyleSettings(transients=0.5, low_keep_hz=90, envelope=((0.0, 0.0), (2.0, 1.5)))


def test_the_sessions_tempo_is_followed_only_where_that_is_asked_for() -> None:
    told = {"tempo": 128.0, "time_signature": "6/8"}
    assert job({}, **told).overridden(StyleSettings()) == StyleSettings()
    synced = job({}, **told).overridden(StyleSettings(tempo_sync=True, tempo_bpm=90))
    assert synced == StyleSettings(tempo_sync=True, tempo_bpm=128, bar_beats=3)
    mine = job({"tempo_sync": True, "tempo_bpm": 64}, **told).overridden(StyleSettings())
    assert (mine.tempo_bpm, mine.bar_beats) == (64, 3)
    assert job({}).overridden(StyleSettings(tempo_sync=True, tempo_bpm=90)).tempo_bpm == 90


@pytest.mark.parametrize(
    "override", [{"transients": 2}, {"low_keep_hz": 1}, {"envelope": []}, {"envelope": [[0, 3]]}, {"envelope": [[0]]}]
)
def test_values_out_of_range_are_refused(override: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        job(override)


def test_a_request_keeps_its_controls_as_json_and_reads_one_from_before_they_were(tmp_path: Any) -> None:
    request = RenderRequest(
        source=tmp_path / "a.wav",
        stem=tmp_path / "b.wav",
        styles=(StyleFile(path=tmp_path / "s.wav", tempo_bpm=90),),
        settings=StyleSettings(envelope=((0, 1), (1, 0.5)), dry_wet=0.3, tempo_sync=True, tempo_bpm=100),
    )
    assert RenderRequest.from_json(request.to_json()) == request
    old = '{"source": "a", "stem": "b", "styles": [{"path": "s", "weight": 1}], "region": null, "chain": {}, '
    old += '"origin": {}, "device": "cpu", "settings": {"strength": 0.5, "quality": "normal"}}'
    assert RenderRequest.from_json(old).settings == StyleSettings(strength=0.5)
