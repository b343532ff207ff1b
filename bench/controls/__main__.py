"""Measures every control on real sounds, and writes ``bench/controls/controls.md``: ``python -m bench.controls``.

The pairs are those of `bench.quality`. The engine restyles each content once; every setting then shapes that result
as a render does. Attacks in silence and the styles of the factory presets measure what pairs cannot.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from bench.controls.beyond_pairs import SESSION_BPM, pre_echo_db, tempo_rows
from bench.controls.page import Row, page
from bench.controls.shaped_pairs import restyled, rows_of
from bench.material.pairs import render_pairs
from stylus_daw.audio.files import read
from stylus_daw.engine.local import LocalEngine
from training.factory_styles import STYLES

log = logging.getLogger(__name__)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the controls and write bench/controls/controls.md.")
    parser.add_argument("--pairs", type=int, default=12, help="1 to 96; six categories take turns")
    parser.add_argument("--device", default="cpu", help="see stylus-daw render --help")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("controls.md"), help="the page")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    engine = LocalEngine()
    checkpoint = engine.checkpoint("stylus-mini", options.device)
    rows: list[Row] = []
    for pair in render_pairs(options.pairs):
        rows += rows_of(restyled(pair, checkpoint), checkpoint)
        log.info("pair %d: %s", pair.plan.index + 1, pair.plan.category.value)
    style = read(STYLES / "string-ensemble.flac")
    echoes = {amount: pre_echo_db(engine, style, amount, options.device) for amount in (0.0, 0.5, 1.0)}
    name = f"{checkpoint.name} {checkpoint.sha256[:12]}"
    text = page(rows, echoes, tuple(tempo_rows(checkpoint)), pairs=options.pairs, model=name, session_bpm=SESSION_BPM)
    options.out.write_text(text, "utf-8")
    log.info("%s", options.out)


if __name__ == "__main__":
    main()
