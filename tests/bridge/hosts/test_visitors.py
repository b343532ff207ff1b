"""When a host was last heard of."""

from __future__ import annotations

from stylus_bridge.hosts.visitors import Visitors, read_visits
from tests.support.scripted_jobs import soon


def test_a_hello_is_noted_with_its_version(studio, client):
    client.hello("ardour", "0.1.0")
    assert soon(lambda: read_visits(studio.state_folder).get("ardour") is not None)
    assert read_visits(studio.state_folder)["ardour"].version == "0.1.0"


def test_a_job_folder_is_a_sign_of_life_too(studio, client):
    client.submit(studio.write_folder())
    assert soon(lambda: "reaper" in read_visits(studio.state_folder))


def test_a_host_that_gives_no_version_keeps_the_last_one(tmp_path):
    times = iter((1.0, 2.0))
    visitors = Visitors(tmp_path, now=lambda: next(times))
    visitors.note("live", "0.1.0")
    visitors.note("live")
    visit = read_visits(tmp_path)["live"]
    assert (visit.version, visit.at) == ("0.1.0", 2.0)


def test_no_name_is_no_visit(tmp_path):
    Visitors(tmp_path).note("")
    assert read_visits(tmp_path) == {}


def test_strangers_do_not_fill_the_disk(tmp_path):
    visitors = Visitors(tmp_path)
    for number in range(40):
        visitors.note(f"host {number}")
    visits = read_visits(tmp_path)
    assert len(visits) == 32
    assert "host 39" in visits


def test_a_broken_file_is_no_visit(tmp_path):
    (tmp_path / "hosts.json").write_text('{"live": 3}')
    assert read_visits(tmp_path) == {}
    Visitors(tmp_path).note("live")
    assert "live" in read_visits(tmp_path)
