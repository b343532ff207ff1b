"""Output: the thread that carries the feed to a device, and knows whether there is one."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from stylus_daw.audio.clip import Samples
from stylus_ui.audition import devices
from stylus_ui.audition.devices import NoDeviceError
from stylus_ui.audition.feed import Feed

logger = logging.getLogger(__name__)

LINGER_S = 2.0
"""How long a device stays open with nothing to play: opening one takes a moment."""
WAIT_SHARE = 0.9
"""Of a block's time, spent asleep between writes; the rest of it, `AudioStream.write` waits in a busy loop."""
STUCK_S = 2.0


class Device(Protocol):
    """An open output (see ``stylus_ui.audition.devices.OutputDevice``)."""

    name: str
    rate: int
    channels: int
    frames: int

    def write(self, samples: Samples) -> None: ...
    def abandon(self) -> None: ...


class Devices(Protocol):
    """All outputs (``stylus_ui.audition.devices`` is the real one)."""

    def output_names(self) -> tuple[str, ...]: ...
    def opened(self, name: str = "") -> AbstractContextManager[Device]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputState:
    """Whether there is a sound output.

    Attributes:
        device: the one in use or to be used; empty: none.
        wanted: the one that does not open; empty: there is none at all.
        problem: why there is none: a sentence with the next step; empty: all is well, or nobody has looked yet.
        names: all there are.
        latency_s: from the feed to the ear, as far as it is known.
    """

    device: str = ""
    wanted: str = ""
    problem: str = ""
    names: tuple[str, ...] = ()
    latency_s: float = 0.0


class Output:
    """Plays a feed while there is something to play.

    Args:
        feed: what to play.
        changed: called on the output's thread with every new state.
        outputs: where devices come from.
    """

    def __init__(self, feed: Feed, changed: Callable[[OutputState], object], *, outputs: Devices = devices) -> None:
        self._feed, self._changed, self._outputs = feed, changed, outputs
        self.state = OutputState()
        self._chosen = ""
        self._device: Device | None = None
        self._writing_since: float | None = None
        self._closing, self._reopening, self._woken = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="audition", daemon=True)

    def start(self, device: str = "") -> None:
        """Look for outputs; ``device`` is preferred if it is there."""
        self._chosen = device
        self._thread.start()

    def wake(self) -> None:
        """Something was commanded."""
        self._woken.set()

    def choose(self, device: str) -> None:
        """Use another output, or look again for this one."""
        self._chosen = device
        self._reopening.set()
        self.wake()

    def free_if_stuck(self) -> None:
        """Let go of a device that takes nothing any more. Called now and then while something plays."""
        since, device = self._writing_since, self._device
        if since is not None and device is not None and time.monotonic() - since > STUCK_S:
            logger.warning("the sound output %s takes nothing any more", device.name)
            self._writing_since = None
            self._reopening.set()
            device.abandon()

    def close(self, timeout_s: float = 3.0) -> None:
        """End; a write that hangs is freed."""
        self._closing.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s / 2)
        if self._thread.is_alive() and self._device is not None:
            self._device.abandon()
            self._thread.join(timeout_s / 2)

    def _run(self) -> None:
        _use_com()
        self._look()
        while not self._closing.is_set():
            self._woken.wait()
            self._woken.clear()
            if self._reopening.is_set():
                self._reopening.clear()
                self._look()
            if self._feed.obey() and not self._closing.is_set():
                self._play()

    def _look(self) -> None:
        """Open and close, so that it is known before anybody presses play."""
        with self._reported(), self._outputs.opened(self._chosen) as device:
            self._tell(device)

    def _play(self) -> None:
        with self._reported(), self._outputs.opened(self._chosen) as device:
            self._device = device
            self._tell(device)
            try:
                self._play_on(device)
            finally:
                self._device = None
        if self._reopening.is_set():
            self.wake()

    def _play_on(self, device: Device) -> None:
        """Until there was nothing to play for a while."""
        silent_frames = 0
        while silent_frames < LINGER_S * device.rate:
            if self._closing.is_set() or self._reopening.is_set():
                return
            silent_frames = 0 if self._feed.obey() else silent_frames + device.frames
            block = self._feed.block(device.frames, device.rate, device.channels)
            self._writing_since = time.monotonic()
            device.write(block)
            self._writing_since = None
            self._closing.wait(WAIT_SHARE * device.frames / device.rate)

    def _tell(self, device: Device) -> None:
        state = OutputState(
            device=device.name, names=self._outputs.output_names(), latency_s=2 * device.frames / device.rate
        )
        if state != self.state:
            self._publish(state)

    @contextmanager
    def _reported(self) -> Iterator[None]:
        try:
            yield
        except NoDeviceError as error:
            self._lose(error.message, error.device)
        except Exception as error:
            logger.exception("The sound output failed")
            self._lose(f"The sound output failed ({error}). Choose another, or try again.", self._chosen)

    def _lose(self, problem: str, wanted: str) -> None:
        self._feed.silence()
        names = self._outputs.output_names()
        self._publish(OutputState(wanted=wanted or next(iter(names), ""), problem=problem, names=names))

    def _publish(self, state: OutputState) -> None:
        self.state = state
        self._changed(state)


def _use_com() -> None:
    """Windows' audio interfaces work only on threads that have initialised COM."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.ole32.CoInitializeEx(None, 0)
