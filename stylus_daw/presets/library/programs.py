"""Numbers of presets: what ``#12`` recalls, laid out as MIDI's programs for whoever translates those.

A number belongs to its preset and stays with it, whatever is added, renamed or deleted. Factory presets
have theirs from 0 up; a preset that is saved without one gets the first free number from 64 up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from stylus_daw.presets.preset import MAX_PROGRAM, Preset

FIRST_OWN = 64  # factory presets have 0 to 63
_WRITTEN = re.compile(r"\s*#\s*(\d{1,5})\s*", re.ASCII)


def program_in(asked: str) -> int | None:
    """The number in ``#12``; None for anything else.

    >>> program_in("#12"), program_in("12"), program_in("#1 hit")
    (12, None, None)
    """
    written = _WRITTEN.fullmatch(asked)
    return int(written[1]) if written else None


def numbered(preset: Preset, others: Iterable[Preset]) -> Preset:
    """The preset with a number that none of the others has: its own, or the first free one; none if all are taken.

    Args:
        preset: keeps its number where it can.
        others: what is in the library; an older version of the preset itself does not count, but lends its number.
    """
    taken = {other.program for other in others if other.id != preset.id}
    before = next((other.program for other in others if other.id == preset.id), None)
    wanted = preset.program if preset.program is not None else before
    if wanted is None or wanted in taken:
        wanted = next((number for number in range(FIRST_OWN, MAX_PROGRAM + 1) if number not in taken), None)
    return preset if wanted == preset.program else preset.model_copy(update={"program": wanted})
