"""How cards, pad and the button for the rest share the strip of styles. Logical pixels. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from stylus_ui.presenters.sound.blend import CORNERS

CARD, CARD_HEIGHT, GAP = 104, 56, 8
"""Least size of a card, and what lies between."""
MORE, PAD_LEAST, PAD_MOST = 64, 112, 240
HEAD = 196
"""The heading with its buttons, in any language."""
MOST_COLUMNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Who gets what.

    Attributes:
        cards: that many styles have a card; the others wait in the list.
        columns: of the cards; they may stand in two rows.
        pad: width of the pad; 0: there is none.
        is_beside: the pad stands beside the heading, too, instead of below it.
    """

    cards: int
    columns: int
    pad: int
    is_beside: bool


def laid_out(count: int, width: int, height: int) -> Strip:
    """Share the strip among ``count`` styles.

    As many cards as fit at their least width, in two rows where these are high enough; the pad takes what they leave,
    and keeps its least width before they have theirs.

    Args:
        count: of styles.
        width: of cards and pad together.
        height: of the cards, below the heading.

    >>> laid_out(4, 568, 140)
    Strip(cards=4, columns=2, pad=240, is_beside=True)
    >>> laid_out(4, 230, 92)
    Strip(cards=0, columns=0, pad=158, is_beside=False)
    """
    rows = 2 if count > 2 and height >= 2 * CARD_HEIGHT + GAP else 1
    least = GAP + PAD_LEAST if count in CORNERS else 0
    shown = next(
        (
            cards
            for cards in range(min(count, rows * MOST_COLUMNS), 0, -1)
            if _needed(cards, rows, count) + least <= width
        ),
        0 if count > 1 else count,
    )
    pad = min(width - _needed(shown, rows, count) - GAP, PAD_MOST) if least else 0
    return Strip(cards=shown, columns=-(-shown // rows), pad=pad, is_beside=width - pad - GAP >= HEAD)


def _needed(cards: int, rows: int, count: int) -> int:
    """Width of that many cards, and of the button for the rest."""
    columns = -(-cards // rows)
    parts = [CARD] * columns + [MORE] * (cards < count)
    return sum(parts) + GAP * (len(parts) - 1)
