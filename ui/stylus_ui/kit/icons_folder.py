"""The icons' files, each read once. Apart from `stylus_ui.kit.icons`, which needs Qt."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

FOLDER = Path(str(resources.files("stylus_ui"))) / "assets" / "icons"


@cache
def svg_of(name: str) -> str:
    """The icon of that name, as SVG.

    Raises:
        FileNotFoundError: no such icon.
    """
    return (FOLDER / f"{name}.svg").read_text("utf-8")


def read_all() -> None:
    """Read them before they are asked for: a button that appears later has no file to wait for."""
    for path in FOLDER.glob("*.svg"):
        svg_of(path.stem)
