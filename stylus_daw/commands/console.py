"""rich consoles that print text as it is: file names hold brackets and colons."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def out() -> Console:
    """For results: stdout. Wide if it is not a terminal, so that paths stay whole."""
    console = _plain()
    return console if console.is_terminal else _plain(width=200)


def err() -> Console:
    """For what is shown while something runs: stderr."""
    return _plain(stderr=True)


def progress(*, disable: bool = False) -> Progress:
    """A bar on stderr, with the time taken and the time left, that goes away when it is done; on a terminal only."""
    columns = (TextColumn("{task.description:32}"), BarColumn(), TextColumn("{task.percentage:3.0f} %"))
    console = _plain(stderr=True)
    times = (TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn())
    return Progress(*columns, *times, console=console, transient=True, disable=disable or not console.is_terminal)


def _plain(*, stderr: bool = False, width: int | None = None) -> Console:
    return Console(stderr=stderr, width=width, markup=False, emoji=False, highlight=False)
