"""``python -m stylus_ui.screenshots OUT``: the window in its states, both themes, at 100 and 200 %, without a screen.

Scale is Qt's scale factor, which must be known before Qt starts: every scale is a process of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

SCALES = (100, 200)
THEMES = ("dark", "light")
SETTLE_ROUNDS = 20


def main(arguments: list[str]) -> int:
    """``OUT [--state NAME] [--scale PERCENT]``."""
    out = Path(arguments[0])
    wanted = arguments[arguments.index("--state") + 1] if "--state" in arguments else ""
    if "--scale" in arguments:
        return _draw(out, int(arguments[arguments.index("--scale") + 1]), wanted)
    out.mkdir(parents=True, exist_ok=True)
    own = [sys.executable, "-m", "stylus_ui.screenshots", str(out), *(["--state", wanted] if wanted else [])]
    codes = [_child([*own, "--scale", str(scale)], scale) for scale in SCALES]
    return max(codes)


def _child(command: list[str], scale: int) -> int:
    environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ | {"QT_SCALE_FACTOR": f"{scale / 100:g}"}
    return subprocess.run(command, check=False, env=environment).returncode


def _draw(out: Path, scale: int, wanted: str) -> int:
    from PySide6.QtWidgets import QApplication

    from stylus_ui.drawing.theme import Mode
    from stylus_ui.kit.look import put_on
    from stylus_ui.screenshots.states import STATES, Studio

    application = QApplication([])
    chosen: Mapping[str, Callable[[Studio], object]] = {n: s for n, s in STATES.items() if wanted in ("", n)}
    for name, state in chosen.items():
        with tempfile.TemporaryDirectory() as home, Studio(Path(home)) as studio:
            put_on(application, studio.context.theme)
            target = state(studio) or studio.window
            for theme in THEMES:
                studio.context.theme.mode.value = Mode(theme)
                studio.settle()
                path = out / f"{name}-{theme}-{scale}.png"
                target.grab().save(str(path))
                print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
