"""Who gets how much of the strip of styles; without a window."""

from __future__ import annotations

import pytest

from stylus_ui.presenters.sound.strip import CARD, GAP, MORE, PAD_LEAST, PAD_MOST, laid_out

LOW, HIGH = 92, 148
"""Heights of the cards in a window of 700 and of 840 pixels."""


@pytest.mark.parametrize("count", range(1, 9))
@pytest.mark.parametrize("height", [LOW, HIGH])
def test_nothing_lies_over_anything(count: int, height: int) -> None:
    for width in range(200, 1_200, 7):
        strip = laid_out(count, width, height)
        parts = [CARD] * strip.columns + [MORE] * (strip.cards < count) + [strip.pad] * (strip.pad > 0)
        assert sum(parts) + GAP * (len(parts) - 1) <= width
        assert (strip.pad > 0) == (2 <= count <= 4)
        assert strip.pad == 0 or PAD_LEAST <= strip.pad <= PAD_MOST


def test_a_usual_window_shows_four_cards_and_a_wide_pad() -> None:
    strip = laid_out(4, 568, HIGH)
    assert (strip.cards, strip.columns, strip.pad, strip.is_beside) == (4, 2, 240, True)


def test_in_a_narrow_window_the_list_holds_what_has_no_room() -> None:
    two, four = laid_out(2, 230, LOW), laid_out(4, 230, LOW)
    assert (two.cards, two.pad, two.is_beside) == (0, 158, False)
    assert (four.cards, four.pad, four.is_beside) == (0, 158, False)
    assert laid_out(1, 230, LOW).cards == 1
