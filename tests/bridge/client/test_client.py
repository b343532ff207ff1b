"""The small client against a running bridge, a dead one and none."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from threading import Timer

import pytest

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.client.endpoint import Endpoint, read_endpoint, write_endpoint
from stylus_bridge.client.instance import running_instance
from stylus_bridge.wire.protocol import Cancelled, Done, Progressed, Queued
from stylus_daw import __version__
from stylus_daw.errors import BridgeError
from tests.support.scripted_jobs import soon


def later(action):
    timer = Timer(0.05, action)
    timer.start()
    return timer


def test_ping_hello_and_presets_are_answered(client):
    assert client.ping().version == __version__
    assert client.hello("max", "8.6").protocol == 1
    assert [preset.id for preset in client.presets()] == ["warm-strings", "grit"]


def test_an_empty_list_of_presets_is_empty(studio, client):
    studio.presets.presets = ()
    assert client.presets() == []


def test_a_job_folder_is_rendered_with_progress(studio, client):
    folder = studio.write_folder()
    assert isinstance(client.submit(folder), Queued)
    studio.jobs.progress("job-1", 0.5)
    later(lambda: studio.jobs.finish("job-1"))
    heard: list[Progressed] = []
    done = client.wait("job-1", heard.append, timeout_s=5)
    assert isinstance(done, Done)
    assert done.start_sample == 2**53 + 1
    assert [p.fraction for p in heard] == [0.5]


def test_a_file_is_rendered_by_the_short_form(studio, client):
    wav = studio.music / "loop.wav"
    wav.write_bytes(b"RIFF")
    queued = client.render(wav, "grit")
    assert client.status(queued.job) == queued
    assert client.cancel(queued.job) == Cancelled(job=queued.job)
    assert client.wait(queued.job, timeout_s=5) == Cancelled(job=queued.job)


def test_a_lost_end_is_asked_for(studio, client, monkeypatch):
    monkeypatch.setattr("stylus_bridge.client.client.QUIET_S", 0.05)
    client.submit(studio.write_folder())
    client.close()
    later(lambda: studio.jobs.finish("job-1"))
    assert isinstance(client.wait("job-1", timeout_s=5), Done)


def test_a_job_that_takes_too_long_is_a_timeout(studio, client):
    client.submit(studio.write_folder())
    with pytest.raises(BridgeError) as caught:
        client.wait("job-1", timeout_s=0.1)
    assert caught.value.code == "bridge.timeout"


def test_the_apps_refusal_is_raised_with_its_code(studio, client):
    with pytest.raises(BridgeError) as caught:
        client.submit(studio.write_folder(preset="nope"))
    assert caught.value.code == "preset.unknown"


def test_inserted_reaches_the_app(studio, client):
    client.submit(studio.write_folder())
    client.inserted("job-1", "track 3")
    assert soon(lambda: studio.inserted == [("job-1", "track 3")])


def test_a_folder_without_job_json_is_refused_before_anything_is_sent(studio, client, tmp_path):
    with pytest.raises(BridgeError) as caught:
        client.submit(tmp_path)
    assert caught.value.code == "job_file.missing"


def test_without_an_app_the_error_says_how_to_start_it(tmp_path):
    with BridgeClient(tmp_path) as client, pytest.raises(BridgeError, match="stylus-daw ui") as caught:
        client.ping()
    assert caught.value.code == "bridge.not_running"


def test_an_app_that_was_started_again_is_found_again(quiet_studio):
    with BridgeClient(quiet_studio.state_folder) as client:
        for _ in range(2):
            server = quiet_studio.make_server()
            server.start()
            assert client.ping().version == __version__
            server.stop()
        with pytest.raises(BridgeError):
            client.ping()


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def endpoint(port, pid=None):
    return Endpoint(host="127.0.0.1", port=port, token="t", pid=pid or os.getpid(), version="0", jobs="/jobs")


def test_an_app_that_died_is_reported_and_is_no_instance(tmp_path):
    write_endpoint(tmp_path, endpoint(free_port()))
    with BridgeClient(tmp_path, timeout_s=0.2, attempts=2) as client, pytest.raises(BridgeError) as caught:
        client.ping()
    assert caught.value.code in {"bridge.not_running", "bridge.timeout"}
    assert running_instance(tmp_path, timeout_s=0.05) is None


def test_an_app_that_never_answers_is_a_timeout(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        write_endpoint(tmp_path, endpoint(deaf.getsockname()[1]))
        with BridgeClient(tmp_path, timeout_s=0.02, attempts=3) as client, pytest.raises(BridgeError) as caught:
            client.ping()
        assert caught.value.code == "bridge.timeout"
        assert len([deaf.recv(2000) for _ in range(3)]) == 3


def test_a_second_instance_finds_the_first(studio):
    found = running_instance(studio.state_folder)
    assert found is not None
    assert found.port == studio.server.port


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"port": 1}'])
def test_a_broken_bridge_json_is_no_instance(tmp_path, text):
    (tmp_path / "bridge.json").write_text(text)
    assert running_instance(tmp_path) is None


def test_the_file_of_a_dead_process_is_no_instance(tmp_path):
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait(10)
    write_endpoint(tmp_path, endpoint(free_port(), pid=child.pid))
    assert running_instance(tmp_path) is None


@pytest.mark.skipif(os.name == "nt", reason="POSIX file modes")
def test_bridge_json_is_for_its_user_only(studio):
    path = studio.state_folder / "bridge.json"
    assert path.stat().st_mode & 0o777 == 0o600
    content = json.loads(path.read_text())
    assert set(content) == {"protocol", "host", "port", "token", "pid", "version", "jobs"}
    assert [p.name for p in studio.state_folder.iterdir() if p.name.startswith(".")] == []


def test_the_file_of_a_newer_run_is_not_removed_by_an_older_one(quiet_studio):
    older, newer = quiet_studio.make_server(), quiet_studio.make_server()
    older.start()
    newer.start()
    older.stop()
    found = read_endpoint(quiet_studio.state_folder)
    assert found is not None
    assert found.token == newer.token
    newer.stop()


def test_importing_the_client_imports_nothing_heavy():
    code = "import sys, stylus_bridge.client.client; print([m for m in sys.modules if m in set(sys.argv[1:])])"
    heavy = ["numpy", "torch", "scipy", "pydantic", "PySide6", "asyncio", "soundfile", "pythonosc.osc_server"]
    out = subprocess.run([sys.executable, "-c", code, *heavy], check=True, capture_output=True, text=True, timeout=30)
    assert out.stdout.strip() == "[]"
