"""``python -m stylus_ui.screenshots OUT``: the window in its states, both themes, at 100 and 200 %, without a screen.

Scale is Qt's scale factor, which must be known before Qt starts: every scale is a process of its own.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from stylus_ui.state.text import LANGUAGES

SCALES = (100, 200)
THEMES = ("dark", "light")
SETTLE_ROUNDS = 20


def main(arguments: list[str] | None = None) -> int:
    """Command line. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the pictures; made if it is missing")
    parser.add_argument("--state", default="", help="only this one; default: all")
    parser.add_argument("--scale", type=int, choices=SCALES, help="only this one, in this process; default: each")
    parser.add_argument("--size", type=_size, metavar="WIDTHxHEIGHT", help="of the window, such as 1024x700")
    parser.add_argument("--language", choices=sorted(LANGUAGES), default="en")
    args = parser.parse_args(arguments)
    args.out.mkdir(parents=True, exist_ok=True)
    if args.scale:
        return _draw(args)
    own = [sys.executable, "-m", "stylus_ui.screenshots", *(sys.argv[1:] if arguments is None else arguments)]
    return max(subprocess.run([*own, "--scale", str(scale)], check=False).returncode for scale in SCALES)


def _size(said: str) -> tuple[int, int]:
    width, _, height = said.partition("x")
    return int(width), int(height)


def _draw(args: argparse.Namespace) -> int:
    out, scale, wanted = args.out, args.scale, args.state
    os.environ |= {"QT_QPA_PLATFORM": "offscreen"} | os.environ | {"QT_SCALE_FACTOR": f"{scale / 100:g}"}
    from PySide6.QtWidgets import QApplication

    from stylus_ui.drawing.theme import Mode
    from stylus_ui.kit.look import put_on
    from stylus_ui.kit.qt_words import set_qt_language
    from stylus_ui.screenshots.states import STATES, Studio

    application = QApplication([])
    set_qt_language(args.language)
    chosen: Mapping[str, Callable[[Studio], object]] = {n: s for n, s in STATES.items() if wanted in ("", n)}
    if not chosen:
        print(f"No state is named {wanted!r}; there are {', '.join(STATES)}.", file=sys.stderr)
        return 2
    for name, state in chosen.items():
        with tempfile.TemporaryDirectory() as home, Studio(Path(home), language=args.language) as studio:
            put_on(application, studio.context.theme)
            target = state(studio) or studio.window
            if args.size:
                studio.window.resize(*args.size)
            for theme in THEMES:
                studio.context.theme.mode.value = Mode(theme)
                studio.settle()
                path = out / f"{name}-{theme}-{scale}.png"
                target.grab().save(str(path))
                print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
