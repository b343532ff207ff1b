"""Transport: plays what can be heard of the workspace. No Qt.

It is the window's `AuditionPlayer`. Commands go to a feed, which a thread of its own carries to the
sound output; what is heard comes back by :meth:`Transport.tick`, which the view calls while anything sounds.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

from stylus_daw.errors import AudioFileError
from stylus_daw.jobs.style_part import StylePart
from stylus_ui.audition import devices
from stylus_ui.audition.feed import Feed
from stylus_ui.audition.mixer import DEFAULT_RATE, Mixer
from stylus_ui.audition.output import Devices, Output, OutputState
from stylus_ui.audition.playhead import heard_position
from stylus_ui.audition.programme import Layer, Programme
from stylus_ui.presenters.listening.audible import Audible
from stylus_ui.presenters.listening.previews import StylePreviews
from stylus_ui.state.dispatch import Background, Dispatcher
from stylus_ui.state.observable import Forget, Property, Signal
from stylus_ui.state.player import Side
from stylus_ui.state.preferences import Preferences
from stylus_ui.workspace.takes import Take
from stylus_ui.workspace.workspace import Workspace

DEVICE, VOLUME, MATCHED, LOOP = "transport.device", "transport.volume_db", "transport.matched", "transport.loop"
STEP_S = 1.0


class Transport:
    """Plays the original, the result and their difference, sample-locked.

    Attributes:
        device, playing, side, loop, position_s, previewing: see `AuditionPlayer`.
        output: the sound output, or why there is none.
        length_s: of the content and what rings on after it; 0: there is nothing to play.
        has_result: else only the original can be heard.
        lufs: what is heard while it plays, else the whole side; ``-inf`` if it is not known.
        volume_db: -60 (silence) to 0.
        audible: what is played; its ``matched`` may be set.
        problem: emits why a sound broke off.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        preferences: Preferences,
        dispatcher: Dispatcher,
        background: Background,
        outputs: Devices = devices,
    ) -> None:
        self._preferences = preferences
        self._feed = Feed()
        self._output = Output(
            self._feed, lambda state: dispatcher.post(lambda: self._show_output(state), key="output"), outputs=outputs
        )
        self._previews = StylePreviews(self._feed, background, self._output.wake)
        self._programme: Programme | None = None
        self._told = ""
        self._forget: Forget = lambda: None
        self._forget_content: Forget = lambda: None
        self._workspace, self._takes = workspace, workspace.takes
        self.audible = Audible(workspace, background, matched=preferences.get(MATCHED, True))
        self.previewing, self.preview_problem = self._previews.file, self._previews.problem
        self.device, self.output = Property(""), Property(OutputState())
        self.playing, self.position_s, self.length_s = Property(False), Property(0.0), Property(0.0)
        self.side, self.has_result = Property(Side.ORIGINAL), Property(False)
        self.loop, self.volume_db = Property(preferences.get(LOOP, True)), Property(preferences.get(VOLUME, 0.0))
        self.lufs = Property(-math.inf)
        self.problem: Signal[Exception] = Signal()

    def start(self) -> None:
        """Look for a sound output and take up what the workspace holds."""
        self.volume_db.observe(self._set_volume)
        self.loop.observe(self._set_loop)
        self.side.changed.connect(self._hear)
        self.audible.matched.changed.connect(lambda matched: self._preferences.set(MATCHED, matched))
        self.audible.programme.changed.connect(self._load)
        self.audible.loudness.changed.connect(lambda _: self._show_loudness())
        self._forget = self._takes.done.connect(self._hear_new)
        self._output.start(self.chosen_device)
        self.audible.start()
        self._forget_content = self._workspace.workpiece.changed.connect(lambda _: self._expect())

    def close(self) -> None:
        """Stop, and let go of the output."""
        self._forget()
        self._forget_content()
        self.audible.close()
        self._previews.stop()
        self._output.close()

    def play(self) -> None:
        """From the playhead; without a sound output, look for one again."""
        if not self.device.value:
            self.retry()
        if self._programme is not None:
            if self.previewing.value is not None:
                self._previews.stop()
            self._command(lambda mixer: mixer.play())
            self.playing.value = True

    def pause(self) -> None:
        self._command(lambda mixer: mixer.pause())
        self.playing.value = False
        self._show_loudness()

    def toggle(self) -> None:
        """Play or pause; a preview is stopped."""
        if self.previewing.value is not None:
            self.stop_preview()
        elif self.playing.value:
            self.pause()
        else:
            self.play()

    def seek(self, seconds: float) -> None:
        """Move the playhead, at most to the end of the content."""
        if self._programme is not None:
            position = min(max(0, round(seconds * self._programme.rate)), self._programme.length - 1)
            self._command(lambda mixer: mixer.seek(position))
            self.position_s.value = position / self._programme.rate

    def step(self, by_s: float = STEP_S) -> None:
        """A little forward, or back."""
        self.seek(self.position_s.value + by_s)

    def to_start(self) -> None:
        """To the beginning of what is looped."""
        if self._programme is not None:
            self.seek(self._programme.span[0] / self._programme.rate)

    def hear(self, side: Side) -> None:
        """Switch; if there is no result, only the original can be heard."""
        self.side.value = side if self.has_result.value else Side.ORIGINAL

    def preview(self, path: Path, part: StylePart | None = None) -> None:
        """Play the first seconds of a file, or of a part of it; the workspace's sound pauses."""
        self.pause()
        self._previews.play(path, self._programme.rate if self._programme else DEFAULT_RATE, part)

    def stop_preview(self) -> None:
        """It fades out."""
        self._previews.stop()

    @property
    def position(self) -> int:
        """Sample of the content under the playhead."""
        return round(self.position_s.value * self._programme.rate) if self._programme else 0

    def show_draft(self, layer: Layer | None) -> None:
        """Lay a few rendered seconds over the result and loop them; None: no more."""
        self.audible.draft.value = layer

    @property
    def chosen_device(self) -> str:
        """What the user chose; empty: what the system says."""
        return self._preferences.get(DEVICE, "")

    def choose_device(self, name: str) -> None:
        """Use this output from now on; empty: what the system says."""
        self._preferences.set(DEVICE, name)
        self._output.choose(name)

    def retry(self) -> None:
        """Look again for the sound output."""
        self._output.choose(self.chosen_device)

    def tick(self) -> None:
        """Take in what is heard. The view calls it some 30 times a second while something sounds."""
        self._output.free_if_stuck()
        heard = self._feed.heard
        if heard.obeyed < self._feed.commanded:
            return
        if heard.problem != self._told:
            self._told = heard.problem
            if heard.problem:
                self.problem.emit(AudioFileError("audition.broken", heard.problem))
        self._previews.follow(heard)
        if self._programme is not None:
            span = self._programme.span if self.loop.value else None
            rate, latency_s = self._programme.rate, self.output.value.latency_s
            position = heard_position(heard, time.monotonic(), rate=rate, latency_s=latency_s, span=span)
            self.position_s.value = position / rate
        self.playing.value = heard.is_playing
        if heard.is_playing:
            self.lufs.value = heard.lufs
        else:
            self._show_loudness()

    def _command(self, call: Callable[[Mixer], object]) -> None:
        self._feed.command(call)
        self._output.wake()

    def _set_volume(self, volume_db: float) -> None:
        self._preferences.set(VOLUME, volume_db)
        self._feed.set_volume(volume_db)

    def _set_loop(self, is_looping: bool) -> None:
        self._preferences.set(LOOP, is_looping)
        self._command(lambda mixer: mixer.set_loop(is_looping))

    def _hear(self, side: Side) -> None:
        self._command(lambda mixer: mixer.choose(side))
        self._show_loudness()

    def _load(self, programme: Programme | None) -> None:
        before, self._programme = self._programme, programme
        is_new = _content_of(before) != _content_of(programme)
        if is_new:
            self.pause()
        self._command(lambda mixer: mixer.load(programme))
        self.length_s.value = programme.length / programme.rate if programme else 0.0
        self._show_result(programme is not None and programme.has_result)
        if is_new:
            self.position_s.value = 0.0
            self.to_start()

    def _hear_new(self, take: Take) -> None:
        """A render is over: one wants to hear it, also where B has played the take before it until now."""
        if self._takes.shown.value == take:
            self.hear(Side.RESULT)

    def _expect(self) -> None:
        """Other content may take long to open; that it has no result yet is known at once."""
        if not self.audible.expects_result:
            self._show_result(False)

    def _show_result(self, has_result: bool) -> None:
        """The first result is what one wants to hear; without one, there is only the original."""
        had_one, self.has_result.value = self.has_result.value, has_result
        if has_result != had_one:
            self.side.value = Side.RESULT if has_result else Side.ORIGINAL

    def _show_loudness(self) -> None:
        if not self.playing.value:
            self.lufs.value = self.audible.loudness.value.of(self.side.value, matched=self.audible.matched.value)

    def _show_output(self, state: OutputState) -> None:
        self.device.value = state.device
        self.output.value = state
        if not state.device:
            self.playing.value = False


def _content_of(programme: Programme | None) -> Path | None:
    return programme.name if programme else None
