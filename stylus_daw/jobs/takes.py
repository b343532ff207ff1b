"""Takes: one request as several that differ a little, for choosing by ear.

Take 1 is the request itself. The others spread its strength, structure and sharpness around it, evenly and
without chance (Halton's sequence), and count its seed up: a one-pass checkpoint such as stylus-mini ignores
the seed. Take 3 is the same whether 4 or 8 were asked for. All takes begin on the same sample.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from stylus_daw.engine.knobs.style_settings import KNOBS, MAX_SEED, StyleSettings, filled
from stylus_daw.errors import check_range
from stylus_daw.jobs.job import RenderRequest

MAX_TAKES = 32  # more cannot be compared by ear
DEFAULT_SPREAD = 0.3  # 0..1: audibly different, still the same idea; not swept


def takes(request: RenderRequest, count: int, *, spread: float = DEFAULT_SPREAD) -> tuple[RenderRequest, ...]:
    """The requests of ``count`` takes; their stems are ``stem-1.wav``, ``stem-2.wav``, … beside the request's.

    Args:
        request: what take 1 is.
        count: 1 to 32.
        spread: 0 (only the seed differs) to 1.

    Raises:
        RequestError: ``count`` or ``spread`` is out of its range.
    """
    check_range("takes", count, 1, MAX_TAKES)
    check_range("spread", spread, 0, 1)
    return tuple(
        replace(request, stem=take_stem(request.stem, index + 1), settings=_varied(request.settings, index, spread))
        for index in range(count)
    )


def take_stem(stem: Path, number: int) -> Path:
    """Where a take goes.

    >>> take_stem(Path("out/stem.wav"), 2).as_posix()
    'out/stem-2.wav'
    """
    return stem.with_name(f"{stem.stem}-{number}{stem.suffix}")


def take_id(job: str, number: int) -> str:
    """Id of a take's job.

    >>> take_id("3f2a", 2)
    '3f2a-2'
    """
    return f"{job[:61]}-{number}"


def _varied(settings: StyleSettings, index: int, spread: float) -> StyleSettings:
    if index == 0:
        return settings
    seed = (settings.seed + index) % (MAX_SEED + 1)
    if spread == 0:
        return replace(settings, seed=seed)
    strength, structure, sharpness = (spread * (2 * halton(index, base) - 1) for base in (2, 3, 5))
    return replace(
        settings,
        strength=_reflected("strength", filled(settings, "strength") + _away_from_zero(strength, spread)),
        structure=_reflected("structure", filled(settings, "structure") + structure / 2),
        sharpness=_reflected("sharpness", filled(settings, "sharpness") * 2**sharpness),
        seed=seed,
    )


def halton(index: int, base: int) -> float:
    """Term ``index`` (from 1) of Halton's sequence, in 0..1.

    >>> [halton(index, 2) for index in (1, 2, 3)]
    [0.5, 0.25, 0.75]
    """
    value, share = 0.0, 1.0
    while index:
        share /= base
        value += share * (index % base)
        index //= base
    return value


def _away_from_zero(offset: float, spread: float) -> float:
    """The middle of the spread is take 1 already."""
    return offset if abs(offset) > spread / 100 else spread


def _reflected(name: str, value: float) -> float:
    """Folded back at the ends of the knob's range, so that a knob at its end still varies."""
    low, high = KNOBS[name].range
    folded = 2 * low - value if value < low else value
    return min(high, max(low, 2 * high - folded if folded > high else folded))
