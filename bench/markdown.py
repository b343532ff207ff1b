"""Tables as the bench's pages show them."""

from __future__ import annotations

from collections.abc import Sequence


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown, with a line break at its end.

    >>> table(["pair", "dB"], [["1", "-3"]])
    '| pair | dB |\\n| --- | --- |\\n| 1 | -3 |\\n'
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
