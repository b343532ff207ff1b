"""Audible: what of the workspace can be heard, opened and measured in the background. No Qt."""

from __future__ import annotations

import threading
from dataclasses import replace

from stylus_ui.audition.loading import Loudness, Wanted, levelled, measured, opened
from stylus_ui.audition.programme import Layer, Programme
from stylus_ui.state.dispatch import Background
from stylus_ui.state.observable import Forget, Property, Signal
from stylus_ui.workspace.takes import Take
from stylus_ui.workspace.workpiece import Workpiece
from stylus_ui.workspace.workspace import Workspace

AT_ONCE_S = 60
"""A loop up to this long is measured before it is heard; a longer one is heard first and levelled later."""


class Audible:
    """Follows the content, the selection, the take that is looked at (or the one before it), and the draft.

    Attributes:
        programme: what to play; None: nothing.
        loudness: of its sides.
        matched: both sides as loud as the quieter.
        draft: a few rendered seconds over the result, looped instead of the selection.
        problem: emits what could not be opened.
    """

    def __init__(self, workspace: Workspace, background: Background, *, matched: bool = True) -> None:
        self._workspace, self._background = workspace, background
        self._wanted: Wanted | None = None
        self._plain: Programme | None = None
        self._is_opening = False
        self._forget: Forget = lambda: None
        self._forget_measuring: Forget = lambda: None
        self.programme: Property[Programme | None] = Property(None)
        self.loudness, self.matched = Property(Loudness()), Property(matched)
        self.draft: Property[Layer | None] = Property(None)
        self.problem: Signal[Exception] = Signal()

    def start(self) -> None:
        """Take up what the workspace holds, and follow it."""
        for source in (self.draft, self._workspace.takes.shown, self._workspace.workpiece):
            source.changed.connect(lambda _: self._take_up())
        for source in (self.matched, self.loudness):
            source.changed.connect(lambda _: self._publish())
        self._take_up()

    def close(self) -> None:
        """Forget what is being opened."""
        self._forget()
        self._forget_measuring()

    @property
    def expects_result(self) -> bool:
        """What is played, or being opened, has a result."""
        return self._wanted is not None and bool(self._wanted.stem or self._wanted.draft)

    def _take_up(self) -> None:
        wanted = wanted_of(self._workspace.workpiece.value, self._workspace.takes.heard, self.draft.value)
        before, self._wanted = self._wanted, wanted
        if wanted == before:
            return
        if wanted is None:
            self._forget()
            self._take_over(None, Loudness())
        elif before and replace(before, loop=wanted.loop) == wanted:
            self._loop(wanted)
        else:
            self._open(wanted)

    def _loop(self, wanted: Wanted) -> None:
        """Only the loop is another one; what is being opened will have it."""
        if self._plain and not self._is_opening:
            self._plain = replace(self._plain, loop=wanted.loop)
            self._publish()
            self._measure(wanted)

    def _open(self, wanted: Wanted) -> None:
        self._forget()
        self._is_opening = True
        self._forget = self._background.run(
            lambda: _ready(wanted),
            done=lambda ready: self._opened(wanted, *ready),
            failed=lambda error: self._failed(wanted, error),
        )

    def _opened(self, wanted: Wanted, programme: Programme, loudness: Loudness | None) -> None:
        loop = self._wanted.loop if self._wanted else wanted.loop
        self._take_over(replace(programme, loop=loop), loudness or Loudness())
        if loudness is None:
            self._measure(wanted)

    def _failed(self, wanted: Wanted, error: Exception) -> None:
        """A result that has gone leaves the original."""
        self.problem.emit(error)
        if wanted.stem or wanted.draft:
            self._open(replace(wanted, stem=None, draft=None))
        else:
            self._take_over(None, Loudness())

    def _measure(self, wanted: Wanted) -> None:
        self._forget_measuring()
        cancelled = threading.Event()
        forget = self._background.run(
            lambda: measured(wanted, cancelled.is_set), done=self._measured, failed=self.problem.emit
        )

        def forget_measuring() -> None:
            cancelled.set()
            forget()

        self._forget_measuring = forget_measuring

    def _measured(self, loudness: Loudness) -> None:
        self.loudness.value = loudness

    def _take_over(self, plain: Programme | None, loudness: Loudness) -> None:
        self._forget_measuring()
        self._is_opening = False
        self._plain = plain
        self.loudness.value = loudness
        self._publish()

    def _publish(self) -> None:
        loudness = self.loudness.value if self.matched.value else Loudness()
        self.programme.value = levelled(self._plain, loudness) if self._plain else None


def wanted_of(workpiece: Workpiece, take: Take | None, layer: Layer | None) -> Wanted | None:
    """What is to be heard of the workpiece, the take that is looked at, and rendered seconds over it.

    A take of other content is not heard; a take of a further file that was dropped comes with its own original.
    """
    content, region = workpiece.content, workpiece.region
    if content is None or region is None:
        return None
    stem = take.stem if take else None
    if take and stem and take.request.source in workpiece.more:
        return Wanted(original=take.request.source, stem=stem.path)
    wanted = Wanted(original=content.path, draft=layer, loop=(region.first, min(region.end, content.frames)))
    if layer:
        wanted = replace(wanted, loop=(layer.at, layer.end))
    if take and stem and take.request.source == content.path:
        place = take.request.region
        return replace(wanted, stem=stem.path, stem_at=place.source_offset + place.before if place else 0)
    return wanted


def _ready(wanted: Wanted) -> tuple[Programme, Loudness | None]:
    programme = opened(wanted)
    first, end = programme.span
    return programme, measured(wanted) if end - first <= AT_ONCE_S * programme.rate else None
