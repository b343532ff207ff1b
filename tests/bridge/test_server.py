"""A host talks to a running bridge over a real loopback socket."""

from __future__ import annotations

import json
import socket
import sys
import time

import pytest
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage

from stylus_bridge.server import BridgeServer
from stylus_bridge.wire import datagrams as wire
from stylus_bridge.wire.protocol import (
    Cancelled,
    Done,
    Failed,
    Ping,
    Pong,
    PresetListed,
    Progressed,
    Queued,
    Ready,
    Refused,
    Welcome,
)
from stylus_daw import __version__
from stylus_daw.jobs.job import JobQueued
from tests.support.scripted_jobs import RawHost, message, soon


def state_of(folder):
    return json.loads((folder / "state.json").read_text("utf-8"))


def test_hello_is_welcomed_with_the_jobs_folder(studio, host):
    welcome = host.answer("/stylus/hello", 1, "max", "8.6", 0)
    assert isinstance(welcome, Welcome)
    assert (welcome.protocol, welcome.version) == (1, __version__)
    assert welcome.jobs_folder == str(studio.jobs_folder.resolve())


def test_hello_of_another_protocol_is_refused(host):
    refused = host.answer("/stylus/hello", 2, "max", "8.6", 0)
    assert (refused.code, refused.address) == ("protocol.version", "/stylus/hello")


def test_hello_with_a_reply_port_is_answered_there_from_then_on(studio, host, other_host):
    host.ask("/stylus/hello", 1, "max", "8.6", other_host.port)
    assert isinstance(other_host.next(), Welcome)
    host.ask("/stylus/ping")
    assert isinstance(other_host.next(), Pong)
    assert host.hears_nothing()


@pytest.mark.parametrize("port", [-1, 65_536])
def test_hello_with_an_impossible_reply_port_is_refused(host, port):
    assert host.answer("/stylus/hello", 1, "max", "8.6", port).code == "osc.range"


def test_hello_with_the_apps_own_port_is_refused(studio, host):
    assert host.answer("/stylus/hello", 1, "max", "8.6", studio.server.port).code == "osc.range"


def test_ping_counts_waiting_and_running_jobs(studio, host):
    for job in ("a", "b", "c"):
        host.ask("/stylus/job/submit", job, str(studio.write_folder(job)))
        host.next()
    studio.jobs.progress("a", 0.1)
    assert host.next().job == "a"
    assert host.answer("/stylus/ping") == Pong(version=__version__, queued=2, running=1)


def test_each_preset_is_listed_once(host):
    host.ask("/stylus/preset/list")
    assert host.hears(2) == [
        PresetListed(index=0, count=2, id="warm-strings", name="Warm Strings"),
        PresetListed(index=1, count=2, id="grit", name="Grit & Dust"),
    ]
    assert host.hears_nothing()


def test_an_empty_preset_list_is_answered_too(studio, host):
    studio.presets.presets = ()
    assert host.answer("/stylus/preset/list") == PresetListed(index=0, count=0, id="", name="")


def test_a_submitted_folder_is_queued_with_one_answer(studio, host):
    folder = studio.write_folder()
    assert host.answer("/stylus/job/submit", "job-1", str(folder)) == Queued(job="job-1", position=0)
    assert studio.jobs.requests["job-1"].source == (folder / "input.wav").resolve()
    assert state_of(folder)["phase"] == "queued"


def test_events_reach_the_submitter_in_order_and_the_folder(studio, host, other_host):
    folder = studio.write_folder()
    host.ask("/stylus/job/submit", "job-1", str(folder))
    heard = [host.next()]
    studio.jobs.progress("job-1", 0.5)
    assert state_of(folder)["fraction"] == 0.5
    studio.jobs.finish("job-1")
    heard += host.hears(2)
    assert [type(m) for m in heard] == [Queued, Progressed, Done]
    assert heard[2].start_sample == 2**53 + 1
    assert state_of(folder)["stem"]["start_sample"] == str(2**53 + 1)
    assert host.hears_nothing()
    assert other_host.hears_nothing()


def test_the_answer_comes_before_events_that_overtook_it(studio, host):
    studio.jobs.while_submitting = studio.jobs.finish
    folder = studio.write_folder()
    host.ask("/stylus/job/submit", "job-1", str(folder))
    assert [type(m) for m in host.hears(2)] == [Queued, Done]
    assert host.hears_nothing()
    assert state_of(folder)["outcome"] == "done"


def test_a_new_place_in_the_queue_is_told_and_the_same_place_is_not(studio, host):
    host.ask("/stylus/job/submit", "job-1", str(studio.write_folder()))
    host.next()
    studio.jobs.emit(JobQueued(job="job-1", position=0))
    studio.jobs.emit(JobQueued(job="job-1", position=3))
    assert host.next() == Queued(job="job-1", position=3)
    assert host.hears_nothing()


