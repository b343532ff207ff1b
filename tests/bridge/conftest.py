"""A running bridge on a free loopback port, with everything behind it scripted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.folders.job_file import JobFile
from stylus_bridge.folders.job_folder import write_job
from stylus_bridge.server import BridgeServer
from tests.support.scripted_jobs import FixedPresets, PlainBuilder, RawHost, ScriptedJobs


@dataclass
class Studio:
    """A bridge and what stands behind it."""

    root: Path
    jobs: ScriptedJobs
    builder: PlainBuilder
    presets: FixedPresets
    inserted: list[tuple[str, str]] = field(default_factory=list)
    server: Any = None

    @property
    def jobs_folder(self) -> Path:
        return self.root / "jobs"

    @property
    def state_folder(self) -> Path:
        return self.root / "state"

    @property
    def music(self) -> Path:
        return self.root / "music"

    def make_server(self, **options: Any) -> BridgeServer:
        return BridgeServer(
            jobs=self.jobs,
            presets=self.presets,
            builder=self.builder,
            jobs_folder=self.jobs_folder,
            state_folder=self.state_folder,
            allowed_roots=(self.music,),
            on_inserted=lambda job, detail: self.inserted.append((job, detail)),
            **{"port": 0} | options,
        )

    def write_folder(self, job: str = "job-1", **changes: Any) -> Path:
        """A job folder as a host writes it."""
        folder = self.jobs_folder / job
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "input.wav").write_bytes(b"RIFF")
        write_job(folder, job_file(job, **changes))
        return folder


def job_file(job: str = "job-1", **changes: Any) -> JobFile:
    content: dict[str, Any] = {
        "protocol": 1,
        "job": job,
        "client": "reaper",
        "project": "My Song",
        "track": "Gtr",
        "source": "input.wav",
        "region": {"start": 1_234_567, "length": 480_000, "rate": 48_000, "session_start": 0},
        "handles": {"before": 24_000, "after": 24_000},
        "tempo": 120.0,
        "time_signature": "4/4",
        "preset": "warm-strings",
        "override": {"strength": 0.8},
        "insert": "new-track",
    }
    return JobFile.model_validate(content | changes)


@pytest.fixture
def make_job_file() -> Callable[..., JobFile]:
    return job_file


@pytest.fixture
def quiet_studio(tmp_path: Path) -> Studio:
    """A studio whose server has not been started."""
    (tmp_path / "music").mkdir()
    jobs_folder = tmp_path / "jobs"
    presets = FixedPresets(("warm-strings", "Warm Strings"), ("grit", "Grit & Dust"))
    return Studio(tmp_path, ScriptedJobs(), PlainBuilder(jobs_folder), presets)


@pytest.fixture
def studio(quiet_studio: Studio) -> Iterator[Studio]:
    quiet_studio.server = quiet_studio.make_server()
    quiet_studio.server.start()
    yield quiet_studio
    quiet_studio.server.stop()


@pytest.fixture
def host(studio: Studio) -> Iterator[RawHost]:
    host = RawHost(studio.server.port, studio.server.token)
    yield host
    host.close()


@pytest.fixture
def other_host(studio: Studio) -> Iterator[RawHost]:
    host = RawHost(studio.server.port, studio.server.token)
    yield host
    host.close()


@pytest.fixture
def client(studio: Studio) -> Iterator[BridgeClient]:
    with BridgeClient(studio.state_folder) as client:
        yield client
