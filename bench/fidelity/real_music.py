"""The fidelity battery on recorded music that is not from a soundfont, and pictures of it.

    python -m bench.fidelity.real_music --sheets out/real-music

Contents and styles are excerpts of free music in Debian's game packages, fetched with ``apt-get download`` into a
cache. Where that is not possible, the page says "not run".
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from bench.fidelity import measures
from bench.fidelity.battery import BRIGHT_STYLE_DB, Bench, common_lines, open_bench
from bench.fidelity.lines import LINES, Line
from bench.fidelity.reconstructions import quiet_attacks
from bench.material.game_music import PACKAGES, PAIRS, Excerpt, excerpt
from bench.quality.sheets import Strip, draw_sheet
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.reconstruction import mel_image
from stylus_daw.audio.spectrogram import Image, MelGeometry, level_db
from stylus_daw.errors import RequestError

SECONDS, PICTURED_S = 24.0, 8.0
PAIRS_PER_SHEET = 3

INTRODUCTION = """# Fidelity on recorded music

Made by `{command}`: excerpts of {seconds:g} s from Debian's game packages ({packages}),
restyled with the shipped weights at default settings, exactly as a job renders them. Lines and limits are those of
[fidelity.md](fidelity.md); a figure above its limit is marked **fail**. *Before attacks* is the power from 20 to 3 ms
before the attack that comes out of the deepest quiet, relative to the 20 ms from it on, in dB: content, then stem
("–": no attack has 30 dB less before it).
"""

Figures = Mapping[str, float]


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("bench/fidelity/real_music.md"))
    parser.add_argument("--cache", type=Path, default=Path("out/game-music"))
    parser.add_argument("--sheets", type=Path, help="folder for pictures")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args(arguments)
    try:
        clips = {piece: excerpt(piece, args.cache, SECONDS) for pair in PAIRS for piece in pair}
    except RequestError as error:
        args.out.write_text(_page([f"Not run: {error}\n"]), "utf-8")
        return 0
    args.out.write_text(_page(_measured(clips, open_bench(args.device), args.sheets)), "utf-8")
    return 0


def _measured(clips: Mapping[Excerpt, Clip], bench: Bench, sheets: Path | None) -> list[str]:
    rows, strips = [], []
    for one, other in PAIRS:
        content, style = clips[one], clips[other]
        stem = bench.restyled(content, style)
        title = f"{one.title} → {other.title}"
        rows.append([title, *_cells(figures(stem, content, style)), _before_attacks(stem, content)])
        strips.append(_strip(title, content, style, stem))
        print(rows[-1], flush=True)
    if sheets:
        for first in range(0, len(strips), PAIRS_PER_SHEET):
            draw_sheet(strips[first : first + PAIRS_PER_SHEET], sheets / f"pairs-{first}.png")
    return _table(rows)


def figures(stem: Clip, content: Clip, style: Clip) -> Figures:
    """All lines of the battery that need no content made for the purpose."""
    found = {**common_lines(stem, content), "lag": measures.lag_samples(stem, content)}
    found["steps, with style"] = measures.step_ratio_with(stem, content, style)
    if measures.brightness_db(style) >= BRIGHT_STYLE_DB:
        found["bandwidth"] = measures.brightness_shortfall_db(stem, style)
    return found


def _cells(found: Figures) -> list[str]:
    return [_cell(found[name], line.limit) if name in found else "–" for name, line in _lines()]


def _cell(value: float, limit: float) -> str:
    return f"{value:.3g}" if value <= limit else f"{value:.3g} **fail**"


def _lines() -> list[tuple[str, Line]]:
    left_out = ("null", "pre-echo", "pre-echo, whole", "bandwidth, dull content", "steps", "steps, with highs")
    return [(name, line) for name, line in LINES.items() if name not in left_out]


def _before_attacks(stem: Clip, content: Clip) -> str:
    places = quiet_attacks(content)
    if not places:
        return "–"
    place = min(places, key=lambda place: measures.pre_echo_db(content, place))
    return f"{measures.pre_echo_db(content, place):.0f}, {measures.pre_echo_db(stem, place):.0f}"


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    names = (f"{name}, {line.unit}" if line.unit else name for name, line in _lines())
    head = ["content → style", *names, "before attacks"]
    limits = ["limit", *(f"{line.limit:g}" for _, line in _lines()), ""]
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), limits, *rows)]
    return ["\n".join(lines) + "\n"]


def _strip(title: str, content: Clip, style: Clip, stem: Clip) -> Strip:
    images = {"content": content, "style": style, "stylus-mini": stem}
    return Strip(title=title, images={name: _picture(clip) for name, clip in images.items()})


def _picture(clip: Clip) -> Image:
    image = mel_image(clip.slice(0, round(PICTURED_S * clip.rate)), MelGeometry())
    return np.asarray(image - level_db(image), np.float32)


def _page(parts: Sequence[str]) -> str:
    packages = ", ".join(f"{package.name}: {package.licence}" for package in PACKAGES)
    command = "python -m bench.fidelity.real_music"
    return "\n".join([INTRODUCTION.format(command=command, seconds=SECONDS, packages=packages), *parts])


if __name__ == "__main__":
    sys.exit(main())
