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
    """One sentence above the work, never a dialog in its way.

    Attributes:
        kind: of it.
        text: translated, ends with a full stop.
        action: what solves or shows it.
        on_desktop: also as a notification of the desktop when the window is not in front.
        stays: until it is closed; otherwise it goes after a few seconds.
        key: a later notice with the same key takes its place.
    """

    kind: NoticeKind
    text: str
    action: NoticeAction | None = None
    on_desktop: bool = False
    stays: bool = False
    key: str = ""
