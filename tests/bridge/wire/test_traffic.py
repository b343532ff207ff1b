"""The log of messages that the window shows: both directions, bounded, without the token."""

from __future__ import annotations

from stylus_bridge.wire.traffic import Direction, Traffic
from tests.support.scripted_jobs import message


def test_a_question_and_its_answer_are_seen_and_the_token_is_not(studio, client):
    client.hello("reaper", "7.1")
    client.presets()
    seen = [(passed.direction, passed.address) for passed in studio.server.traffic.after(0)]
    assert seen[:2] == [(Direction.IN, "/stylus/hello"), (Direction.OUT, "/stylus/welcome")]
    assert (Direction.OUT, "/stylus/preset") in seen
    assert not any(studio.server.token in str(passed) for passed in studio.server.traffic.after(0))


def test_events_of_a_job_and_refusals_are_seen(studio, client, host):
    client.submit(studio.write_folder())
    host.send(message("/stylus/ping", "no token"))
    host.next()
    addresses = [passed.address for passed in studio.server.traffic.after(0)]
    assert "/stylus/job/queued" in addresses
    assert addresses[-1] == "/stylus/error"


def test_a_flood_keeps_the_newest_and_long_lines_are_cut():
    traffic = Traffic(kept=3, now=lambda: 0.0)
    for number in range(1000):
        traffic.note(Direction.IN, ("127.0.0.1", 9000), "/a", ["x" * number])
    assert [passed.number for passed in traffic.after(0)] == [998, 999, 1000]
    assert traffic.last == 1000
    assert len(str(traffic.after(999)[0])) < 410
