"""Devices: sound outputs, through pedalboard's AudioStream. The only module that touches it.

What `AudioStream` (pedalboard 0.9.26) does, read in its source and measured: ``write`` blocks in a busy loop until
its ring buffer of one ``buffer_size`` has taken all; it raises when the rate is not the device's; nothing reports an
underrun; and when a device vanishes during ``write``, it loops for ever, until another thread stops the stream.
Its wheels for Linux hold a libasound that looks for plug-ins (PulseAudio, PipeWire) in Fedora's folder only.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pedalboard.io import AudioStream

from stylus_daw.audio.clip import Samples
from stylus_daw.errors import StylusError

BUFFER = 2048
ALSA_FOLDERS = ("/usr/lib/*/alsa-lib", "/usr/lib64/alsa-lib", "/usr/lib/alsa-lib")


class NoDeviceError(StylusError):
    """There is no sound output, or ``device`` does not open."""

    def __init__(self, message: str, device: str = "") -> None:
        super().__init__("audition.no_device", message)
        self.device = device


class OutputDevice:
    """An open sound output.

    Attributes:
        name: as the system calls it.
        rate: samples per second; the device's own, never changed by us: a DAW may be using it.
        channels: 1 or 2.
        frames: samples that :meth:`write` takes at a time.
    """

    def __init__(self, name: str, stream: AudioStream) -> None:
        self.name = name
        self.rate = round(stream.sample_rate)
        self.channels = max(1, min(2, stream.num_output_channels))
        self.frames = stream.buffer_size
        self._stream = stream

    def write(self, samples: Samples) -> None:
        """Blocks until the device has taken them. Shape: ``[channels, frames]``."""
        self._stream.write(samples, self._stream.sample_rate)

    def abandon(self) -> None:
        """Let go of a device that is gone; a ``write`` that hangs returns. May be called from any thread."""
        self._stream.__exit__(None, None, None)


def output_names() -> tuple[str, ...]:
    """All sound outputs, the system's own choice first; empty if there are none."""
    _find_alsa_plugins()
    names = [name for name in AudioStream.output_device_names if not _is_converter(name)]
    default = AudioStream.default_output_device_name if names else None
    return tuple(dict.fromkeys([default, *names] if default in names else names))


@contextmanager
def opened(name: str = "") -> Iterator[OutputDevice]:
    """An output, running; the system's own choice if no name is given.

    Raises:
        NoDeviceError: there is none of that name, or it does not open.
    """
    names = output_names()
    if not names:
        raise NoDeviceError("No sound output was found. Connect one, then try again.")
    chosen = name if name in names else names[0]
    with _stream(chosen) as stream:
        yield OutputDevice(chosen, stream)


@contextmanager
def _stream(name: str) -> Iterator[AudioStream]:
    try:
        stream = AudioStream(output_device_name=name, buffer_size=BUFFER)
        if stream.buffer_size > BUFFER:  # the ring buffer would be smaller than what the device takes at once
            stream = AudioStream(output_device_name=name, buffer_size=stream.buffer_size)
        stream.__enter__()
    except (ValueError, RuntimeError) as error:
        text = f"The sound output '{name}' does not open ({error}). Close what else uses it, or choose another."
        raise NoDeviceError(text, name) from error
    try:
        yield stream
    finally:
        stream.__exit__(None, None, None)


def _is_converter(name: str) -> bool:
    """ALSA lists its converters as if they were devices."""
    return sys.platform == "linux" and name.startswith(("Rate Converter", "Plugin ", "Discard all samples"))


def _find_alsa_plugins() -> None:
    """Tell libasound where this system keeps its plug-ins, unless the user did."""
    if sys.platform != "linux" or "ALSA_PLUGIN_DIR" in os.environ:
        return
    for pattern in ALSA_FOLDERS:
        for folder in sorted(Path("/").glob(pattern.lstrip("/"))):
            if any(folder.glob("libasound_module_pcm_*.so")):
                os.environ["ALSA_PLUGIN_DIR"] = str(folder)
                return
