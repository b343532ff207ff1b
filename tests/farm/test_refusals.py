"""Who is not let in, and which sentence helps."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from stylus_daw.errors import RequestError
from stylus_daw.farm import certificates
from stylus_daw.farm.certificates import CA, CERTIFICATE, KEY, make_certificates
from stylus_daw.farm.client.connection import other_versions
from stylus_daw.farm.client.farm_worker import FarmWorker
from stylus_daw.farm.errors import FarmError, FarmRefusedError
from stylus_daw.farm.farm_settings import FarmSettings, keep_farm, read_farm
from stylus_daw.farm.identity import Identity, identity_for
from stylus_daw.farm.order import order_of
from stylus_daw.farm.worker.processes import SchedulerPlace, WorkerPlace
from stylus_daw.farm.worker.service import render_order
from tests.support.farms import LocalFarm, Render
from tests.support.jobs.farm_renderer import request_for
from tests.support.processes import COMMAND, environment

HERE = identity_for("stylus-mini")


def test_a_certificate_of_another_farm_is_refused_with_what_to_do(
    farm: LocalFarm, source: Path, tmp_path: Path
) -> None:
    make_certificates(tmp_path / "other")
    stranger = FarmWorker(replace(farm.settings(), certificates=tmp_path / "other"))
    error = Render(stranger, request_for(source, tmp_path / "stem.wav", tmp_path / "marks")).ended()
    assert isinstance(error, FarmError)
    assert "does not accept this machine's certificate. Copy the farm's three files" in error.message


def test_a_worker_with_a_certificate_of_another_farm_is_refused(farm: LocalFarm, tmp_path: Path) -> None:
    make_certificates(tmp_path / "other")
    command = [*COMMAND, "farm", "worker", farm.address, "--certificates", tmp_path / "other", "--device", "cpu"]
    ended = subprocess.run(
        [*map(str, command), "--state-dir", str(tmp_path)], capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    assert "does not accept this machine's certificate" in ended.stderr


def test_a_scheduler_with_another_python_or_dask_is_named() -> None:
    said = other_versions("Python 3.9, distributed 2020.1")
    assert said.startswith(f"The farm's scheduler has Python 3.9, distributed 2020.1, this machine {HERE.runtime}.")
    assert "pip install" in said
    assert other_versions(HERE.runtime) == ""


@pytest.mark.parametrize(
    ("days_ago", "valid_days", "said"), [(1.0, -0.5, "expired on"), (-2.0, 4.0, "Set the clock")], ids=["old", "early"]
)
def test_a_certificate_out_of_its_time_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days_ago: float, valid_days: float, said: str
) -> None:
    monkeypatch.setattr(certificates, "CLOCKS_APART", timedelta(days=days_ago))
    monkeypatch.setattr(certificates, "VALID_DAYS", valid_days)
    make_certificates(tmp_path / "farm")
    with pytest.raises(FarmRefusedError, match=said):
        FarmWorker(FarmSettings(scheduler="studio", certificates=tmp_path / "farm")).connected()


def ended(*arguments: object, home: Path) -> tuple[int, str]:
    """Exit code and complaint of a farm's process."""
    command = [*COMMAND, "farm", *map(str, arguments)]
    process = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment(home))
    return process.returncode, process.stderr


def test_a_port_of_somebody_else_is_said_by_scheduler_worker_and_status(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes connections, and never says a word
        port = silent.getsockname()[1]
        asked = [
            ("scheduler", "--port", port),
            ("worker", f"127.0.0.1:{port}", "--device", "cpu"),
            ("status", f"127.0.0.1:{port}"),
        ]
        with ThreadPoolExecutor(len(asked)) as pool:
            (code, said), *others = pool.map(lambda one: ended(*one, home=tmp_path), asked)
        assert code == 1
        assert said.startswith(f"stylus-daw: The scheduler cannot listen on 127.0.0.1:{port}: ")
        assert said.endswith("already in use. Name another --port. [farm.port]\n")
        assert [(code, "cannot be reached" in said) for code, said in others] == [(1, True)] * 2, others


def test_bytes_without_a_certificate_reach_nothing(farm: LocalFarm) -> None:
    with (
        socket.create_connection(("127.0.0.1", farm.port), timeout=10) as plain,
        contextlib.suppress(ConnectionResetError),
    ):
        plain.sendall(b"\0" * 64)
        assert plain.recv(1024)[:1] in (b"", b"\x15")  # closed, or a TLS alert


@pytest.mark.parametrize("missing", [CA, CERTIFICATE, KEY])
def test_a_missing_file_of_the_three_is_named(farm: LocalFarm, tmp_path: Path, missing: str) -> None:
    make_certificates(tmp_path / "copy")
    (tmp_path / "copy" / missing).unlink()
    with pytest.raises(FarmRefusedError, match=missing):
        FarmWorker(replace(farm.settings(), certificates=tmp_path / "copy")).connected()


def test_certificates_are_this_users_alone_and_are_never_replaced(tmp_path: Path) -> None:
    paths = make_certificates(tmp_path / "new")
    assert {path.stat().st_mode & 0o077 for path in paths} == {0}
    with pytest.raises(RequestError, match="locked out"):
        make_certificates(tmp_path / "new")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "studio", "::"])
