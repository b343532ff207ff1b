"""LanesPresenter: what the content and the result lane show, and what is done in them. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stylus_ui.drawing.lane_audio import LaneSources
from stylus_ui.presenters.lanes.lane import Lane, LaneState, is_draft, lane_of_unfinished, place_of
from stylus_ui.presenters.lanes.lane_draft import LaneDrafts, seconds_taken
from stylus_ui.presenters.lanes.lane_files import LaneFiles
from stylus_ui.presenters.lanes.ruler import Tempo
from stylus_ui.presenters.lanes.time_view import TimeView
from stylus_ui.state.observable import Property, Signal
from stylus_ui.state.preferences import Preferences
from stylus_ui.state.text import Text
from stylus_ui.workspace.takes import Take, TakeState
from stylus_ui.workspace.workpiece import Content, Selection, Workpiece
from stylus_ui.workspace.workspace import Workspace

LEAST_REGION_S = 0.05
SHOWS_MEL = "lanes.shows_mel"


class LanesPresenter:
    """Both lanes.

    Attributes:
        content, result: the lanes.
        draft: what covers the result; None: nothing does.
        view: what is in sight; None while there is no content.
        region_s: the part that is rendered, seconds; None while there is no content.
        heard_s: the same with its handles.
        shows_mel: the mel picture instead of the waveform.
        position_s: the playhead.
        tempo: of the session, where it is known; set it after the content.
        seek: emits where the playhead is wanted, seconds.
        repaint: emits when there is more to draw of a file.

    Args:
        workspace: whose content and takes are shown.
        sources: what files are loaded with.
        text: translates.
        preferences: remember which picture is shown.
    """

    def __init__(self, workspace: Workspace, sources: LaneSources, text: Text, preferences: Preferences) -> None:
        self._workspace, self._text = workspace, text
        self.content: Property[Lane] = Property(Lane())
        self.result: Property[Lane] = Property(Lane())
        self.view: Property[TimeView | None] = Property(None)
        self.region_s: Property[tuple[float, float] | None] = Property(None)
        self.heard_s: Property[tuple[float, float] | None] = Property(None)
        self._preferences = preferences
        self.shows_mel = Property(preferences.get(SHOWS_MEL, False))
        self.position_s = Property(0.0)
        self.tempo: Property[Tempo | None] = Property(None)
        self.seek: Signal[float] = Signal()
        self.repaint: Signal[()] = Signal()
        self._drafts = LaneDrafts(workspace, sources, text, self.repaint.emit)
        self.draft = self._drafts.shown
        self._files = LaneFiles(sources, text, self.repaint.emit)
        self._forget = (
            workspace.workpiece.observe(self._show_workpiece),
            workspace.takes.shown.observe(self._show_take),
        )

    def close(self) -> None:
        """Load and follow nothing more."""
        for forget in self._forget:
            forget()
        self._drafts.close()
        for lane in (self.content.value, self.result.value):
            if lane.audio is not None:
                lane.audio.close()

    # What is said

    @property
    def header(self) -> tuple[str, str]:
        """Where the content comes from, and what it is."""
        content = self._workspace.workpiece.value.content
        if content is None:
            return "", ""
        origin = content.origin
        named = " · ".join(part for part in (origin.track, origin.project) if part)
        return named or content.path.name, " · ".join((self._format(content), self._length(content)))

    def _format(self, content: Content) -> str:
        kinds = {1: self._text("mono"), 2: self._text("stereo")}
        channels = kinds.get(content.channels) or self._text("{count} channels", count=content.channels)
        return self._text("{rate} kHz {channels}", rate=f"{content.rate / 1000:g}", channels=channels)

    def _length(self, content: Content) -> str:
        return self._text("{seconds} s", seconds=self._text.number(content.seconds, 3))

    # What is done

    def drop(self, paths: Sequence[Path]) -> None:
        """Files became the content: the first is looked at, each is a job."""
        self._workspace.open_files(list(paths))

    def zoom(self, factor: float, at_s: float | None = None) -> None:
        """Zoom in (above 1) or out around a moment; left out, the playhead if it is in sight, else the middle."""
        view = self.view.value
        if view is not None:
            middle = (view.first_s + view.last_s) / 2
            head = self.position_s.value
            around = head if view.first_s < head < view.last_s else middle
            self.view.value = view.zoomed(factor, at_s=around if at_s is None else at_s)

    def pan(self, by_s: float) -> None:
        """Move the view to the right; to the left where negative."""
        if self.view.value is not None:
            self.view.value = self.view.value.panned(by_s)

    def show_all(self) -> None:
        """Zoom out to all of the content."""
        if self.view.value is not None:
            self.view.value = TimeView.all_of(self.view.value.duration_s)

    def show_mel(self, shows_mel: bool) -> None:
        """The mel picture or the waveform."""
        self.shows_mel.value = shows_mel
        self._preferences.set(SHOWS_MEL, shows_mel)

    def click(self, seconds: float) -> None:
        """Ask for the playhead at a moment, seconds."""
        self.position_s.value = seconds
        self.seek.emit(seconds)

    def set_position(self, seconds: float) -> None:
        """The playhead is there; a page is turned when it leaves what is in sight."""
        self.position_s.value = seconds
        if self.view.value is not None:
            self.view.value = self.view.value.following(seconds)

    def select(self, first_s: float, last_s: float, *, gesture: str = "") -> None:
        """Select another region, never shorter than 50 ms; the ends may come in either order."""
        content = self._workspace.workpiece.value.content
        if content is None:
            return
        least = min(LEAST_REGION_S, content.seconds)
        first = min(max(0.0, min(first_s, last_s)), content.seconds - least)
        last = min(max(first + least, first_s, last_s), content.seconds)
        begin, end = round(first * content.rate), min(round(last * content.rate), content.frames)
        handles = self._workspace.workpiece.value.selection
        self._workspace.select(
            Selection(
                first=begin,
                length=max(1, end - begin),
                before=handles.before if handles else 0,
                after=handles.after if handles else 0,
            ),
            gesture=gesture,
        )

    def move_edge(self, *, is_end: bool, to_s: float, gesture: str = "") -> None:
        """Drag one end of the region; it stops before the other one."""
        if self.region_s.value is not None:
            first, last = self.region_s.value
            if is_end:
                self.select(first, max(to_s, first + LEAST_REGION_S), gesture=gesture)
            else:
                self.select(min(to_s, last - LEAST_REGION_S), last, gesture=gesture)

    def move_region(self, to_s: float, *, gesture: str = "") -> None:
        """Move the region to another moment; its length stays."""
        content, region = self._workspace.workpiece.value.content, self._workspace.workpiece.value.region
        if content is not None and region is not None:
            first = min(max(0, round(to_s * content.rate)), content.frames - region.length)
            self.select(first / content.rate, (first + region.length) / content.rate, gesture=gesture)

    def select_all(self) -> None:
        """Make all of the content the region again."""
        self._workspace.select(None)

    def end_gesture(self) -> None:
        """The mouse button was let go."""
        self._workspace.end_gesture()

    def retry(self) -> None:
        """Render again."""
        self._workspace.render()

    # What is followed

    def _show_workpiece(self, workpiece: Workpiece) -> None:
        content = workpiece.content
        lane = self.content.value
        if content is None:
            self._files.replace(self.content, Lane())
            self.view.value = self.region_s.value = self.heard_s.value = None
            return
        if lane.audio is None or lane.audio.path != content.path:
            self.view.value = TimeView.all_of(content.seconds)
            self.position_s.value = 0.0
            self.tempo.value = None
            self._files.load(self.content, content.path, Lane(length_s=content.seconds))
        region = workpiece.region or Selection(first=0, length=content.frames)
        self.region_s.value = (region.first / content.rate, region.end / content.rate)
        self.heard_s.value = (
            (region.first - region.before) / content.rate,
            (region.end + region.after) / content.rate,
        )
        self._show_take(self._workspace.takes.shown.value)

    def _show_take(self, take: Take | None) -> None:
        content = self._workspace.workpiece.value.content
        if take is None or content is None or take.request.source != content.path:
            self._files.replace(self.result, Lane())
            return
        if take.state is TakeState.DONE and take.stem is not None:
            self._show_stem(take, place_of(take, content)[0])
        elif take.state is TakeState.FAILED:
            self._files.replace(self.result, Lane(state=LaneState.FAILED, message=self._text(take.message)))
        elif take.state is TakeState.CANCELLED:
            self._files.replace(self.result, Lane())
        else:
            self._files.replace(self.result, lane_of_unfinished(take, content))

    def _show_stem(self, take: Take, first_s: float) -> None:
        stem, lane = take.stem, self.result.value
        if stem is None or (lane.audio is not None and lane.audio.path == stem.path):
            return
        took = seconds_taken(self._text, stem.seconds_taken)
        length_s = stem.length / stem.rate
        failed = self._workspace.takes.failed_after(take)
        message = self._text(failed.message) if failed else ""
        lane = Lane(first_s=first_s, length_s=length_s, note=took, is_draft=is_draft(take), message=message)
        self._files.load(self.result, stem.path, lane)
