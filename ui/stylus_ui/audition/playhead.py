"""Where the ear is: the feed runs ahead of it, and says where it is only once a block."""

from __future__ import annotations

from stylus_ui.audition.feed import Heard

MOST_S = 0.25
"""The longest that a playhead continues without news."""


def heard_position(heard: Heard, now: float, *, rate: int, latency_s: float, span: tuple[int, int] | None) -> int:
    """Sample of the programme that is heard now.

    Args:
        heard: the feed's last word.
        now: ``time.monotonic()``.
        rate: of the programme.
        latency_s: from the feed to the ear.
        span: the loop; None: not looping.

    >>> heard = Heard(position=4_800, uninterrupted=4_800, is_playing=True, at=1.0)
    >>> heard_position(heard, 1.05, rate=48_000, latency_s=0.1, span=None)
    2400
    """
    if not heard.is_playing:
        return heard.position
    behind_s = max(0.0, latency_s - min(now - heard.at, MOST_S))
    position = heard.position - min(round(behind_s * rate), heard.uninterrupted)
    first = span[0] if span else 0
    if position >= first or span is None:
        return max(position, 0)
    return max(first, position + span[1] - span[0])
