"""Contents that bring faults to light: attacks out of silence, clicks, dull and bright music, at any rate.

All are made here, so that it is known on which sample an attack falls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stylus_daw.audio.clip import Clip

Signal = NDArray[np.float64]

RIGHT_GAIN, RIGHT_DELAY_S, ROOM = 0.6, 0.0002, 0.15
PEAK = 0.5
IMPULSE_S, CLICKS_HZ = (1.0,), 4.0
ATTACKS_S = (0.8, 1.6, 2.4, 3.2)
CHORD_S, STEP_S = 1.0, 0.25
ROOTS_HZ = (110.0, 87.3, 130.8, 98.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A content by name.

    Attributes:
        make: rate and seconds to a mono signal.
        attacks_s: where an attack stands out of silence, in seconds; on the sample nearest to it.
        is_music: continuous, so that figures over time and bands mean something.
        with_highs: the same, for a content that has no highs at all.
    """

    name: str
    make: Callable[[int, float], Signal]
    attacks_s: tuple[float, ...] = ()
    is_music: bool = False
    with_highs: Callable[[int, float], Signal] | None = None

    @property
    def is_dull(self) -> bool:
        return self.with_highs is not None

    def clip(self, rate: int, channels: int, seconds: float) -> Clip:
        """At the peak `PEAK`; the right channel is the left one softer, late and with a reflection of its own."""
        mono = self.make(rate, seconds)
        return _placed(mono * (PEAK / np.abs(mono).max()), rate, channels)

    def brighter(self, rate: int, channels: int, seconds: float) -> Clip | None:
        """The same with highs, where the content has none."""
        return replace(self, make=self.with_highs).clip(rate, channels, seconds) if self.with_highs else None

    def attacks(self, clip: Clip) -> tuple[int, ...]:
        """The samples of the attacks that the clip holds with room around them."""
        places = (round(second * clip.rate) for second in self.attacks_s)
        return tuple(place for place in places if place < clip.length - clip.rate // 20)


def impulse(rate: int, seconds: float) -> Signal:
    """A single sample."""
    total = np.zeros(round(rate * seconds))
    total[round(min(IMPULSE_S[0], seconds / 2) * rate)] = 1.0
    return total


def clicks(rate: int, seconds: float) -> Signal:
    """Single samples, four a second."""
    total = np.zeros(round(rate * seconds))
    total[(np.arange(0.125, seconds, 1 / CLICKS_HZ) * rate).round().astype(int)] = 1.0
    return total


def attacks(rate: int, seconds: float) -> Signal:
    """A pluck, a noise burst, a kick and a bell, each out of digital silence."""
    total = np.zeros(round(rate * seconds))
    for second, sound in zip(ATTACKS_S, (_pluck, _snare, _kick, _bell), strict=True):
        _add(total, round(second * rate), sound(rate))
    return total


def hits(rate: int, seconds: float) -> Signal:
    """A kick, a snare, a hat and a kick, each out of digital silence."""
    total = np.zeros(round(rate * seconds))
    for second, sound in zip(ATTACKS_S, (_kick, _snare, _hat, _kick), strict=True):
        _add(total, round(second * rate), sound(rate))
    return total


def line(rate: int, seconds: float) -> Signal:
    """Plucked eighth notes that overlap."""
    notes = (0, 3, 7, 10, 12, 7, 15, 5)
    total = np.zeros(round(rate * seconds))
    for index, second in enumerate(np.arange(0.0, seconds, STEP_S)):
        _add(total, round(second * rate), _pluck(rate, 196.0 * 2 ** (notes[index % len(notes)] / 12)))
    return total


def dull(rate: int, seconds: float) -> Signal:
    """Swelling triads with nothing above 2 kHz."""
    return _swelling(rate, seconds, ceiling_hz=2_000.0)


def chords(rate: int, seconds: float) -> Signal:
    """Triads with harmonics up to 16 kHz, over a breath of noise."""
    voices = _swelling(rate, seconds, ceiling_hz=16_000.0)
    return voices * (1.0 + 0.01 * np.random.default_rng(1).standard_normal(voices.size))


def beat(rate: int, seconds: float) -> Signal:
    """Kick, snare and hi-hat."""
    total = np.zeros(round(rate * seconds))
    for index, second in enumerate(np.arange(0.0, seconds, STEP_S)):
        drum = (_kick, _hat, _snare, _hat)[index % 4]
        _add(total, round(second * rate), drum(rate))
    return total


CONTENTS = (
    Content(name="impulse", make=impulse, attacks_s=IMPULSE_S),
    Content(name="click train", make=clicks, attacks_s=(0.625, 1.125)),
    Content(name="isolated attacks", make=attacks, attacks_s=ATTACKS_S),
    Content(name="plucked line", make=line, is_music=True),
    Content(name="dull chords", make=dull, is_music=True, with_highs=chords),
    Content(name="bright chords", make=chords, is_music=True),
    Content(name="beat", make=beat, is_music=True),
)
HITS = Content(name="isolated hits", make=hits, attacks_s=ATTACKS_S)
"""For styles that are drum kits."""


def named(name: str) -> Content:
    """The content of that name."""
    return next(content for content in CONTENTS if content.name == name)


def random_melody(rate: int, seconds: float, seed: int) -> Clip:
    """Four random notes a second over some hiss, stereo: something to hear in every share of a long region."""
    random, time = np.random.default_rng(seed), _time(rate, seconds)
    pitches = 220 * 2 ** (random.integers(0, 24, 1 + int(seconds * 4)) / 12)
    phase = 2 * np.pi * np.cumsum(pitches[(time * 4).astype(int)]) / rate
    sound = 0.2 * sum(np.sin(phase * k) / k for k in range(1, 6)) + 0.001 * random.standard_normal(time.size)
    return Clip(samples=np.stack([sound, sound * 0.8]).astype(np.float32), rate=rate)


def _placed(mono: Signal, rate: int, channels: int) -> Clip:
    delay = round(RIGHT_DELAY_S * rate)
    right = RIGHT_GAIN * _late(mono, delay) + ROOM * _late(mono, 5 * delay)
    return Clip(samples=np.stack([mono, right][:channels]).astype(np.float32), rate=rate)


def _late(mono: Signal, samples: int) -> Signal:
    return np.concatenate([np.zeros(samples), mono])[: mono.size]


def _add(total: Signal, place: int, sound: Signal) -> None:
    part = sound[: max(0, total.size - place)]
    total[place : place + part.size] += part


def _time(rate: int, seconds: float) -> Signal:
    return np.arange(round(rate * seconds)) / rate


def _pluck(rate: int, hz: float = 196.0) -> Signal:
    time = _time(rate, 0.5)
    fade = np.minimum(1.0, (0.5 - time) / 0.05)
    return fade * sum(np.cos(2 * np.pi * k * hz * time) / k * np.exp(-time * (4 + 3 * k)) for k in range(1, 40))


def _snare(rate: int) -> Signal:
    time = _time(rate, 0.3)
    return 0.7 * np.random.default_rng(2).standard_normal(time.size) * np.exp(-25 * time) * (1 - time / 0.3)


def _hat(rate: int) -> Signal:
    noise = np.random.default_rng(3).standard_normal(round(0.1 * rate))
    return 0.15 * np.diff(noise, prepend=0.0) * np.exp(-60 * _time(rate, 0.1))


def _kick(rate: int) -> Signal:
    time = _time(rate, 0.35)
    phase = 2 * np.pi * np.cumsum(45 + 120 * np.exp(-40 * time)) / rate
    return 1.5 * np.cos(phase) * np.exp(-9 * time) * (1 - time / 0.35)


def _bell(rate: int) -> Signal:
    time = _time(rate, 0.6)
    partials = ((523.0, 3), (1441.0, 5), (2837.0, 8), (4603.0, 12), (8200.0, 20))
    return (1 - time / 0.6) * sum(np.cos(2 * np.pi * hz * time) * np.exp(-decay * time) for hz, decay in partials)


def _swelling(rate: int, seconds: float, ceiling_hz: float) -> Signal:
    """A triad each second that swells, fades out before the next and leaves no edge."""
    total = np.zeros(round(rate * seconds))
    time = _time(rate, min(CHORD_S, seconds))
    swell = np.sin(np.pi * time / time[-1]) ** 2
    for index, second in enumerate(np.arange(0.0, seconds, CHORD_S)):
        root = ROOTS_HZ[index % len(ROOTS_HZ)]
        voices = sum(_saw(root * ratio, time, ceiling_hz) for ratio in (1.0, 1.5, 2.0, 2.5))
        _add(total, round(second * rate), swell * voices)
    return total


def _saw(hz: float, time: Signal, ceiling_hz: float) -> Signal:
    """Harmonics below the ceiling."""
    return sum((np.sin(2 * np.pi * k * hz * time) / k for k in range(1, int(ceiling_hz / hz) + 1)), np.zeros(time.size))
