"""The theme that the user chose, from one start to the next. No Qt."""

from __future__ import annotations

from stylus_ui.drawing.theme import Mode, Theme
from stylus_ui.state.preferences import Preferences


def kept_theme(preferences: Preferences) -> Theme:
    """The theme that the user chose last; another choice is remembered."""
    written = preferences.get("theme", "")
    theme = Theme(Mode(written) if written in set(Mode) else Mode.SYSTEM)
    theme.mode.changed.connect(lambda mode: preferences.set("theme", mode.value))
    return theme
