"""One job: its folder, written so that the app finds it whole."""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, cast

from .clips import ClipAudio
from .refusal import Refusal

if TYPE_CHECKING:
    from Live.Clip import Clip
    from Live.Song import Song
    from Live.Track import Track


class Job:
    """A clip that was sent, and where its stem belongs.

    Attributes:
        id: the job's.
        folder: the job's.
        track: the clip's track, which may be gone by now.
        name: the clip's, without what the user added.
        audio: what was sent.
        scene: the clip's row in the session; None in the arrangement.
    """

    def __init__(self, jobs_folder: Path, clip: Clip, name: str, audio: ClipAudio) -> None:
        self.id = "live-" + uuid.uuid4().hex
        self.folder = jobs_folder / self.id
        self.track, self.scene = _home(clip)
        self.name, self.audio = name, audio

    def write(self, preset: str, song: Song) -> None:
        """Copy the file, then put ``job.json`` beside it by rename.

        Raises:
            Refusal: the disk is full, or the folder cannot be written.
        """
        before = min(self.audio.rate // 2, self.audio.first)
        after = min(self.audio.rate // 2, self.audio.total - self.audio.first - self.audio.length)
        source = "input" + self.audio.path.suffix.lower()
        start = (self.audio.beat or 0.0) * 60.0 / song.tempo * self.audio.rate
        content = {
            "protocol": 1,
            "job": self.id,
            "client": "live",
            "track": self.track.name,
            "source": source,
            "source_offset": self.audio.first - before,
            "region": {"start": round(start), "length": self.audio.length, "rate": self.audio.rate},
            "handles": {"before": before, "after": after},
            "tempo": song.tempo,
            "time_signature": f"{song.signature_numerator}/{song.signature_denominator}",
            "preset": preset,
            "insert": "new-track",
        }
        try:
            self.folder.mkdir(parents=True)
            shutil.copyfile(self.audio.path, self.folder / source)
            temp = self.folder / "job.json.tmp"
            temp.write_text(json.dumps(content), "utf-8")
            temp.replace(self.folder / "job.json")
        except OSError as error:
            raise Refusal("The clip cannot be sent: " + str(error)) from error

    def withdraw(self) -> None:
        """Leave the mark that the app reads when no message reaches it."""
        try:
            (self.folder / "cancel").touch()
        except OSError:
            return  # the folder is gone, and so is the job


def _home(clip: Clip) -> tuple[Track, int | None]:
    parent = clip.canonical_parent
    if clip.is_arrangement_clip:  # the stubs know the parent of a session clip only
        return cast("Track", parent), None
    track = parent.canonical_parent
    return track, list(track.clip_slots).index(parent)
