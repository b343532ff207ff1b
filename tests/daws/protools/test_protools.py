"""The way into Pro Tools: a strict stand-in of the package, the package itself over real gRPC, and the real bridge.

Pro Tools itself has never been part of this.
"""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.daws.protools.paths import file_for_import, folder_for_export, startup_volume
from stylus_bridge.daws.protools.render import render_selection
from stylus_bridge.daws.protools.session import ProToolsSession, open_session
from stylus_bridge.server import BridgeServer
from stylus_daw.errors import BridgeError, JobCancelled, JobError, RequestError
from stylus_daw.jobs.job import JobDone, JobFailed, JobWasCancelled, Stem
from tests.daws.protools import ptsl_lab
from tests.support.needs import need_module
from tests.support.scripted_jobs import FixedPresets, PlainBuilder, ScriptedJobs

START, LENGTH, RATE = 1_234_567, 4_801, 48_000


class Studio:
    """The bridge, a client, and Pro Tools as the stand-in plays it."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home"
        self.jobs = ScriptedJobs()
        self.server = BridgeServer(
            jobs=self.jobs,
            presets=FixedPresets(("warm-strings", "Warm Strings")),
            builder=PlainBuilder(self.home / "jobs"),
            jobs_folder=self.home / "jobs",
            state_folder=self.home,
            port=0,
        )
        self.engine = ptsl_lab.Engine(start=START, length=LENGTH)
        self.session = self.session_of(self.engine)
        self.jobs.while_submitting = self.finish

    @staticmethod
    def session_of(engine: Any) -> ProToolsSession:
        return ProToolsSession(engine, ptsl_lab.Protocol, ptsl_lab.OPS, (ptsl_lab.CommandError,), "Darwin")

    def finish(self, job: str) -> None:
        stem = self.home / "jobs" / job / "stem.wav"
        soundfile.write(stem, np.zeros((LENGTH, 2)), RATE, subtype="FLOAT")
        made = Stem(path=stem, start=START, length=LENGTH, rate=RATE, channels=2)
        self.jobs.emit(JobDone(job=job, stem=made))

    def render(self, session: ProToolsSession | None = None) -> Any:
        with BridgeClient(self.home) as client:
            return render_selection(session or self.session, client, self.home / "jobs", "warm-strings")

    def folders(self) -> list[Path]:
        return [path for path in (self.home / "jobs").iterdir() if path.is_dir()]


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    studio = Studio(tmp_path)
    studio.server.start()
    yield studio
    studio.server.stop()


def test_the_stem_comes_to_the_sample_where_the_selection_begins(studio: Studio) -> None:
    done, selection = studio.render()
    (imported,) = studio.engine.imported
    audio, place = imported.audio_data, imported.audio_data.location_data
    assert imported.import_type == ptsl_lab.Protocol.IType_Audio
    assert (audio.audio_destination, audio.audio_location) == (3, 5)
    assert (place.location.location, place.location.time_type) == (str(START), 1)
    assert (selection.start, selection.length) == (START, LENGTH)
    assert Path(done.stem_path).is_file()


def test_the_job_says_what_was_selected(studio: Studio) -> None:
    studio.render()
    (folder,) = studio.folders()
    job = json.loads((folder / "job.json").read_text("utf-8"))
    assert job["region"] == {"start": START, "length": LENGTH, "rate": RATE, "session_start": 0}
    assert (job["client"], job["project"], job["track"]) == ("protools", "Übung", "Gtr")
    assert (folder / job["source"]).is_file()


def test_pro_tools_gets_a_copy_with_a_name_for_people_and_may_rewrite_it(studio: Studio) -> None:
    done, _ = studio.render()
    (file,) = studio.engine.imported[0].audio_data.file_list
    assert Path(file).name == "Gtr - warm-strings.wav"
    assert Path(file).read_bytes() == Path(done.stem_path).read_bytes()
    assert studio.engine.imported[0].audio_data.audio_operations == ptsl_lab.Protocol.AOperations_CopyAudio


@pytest.mark.parametrize(
    "clips", [[], [("a", LENGTH), ("b", LENGTH)], [("longer than what is selected", LENGTH + 1)]], ids=len
)
def test_anything_but_one_whole_clip_is_refused_before_a_job_is_made(studio: Studio, clips: Any) -> None:
    studio.engine.clips = clips
    with pytest.raises(RequestError, match="consolidate") as caught:
        studio.render()
    assert caught.value.code == "protools.clip"
    assert (studio.folders(), studio.jobs.requests, studio.engine.imported) == ([], {}, [])


@pytest.mark.parametrize("selected", [("10", "10"), ("20", "10"), ("00:01:00:00", "00:01:02:00"), ("", "")])
def test_a_selection_that_is_none_is_refused(studio: Studio, selected: tuple[str, str]) -> None:
    studio.engine.selected = selected
    with pytest.raises(RequestError) as caught:
        studio.render()
    assert caught.value.code == "protools.selection"
    assert studio.folders() == []


@pytest.mark.parametrize(
    ("end", "error"),
    [
        (lambda job: JobFailed(job=job, code="engine.memory", message="The memory is full."), JobError),
        (lambda job: JobWasCancelled(job=job), JobCancelled),
    ],
)
def test_a_job_without_a_stem_leaves_the_session_alone(studio: Studio, end: Any, error: Any) -> None:
    studio.jobs.while_submitting = lambda job: studio.jobs.emit(end(job))
    with pytest.raises(error):
        studio.render()
    assert studio.engine.imported == []


def test_a_stem_that_pro_tools_refuses_is_named(studio: Studio) -> None:
    studio.engine.refuses_import = True
    with pytest.raises(BridgeError, match=r"PT_CannotBeDone.*import it from '.*Gtr - warm-strings\.wav'") as caught:
        studio.render()
    assert caught.value.code == "protools.refused"


def test_folders_are_named_as_macos_does_with_the_disk_first() -> None:
    assert folder_for_export(Path("/Users/me/a:b"), "Darwin", "Mac") == "Mac:Users:me:a/b:"
    assert folder_for_export(Path("/Volumes/Ton 2/jobs"), "Darwin", "Mac") == "Ton 2:jobs:"
    assert file_for_import(Path("/Users/me/Gtr.wav")) == "/Users/me/Gtr.wav"


def test_the_startup_disk_is_the_link_that_leads_to_the_root(tmp_path: Path) -> None:
    (tmp_path / "Backup").mkdir()
    assert startup_volume(tmp_path) == "Macintosh HD"
    (tmp_path / "Macintosh SSD").symlink_to("/")
    assert startup_volume(tmp_path) == "Macintosh SSD"


def test_without_the_package_the_command_says_what_to_install(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "ptsl.py").write_text("raise ModuleNotFoundError(\"No module named 'ptsl'\", name='ptsl')")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    command = [sys.executable, "-m", "stylus_daw", "protools", "render", "--preset", "warm-strings"]
    command += ["--state-dir", str(studio.home)]
    ended = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, env=environment)
    assert ended.returncode == 2
    assert "pip install 'py-ptsl>=601.1'" in ended.stderr


@pytest.fixture(scope="session")
def py_ptsl() -> None:
    """Tests that hold the stand-in against the real package."""
    need_module("ptsl")


@pytest.mark.usefixtures("py_ptsl")
@pytest.mark.parametrize(
    "name",
    ["get_edit_selection", "session_sample_rate", "session_name", "track_list", "export_clips_as_files", "close"],
)
def test_the_stand_in_takes_what_the_package_takes(name: str) -> None:
    import ptsl

    real, ours = (inspect.signature(getattr(engine, name)).parameters for engine in (ptsl.Engine, ptsl_lab.Engine))
    assert list(real) == list(ours)
    for key, parameter in real.items():
        assert (parameter.default is parameter.empty) == (ours[key].default is inspect.Parameter.empty)


@pytest.mark.usefixtures("py_ptsl")
def test_the_stand_in_has_the_packages_numbers_and_fields() -> None:
    from ptsl import PTSL_pb2

    for name, ours in vars(ptsl_lab.Protocol).items():
        if isinstance(ours, int):
            assert getattr(PTSL_pb2, name) == ours, name
        elif isinstance(ours, type):
            assert set(getattr(PTSL_pb2, name).DESCRIPTOR.fields_by_name) == set(ours.FIELDS)  # type: ignore[attr-defined]
    fields = PTSL_pb2.ImportRequestBody.DESCRIPTOR.fields_by_name
    assert set(fields) == set(ptsl_lab.CId_Import.FIELDS)  # type: ignore[attr-defined]


class GrpcProTools:
    """A PTSL server on the port where Pro Tools has its own: real gRPC, answers by hand."""

    def __init__(self, engine: ptsl_lab.Engine) -> None:
        import grpc
        from ptsl import PTSL_pb2, PTSL_pb2_grpc

        self.pt, self.engine = PTSL_pb2, engine
        self.asked: list[tuple[str, Any]] = []
        self.server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
        PTSL_pb2_grpc.add_PTSLServicer_to_server(self, self.server)
        if not self.server.add_insecure_port("localhost:31416"):
            pytest.skip("port 31416 is taken")
        self.server.start()

    def SendGrpcRequest(self, request: Any, context: Any) -> Any:
        name = self.pt.CommandId.Name(request.header.command).removeprefix("CId_")
        body = json.loads(request.request_body_json or "{}")
        self.asked.append((name, body))
        response = self.pt.Response(response_body_json=json.dumps(self.answer(name, body)))
        response.header.status = self.pt.TStatus_Completed
        return response

    SendGrpcStreamingRequest = None

    def answer(self, name: str, body: dict[str, Any]) -> Any:
        if name == "ExportClipsAsFiles":
            self.engine.export_clips_as_files(body["file_path"], 1, 4, 4)
        first, last = self.engine.selected
        state = {"is_selected": "TAState_SetExplicitly"}
        return {
            "RegisterConnection": {"session_id": "1"},
            "GetEditSelection": {"in_time": first, "out_time": last},
            "GetSessionSampleRate": {"sample_rate": "SR_48000"},
            "GetSessionName": {"session_name": "Übung"},
            "GetTrackList": {"track_list": [{"name": "Gtr", "track_attributes": state}]},
        }.get(name, {})


@pytest.mark.usefixtures("py_ptsl")
def test_the_real_package_asks_for_the_stem_on_a_new_track_over_grpc(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    from google.protobuf import json_format

    monkeypatch.setattr("platform.system", lambda: "Darwin")
    pro_tools = GrpcProTools(studio.engine)
    try:
        with open_session() as session:
            done, _ = studio.render(session)
    finally:
        pro_tools.server.stop(0).wait()
    name, body = pro_tools.asked[-1]
    pt = pro_tools.pt
    asked = json_format.ParseDict(body, pt.ImportRequestBody())
    assert (name, asked.import_type) == ("Import", pt.IType_Audio)
    audio, place = asked.audio_data, asked.audio_data.location_data
    assert (audio.audio_destination, audio.audio_location) == (pt.MDestination_NewTrack, pt.MLocation_Spot)
    assert (place.location.location, place.location.time_type) == (str(START), pt.TLType_Samples)
    assert Path(audio.file_list[0]).parent == Path(done.stem_path).parent
    assert {"ConsolidateClip", "Cut", "Paste", "Clear"}.isdisjoint(name for name, _ in pro_tools.asked)


@pytest.mark.usefixtures("py_ptsl")
def test_the_real_package_finds_no_pro_tools(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BridgeError, match="31416") as caught, open_session():
        pass
    assert caught.value.code == "protools.not_running"