def test_a_resubmitted_job_is_answered_with_its_state_and_not_rendered_again(studio, host, other_host):
    folder = studio.write_folder()
    host.ask("/stylus/job/submit", "job-1", str(folder))
    host.next()
    studio.jobs.progress("job-1", 0.25)
    host.next()
    assert isinstance(other_host.answer("/stylus/job/submit", "job-1", str(folder)), Progressed)
    studio.jobs.finish("job-1")
    assert isinstance(host.next(), Done)
    assert isinstance(other_host.next(), Done)
    assert isinstance(host.answer("/stylus/job/submit", "job-1", str(folder)), Done)
    assert len(studio.builder.built) == 1


def test_a_failed_job_says_why_to_host_and_folder(studio, host):
    folder = studio.write_folder()
    host.ask("/stylus/job/submit", "job-1", str(folder))
    host.next()
    studio.jobs.fail("job-1", "x" * 3000)
    failed = host.next()
    assert isinstance(failed, Failed)
    assert failed.message.endswith("…")
    assert state_of(folder)["error"] == {"code": "engine.nan", "message": "x" * 3000}


def test_cancelling_a_waiting_job_is_answered_once(studio, host):
    folder = studio.write_folder()
    host.ask("/stylus/job/submit", "job-1", str(folder))
    host.next()
    assert host.answer("/stylus/job/cancel", "job-1") == Cancelled(job="job-1")
    assert state_of(folder)["outcome"] == "cancelled"


def test_cancelling_a_running_job_is_answered_now_and_ends_later(studio, host, other_host):
    host.ask("/stylus/job/submit", "job-1", str(studio.write_folder()))
    host.next()
    studio.jobs.progress("job-1", 0.5)
    host.next()
    assert isinstance(other_host.answer("/stylus/job/cancel", "job-1"), Progressed)
    studio.jobs.last["job-1"] = JobQueued(job="job-1", position=0)
    studio.jobs.cancel("job-1")
    assert host.next() == other_host.next() == Cancelled(job="job-1")


def test_another_hosts_cancel_reaches_the_submitter(studio, host, other_host):
    host.ask("/stylus/job/submit", "job-1", str(studio.write_folder()))
    host.next()
    assert isinstance(other_host.answer("/stylus/job/cancel", "job-1"), Cancelled)
    assert isinstance(host.next(), Cancelled)


@pytest.mark.parametrize("request_name", ["cancel", "status", "inserted"])
def test_an_unknown_job_is_refused(host, request_name):
    more = ("on track 3",) if request_name == "inserted" else ()
    refused = host.answer(f"/stylus/job/{request_name}", "nobody", *more)
    assert (refused.code, refused.address) == ("job.unknown", f"/stylus/job/{request_name}")


def test_status_tells_the_last_event_again(studio, host, other_host):
    host.ask("/stylus/job/submit", "job-1", str(studio.write_folder()))
    host.next()
    studio.jobs.finish("job-1")
    done = host.next()
    assert other_host.answer("/stylus/job/status", "job-1") == done


def test_inserted_is_told_to_the_app_and_has_no_answer(studio, host):
    host.ask("/stylus/job/submit", "job-1", str(studio.write_folder()))
    host.next()
    host.ask("/stylus/job/inserted", "job-1", "track 3, bar 9")
    assert soon(lambda: studio.inserted == [("job-1", "track 3, bar 9")])
    assert host.hears_nothing()


def test_the_short_form_renders_a_whole_file(studio, host):
    wav = studio.music / "loop.wav"
    wav.write_bytes(b"RIFF")
    assert host.answer("/stylus/job/render", "short-1", str(wav), "grit") == Queued(job="short-1", position=0)
    request = studio.jobs.requests["short-1"]
    assert request.region is None
    studio.jobs.finish("short-1")
    assert host.next().stem_path == str(request.stem)
    assert state_of(studio.jobs_folder / "short-1")["outcome"] == "done"


@pytest.mark.parametrize(
    ("path", "preset", "code"),
    [
        ("loop.wav", "grit", "job_file.source"),
        ("{music}/missing.wav", "grit", "job_file.source"),
        ("{root}/outside.wav", "grit", "job_file.source"),
        ("{music}/../outside.wav", "grit", "job_file.source"),
        ("{music}/loop.wav", "nope", "preset.unknown"),
        ("{music}/loop.wav", "bug", "bug"),
    ],
)
def test_a_short_form_that_cannot_be_rendered_is_refused(studio, host, path, preset, code):
    for name in ("music/loop.wav", "outside.wav"):
        (studio.root / name).write_bytes(b"RIFF")
    wav = path.format(music=studio.music, root=studio.root)
    refused = host.answer("/stylus/job/render", "short-1", wav, preset)
    assert isinstance(refused, Refused)
    assert refused.code == code
    assert not studio.jobs.requests


@pytest.mark.parametrize("preset", ["nope", "bug"])
def test_a_folder_that_cannot_be_rendered_is_refused_in_both_places(studio, host, preset):
    folder = studio.write_folder(preset=preset)
    refused = host.answer("/stylus/job/submit", "job-1", str(folder))
    assert isinstance(refused, Refused)
    assert state_of(folder)["error"]["code"] == refused.code


