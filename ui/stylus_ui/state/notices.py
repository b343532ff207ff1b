"""Notice: something that the user should know, with the button that helps. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """Colour and icon."""

    GOOD = "good"
    BUSY = "busy"
    BAD = "bad"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAction:
    """A button."""

    label: str
    call: Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One sentence in the bar, never a dialog in the way of the work.

    Attributes:
        kind: its colour and icon.
        text: translated, ends with a full stop.
        action: what solves or shows it.
        on_desktop: also as a notification of the desktop when the window is not in front.
        is_seen: the window shows it anyway; only the desktop is told.
        stays: until it is closed; otherwise it goes after a few seconds.
        key: a later notice with the same key takes its place.
    """

    kind: NoticeKind
    text: str
    action: NoticeAction | None = None
    on_desktop: bool = False
    is_seen: bool = False
    stays: bool = False
    key: str = ""
