"""How bytes and waiting times are said. No Qt."""

from __future__ import annotations

from stylus_ui.state.text import Text


def size_said(text: Text, count: int) -> str:
    """Decimal units, as shops and hubs count.

    >>> size_said(Text("en"), 4_265_000_000), size_said(Text("de"), 4_265_000_000), size_said(Text("en"), 310)
    ('4.3 GB', '4,3 GB', '1 kB')
    """
    if count >= 999_500_000:
        return f"{text.number(count / 1e9, 1)} GB"
    if count >= 999_500:
        return f"{text.number(count / 1e6)} MB"
    return f"{text.number(max(1, round(count / 1e3)) if count else 0)} kB"


def wait_said(text: Text, seconds: float) -> str:
    """How long something will still take."""
    if seconds < 60:
        return text.count("{count} second left", "{count} seconds left", max(1, round(seconds)))
    if seconds < 3_600:
        return text.count("{count} minute left", "{count} minutes left", round(seconds / 60))
    return text.count("{count} hour left", "{count} hours left", round(seconds / 3_600))
