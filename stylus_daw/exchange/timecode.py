"""SMPTE timecode in samples: what a session's start of 01:00:00:00 means at a frame rate."""

from __future__ import annotations

import re
from fractions import Fraction

from stylus_daw.errors import RequestError, quoted

FRAME_RATES = {
    "23.976": Fraction(24_000, 1_001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30_000, 1_001),
    "29.97df": Fraction(30_000, 1_001),
    "30": Fraction(30),
    "47.952": Fraction(48_000, 1_001),
    "48": Fraction(48),
    "50": Fraction(50),
    "59.94": Fraction(60_000, 1_001),
    "59.94df": Fraction(60_000, 1_001),
    "60": Fraction(60),
}
"""Frames per second, exactly (SMPTE ST 12-1); ``df`` leaves out numbers of frames to stay near the clock."""

TIMECODE = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)(?:[:;.](\d{2}))?", re.ASCII)


def samples_of_timecode(text: str, frame_rate: str, rate: int) -> int:
    """The sample at a timecode, counted from 00:00:00:00.

    Args:
        text: ``HH:MM:SS:FF``; without frames, frame 0.
        frame_rate: a key of :data:`FRAME_RATES`.
        rate: samples per second.

    Raises:
        RequestError: neither a timecode nor a frame rate, or a frame that this rate does not count.

    >>> samples_of_timecode("01:00:00:00", "23.976", 48_000), samples_of_timecode("01:00:00:00", "25", 48_000)
    (172972800, 172800000)
    >>> samples_of_timecode("01:00:00;00", "29.97df", 48_000)
    172799827
    """
    if frame_rate not in FRAME_RATES:
        text = f"--frame-rate is {quoted(frame_rate)}; allowed: {', '.join(FRAME_RATES)}."
        raise RequestError("export.frame_rate", text)
    match = TIMECODE.fullmatch(text)
    if match is None:
        text = f"--session-start is {quoted(text)}; with --frame-rate write a timecode: 01:00:00:00."
        raise RequestError("export.session_start", text)
    hours, minutes, seconds, frame = (int(part or 0) for part in match.groups())
    return round(_frames(hours * 60 + minutes, seconds, frame, frame_rate) / FRAME_RATES[frame_rate] * rate)


def _frames(minutes: int, seconds: int, frame: int, frame_rate: str) -> int:
    """Frames since zero; drop-frame leaves out the first numbers of every minute, but not of every tenth."""
    per_second = round(FRAME_RATES[frame_rate])
    dropped = per_second // 15 if frame_rate.endswith("df") else 0
    lowest = dropped if seconds == 0 and minutes % 10 else 0
    if not lowest <= frame < per_second:
        text = f"The timecode has frame {frame}; allowed there at {frame_rate}: {lowest} to {per_second - 1}."
        raise RequestError("export.session_start", text)
    return (minutes * 60 + seconds) * per_second + frame - dropped * (minutes - minutes // 10)
