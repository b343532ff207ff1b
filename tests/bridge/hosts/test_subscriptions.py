"""Whom an event goes to, and what is held back while a host is being answered."""

from __future__ import annotations

from stylus_bridge.hosts.subscriptions import Subscriptions
from stylus_bridge.wire.protocol import Done, Progressed, Queued

HERE = ("127.0.0.1", 4711)
NOBODY: frozenset[tuple[str, int]] = frozenset()
DONE = Done(job="a", stem_path="/s.wav", start_sample=0, length_samples=1, rate=48_000, channels=1)


def progress(fraction: float) -> Progressed:
    return Progressed(job="a", fraction=fraction, stage="styling")


def test_the_answer_takes_the_place_of_what_was_held():
    said = Subscriptions()
    said.hold("a", HERE, stays=True)
    assert said.route(progress(0.1), NOBODY) == []
    said.settle("a", HERE, progress(0.2))
    assert said.route(progress(0.3), NOBODY) == [HERE]


def test_events_stay_held_until_the_last_question_is_answered():
    said = Subscriptions()
    said.hold("a", HERE, stays=True)
    said.hold("a", HERE, stays=False)
    said.settle("a", HERE, Queued(job="a", position=0))
    assert said.route(progress(0.1), NOBODY) == []
    said.settle("a", HERE, progress(0.1))
    assert said.route(DONE, NOBODY) == [HERE]


def test_one_who_only_asks_does_not_stay_and_an_owner_misses_nothing():
    said, owners = Subscriptions(), frozenset({HERE})
    said.hold("a", HERE, stays=False)
    assert said.route(progress(0.1), owners) == []
    assert said.abandon("a", HERE) == [progress(0.1)]
    assert said.route(progress(0.2), owners) == [HERE]
    assert said.route(progress(0.3), NOBODY) == []


def test_an_end_that_was_told_as_an_answer_is_not_told_as_an_event():
    said, owners = Subscriptions(), frozenset({HERE})
    said.hold("a", HERE, stays=False)
    said.settle("a", HERE, DONE)
    assert said.route(DONE, owners) == []
