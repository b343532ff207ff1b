"""Blocks on several cores come in order, not too far ahead, and stop where something goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from stylus_daw.audio.parallel import in_order


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_results_are_those_of_map(threads: int) -> None:
    def slow_at_first(item: int) -> int:
        time.sleep(0.02 if item % 3 == 0 else 0.0)
        return item * item

    assert list(in_order(slow_at_first, range(20), threads)) == [item * item for item in range(20)]


def test_items_are_asked_in_the_callers_thread_and_not_far_ahead() -> None:
    asked: list[int] = []

    def items() -> Iterator[int]:
        for item in range(50):
            assert threading.current_thread() is threading.main_thread()
            asked.append(item)
            yield item

    for taken in in_order(lambda item: item, items(), 3):
        assert len(asked) <= taken + 3


@pytest.mark.parametrize("threads", [1, 3])
def test_an_error_comes_in_its_place_and_ends_it(threads: int) -> None:
    worked: list[int] = []

    def work(item: int) -> int:
        if item == 4:
            raise ValueError("the fifth")
        worked.append(item)
        return item

    taken = []
    with pytest.raises(ValueError, match="the fifth"):
        taken.extend(in_order(work, range(100), threads))
    assert len(worked) <= 4 + threads


def test_whoever_asks_no_more_leaves_no_thread_behind() -> None:
    made = in_order(lambda item: item, range(1_000), 4)
    assert next(made) == 0
    made.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("blocks")]
