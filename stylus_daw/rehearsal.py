"""A rehearsal: the real app as a process of its own, and a DAW of our own that asks it for stems over OSC."""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.client.instance import running_instance
from stylus_bridge.folders.job_file import Handles, JobFile, JobRegion
from stylus_bridge.folders.job_folder import write_job
from stylus_bridge.wire.protocol import Cancelled, Done, Failed, Progressed
from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import read, sha256_of, write_audio
from stylus_daw.errors import BridgeError, JobError
from stylus_daw.own_program import own_command

START_SAMPLE = 1_234_567  # position of the region: a number that no rounding gives by chance
HANDLE_SAMPLES = 24_000  # half a second at 48 kHz on each side
START_TIMEOUT_S, STOP_TIMEOUT_S, RENDER_TIMEOUT_S = 120.0, 15.0, 1_800.0  # s: for a slow machine under load
STARTING = "starting"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRegion:
    """What the DAW has on its track: ``with_handles`` is exported, ``clip`` is what the stem must fit."""

    with_handles: Clip

    @property
    def clip(self) -> Clip:
        return self.with_handles.slice(HANDLE_SAMPLES, self.with_handles.length - 2 * HANDLE_SAMPLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for one preset.

    Attributes:
        preset: its id.
        source: the file that was submitted.
        source_sha256: of that file, before the app saw it.
        done: the app's last message.
        waited_s: from the request to the stem.
        render_s: of it, the time in which the job was rendered.
    """

    preset: str
    source: Path
    source_sha256: str
    done: Done
    waited_s: float
    render_s: float

    @property
    def stem(self) -> Path:
        return Path(self.done.stem_path)


def bundled_region() -> SessionRegion:
    """Ten seconds of electric piano at :data:`START_SAMPLE` of a 48 kHz session."""
    clip = read(Path(str(files("stylus_daw"))) / "demo_audio" / "region.flac")
    return SessionRegion(with_handles=replace(clip, start=START_SAMPLE - HANDLE_SAMPLES))


@contextmanager
def headless_app(state_folder: Path) -> Iterator[None]:
    """The app on any free port, answering; stopped as an operating system stops it.

    Raises:
        BridgeError: ``demo.app``: it did not come up.
    """
    command = own_command("serve", "--port", "0", "--state-dir", str(state_folder))
    with (state_folder / "output.txt").open("wb") as output:
        app = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        _await_app(app, state_folder)
        yield
    finally:
        app.terminate()
        try:
            app.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            app.kill()
            app.wait()


def ask(client: BridgeClient, region: SessionRegion, preset: str, on_progress: Callable[[Progressed], None]) -> Answer:
    """Export the region, hand it in with a preset, wait for the stem.

    Raises:
        JobError: the job failed or was cancelled.
        BridgeError: the app does not answer.
    """
    began = _Stopwatch()
    job = str(uuid.uuid4())
    folder = Path(client.hello("demo").jobs_folder) / job
    folder.mkdir(parents=True)
    write_audio(folder / "input.wav", region.with_handles)
    exported_sha256 = sha256_of(folder / "input.wav")
    write_job(folder, _job_file(job, region, preset))
    client.submit(folder)
    end = client.wait(job, began.heard(on_progress), RENDER_TIMEOUT_S)
    if not isinstance(end, Done):
        raise _not_done(end, preset)
    client.inserted(job, f"sample {end.start_sample}")
    waited_s, render_s = began.seconds()
    return Answer(
        preset=preset,
        source=folder / "input.wav",
        source_sha256=exported_sha256,
        done=end,
        waited_s=waited_s,
        render_s=render_s,
    )


class _Stopwatch:
    """Time since the request, and since the render began: the first job waits for the model to load."""

    def __init__(self) -> None:
        self._asked_at = time.monotonic()
        self._began_at: float | None = None

    def heard(self, on_progress: Callable[[Progressed], None]) -> Callable[[Progressed], None]:
        def listen(progress: Progressed) -> None:
            if self._began_at is None and not progress.stage.startswith(STARTING):
                self._began_at = time.monotonic()
            on_progress(progress)

        return listen

    def seconds(self) -> tuple[float, float]:
        now = time.monotonic()
        return now - self._asked_at, now - (self._began_at or self._asked_at)


def _await_app(app: subprocess.Popen[bytes], state_folder: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while running_instance(state_folder) is None:
        if app.poll() is not None or time.monotonic() > deadline:
            said = (state_folder / "output.txt").read_text("utf-8", "replace")[-2_000:]
            raise BridgeError("demo.app", f"The app did not start. It said: {said.strip() or 'nothing'}")
        time.sleep(0.1)


def _job_file(job: str, region: SessionRegion, preset: str) -> JobFile:
    clip = region.clip
    return JobFile(
        job=job,
        client="demo",
        project="stylus-daw demo",
        track="Electric piano",
        source="input.wav",
        preset=preset,
        region=JobRegion(start=clip.start, length=clip.length, rate=clip.rate),
        handles=Handles(before=HANDLE_SAMPLES, after=HANDLE_SAMPLES),
        tempo=96.0,
        time_signature="4/4",
    )


def _not_done(end: Cancelled | Failed, preset: str) -> JobError:
    if isinstance(end, Failed):
        return JobError(end.code, f"{preset}: {end.message}")
    return JobError("job.cancelled", f"{preset}: the job was cancelled.")
