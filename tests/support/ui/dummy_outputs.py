"""Sound outputs without sound: what is written to them stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from stylus_daw.audio.clip import Samples
from stylus_ui.audition.devices import NoDeviceError


class DummyOutputs:
    """See ``stylus_ui.audition.output.Devices``; one open device at a time."""

    rate, channels, frames = 48_000, 2, 480

    def __init__(self) -> None:
        self.names: tuple[str, ...] = ("Loudspeaker", "Headphones")
        self.refused: set[str] = set()
        self.fault: Exception | None = None
        self.written: list[Samples] = []
        self.opened_names: list[str] = []
        self.is_hanging = False
        self.name = ""
        self._free = threading.Event()
        self._free.set()

    def output_names(self) -> tuple[str, ...]:
        return self.names

    @contextmanager
    def opened(self, name: str = "") -> Iterator[DummyOutputs]:
        if not self.names:
            raise NoDeviceError("No sound output was found. Connect one, then try again.")
        self.name = name if name in self.names else self.names[0]
        if self.name in self.refused:
            raise NoDeviceError(f"The sound output '{self.name}' does not open.", self.name)
        self.opened_names.append(self.name)
        yield self

    def write(self, samples: Samples) -> None:
        if self.fault:
            raise self.fault
        self.is_hanging = not self._free.is_set()
        self._free.wait()
        self.is_hanging = False
        self.written.append(samples)

    def hang(self) -> None:
        """The next write hangs until the device is abandoned."""
        self._free.clear()

    def abandon(self) -> None:
        self._free.set()
