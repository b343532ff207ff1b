"""``python -m stylus_ui.screenshots.docs_pictures [docs/pictures]``: the pictures of the guide."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = {
    "window": ("done", "dark"),
    "steps": ("empty", "light"),
    "dropped": ("dropped", "dark"),
    "rendering": ("rendering", "dark"),
    "blended": ("blended", "dark"),
    "curve": ("curved", "light"),
    "chain": ("chain", "dark"),
    "daws": ("status-connected", "dark"),
    "failed": ("failed", "light"),
}
"""State and theme, by the name of the picture."""


def main(arguments: list[str] | None = None) -> int:
    """Each state is drawn at 100 %."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=Path("docs") / "pictures")
    out = parser.parse_args(arguments).out
    out.mkdir(parents=True, exist_ok=True)
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1"}
    with tempfile.TemporaryDirectory() as folder:
        for name, (state, theme) in PICTURES.items():
            command = [sys.executable, "-m", "stylus_ui.screenshots", folder, "--state", state, "--scale", "100"]
            subprocess.run(command, check=True, env=surroundings)
            keep_small(Path(folder) / f"{state}-{theme}-100.png", out / f"{name}.png")
    return 0


def keep_small(picture: Path, target: Path) -> None:
    """The same picture without transparency, packed as tightly as PNG can."""
    from PySide6.QtGui import QImage

    QImage(str(picture)).convertToFormat(QImage.Format.Format_RGB888).save(str(target), quality=0)


if __name__ == "__main__":
    sys.exit(main())
