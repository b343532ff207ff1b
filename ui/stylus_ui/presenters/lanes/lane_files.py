"""LaneFiles: opens the file of a lane, and closes the one before it. No Qt."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stylus_daw.errors import StylusError
from stylus_ui.drawing.lane_audio import LaneAudio, LaneSources
from stylus_ui.presenters.lanes.lane import Lane, LaneState
from stylus_ui.state.observable import Property
from stylus_ui.state.text import Text

logger = logging.getLogger(__name__)


class LaneFiles:
    """Each lane has one file open at most.

    Args:
        sources: what files are loaded with.
        text: translates.
        repaint: called when there is more to draw of a file.
    """

    def __init__(self, sources: LaneSources, text: Text, repaint: Callable[[], object]) -> None:
        self._sources, self._text, self._repaint = sources, text, repaint

    def load(self, shown: Property[Lane], path: Path, lane: Lane) -> None:
        """Open a file for a lane, which becomes shown or failed by itself."""
        audio = LaneAudio(path, self._sources)
        self.replace(shown, replace(lane, state=LaneState.LOADING, audio=audio))

        def follow() -> None:
            if shown.value.audio is audio:
                shown.value = self._followed(shown.value, audio)
                self._repaint()

        audio.changed.connect(follow)
        follow()

    def replace(self, shown: Property[Lane], lane: Lane) -> None:
        """Show something else; a file that is not shown any more is closed."""
        before = shown.value.audio
        shown.value = lane
        if before is not None and before is not lane.audio:
            before.close()

    def _followed(self, lane: Lane, audio: LaneAudio) -> Lane:
        if audio.problem is not None:
            return replace(lane, state=LaneState.FAILED, message=self._sentence(audio.problem))
        return replace(lane, state=LaneState.LOADING if audio.opened is None else LaneState.SHOWN)

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, StylusError):
            return error.message
        logger.error("a file cannot be drawn", exc_info=error)
        return self._text("The audio cannot be drawn: an unexpected error, described in the log.")
