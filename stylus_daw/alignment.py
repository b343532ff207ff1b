"""``stylus-daw doctor --align``: clicks through the whole way, and how far off they come back.

A real app in a folder of its own, a real job folder, the real model: what a DAW would do. The clicks come at irregular
times, so that only the right lag fits all of them.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import correlate

from stylus_bridge.client.client import BridgeClient
from stylus_daw.audio.clip import Clip, Samples
from stylus_daw.audio.files import probe, read
from stylus_daw.chain.spec import ChainSpec
from stylus_daw.presets.library.library import PresetLibrary
from stylus_daw.rehearsal import HANDLE_SAMPLES, START_SAMPLE, SessionRegion, ask, headless_app

RATE = 48_000  # Hz: the usual rate of a session
SECONDS = 3.0  # s of clicks: long enough for irregular ones, short enough to wait for
PRESET, FACTORY_PRESET = "alignment-test", "warm-strings"
MOST_LAG = RATE // 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """How well a stem is aligned with its region.

    Attributes:
        lag_samples: by how much the stem comes late; negative is early.
        start_sample: what the stem's timestamp says.
        expected_start_sample: where the region begins.
        length_samples: of the stem.
        expected_length_samples: of the region.
    """

    lag_samples: int
    start_sample: int
    expected_start_sample: int
    length_samples: int
    expected_length_samples: int

    @property
    def is_exact(self) -> bool:
        is_placed = self.start_sample == self.expected_start_sample
        return self.lag_samples == 0 and is_placed and self.length_samples == self.expected_length_samples


def measured_alignment() -> Alignment:
    """Send clicks through the app and measure what comes back. Takes as long as loading the model.

    Raises:
        StylusError: the app did not come up, or the job failed.
    """
    with tempfile.TemporaryDirectory(prefix="stylus-align-") as folder:
        home = Path(folder)
        _keep_plain_preset(home)
        region = SessionRegion(with_handles=clicks())
        with headless_app(home), BridgeClient(home) as client:
            answer = ask(client, region, PRESET, lambda progress: None)
            return compared(region.clip, read(answer.stem), probe(answer.stem).time_reference or 0)


def clicks() -> Clip:
    """Short bursts of noise at irregular times, handles included; the region begins at ``START_SAMPLE``.

    >>> clicks().samples.shape
    (2, 192000)
    """
    total = round(SECONDS * RATE) + 2 * HANDLE_SAMPLES
    noise = np.random.default_rng(11)
    samples = np.zeros((2, total), dtype=np.float32)
    burst = np.exp(-np.arange(480) / 60) * noise.uniform(-0.6, 0.6, 480)
    first = 2_000
    while first + 480 < total:
        samples[:, first : first + 480] += burst.astype(np.float32)
        first += int(noise.integers(5_000, 14_000))
    return Clip(samples=samples, rate=RATE, start=START_SAMPLE - HANDLE_SAMPLES)


def compared(content: Clip, stem: Clip, start_sample: int) -> Alignment:
    """The lag at which stem and content fit best, and whether place and length are right."""
    return Alignment(
        lag_samples=lag_of(stem.samples.mean(axis=0), content.samples.mean(axis=0)),
        start_sample=start_sample,
        expected_start_sample=content.start,
        length_samples=stem.length,
        expected_length_samples=content.length,
    )


def lag_of(late: Samples, early: Samples) -> int:
    """By how many samples ``late`` follows ``early``: the peak of their cross-correlation.

    Shape: both ``[samples]``.

    >>> early = np.zeros(100); early[20] = 1
    >>> lag_of(np.roll(early, 3), early)
    3
    """
    products = correlate(late, early, mode="full", method="fft")
    middle = len(early) - 1
    reach = min(MOST_LAG, middle, len(late) - 1)
    return int(np.argmax(products[middle - reach : middle + reach + 1])) - reach


def _keep_plain_preset(home: Path) -> None:
    """A factory preset without effects, which may delay what they like."""
    library = PresetLibrary(user_folder=home / "presets")
    factory = library.get(FACTORY_PRESET)
    styles = [style.path for style in library.styles(factory)]
    (home / "presets").mkdir(parents=True, exist_ok=True)
    plain = factory.model_copy(update={"id": PRESET, "name": "Alignment test", "chain": ChainSpec()})
    library.save(plain, styles)
