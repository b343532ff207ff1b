"""What anybody can provoke must cost neither traffic nor disk."""

from __future__ import annotations

import logging
import socket

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.hosts.budgets import ErrorBudget, RefusalLog
from tests.support.scripted_jobs import message, soon


def test_many_ports_share_what_the_app_may_answer():
    budget = ErrorBudget(per_second=20, in_all=100, now=lambda: 0.0)
    answered = [budget.allows(("127.0.0.1", port)) for port in range(1, 201) for _ in range(15)]
    assert sum(answered) == 100


def test_refusals_are_counted_and_only_the_first_of_a_second_are_logged(caplog):
    clock = [0.0]
    log = RefusalLog(now=lambda: clock[0])
    with caplog.at_level(logging.INFO):
        for number in range(100):
            log.note("refused %d", number)
        clock[0] = 1.0
        log.note("refused again")
    assert caplog.messages == ["refused 0", "refused 1", "98 more refusals were not logged", "refused again"]


def test_a_flood_from_many_ports_is_hardly_logged_and_the_app_answers_on(studio, host, caplog):
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(50)]
    with caplog.at_level(logging.INFO):
        for _ in range(10):
            for one in sockets:
                one.sendto(message("/stylus/ping", "wrong"), host.app)
        assert soon(lambda: studio.server.counts.get("muted", 0) > 0)
    for one in sockets:
        one.close()
    with BridgeClient(studio.state_folder) as client:
        assert client.ping().queued == 0
    assert len([line for line in caplog.messages if "bridge.token" in line]) < 50
