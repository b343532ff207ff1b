import logging

from stylus_daw.jobs.feed import EventFeed
from stylus_daw.jobs.job import JobEvent, JobWasCancelled
from tests.support.jobs.listening import Listener
from tests.support.waiting import eventually


def cancelled(number: int) -> JobWasCancelled:
    return JobWasCancelled(job=str(number))


def test_every_listener_gets_every_event_in_order():
    feed, listeners = EventFeed(), [Listener(), Listener()]
    for listener in listeners:
        feed.subscribe(listener)
    events = [cancelled(n) for n in range(100)]
    feed.publish(events[0])
    feed.start()
    for event in events[1:]:
        feed.publish(event)
    feed.close()
    assert [listener.events for listener in listeners] == [events, events]


def test_a_listener_that_raises_is_logged_and_skipped(caplog):
    def broken(event: JobEvent) -> None:
        raise RuntimeError("no window")

    feed, listener = EventFeed(), Listener()
    feed.subscribe(broken)
    feed.subscribe(listener)
    feed.start()
    for n in range(2):
        feed.publish(cancelled(n))
    feed.close()
    assert listener.events == [cancelled(0), cancelled(1)]
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert "no window" in caplog.text


def test_a_listener_that_left_hears_nothing_more():
    feed, listener, witness = EventFeed(), Listener(), Listener()
    leave = feed.subscribe(listener)
    feed.subscribe(witness)
    feed.start()
    feed.publish(cancelled(0))
    eventually(lambda: witness.events)
    leave()
    feed.publish(cancelled(1))
    feed.close()
    assert listener.events == [cancelled(0)]
    assert witness.events == [cancelled(0), cancelled(1)]


def test_a_listener_may_close_the_feed():
    feed, listener = EventFeed(), Listener()
    feed.subscribe(lambda event: feed.close())
    feed.subscribe(listener)
    feed.start()
    feed.publish(cancelled(0))
    eventually(lambda: listener.events)
