"""LaneDrafts: the few rendered seconds that cover the result lane while knobs turn. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stylus_ui.drawing.lane_audio import LaneAudio, LaneSources
from stylus_ui.state.observable import Property
from stylus_ui.state.text import Text
from stylus_ui.workspace.takes import DraftStem
from stylus_ui.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneDraft:
    """What covers the result.

    Attributes:
        audio: of the draft.
        first_s: where it begins, seconds from the beginning of the content.
        length_s: how long it is. whole_s: how long a render will be.
        note: how long it took.
    """

    audio: LaneAudio
    first_s: float
    length_s: float
    whole_s: float
    note: str = ""


class LaneDrafts:
    """Loads each draft as it comes.

    Attributes:
        shown: what covers the result; None: nothing does.

    Args:
        workspace: whose draft it is.
        sources: what it is loaded with.
        text: translates.
        repaint: called when there is more to draw of it.
    """

    def __init__(self, workspace: Workspace, sources: LaneSources, text: Text, repaint: Callable[[], object]) -> None:
        self._workspace, self._sources, self._text, self._repaint = workspace, sources, text, repaint
        self.shown: Property[LaneDraft | None] = Property(None)
        self._forget = workspace.takes.draft.observe(self._show)

    def close(self) -> None:
        """Load and follow nothing more."""
        self._forget()
        if self.shown.value is not None:
            self.shown.value.audio.close()

    def _show(self, stem: DraftStem | None) -> None:
        workpiece, before = self._workspace.workpiece.value, self.shown.value
        content, region = workpiece.content, workpiece.region
        self.shown.value = self._loaded(stem, region.length, content.rate) if stem and content and region else None
        if before is not None:
            before.audio.close()

    def _loaded(self, stem: DraftStem, whole: int, rate: int) -> LaneDraft:
        audio = LaneAudio(stem.path, self._sources, is_kept=False)
        audio.changed.connect(self._repaint)
        note = seconds_taken(self._text, stem.seconds_taken)
        return LaneDraft(
            audio=audio, first_s=stem.first / rate, length_s=stem.length / rate, whole_s=whole / rate, note=note
        )


def seconds_taken(text: Text, seconds: float) -> str:
    """How long a render took; empty if unknown."""
    return text("{seconds} s", seconds=text.number(seconds, 1)) if seconds else ""
