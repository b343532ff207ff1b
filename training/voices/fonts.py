"""The soundfonts that training plays, where Debian puts them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.soundfont import Soundfont

SOUNDS = Path("/usr/share/sounds")
TRAINING_FONTS = (
    ("sf2/FluidR3_GM.sf2",),
    ("sf3/MuseScore_General_Full.sf3", "sf2/MuseScore_General_Full.sf2"),
    ("sf2/OPL-3_FM_128M.sf2",),
)
"""fluid-soundfont-gm, musescore-general-soundfont, opl3-soundfont; each under the names it has had."""


def training_fonts() -> tuple[Path, ...]:
    """Those that are installed, in the order above.

    Raises:
        FileNotFoundError: not one of them is.
    """
    found = [next((SOUNDS / name for name in names if (SOUNDS / name).exists()), None) for names in TRAINING_FONTS]
    there = tuple(path for path in found if path is not None)
    if not there:
        raise FileNotFoundError(f"No soundfont in {SOUNDS}; install one (Debian: fluid-soundfont-gm).")
    return there


def load_fonts(paths: Sequence[Path], rate: int = 44_100) -> list[Soundfont]:
    """All soundfonts, in order."""
    return [Soundfont(path, rate) for path in paths]
