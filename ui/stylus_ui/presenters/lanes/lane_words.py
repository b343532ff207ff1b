"""What a lane says of itself in its corner. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

from stylus_ui.presenters.lanes.lane import Lane, LaneState
from stylus_ui.presenters.lanes.lane_draft import LaneDraft
from stylus_ui.state.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A word, the theme's colour of the dot before it (empty: no dot), and a note behind it."""

    text: str
    dot: str = ""
    note: str = ""


def said_of(lane: Lane, draft: LaneDraft | None, text: Text, *, is_result: bool) -> Said | None:
    """What is going on in a lane; None: nothing that must be said."""
    if lane.state is LaneState.RENDERING:
        return Said(text=text("{percent} %", percent=int(lane.fraction * 100)), dot="busy", note=text(lane.note))
    if lane.state is LaneState.WAITING:
        return Said(text=text("waiting"), dot="muted")
    if draft is not None:
        seconds, whole = (text.number(length, 0 if length >= 1 else 1) for length in (draft.length_s, draft.whole_s))
        said = text("Draft, {seconds} of {whole} s, not rendered", seconds=seconds, whole=whole)
        return Said(text=said, dot="busy")
    if lane.state is LaneState.SHOWN and is_result:
        return _of_result(lane, text)
    scanned = _scanned(lane)
    return Said(text=text("drawing {percent} %", percent=int(scanned * 100))) if scanned < 1.0 else None


def _of_result(lane: Lane, text: Text) -> Said:
    if lane.message:
        return Said(text=text("the last render failed"), dot="bad")
    if lane.is_draft:
        return Said(text=text("draft"), dot="busy", note=lane.note)
    return Said(text=text("rendered"), dot="good", note=lane.note)


def _scanned(lane: Lane) -> float:
    """How much of its file is drawn, 0..1."""
    audio = lane.audio
    return audio.opened.peaks.fraction if audio is not None and audio.opened is not None else 1.0
