"""From the selection in Pro Tools to a stem on a new track there."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

from stylus_bridge.client.client import BridgeClient
from stylus_bridge.daws.protools.session import ProToolsSession, Selection
from stylus_bridge.folders.job_file import JobFile, JobRegion
from stylus_bridge.folders.job_folder import write_job
from stylus_bridge.wire.protocol import FINAL, Done, Failed, Progressed
from stylus_daw.audio.files import probe
from stylus_daw.errors import BridgeError, JobCancelled, JobError, RequestError

CLIENT = "protools"


def render_selection(
    session: ProToolsSession,
    client: BridgeClient,
    jobs: Path,
    preset: str,
    on_progress: Callable[[Progressed], None] | None = None,
) -> tuple[Done, Selection]:
    """Render the selected clip and bring the stem back to the sample where it begins.

    Nothing in the session is touched before the stem is there; then one import is asked for.

    Args:
        session: that is open in Pro Tools.
        client: talks to the app.
        jobs: the app's jobs folder.
        preset: id, name or number.
        on_progress: hears how it goes.

    Raises:
        RequestError: the selection is not exactly one whole clip.
        BridgeError: Pro Tools or the app does not answer.
        JobError: the job failed or was cancelled.
    """
    selection = session.selection()
    folder = _handed_in(session, jobs, selection, preset)
    done = _stem(client, folder, on_progress)
    stem = _to_import(Path(done.stem_path), selection, preset)
    try:
        session.import_on_new_track(stem, selection.start)
    except BridgeError as error:
        raise BridgeError(error.code, f"{error.message} The stem is finished: import it from '{stem}'.") from error
    client.inserted(done.job, f"new track at sample {selection.start}")
    return done, selection


def _handed_in(session: ProToolsSession, jobs: Path, selection: Selection, preset: str) -> Path:
    """A job folder with the clip and ``job.json``; there is none if something is wrong."""
    job = f"{CLIENT}-{uuid.uuid4().hex}"
    folder = jobs / job
    folder.mkdir(parents=True)
    try:
        session.export_selected_clip(folder)
        source = _exported(folder, selection)
        region = JobRegion(start=selection.start, length=selection.length, rate=selection.rate)
        write_job(
            folder,
            JobFile(
                job=job,
                client=CLIENT,
                project=selection.session,
                track=selection.track,
                source=source.name,
                region=region,
                preset=preset,
            ),
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _exported(folder: Path, selection: Selection) -> Path:
    """The one file that Pro Tools has written, if it is what is selected.

    Raises:
        RequestError: ``protools.clip``.
    """
    files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() == ".wav"]
    if len(files) != 1:
        text = f"Pro Tools exported {len(files)} clips. Select exactly one clip; consolidate the range first."
        raise RequestError("protools.clip", text)
    info = probe(files[0])
    if (info.frames, info.rate) != (selection.length, selection.rate):
        text = (
            f"The clip has {info.frames:,} samples at {info.rate} Hz, the selection {selection.length:,} at "
            f"{selection.rate} Hz. Select one whole clip; consolidate the range first."
        )
        raise RequestError("protools.clip", text)
    return files[0]


def _stem(client: BridgeClient, folder: Path, on_progress: Callable[[Progressed], None] | None) -> Done:
    """Wait for the stem; whoever interrupts that cancels the job, because nobody would import its stem."""
    answer = client.submit(folder)
    try:
        if not isinstance(answer, FINAL):
            answer = client.wait(answer.job, on_progress)
    except KeyboardInterrupt:
        client.cancel(folder.name)
        raise
    if isinstance(answer, Failed):
        raise JobError(answer.code, answer.message)
    if not isinstance(answer, Done):
        raise JobCancelled(f"Job {answer.job} was cancelled. The session is unchanged.")
    return answer


def _to_import(stem: Path, selection: Selection, preset: str) -> Path:
    """A copy with a name for people: Pro Tools names clip and track after it, and may rewrite what it imports."""
    title = f"{selection.track or selection.session or 'Clip'} - {preset}"
    name = "".join("_" if letter in '"*/:<>?\\|' or letter < " " else letter for letter in title)
    copy = stem.with_name(f"{name[:100]}.wav")
    try:
        return Path(shutil.copyfile(stem, copy))
    except OSError as error:
        raise BridgeError("protools.copy", f"'{copy}' cannot be written: {error}. The stem is '{stem}'.") from error
