"""Measures how near every engine comes to the truth, next to the anchors, and writes a Markdown page.

python -m bench.quality --weights DIR --pairs 64 --out bench/quality/quality.md --sheets out/sheets --audio out/audio
python -m bench.quality --engines anchors
python -m bench.quality --weights DIR --variant soft:strength=0.5 --variant other:checkpoint=DIR2
"""

from __future__ import annotations

import argparse
import logging
import re
import sys
from pathlib import Path

import numpy as np

from bench.material.pairs import SECONDS, SOUNDFONTS, render_pairs
from bench.quality.heard import known_recogniser
from bench.quality.ours import EMBEDDED, fingerprint, parse_variant
from bench.quality.report import Run, markdown
from bench.quality.results import OURS
from bench.quality.session import Session, contestants
from stylus_daw.engine.request import StyleSettings
from stylus_daw.errors import RequestError, StylusError, check_range

log = logging.getLogger(__name__)

MAX_PAIRS = 96
PICTURED_ANCHOR = "row match"


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
    fonts = [existing(path) for path in args.soundfont or SOUNDFONTS]
    settings = _settings(args)
    session = Session(
        contestants=contestants(settings, args.device, fonts),
        pictured=[PICTURED_ANCHOR, *settings],
        sheets=args.sheets,
        audio=args.audio,
    )
    plans = []
    for pair in render_pairs(args.pairs, fonts):
        session.judge(pair)
        plans.append(pair.plan)
        log.info("pair %d of %d: %s", len(plans), args.pairs, pair.plan.category.value)
    session.flush()
    run = Run(
        command=_command(args),
        plans=plans,
        seconds=SECONDS,
        font_names=[path.stem for path in fonts],
        results=session.results,
        estimator=float(np.mean(session.estimator)),
        recogniser=known_recogniser(),
        weights={name: fingerprint(s.checkpoint, args.device) for name, s in settings.items()},
    )
    args.out.write_text(markdown(run), "utf-8")
    log.info("%s", args.out)


def _settings(args: argparse.Namespace) -> dict[str, StyleSettings]:
    """Our engine and its variants by name; none where only the anchors were asked for."""
    if args.engines == "anchors":
        return {}
    if not (args.weights / "config.json").exists():
        message = f"No weights in {args.weights}. Name a folder with --weights, or ask for --engines anchors."
        raise RequestError("bench.weights", message)
    base = StyleSettings(strength=args.strength, checkpoint=str(args.weights))
    return {OURS: base, **dict(parse_variant(text, base) for text in args.variant)}


def existing(path: Path) -> Path:
    """A soundfont that is there.

    Raises:
        RequestError: it is not.
    """
    if not path.exists():
        debian = "fluid-soundfont-gm and timgm6mb-soundfont"
        message = f"No soundfont at {path}. Install Debian's {debian}, or name others with --soundfont."
        raise RequestError("bench.soundfont", message)
    return path


def _command(args: argparse.Namespace) -> str:
    """What to type for the same figures: options that decide them, no paths."""
    parts = ["python -m bench.quality", f"--pairs {args.pairs}"]
    parts += [f"--engines {args.engines}"] if args.engines != "all" else []
    parts += [f"--strength {args.strength:g}"] if args.strength is not None else []
    return " ".join([*parts, *told_variants(args.variant)])


def told_variants(variants: list[str]) -> list[str]:
    """Options that ask for variants, without anybody's folders."""
    return [f"--variant {re.sub('checkpoint=[^,]*', 'checkpoint=DIR', text)}" for text in variants]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=64, help=f"1 to {MAX_PAIRS}")
    parser.add_argument("--engines", choices=("all", "anchors"), default="all")
    parser.add_argument("--weights", type=Path, default=EMBEDDED, help="folder with config.json and model.safetensors")
    parser.add_argument("--strength", type=float, default=None, help="0 to 2; default: the checkpoint's own")
    parser.add_argument("--variant", action="append", default=[], metavar="NAME:key=value,...", help="a row more")
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda, mps")
    parser.add_argument("--soundfont", type=Path, action="append", help="repeat; default: FluidR3 and TimGM6mb")
    parser.add_argument("--out", type=Path, default=Path("bench/quality/quality.md"))
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    parser.add_argument("--audio", type=Path, help="folder for FLAC files")
    return parser


if __name__ == "__main__":
    sys.exit(main())
