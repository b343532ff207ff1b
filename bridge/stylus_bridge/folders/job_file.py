"""``job.json``: the schema of what a host asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from stylus_bridge.wire.protocol import PROTOCOL_VERSION
from stylus_daw.engine.knobs.schema import override_fields
from stylus_daw.engine.knobs.style_settings import StyleSettings
from stylus_daw.errors import RequestError
from stylus_daw.jobs.job import Region, StyleFile
from stylus_daw.jobs.style_part import StylePart
from stylus_daw.plain_text import plain

_MAX_POSITION = 2**62
_MAX_SAMPLES = 2**40
_Samples = Annotated[int, Field(ge=0, le=_MAX_SAMPLES)]
_Position = Annotated[int, Field(ge=-_MAX_POSITION, le=_MAX_POSITION)]


_Name = Annotated[str, BeforeValidator(lambda value: plain(value) if isinstance(value, str) else value)]
"""For people and for the log: cleaned and cut, never a reason to refuse a job."""


def _a_part(part: tuple[float, float]) -> tuple[float, float]:
    """Start and end of a style's part, checked."""
    StylePart(start_s=part[0], end_s=part[1])
    return part


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class JobRegion(_Part):
    """The selected region, in samples of ``rate``."""

    start: _Position
    length: Annotated[int, Field(ge=1, le=_MAX_SAMPLES)]
    rate: Annotated[int, Field(ge=8_000, le=192_000)]
    session_start: _Position = 0


class Handles(_Part):
    """Extra audio around the region that the engine may listen to and trims."""

    before: _Samples = 0
    after: _Samples = 0


_Knobs: type[_Part] = create_model("_Knobs", __base__=_Part, **override_fields())


class Override(_Knobs):
    """Settings that replace the preset's. None = the preset's own."""


class JobFile(_Part):
    """``job.json``: what a host asks for. ``source_offset`` is the sample of ``source`` where ``before`` begins."""

    protocol: Literal[1] = PROTOCOL_VERSION
    job: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    client: _Name = ""
    project: _Name = ""
    track: _Name = ""
    source: Annotated[str, Field(min_length=1)]
    source_offset: _Samples = 0
    region: JobRegion
    handles: Handles = Handles()
    tempo: Annotated[float, Field(gt=0, le=1_000)] | None = None
    time_signature: Annotated[str, Field(pattern=r"^[0-9]{1,3}/[0-9]{1,3}$")] | None = None
    preset: Annotated[str, Field(min_length=1)]
    style_parts: tuple[Annotated[tuple[float, float], AfterValidator(_a_part)] | None, ...] = ()
    override: Override = Override()
    allow_missing_plugins: bool = False
    insert: Literal["new-track", "new-take"] = "new-track"

    def to_region(self) -> Region:
        """The region with its handles, as a job knows it."""
        return Region(
            start=self.region.start,
            length=self.region.length,
            rate=self.region.rate,
            session_start=self.region.session_start,
            before=self.handles.before,
            after=self.handles.after,
            source_offset=self.source_offset,
        )

    def with_parts(self, styles: Sequence[StyleFile]) -> tuple[StyleFile, ...]:
        """The preset's styles, with the parts that this job has chosen of them.

        Raises:
            RequestError: ``style.parts``: not one for each style.
        """
        if not self.style_parts:
            return tuple(styles)
        if len(self.style_parts) != len(styles):
            raise RequestError(
                "style.parts",
                f"style_parts has {len(self.style_parts)} entries; allowed: {len(styles)}, one for each style of the "
                "preset. Give [start, end] in seconds, or null for all of a file.",
            )
        return tuple(
            replace(style, part=StylePart(start_s=part[0], end_s=part[1])) if part else style
            for style, part in zip(styles, self.style_parts, strict=True)
        )

    def overridden(self, settings: StyleSettings) -> StyleSettings:
        """The preset's ``settings`` with this job's overrides on top."""
        chosen = replace(settings, **self.override.model_dump(exclude_none=True))
        return replace(chosen, **self._clock()) if chosen.tempo_sync else chosen

    def _clock(self) -> dict[str, Any]:
        """What the session says of its tempo, where the overrides say nothing else."""
        told: dict[str, float | None] = {"tempo_bpm": self.tempo, "bar_beats": _quarters_in(self.time_signature)}
        return {
            name: value for name, value in told.items() if value is not None and getattr(self.override, name) is None
        }


def _quarters_in(time_signature: str | None) -> float | None:
    """Quarter notes in a bar; None if that is unknown.

    >>> _quarters_in("6/8")
    3.0
    """
    beats, _, unit = (time_signature or "").partition("/")
    return 4.0 * int(beats) / int(unit) if beats and int(unit) else None
