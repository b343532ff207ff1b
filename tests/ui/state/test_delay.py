"""What is done after a while, unless it is taken back."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from stylus_ui.state.delay import ThreadDelay
from tests.support.ui.worlds import AtOnce
from tests.support.waiting import eventually

LONG_S = 600.0


@pytest.fixture
def delay() -> Iterator[ThreadDelay]:
    made = ThreadDelay(AtOnce())
    yield made
    made.close()


def test_the_nearest_comes_first_and_each_comes_once(delay: ThreadDelay) -> None:
    called: list[str] = []
    delay(LONG_S, lambda: called.append("never"))
    delay(0.1, lambda: called.append("later"))
    delay(0.02, lambda: called.append("soon"))
    eventually(lambda: len(called) == 2)
    assert called == ["soon", "later"]
    delay(0.0, lambda: called.append("now"))
    eventually(lambda: len(called) == 3)
    assert called == ["soon", "later", "now"]


def test_what_is_taken_back_is_not_done_and_all_others_are(delay: ThreadDelay) -> None:
    called: list[int] = []
    forgets = [delay(0.05, lambda number=number: called.append(number)) for number in range(20)]
    for forget in forgets[:-1]:
        forget()
        forget()
    eventually(lambda: called)
    assert called == [19]


def test_a_knob_that_is_turned_a_hundred_times_starts_one_thread(delay: ThreadDelay) -> None:
    before = threading.active_count()
    called: list[int] = []
    for number in range(100):
        delay(LONG_S, lambda number=number: called.append(number))()
    delay(0.0, lambda: called.append(100))
    assert threading.active_count() <= before + 1
    eventually(lambda: called)
    assert called == [100]


def test_a_call_that_is_on_its_way_can_still_be_taken_back() -> None:
    posted = []
    held = AtOnce()
    held.post = lambda call, *, key=None: posted.append(call)  # pyright: ignore[reportAttributeAccessIssue]
    delay, called = ThreadDelay(held), []
    forget = delay(0.0, lambda: called.append("too late"))
    eventually(lambda: posted)
    forget()
    posted[0]()
    assert called == []
    delay.close()


def test_closed_it_does_nothing_more_and_its_thread_ends(delay: ThreadDelay) -> None:
    called: list[str] = []
    delay(0.05, lambda: called.append("no"))
    thread = delay._thread
    assert thread is not None
    delay.close()
    thread.join(5)
    assert not thread.is_alive()
    delay(0.0, lambda: called.append("no"))
    assert called == []
