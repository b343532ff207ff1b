"""The command: what it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.needs import need, need_module

need_module("librosa", "matplotlib", "tinysoundfont")

from bench.material.pairs import SOUNDFONTS
from bench.quality.__main__ import main
from bench.quality.metrics import Figures
from bench.quality.ours import parse_variant
from bench.quality.results import OURS, Result, goals
from stylus_daw.engine.request import Quality, StyleSettings
from stylus_daw.errors import RequestError


def result(engine: str, *, lsd_db: float, timbre: float, chroma: float, onset: float = 0.5, lag: int = 0) -> Result:
    figures = Figures(lsd_db=lsd_db, timbre=timbre, chroma=chroma, onset=onset, pitch=1 - onset, lag=lag)
    return Result(engine=engine, pair=0, category="solo", font_name="font", figures=figures)


RIVALS = [
    result("copy-content", lsd_db=10, timbre=70, chroma=0.8),
    result("copy-style", lsd_db=12, timbre=50, chroma=0.4),
    result("EQ match", lsd_db=9, timbre=60, chroma=0.8),
    result("row match", lsd_db=9, timbre=55, chroma=0.8),
]


def test_the_anchors_alone_give_a_page_and_pictures(tmp_path: Path) -> None:
    tim = SOUNDFONTS[1]
    need(str(tim))
    page, sheets, audio = tmp_path / "quality.md", tmp_path / "sheets", tmp_path / "audio"
    arguments = ["--engines", "anchors", "--pairs", "1", "--soundfont", str(tim), "--out", str(page)]
    assert main([*arguments, "--sheets", str(sheets), "--audio", str(audio)]) == 0
    text = page.read_text("utf-8")
    for engine in ("copy-content", "copy-style", "EQ match", "row match", "NMF musaicing", "oracle"):
        assert f"| {engine} |" in text
    assert "no weights were given" in text
    assert str(tmp_path) not in text
    assert (sheets / "pairs-00.png").stat().st_size > 10_000
    assert (audio / "00-row-match.flac").exists()


def test_without_weights_the_message_says_what_to_do(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    need(*map(str, SOUNDFONTS))
    assert main(["--weights", str(tmp_path / "nothing"), "--out", str(tmp_path / "q.md")]) == 2
    assert "--engines anchors" in caplog.text


def test_a_missing_soundfont_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert main(["--engines", "anchors", "--soundfont", str(tmp_path / "none.sf2")]) == 2
    assert "none.sf2" in caplog.text


def test_all_goals_hold_for_an_engine_that_wins() -> None:
    ours = result(OURS, lsd_db=5, timbre=40, chroma=0.9, onset=0.6)
    assert all(goal.holds for goal in goals([*RIVALS, ours]))


def test_a_goal_fails_where_a_rival_is_better_or_the_result_is_late() -> None:
    ours = result(OURS, lsd_db=7, timbre=52, chroma=0.7, onset=0.4, lag=3)
    failed = {goal.claim for goal in goals([*RIVALS, ours]) if not goal.holds}
    assert failed == {
        "chroma better than copy-content",
        "chroma better than EQ match",
        "chroma better than row match",
        "onset better than EQ match",
        "onset better than row match",
        "multi-pitch better than EQ match",
        "multi-pitch better than row match",
        "LSD at most 0.60 x copy-content",
        "timbre better than copy-style",
        "timbre at most 40",
        "chroma at least 0.9",
        "largest lag against the content, samples",
    }


def test_a_variant_changes_only_what_it_names() -> None:
    base = StyleSettings(strength=0.5, checkpoint="folder")
    name, settings = parse_variant("deep:quality=high,structure=0.2", base)
    assert name == "deep"
    assert (settings.strength, settings.structure, settings.quality, settings.checkpoint) == (
        0.5,
        0.2,
        Quality.HIGH,
        "folder",
    )


@pytest.mark.parametrize("text", ["noname", "name:", ":strength=1", "n:strenght=1", "n:strength=loud", "n:strength=3"])
def test_a_variant_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        parse_variant(text, StyleSettings())
