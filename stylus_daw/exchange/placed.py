"""PlacedStem: a stem on disk, and everything that is known about its place in a session."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stylus_daw.audio.files import AudioInfo, Provenance, probe, read_provenance
from stylus_daw.errors import RequestError
from stylus_daw.regular_file import read_regular

MOST_JOB_BYTES = 1_000_000  # as the bridge takes

DEFAULT_TEMPO_BPM = 120.0  # bpm: what DAWs begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStem:
    """A stem and its place.

    Attributes:
        path: the file.
        info: what it says of itself.
        session_start: sample that the session calls zero, in samples of the file's rate.
        tempo_bpm: of the session, at the region.
        time_signature: numerator and denominator.
        track: name of the track that it came from, or an empty string.
        project: name of the session, or an empty string.
        provenance: what made it; None if the file does not say.
    """

    path: Path
    info: AudioInfo
    session_start: int = 0
    tempo_bpm: float = DEFAULT_TEMPO_BPM
    time_signature: tuple[int, int] = (4, 4)
    track: str = ""
    project: str = ""
    provenance: Provenance | None = None

    def __post_init__(self) -> None:
        if self.start < 0:
            text = (
                f"'{self.path}' begins at sample {self.info.time_reference or 0:,}, before the session's start at "
                f"{self.session_start:,}. Give the session's start with --session-start."
            )
            raise RequestError("export.session_start", text)

    @property
    def start(self) -> int:
        """First sample, counted from the session's start."""
        return (self.info.time_reference or 0) - self.session_start

    @property
    def start_seconds(self) -> float:
        return self.start / self.info.rate

    @property
    def title(self) -> str:
        """For people: track and preset, else the file's name."""
        preset = self.provenance.preset if self.provenance else ""
        return " - ".join(part for part in (self.track, preset) if part) or self.path.stem


def placed_stem(path: Path, *, session_start: int | None = None) -> PlacedStem:
    """A stem with what its file and the ``job.json`` beside it say.

    Args:
        path: the file.
        session_start: in samples of the file's rate; None = what ``job.json`` says, else 0.

    Raises:
        AudioFileError: it cannot be read.
        RequestError: it is before the session's start.
    """
    job = _job_beside(path)
    region = job.get("region", {})
    known_start = region.get("session_start", 0) if session_start is None else session_start
    return PlacedStem(
        path=path,
        info=probe(path),
        session_start=known_start,
        tempo_bpm=job.get("tempo") or DEFAULT_TEMPO_BPM,
        time_signature=_signature(job.get("time_signature") or "4/4"),
        track=job.get("track", ""),
        project=job.get("project", ""),
        provenance=read_provenance(path),
    )


def _job_beside(path: Path) -> dict[str, Any]:
    """The ``job.json`` of a job folder; empty if there is none, for it was checked when it was taken."""
    try:
        job = json.loads(read_regular(path.parent / "job.json", MOST_JOB_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    return job if isinstance(job, dict) else {}


def _signature(text: str) -> tuple[int, int]:
    numerator, _, denominator = text.partition("/")
    return int(numerator), int(denominator)
