"""How the lanes of the window hold up with an hour of audio.

    python -m bench.window.lanes --out bench/window/lanes.md

The file is synthetic (48 kHz stereo, 24 bit). Frames are whole repaints of a lane 1,400 pixels wide and 160 high,
without a screen, while the view zooms from the hour to single samples; their time is the processor time of Qt's
thread, which other programs do not change. The heartbeat is a 5 ms timer of Qt's thread: a pause between two beats
is how long a click would have waited.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile

RATE, MINUTES, WIDTH, HEIGHT = 48_000, 60, 1400, 160
STEPS = 240
SCALES = (100, 200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One scale. Milliseconds but for ``scan_s``, ``cached_s`` and ``memory_mib``."""

    scan_s: float
    cached_s: float
    memory_mib: float
    idle_pauses: tuple[float, float]
    scan_pauses: tuple[float, float]
    mel_pauses: tuple[float, float]
    first_wave: float
    wave_median: float
    wave_p99: float
    mel_median: float
    mel_p99: float
    head_median: float


def main() -> None:
    """Measure at both scales and write the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--measure", type=Path, help="audio file; measures in this process and prints JSON")
    asked = parser.parse_args()
    if asked.measure:
        print(json.dumps(asdict(_measure(asked.measure))))
        return
    with tempfile.TemporaryDirectory() as folder:
        hour = Path(folder) / "hour.wav"
        write_hour(hour)
        text = _page({scale: _measured_at(scale, hour) for scale in SCALES})
    print(text) if asked.out is None else asked.out.write_text(text, "utf-8")


def write_hour(path: Path, *, minutes: int = MINUTES) -> None:
    """Decaying tones over noise, another pitch each minute; an hour of it, or as many minutes as are asked for."""
    random = np.random.default_rng(0)
    at = np.arange(RATE * 60) / RATE
    with soundfile.SoundFile(path, "w", samplerate=RATE, channels=2, subtype="PCM_24") as sound:
        for minute in range(minutes):
            tone = 0.6 * np.sin(2 * np.pi * (110 + 7 * (minute % MINUTES)) * at) * np.exp(-6 * (at % 0.5))
            noise = 0.02 * random.standard_normal(at.size)
            sound.write(np.stack([tone + noise, 0.8 * tone - noise], axis=1))


def _measured_at(scale: int, hour: Path) -> Measured:
    """In a process of its own: Qt takes its scale when it starts."""
    surroundings = {**os.environ, "QT_SCALE_FACTOR": f"{scale / 100:g}", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "bench.window.lanes", "--measure", str(hour)]
    done = subprocess.run(command, env=surroundings, check=True, stdout=subprocess.PIPE, text=True)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _measure(hour: Path) -> Measured:
    from stylus_ui.screenshots.lanes_states import shown

    with shown() as (panel, workspace):
        panel.resize(WIDTH + 32, 2 * HEIGHT + 100)
        presenter, lane = panel.presenter, panel.content
        with _heartbeat() as idle:
            until = time.monotonic() + 3
            _until(lambda: time.monotonic() > until)
        before = _memory()
        with _heartbeat() as scanning:
            began = time.monotonic()
            workspace.open_files([hour])
            first_wave = _until(lambda: _known(presenter) > 0)
            _until(lambda: _known(presenter) == 1.0)
            scan_s, memory = time.monotonic() - began, _memory() - before
        _until(lambda: any((panel.settings_home / "cache" / "peaks").glob("*.npz")))
        waves = _zoom_through(panel, lane)
        presenter.show_mel(True)
        presenter.show_all()
        with _heartbeat() as painting:
            _until(lambda: _mel_is_there(presenter))
        mels = _zoom_through(panel, lane)
        presenter.show_mel(False)
        presenter.show_all()
        heads = [_timed(lambda at=at: _move_head(panel, at)) for at in np.linspace(0, 3600, STEPS)]
        cached_s = _reopen(hour, panel)
    return Measured(
        scan_s=scan_s,
        cached_s=cached_s,
        memory_mib=memory,
        idle_pauses=_spread(idle),
        scan_pauses=_spread(scanning),
        mel_pauses=_spread(painting),
        first_wave=first_wave,
        wave_median=statistics.median(waves),
        wave_p99=_p99(waves),
        mel_median=statistics.median(mels),
        mel_p99=_p99(mels),
        head_median=statistics.median(heads),
    )


def _known(presenter) -> float:
    audio = presenter.content.value.audio
    return audio.opened.peaks.fraction if audio is not None and audio.opened is not None else 0.0


def _mel_is_there(presenter) -> bool:
    tiles = presenter.content.value.audio.tiles
    return bool(tiles.count) and not tiles.is_busy


def _zoom_through(panel, lane) -> list[float]:
    """Times of the frames from all of it down to single samples and back."""
    panel.presenter.show_all()
    factor = 1_800_000 ** (2 / STEPS)
    times = []
    for step in range(STEPS):
        panel.presenter.zoom(factor if step < STEPS / 2 else 1 / factor, 1234.5)
        times.append(_timed(lane.repaint))
        _events()
    return times


def _move_head(panel, at: float) -> None:
    panel.presenter.position_s.value = float(at)
    _events()


def _reopen(hour: Path, panel) -> float:
    from stylus_ui.drawing.peak_cache import PeakCache

    cache = PeakCache(panel.settings_home / "cache" / "peaks")
    began = time.monotonic()
    assert cache.load(hour) is not None
    return time.monotonic() - began


@contextmanager
def _heartbeat() -> Iterator[list[float]]:
    """Pauses between two beats of Qt's thread, ms."""
    from PySide6.QtCore import QTimer

    pauses, timer, last = [0.0], QTimer(), [time.perf_counter()]

    def beat() -> None:
        now = time.perf_counter()
        pauses.append((now - last[0]) * 1e3)
        last[0] = now

    timer.timeout.connect(beat)
    timer.start(5)
    yield pauses
    timer.stop()


