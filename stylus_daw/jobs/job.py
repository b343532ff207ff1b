"""A job: what is to be rendered, where it stands, what has happened to it. Pure data.

All of it crosses processes, the journal and the job folder, so all of it goes to JSON and back
(``to_json``/``from_json`` on :class:`RenderRequest`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from stylus_daw.audio.formats.shortfall import Shortfall
from stylus_daw.chain_plan import ChainPlan
from stylus_daw.engine.request import StyleSettings
from stylus_daw.engine.share import Share
from stylus_daw.errors import RequestError, check_range
from stylus_daw.jobs.job_id import check_job_id as check_job_id
from stylus_daw.jobs.style_part import StylePart

STEM_FILE = "stem.wav"
"""The stem's name in a job folder."""


class JobPhase(Enum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    FINISHED = "finished"


class JobOutcome(Enum):
    """How a finished job ended. Every job gets exactly one."""

    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleFile:
    """A style reference on disk, its weight in the blend, and its tempo if that is known.

    Attributes:
        part: the seconds of the file that are the reference; None: all of it.
    """

    path: Path
    weight: float = 1.0
    tempo_bpm: float | None = None
    part: StylePart | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> StyleFile:
        """From what ``dataclasses.asdict`` gave."""
        part = raw.get("part")
        return cls(**{**raw, "path": Path(raw["path"]), "part": StylePart(**part) if part else None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The part of the source that is to be restyled, and its place in the session.

    Attributes:
        start: first sample in the session, in samples of ``rate``.
        length: samples; the stem has exactly this many.
        rate: the session's rate; must be the source's.
        session_start: sample that the session calls zero (a session may start at 01:00:00:00).
        before, after: handles: extra samples around the region that the engine may listen to.
        source_offset: sample of the source file where ``before`` begins.
    """

    start: int
    length: int
    rate: int
    session_start: int = 0
    before: int = 0
    after: int = 0
    source_offset: int = 0

    def __post_init__(self) -> None:
        check_range("region length", self.length, 1, 2**40)
        for name in ("start", "session_start"):
            check_range(f"region {name}", getattr(self, name), -(2**62), 2**62)
        for name in ("before", "after", "source_offset"):
            check_range(f"region {name}", getattr(self, name), 0, 2**40)
        if self.time_reference < 0:
            text = (
                f"The region begins at sample {self.time_reference}, before the timeline's zero (start {self.start}, "
                f"session_start {self.session_start}); no stem can say such a place. Move it to 0 or later."
            )
            raise RequestError("request.before_zero", text)

    @property
    def time_reference(self) -> int:
        """``bext`` TimeReference of the stem: samples since midnight."""
        return self.session_start + self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a job came from, for the history and the stem's provenance.

    Attributes:
        client: who has sent it.
        project, track: of the session, where there is one.
        preset: name of the preset that was used; empty for none.
        edited: that preset was changed.
        take: how many renders of the same source there were before it, and one more; 0: nobody has counted.
    """

    client: str = "cli"
    project: str = ""
    track: str = ""
    preset: str = ""
    edited: bool = False
    take: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderRequest:
    """Everything that decides a stem: the same request gives the same samples.

    Attributes:
        source: audio file with the content.
        region: part of it; None = the whole file at position 0.
        styles: references on disk.
        settings: the engine's knobs.
        chain: the effects.
        stem: where the result goes (32-bit float Broadcast Wave).
        origin: for people; does not change the sound.
        device: ``"auto"``, ``"cpu"``, or an accelerator's name.
        share: hear only this share of the region, and write what was heard in place of a stem.
        heard: what others heard of the region, a file for each share; gives the same samples.
    """

    source: Path
    stem: Path
    styles: tuple[StyleFile, ...]
    region: Region | None = None
    settings: StyleSettings = field(default_factory=StyleSettings)
    chain: ChainPlan = field(default_factory=ChainPlan)
    origin: Origin = field(default_factory=Origin)
    device: str = "auto"
    share: Share | None = None
    heard: tuple[Path, ...] = ()

    @property
    def is_in_job_folder(self) -> bool:
        """The stem goes to a job's folder, where hosts write as well."""
        return self.stem.name == STEM_FILE

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=_plain)

    @classmethod
    def from_json(cls, text: str) -> RenderRequest:
        raw = json.loads(text)
        return cls(
            source=Path(raw["source"]),
            stem=Path(raw["stem"]),
            styles=tuple(StyleFile.of(style) for style in raw["styles"]),
            region=Region(**raw["region"]) if raw["region"] else None,
            settings=StyleSettings(**raw["settings"]),
            chain=ChainPlan.from_json(raw["chain"]),
            origin=Origin(**raw["origin"]),
            device=raw["device"],
            share=Share(**raw["share"]) if raw.get("share") else None,
            heard=tuple(map(Path, raw.get("heard", ()))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stem:
    """A finished stem on disk. Positions in samples of ``rate``.

    Attributes:
        short: its source breaks off, and was rendered as far as it goes.
    """

    path: Path
    start: int
    length: int
    rate: int
    channels: int
    seconds_taken: float = 0.0
    short: Shortfall | None = None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> Stem:
        """From what ``dataclasses.asdict`` gave."""
        return cls(**{**raw, "path": Path(raw["path"]), "short": Shortfall.of(raw.get("short"))})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQueued:
    job: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobProgressed:
    """``fraction`` 0..1 never falls within one run; ``stage`` is a short word for people."""

    job: str
    fraction: float
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDone:
    job: str
    stem: Stem


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed:
    job: str
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWasCancelled:
    job: str


JobEnding = JobDone | JobFailed | JobWasCancelled
JobEvent = JobQueued | JobProgressed | JobEnding


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} cannot be serialised to JSON")