def test_a_corrected_folder_may_be_submitted_again(studio, host):
    folder = studio.write_folder(preset="nope")
    assert isinstance(host.answer("/stylus/job/submit", "job-1", str(folder)), Refused)
    studio.write_folder()
    assert isinstance(host.answer("/stylus/job/submit", "job-1", str(folder)), Queued)
    assert state_of(folder)["error"] is None


def test_a_job_folder_elsewhere_is_refused_and_not_touched(studio, host):
    folder = studio.music / "job-1"
    folder.mkdir()
    assert host.answer("/stylus/job/submit", "job-1", str(folder)).code == "job_folder.place"
    assert list(folder.iterdir()) == []


def test_a_stem_whose_path_fits_no_message_is_refused_before_the_render(studio, host):
    studio.builder.jobs_folder = studio.jobs_folder / ("deep/" * 250)
    (studio.music / "loop.wav").write_bytes(b"RIFF")
    refused = host.answer("/stylus/job/render", "short-1", str(studio.music / "loop.wav"), "grit")
    assert refused.code == "osc.too_long"
    assert "state.json" in refused.message
    assert not studio.jobs.requests


def test_a_host_that_said_hello_hears_of_the_jobs_that_name_it(studio, host, other_host):
    assert isinstance(other_host.answer("/stylus/hello", 1, "reaper", "7", 0), Welcome)
    host.ask("/stylus/job/submit", "job-1", str(studio.write_folder(client="reaper")))
    host.ask("/stylus/job/submit", "job-2", str(studio.write_folder("job-2", client="ardour")))
    host.hears(2)
    studio.jobs.finish("job-2")
    studio.jobs.finish("job-1")
    assert [(type(m), m.job) for m in other_host.hears(2)] == [(Queued, "job-1"), (Done, "job-1")]
    assert other_host.hears_nothing()
    assert [m.job for m in host.hears(2)] == ["job-2", "job-1"]


def test_a_bundle_is_answered_message_by_message_even_if_dated_in_the_future(studio, host):
    bundle = OscBundleBuilder(time.time() + 3600)
    for address, *arguments in (["/stylus/ping", host.token], ["/stylus/nonsense"], ["/stylus/ping", host.token]):
        bundle.add_content(OscMessage(message(address, *arguments)))
    host.send(bundle.build().dgram)
    assert [type(m) for m in host.hears(3)] == [Pong, Refused, Pong]


def test_a_handler_that_raises_is_answered_and_the_bridge_lives_on(studio, host):
    studio.presets.list = lambda: 1 / 0
    assert host.answer("/stylus/preset/list").code == "bug"
    assert isinstance(host.answer("/stylus/ping"), Pong)


def test_a_taken_port_is_stepped_over_and_the_file_says_so(quiet_studio):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as squatter:
        squatter.bind(("127.0.0.1", 0))
        taken = squatter.getsockname()[1]
        server = quiet_studio.make_server(port=taken)
        server.start()
        try:
            assert taken < server.port <= taken + 20
            assert json.loads((quiet_studio.state_folder / "bridge.json").read_text())["port"] == server.port
        finally:
            server.stop()


def test_a_host_of_no_interface_is_a_clear_error(quiet_studio):
    with pytest.raises(Exception, match="cannot be opened") as caught:
        quiet_studio.make_server(host="203.0.113.7").start()
    assert caught.value.code == "bridge.port"


def test_a_host_with_a_fixed_port_is_told_when_the_app_starts_again(quiet_studio):
    first: BridgeServer = quiet_studio.make_server()
    first.start()
    host = RawHost(first.port, first.token)
    try:
        host.ask("/stylus/hello", 1, "max", "8.6", host.port)
        assert isinstance(host.next(), Welcome)
        first.stop()
        second = quiet_studio.make_server()
        second.start()
        assert host.next() == Ready(version=__version__)
        second.stop()
    finally:
        host.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has every address of 127.0.0.0/8")
def test_the_port_is_bound_to_one_address_of_this_computer(studio, host):
    packet = wire.encode(Ping(token=studio.server.token))
    host.socket.sendto(packet, ("127.0.0.2", studio.server.port))
    assert host.hears_nothing(0.3)
    host.send(packet)
    assert isinstance(host.next(), Pong)


def test_stopping_closes_the_port_and_removes_the_file(quiet_studio):
    server = quiet_studio.make_server()
    server.start()
    port = server.port
    server.stop()
    assert not (quiet_studio.state_folder / "bridge.json").exists()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(("127.0.0.1", port))
    quiet_studio.jobs.emit(JobQueued(job="late", position=0))


def test_concurrent_hosts_each_get_their_own_answers(studio):
    hosts = [RawHost(studio.server.port, studio.server.token) for _ in range(8)]
    for number, host in enumerate(hosts):
        host.ask("/stylus/job/submit", f"job-{number}", str(studio.write_folder(f"job-{number}")))
    assert {host.next().job for host in hosts} == {f"job-{n}" for n in range(8)}
    assert soon(lambda: len(studio.jobs.requests) == 8)
    for host in hosts:
        host.close()
