"""Lane: what one lane shows, as plain data. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stylus_daw.engine.request import Quality
from stylus_ui.drawing.lane_audio import LaneAudio
from stylus_ui.workspace.takes import Take, TakeState
from stylus_ui.workspace.workpiece import Content


class LaneState(StrEnum):
    """What a lane shows."""

    EMPTY = "empty"
    LOADING = "loading"
    WAITING = "waiting"
    RENDERING = "rendering"
    SHOWN = "shown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane.

    Attributes:
        state: what it shows.
        audio: of the file, once there is one.
        first_s: where the lane's sound begins, seconds from the beginning of the content.
        length_s: how long it is; 0: unknown.
        fraction: of the render, 0..1.
        note: a short word beside it: the stage of the render, how long it took.
        is_draft: of draft quality.
        message: what went wrong, a sentence; beside a sound: with the render after it.
    """

    state: LaneState = LaneState.EMPTY
    audio: LaneAudio | None = None
    first_s: float = 0.0
    length_s: float = 0.0
    fraction: float = 0.0
    note: str = ""
    is_draft: bool = False
    message: str = ""


def lane_of_unfinished(take: Take, content: Content) -> Lane:
    """The lane of a take that waits or renders."""
    first_s, length_s = place_of(take, content)
    return Lane(
        state=LaneState.WAITING if take.state is TakeState.WAITING else LaneState.RENDERING,
        first_s=first_s,
        length_s=length_s,
        fraction=take.fraction,
        note=take.stage,
        is_draft=is_draft(take),
    )


def place_of(take: Take, content: Content) -> tuple[float, float]:
    """Where a take's region begins in the content, and its length, seconds."""
    region = take.request.region
    if region is None:
        return 0.0, content.seconds
    return (region.source_offset + region.before) / content.rate, region.length / content.rate


def is_draft(take: Take) -> bool:
    """It was rendered at draft quality."""
    return take.request.settings.quality is Quality.DRAFT
