"""rich consoles that print text as it is: file names hold brackets and colons."""

from __future__ import annotations

from rich.console import Console

_PLAIN = {"markup": False, "emoji": False, "highlight": False}


def out() -> Console:
    """For results: stdout. As wide as needed where it is no terminal, so that paths stay whole."""
    console = Console(**_PLAIN)
    return console if console.is_terminal else Console(**_PLAIN, width=200)


def err() -> Console:
    """For progress and remarks: stderr."""
    return Console(**_PLAIN, stderr=True)
