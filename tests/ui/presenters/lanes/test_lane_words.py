"""What a lane's tag says; without a window."""

from __future__ import annotations

from stylus_ui.presenters.lanes.lane import Lane, LaneState
from stylus_ui.presenters.lanes.lane_words import said_of
from stylus_ui.state.text import Text


def test_the_stage_of_a_render_is_in_the_users_language() -> None:
    lane = Lane(state=LaneState.RENDERING, fraction=0.62, note="restyling")
    said = said_of(lane, None, Text("de"), is_result=True)
    assert said is not None
    assert (said.text, said.note) == ("62 %", "gestaltet um")
