"""Measures whether the style's kit is heard when a drum loop takes the sound of another, and writes a Markdown page.

python -m bench.quality.drums --out bench/quality/drums.md
python -m bench.quality.drums --pairs 8 --variant other:structure=0 --sheets out/drums
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from bench.hearing.kits import card
from bench.material.drum_pairs import DrumPair, render_drum_pairs
from bench.material.pairs import SOUNDFONTS
from bench.quality.__main__ import existing, told_variants
from bench.quality.drums.page import Run, markdown
from bench.quality.drums.results import DrumResult, contestants, measured
from bench.quality.ours import EMBEDDED, parse_variant
from bench.quality.results import OURS
from bench.quality.sheets import PAIRS_PER_SHEET, draw_sheet, pictured
from stylus_daw.audio.clip import Clip
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import RequestError, StylusError, check_range

log = logging.getLogger(__name__)

MAX_PAIRS = 96
PICTURED = ("row match", OURS)


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns the exit code."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    args = _parser().parse_args(arguments)
    try:
        _run(args)
    except StylusError as error:
        log.error("%s", error)
        return 2 if isinstance(error, RequestError) else 1
    return 0


def _run(args: argparse.Namespace) -> None:
    check_range("--pairs", args.pairs, 1, MAX_PAIRS)
    fonts = [existing(path) for path in SOUNDFONTS]
    restyling = contestants(_settings(args), args.device)
    pairs: list[DrumPair] = []
    results: list[DrumResult] = []
    drawn: list[tuple[DrumPair, dict[str, Clip]]] = []
    for pair in render_drum_pairs(args.pairs, fonts):
        clips = {name: restyle(pair) for name, restyle in restyling.items()}
        results += measured(pair, clips)
        pairs.append(pair)
        if args.sheets:
            drawn.append((pair, clips))
            if len(drawn) == PAIRS_PER_SHEET or len(pairs) == args.pairs:
                _draw(drawn, args.sheets)
                drawn.clear()
        log.info("pair %d of %d", len(pairs), args.pairs)
    run = Run(command=_command(args), pairs=pairs, results=results, cards={f.stem: card(f.stem) for f in fonts})
    args.out.write_text(markdown(run), "utf-8")
    log.info("%s", args.out)


def _settings(args: argparse.Namespace) -> dict[str, StyleSettings]:
    """Our engine and its variants by name; none where only the anchors were asked for."""
    if args.engines == "anchors":
        return {}
    base = StyleSettings(checkpoint=str(args.weights))
    return {OURS: base, **dict(parse_variant(text, base) for text in args.variant)}


def _draw(drawn: list[tuple[DrumPair, dict[str, Clip]]], folder: Path) -> None:
    """Content, style, truth and what was made of them, a row for each pair."""
    strips = []
    for pair, clips in drawn:
        title = f"{pair.plan.index}: {pair.font_name}, kit {pair.plan.content_kit} → {pair.plan.style_kit}"
        given = {"content": pair.content, "style": pair.style, "truth": pair.truth}
        strips.append(pictured(title, {**given, **{name: clips[name] for name in PICTURED if name in clips}}))
    draw_sheet(strips, folder / f"drums-{drawn[0][0].plan.index:02d}.png")


def _command(args: argparse.Namespace) -> str:
    """What to type for the same figures."""
    parts = ["python -m bench.quality.drums", f"--pairs {args.pairs}"]
    parts += [f"--engines {args.engines}"] if args.engines != "all" else []
    return " ".join([*parts, *told_variants(args.variant)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=32, help=f"1 to {MAX_PAIRS}")
    parser.add_argument("--engines", choices=("all", "anchors"), default="all")
    parser.add_argument("--weights", type=Path, default=EMBEDDED, help="folder with config.json")
    parser.add_argument("--variant", action="append", default=[], metavar="NAME:key=value,...", help="a row more")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda, mps")
    parser.add_argument("--out", type=Path, default=Path("bench/quality/drums.md"))
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    return parser


if __name__ == "__main__":
    sys.exit(main())
