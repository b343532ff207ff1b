"""The page of the drum loops, and the command that writes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.needs import need, need_module

need_module("librosa", "matplotlib", "tinysoundfont", "torch")

from bench.hearing.kits import card
from bench.material.drum_pairs import render_drum_pairs
from bench.material.pairs import SOUNDFONTS
from bench.quality.drums.__main__ import main
from bench.quality.drums.page import Run, markdown
from bench.quality.drums.results import ORACLE, TRUTH, DrumResult, measured
from bench.quality.metrics import Figures
from bench.quality.results import OURS

TIM = SOUNDFONTS[1]


def result(engine: str, margin: float) -> DrumResult:
    figures = Figures(lsd_db=7.5, timbre=40, chroma=0.5, onset=0.9, pitch=0.5, lag=0)
    return DrumResult(engine=engine, pair=0, font_name=TIM.stem, margin=margin, hits=0.6, figures=figures)


@pytest.mark.parametrize(("margin", "verdict"), [(0.2, "pass"), (-0.2, "**fail**")])
def test_the_page_holds_every_figure_and_its_own_failure(margin: float, verdict: str) -> None:
    need(str(TIM))
    known = {TRUTH: 0.5, ORACLE: 0.4, "copy-content": -0.5, "EQ match": -0.3}
    results = [result(OURS, margin), *(result(engine, value) for engine, value in known.items())]
    pairs = list(render_drum_pairs(1, [TIM]))
    text = markdown(Run(command="command", pairs=pairs, results=results, cards={TIM.stem: card(TIM.stem)}))
    assert f"| {OURS} | {float(margin > 0):.2f} | {margin:.2f} | 0.60 | 7.5 | 40.0 | 0.900 |" in text
    assert f"| 0.75 | {verdict} |" in text
    assert "| 1.00 | 1.00 | 0.00 | 0.00 |" in text
    assert f"| 0 | {TIM.stem} |" in text


def test_the_truth_is_heard_and_the_content_is_not() -> None:
    need(str(TIM))
    (pair,) = render_drum_pairs(1, [TIM])
    truth, content = measured(pair, {TRUTH: pair.truth, "copy-content": pair.content})
    assert (truth.heard, truth.hits, truth.figures.lsd_db) == (1, 1, pytest.approx(0, abs=1e-3))
    assert (content.heard, content.hits) == (0, 0)


def test_the_anchors_alone_give_a_page_and_pictures(tmp_path: Path) -> None:
    need(*map(str, SOUNDFONTS))
    page, sheets = tmp_path / "drums.md", tmp_path / "sheets"
    assert main(["--engines", "anchors", "--pairs", "2", "--out", str(page), "--sheets", str(sheets)]) == 0
    text = page.read_text("utf-8")
    for row in ("copy-content", "copy-style", "EQ match", "row match", "oracle", "truth", "## TimGM6mb"):
        assert row in text
    assert "no weights were given" in text
    assert (sheets / "drums-00.png").stat().st_size > 10_000
