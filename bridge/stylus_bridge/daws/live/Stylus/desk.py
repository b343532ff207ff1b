"""Takes what the user asks for, follows the jobs, brings the stems back. Driven by Live's clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .app_link import AppLink, read_state
from .clips import ClipAudio
from .installed import STATE_FOLDER
from .job import Job
from .place import place
from .refusal import Refusal

if TYPE_CHECKING:
    from Live.Clip import Clip
    from Live.Song import Song

MARK = ">"
LOOK_EVERY = 10
"""Every how many ticks ``state.json`` is read, in case a message was lost."""
CLOSED = "stylus-daw was closed. The job continues when it is started again."


class Desk:
    """Everything but Live's plumbing.

    A job begins when the user puts ``>`` or ``>preset`` at the end of the selected clip's name; ``>cancel`` cancels.
    Remote Scripts can have no menus, and this needs no controller.
    """

    def __init__(self, song: Song, say: Callable[[str], object], log: Callable[[str], object]) -> None:
        self._song, self._say, self._log = song, say, log
        self._link = AppLink()
        self._jobs: dict[str, Job] = {}
        self._ticks = 0
        self._was_running = True

    def close(self) -> None:
        """Jobs go on in the app; their stems stay in their folders."""
        self._link.close()

    def tick(self) -> None:
        """Ten times a second."""
        self._ticks += 1
        try:
            self._look_at_clip()
            for address, values in self._link.heard():
                self._hear(address, values)
            if self._ticks % LOOK_EVERY == 0:
                self._look_at_jobs()
        except Refusal as refusal:
            self._tell(str(refusal))

    def _look_at_clip(self) -> None:
        clip = self._song.view.detail_clip
        if clip is None or MARK not in clip.name:
            return
        name, _, wish = clip.name.rpartition(MARK)
        wish = wish.strip()
        if wish and wish != "cancel" and wish not in self._link.presets():
            return  # a name that happens to hold the mark, or a preset that is being typed
        clip.name = name.rstrip()
        if wish == "cancel":
            self._cancel_all()
        else:
            self._render(clip, wish)

    def _render(self, clip: Clip, wish: str) -> None:
        app = self._link.find()
        job = Job(Path(app["jobs"]), clip, clip.name, ClipAudio(clip, self._song.tempo))
        job.write(self._preset(wish), self._song)
        self._jobs[job.id] = job
        self._link.ask("/stylus/job/submit", job.id, str(job.folder))
        self._tell("'" + job.name + "' was sent to stylus-daw")

    def _preset(self, wish: str) -> str:
        """The one asked for, else the last one, else the first."""
        path = Path(STATE_FOLDER, "daws", "live", "last-preset")
        known = self._link.presets()
        if not known:
            raise Refusal("stylus-daw has not listed its presets yet. Restart it, then try again.")
        if wish:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wish, "utf-8")
            return wish
        try:
            last = path.read_text("utf-8").strip()
        except OSError:
            last = ""
        return last if last in known else known[0]

    def _cancel_all(self) -> None:
        if not self._jobs:
            raise Refusal("No jobs of this set are waiting or running.")
        for job in list(self._jobs.values()):
            job.withdraw()
            if self._link.is_running():
                self._link.ask("/stylus/job/cancel", job.id)
            else:
                self._finish(job, {"outcome": "cancelled"})

    def _hear(self, address: str, values: list[Any]) -> None:
        if address == "/stylus/error":
            self._log("Stylus: " + " ".join(str(value) for value in values))
        elif address == "/stylus/job/progress" and values[0] in self._jobs:
            self._say(f"Stylus: '{self._jobs[values[0]].name}' {values[1]:.0%}")
        elif address in ("/stylus/job/done", "/stylus/job/cancelled", "/stylus/job/failed"):
            self._look_at(values[0])

    def _look_at_jobs(self) -> None:
        if not self._jobs:
            return
        is_running = self._link.is_running()
        if self._was_running and not is_running:
            self._tell(CLOSED)
        self._was_running = is_running
        for job in list(self._jobs):
            self._look_at(job)

    def _look_at(self, job_id: str) -> None:
        job = self._jobs.get(job_id)
        state = read_state(job.folder) if job else None
        if job and state and state.get("outcome") and not self._is_recording():
            self._finish(job, state)

    def _finish(self, job: Job, state: dict[str, Any]) -> None:
        del self._jobs[job.id]  # first: whatever happens now, it happens once
        if state["outcome"] == "done":
            where = place(self._song, job, state["stem"])
            self._link.ask("/stylus/job/inserted", job.id, where)
            self._tell("the stem of '" + job.name + "' is on the track '" + where + "'")
        elif state["outcome"] == "cancelled":
            self._tell("'" + job.name + "' was cancelled. The set is unchanged.")
        else:
            self._tell("'" + job.name + "' could not be made: " + str(state["error"]["message"]))

    def _is_recording(self) -> bool:
        return bool(self._song.is_playing and self._song.record_mode)

    def _tell(self, text: str) -> None:
        self._say("Stylus: " + text)
        self._log("Stylus: " + text)