def _until(is_so: Callable[[], bool]) -> float:
    """Run Qt's loop until it is so; returns the milliseconds that took."""
    from PySide6.QtCore import QEventLoop, QTimer

    began, loop, timer = time.monotonic(), QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if is_so() or time.monotonic() - began > 120 else None)
    timer.start(10)
    loop.exec()
    if not is_so():
        raise TimeoutError("the lanes did not get there in two minutes")
    return (time.monotonic() - began) * 1e3


def _events() -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()


def _timed(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1e3


def _spread(times: list[float]) -> tuple[float, float]:
    return _p99(times), max(times)


def _p99(times: list[float]) -> float:
    return float(np.percentile(times, 99))


def _memory() -> float:
    """Size of this process now, MiB."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 2**20


def _said(pauses: tuple[float, float]) -> str:
    return f"{pauses[0]:.0f} ms ({pauses[1]:.0f})"


def _page(measured: dict[int, Measured]) -> str:
    rows = {
        "first waveform on the screen": lambda m: f"{m.first_wave:.0f} ms",
        "all of it scanned": lambda m: f"{m.scan_s:.1f} s",
        "memory for that": lambda m: f"{m.memory_mib:.0f} MiB",
        "peaks from the cache": lambda m: f"{m.cached_s * 1e3:.0f} ms",
        "pauses of Qt's thread with nothing to do, 99 % (longest)": lambda m: _said(m.idle_pauses),
        "pauses while it is scanned, 99 % (longest)": lambda m: _said(m.scan_pauses),
        "a frame of the waveform while zooming": lambda m: f"{m.wave_median:.1f} ms (99 %: {m.wave_p99:.1f})",
        "a frame of the spectrum while zooming": lambda m: f"{m.mel_median:.1f} ms (99 %: {m.mel_p99:.1f})",
        "pauses while its tiles are computed, 99 % (longest)": lambda m: _said(m.mel_pauses),
        "a frame of both lanes with a moving playhead": lambda m: f"{m.head_median:.1f} ms",
    }
    lines = [
        "# The lanes with an hour of audio",
        "",
        f"Made by `python -m bench.window.lanes --out bench/window/lanes.md` on {os.cpu_count()} cores "
        f"({platform.machine()}), without a screen, load average {os.getloadavg()[0]:.1f}. "
        "A frame at 60 per second has 16.7 ms.",
        "",
        f"| {MINUTES} min, {RATE / 1000:g} kHz stereo | " + " | ".join(f"{scale} %" for scale in measured) + " |",
        "|---|" + "---:|" * len(measured),
        *(f"| {name} | " + " | ".join(say(m) for m in measured.values()) + " |" for name, say in rows.items()),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
