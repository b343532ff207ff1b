"""Packets that are wrong, by mistake or on purpose: answered, counted, never acted on."""

from __future__ import annotations

import struct
import subprocess

import pytest

from stylus_bridge.hosts.budgets import ErrorBudget
from stylus_bridge.wire.protocol import Pong, Refused
from tests.support.needs import needs
from tests.support.scripted_jobs import message, soon

PING_HEAD = b"/stylus/ping\0\0\0\0"


def refusal_of(host, packet):
    host.send(packet)
    answer = host.next()
    assert isinstance(answer, Refused)
    assert host.hears_nothing(0.03)
    return answer


def test_a_wrong_token_is_refused_and_nothing_happens(studio, host):
    folder = studio.write_folder()
    answer = refusal_of(host, message("/stylus/job/submit", "0" * 32, "job-1", str(folder)))
    assert (answer.code, answer.address) == ("bridge.token", "/stylus/job/submit")
    assert not studio.jobs.requests


def test_a_wrong_token_leaves_a_note_for_a_host_that_cannot_hear(studio, host):
    folder = studio.write_folder()
    answer = refusal_of(host, message("/stylus/job/submit", "0" * 32, "job-1", str(folder)))
    assert (folder / "refused").read_text("utf-8") == answer.message
    assert not (folder / "cancel").exists()


@pytest.mark.parametrize("job", ["job-2", "../outside", "link", ""])
def test_a_wrong_token_never_writes_where_no_job_waits(studio, host, tmp_path, job):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "job.json").touch()
    (studio.jobs_folder / "link").symlink_to(outside)
    refusal_of(host, message("/stylus/job/submit", "0" * 32, job, str(outside)))
    assert [path.name for path in outside.iterdir()] == ["job.json"]
    assert not list(studio.jobs_folder.glob("**/refused"))


def test_a_wrong_token_does_not_touch_a_job_that_was_taken_up(studio, host):
    folder = studio.write_folder()
    host.ask("/stylus/job/submit", "job-1", str(folder))
    host.next()
    host.send(message("/stylus/job/submit", "0" * 32, "job-1", str(folder)))
    assert any(isinstance(host.next(), Refused) for _ in range(5))
    assert not (folder / "refused").exists()


def test_a_token_that_is_not_ascii_is_refused_like_any_other(host):
    assert refusal_of(host, message("/stylus/ping", "tökén")).code == "bridge.token"


def test_wrong_types_are_refused_with_the_right_ones_named(host):
    answer = refusal_of(host, message("/stylus/job/status", host.token, 7))
    assert answer.code == "osc.types"
    assert '"ss"' in answer.message


def test_a_double_is_no_int(host):
    assert refusal_of(host, message("/stylus/hello", host.token, 1, "a", "b", 9.0)).code == "osc.types"


@pytest.mark.parametrize("extra", [(), ("a", "b", "c")])
def test_a_wrong_number_of_arguments_is_refused(host, extra):
    answer = refusal_of(host, message("/stylus/job/status", host.token, *extra))
    assert answer.code == "osc.count"


@pytest.mark.parametrize("address", ["/stylus/nonsense", "/", "/stylus/*", "/stylus/{ping,preset/list}", "//ping"])
def test_an_unknown_address_is_refused_and_patterns_are_not_expanded(host, address):
    answer = refusal_of(host, message(address, host.token))
    assert (answer.code, answer.address) == ("osc.address", address)


@pytest.mark.parametrize("size", [9_000, 60_000])
def test_an_oversized_packet_is_refused(host, size):
    assert refusal_of(host, message("/stylus/ping", "x" * size)).code == "osc.oversize"


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"hello?",
        b"\xff" * 64,
        b"/stylus/pi",
        b"/\xff\xfe\0",
        PING_HEAD + b",s",
        PING_HEAD + b"s\0\0\0",
        b"#bundle\0",
        b"#bundle\0" + bytes(8) + struct.pack(">i", -4),
        b"#bundle\0" + bytes(8) + struct.pack(">i", 400) + b"/abc",
    ],
)
def test_garbage_is_refused(host, packet):
    assert refusal_of(host, packet).code == "osc.malformed"


def test_a_text_that_is_not_utf_8_is_named_as_such(host):
    refusal = refusal_of(host, PING_HEAD + b",s\0\0" + b"\xff\xfe\0\0")
    assert (refusal.code, "UTF-8" in refusal.message) == ("osc.text", True)


def test_type_tags_that_promise_missing_arguments_are_refused(host):
    assert refusal_of(host, PING_HEAD + b",s\0\0").code == "osc.malformed"
    assert refusal_of(host, b"/stylus/job/cancel\0\0,ss\0" + b"abc\0").code == "osc.malformed"


def test_a_message_without_type_tags_is_refused(host):
    assert refusal_of(host, PING_HEAD).code == "osc.count"


@pytest.mark.parametrize("job", ["../../etc", "", "a" * 65, "jöb", "a/b"])
def test_a_job_id_that_is_no_name_is_refused(host, job):
    assert refusal_of(host, message("/stylus/job/status", host.token, job)).code == "job.id"


def test_an_error_is_never_answered_with_an_error(studio, host):
    host.send(message("/stylus/error", "a", "b", "c"))
    assert host.hears_nothing()
    assert studio.server.counts["muted"] == 1


def test_errors_are_rate_limited_and_counted_but_requests_are_still_answered(studio, host):
    def turned_away():
        return studio.server.counts.get("refused", 0) + studio.server.counts.get("muted", 0)

    for _ in range(150):
        host.send(message("/stylus/ping", "wrong"))
    assert soon(lambda: turned_away() == 150)
    counts = studio.server.counts
    assert counts["muted"] > 0
    for _ in range(counts["refused"]):
        assert isinstance(host.next(), Refused)
    assert isinstance(host.answer("/stylus/ping"), Pong)


def test_the_error_budget_refills_with_time():
    clock = [0.0]
    budget = ErrorBudget(per_second=2, now=lambda: clock[0])
    peer = ("127.0.0.1", 1)
    assert [budget.allows(peer) for _ in range(3)] == [True, True, False]
    clock[0] = 0.5
    assert [budget.allows(peer) for _ in range(2)] == [True, False]
    assert budget.allows(("127.0.0.1", 2))


@needs("oscsend")
def test_liblo_can_submit_a_job(studio, host):
    folder = studio.write_folder()
    port, token = str(studio.server.port), studio.server.token
    command = ["oscsend", "127.0.0.1", port, "/stylus/job/submit", "sss", token, "job-1", str(folder)]
    subprocess.run(command, check=True, timeout=10)
    assert soon(lambda: "job-1" in studio.jobs.requests)
    subprocess.run(["oscsend", "127.0.0.1", port, "/stylus/ping", "i", "7"], check=True, timeout=10)
    assert soon(lambda: studio.server.counts.get("refused") == 1)