def test_without_encryption_nothing_leaves_this_machine(host: str) -> None:
    with pytest.raises(FarmRefusedError, match="stylus-daw farm certificates"):
        SchedulerPlace(host=host)
    with pytest.raises(FarmRefusedError):
        FarmSettings(scheduler=f"tcp://[{host}]:8786" if ":" in host else f"{host}:8786")


@pytest.mark.parametrize(
    "written", ["", "http://studio", "studio:0", "studio:70000", "studio:x", "a b", "tls://localhost"]
)
def test_what_is_not_an_address_is_refused(written: str) -> None:
    with pytest.raises(FarmRefusedError):
        FarmSettings(scheduler=written)


@pytest.mark.parametrize("host", ["", "a b", "http://studio", "10.0.0.5:8786"])
def test_what_is_not_a_host_is_refused_by_scheduler_and_worker(host: str, tmp_path: Path) -> None:
    with pytest.raises(FarmRefusedError, match=r"is not a host; write a name or an address of this machine"):
        SchedulerPlace(host=host, certificates=tmp_path)
    farm = FarmSettings(scheduler="localhost")
    if host:
        with pytest.raises(FarmRefusedError, match="is not a host"):
            WorkerPlace(farm=farm, name="box", devices=("cpu",), home=tmp_path, renderer="a:b", host=host)


@pytest.mark.parametrize("written", ["::1", "[::1]", "[::1]:8786"])
def test_an_ipv6_address_may_stand_alone_or_in_brackets(written: str) -> None:
    assert FarmSettings(scheduler=written).address.url == "tcp://[::1]:8786"


def test_a_host_of_another_machine_cannot_be_listened_on(tmp_path: Path) -> None:
    make_certificates(tmp_path / "farm")
    code, said = ended("scheduler", "--host", "203.0.113.9", "--certificates", tmp_path / "farm", home=tmp_path)
    assert code == 1
    assert "cannot listen on 203.0.113.9:8786: " in said
    assert "Name another --host. [farm.port]" in said


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(HERE, app="9.9"), "has stylus-daw 9.9, this machine"),
        (replace(HERE, runtime="Python 3.9, distributed 2020.1"), "has Python 3.9, distributed 2020.1, this machine"),
        (replace(HERE, code="0" * 64), "another build"),
        (replace(HERE, model_sha256="0" * 64), "another model under the name stylus-mini"),
        (
            replace(HERE, model_sha256="", why_no_model="It is not here."),
            "lacks the model stylus-mini: It is not here.",
        ),
    ],
)
def test_another_version_build_or_model_is_named(other: Identity, said: str) -> None:
    assert said in HERE.complaint("stylus-mini", other, "box")


def test_a_worker_itself_refuses_what_was_ordered_by_another_version(
    farm: LocalFarm, source: Path, tmp_path: Path
) -> None:
    request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks")
    order = order_of(request, replace(HERE, app="9.9"))
    answer = farm.client().connected().client.submit(render_order, order.as_json(), pure=False).result(timeout=30)
    assert (answer["state"], answer["code"]) == ("failed", "farm.refused")
    assert answer["message"].startswith(f"{answer['name']} has stylus-daw {HERE.app}, this machine 9.9.")
    assert not list((tmp_path / "marks").iterdir())


def test_a_model_that_no_worker_has_is_refused_before_anything_travels(
    farm: LocalFarm, source: Path, tmp_path: Path
) -> None:
    request = request_for(source, tmp_path / "stem.wav", tmp_path / "marks")
    request = replace(request, settings=replace(request.settings, checkpoint="no-such-model"))
    error = Render(farm.client(), request).ended()
    assert isinstance(error, FarmRefusedError)
    assert "lacks the model no-such-model" in error.message


def test_the_setting_is_kept_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    assert read_farm(tmp_path) is None
    farm = FarmSettings(scheduler="studio:9000", certificates=tmp_path / "c", shared=tmp_path)
    keep_farm(tmp_path, farm)
    assert read_farm(tmp_path) == farm
    (tmp_path / "farm.json").write_text('{"scheduler": "studio:9000"}')
    with pytest.raises(FarmRefusedError, match="not this machine"):
        read_farm(tmp_path)
    (tmp_path / "farm.json").write_text("[")
    with pytest.raises(FarmRefusedError, match="stylus-daw farm use"):
        read_farm(tmp_path)
    keep_farm(tmp_path, None)
    assert read_farm(tmp_path) is None


def test_a_box_that_is_off_is_not_called_a_wrong_certificate(tmp_path: Path) -> None:
    make_certificates(tmp_path / "farm")
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    code, said = ended("status", f"127.0.0.1:{port}", "--certificates", tmp_path / "farm", home=tmp_path)
    assert (code, "certificate" in said, "is its port open?" in said) == (1, False, True), said


def test_a_server_that_hangs_up_is_told_as_a_farm_that_is_away(tmp_path: Path) -> None:
    make_certificates(tmp_path / "farm")
    with socket.create_server(("127.0.0.1", 0)) as rude, ThreadPoolExecutor(1) as pool:
        rude.settimeout(30)
        pool.submit(_hang_up, rude)
        port = rude.getsockname()[1]
        code, said = ended("status", f"127.0.0.1:{port}", "--certificates", tmp_path / "farm", home=tmp_path)
        with contextlib.suppress(OSError):
            rude.shutdown(socket.SHUT_RDWR)
    assert (code, "cannot be reached" in said) == (1, True), said


def _hang_up(server: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while True:
            server.accept()[0].close()
