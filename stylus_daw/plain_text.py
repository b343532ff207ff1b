"""Texts of others, as they may stand in logs, files, packets and on the screen; and numbers."""

from __future__ import annotations

MOST_LETTERS = 200
"""Of a name: more than any host shows of a track."""


_WRITTEN_OUT = 1_000
"""Numbers from here on have no exponent."""


def number(value: float) -> str:
    """A number as people write it.

    >>> number(0.25), number(2**31 - 1), number(-3.0)
    ('0.25', '2147483647', '-3')
    """
    return f"{value:.0f}" if _WRITTEN_OUT <= abs(value) < float("inf") else f"{value:g}"


def plain(text: str, most: int = MOST_LETTERS) -> str:
    r"""One line of valid Unicode: control characters become spaces, halves of characters ``?``, and the end is cut off.

    >>> plain("Gtr\r\n2020 ERROR \x1b[31mforged")
    'Gtr  2020 ERROR  [31mforged'
    >>> plain("\ud800"), plain("x" * 9, 4)
    ('?', 'xxx…')
    """
    short = text if len(text) <= most else text[: most - 1] + "…"
    whole = short.encode("utf-8", "replace").decode("utf-8")
    return "".join(letter if letter.isprintable() or letter == "\u00ad" else " " for letter in whole)
