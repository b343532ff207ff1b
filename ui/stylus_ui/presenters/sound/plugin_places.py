"""What the chain and the plugin manager agree on: where the user's plugins are, which files have failed. No Qt."""

from __future__ import annotations

from pathlib import Path

from stylus_daw.chain.plugins.cache import ScannedFile, ScanOutcome
from stylus_ui.state.preferences import Preferences

FOLDERS = "plugins.folders"


def own_folders(preferences: Preferences) -> tuple[Path, ...]:
    """That the user added."""
    named = preferences.get(FOLDERS, [])
    return tuple(Path(one) for one in named if isinstance(one, str))


def has_failed(one: ScannedFile) -> bool:
    """It crashed, hung or would not load; what the user blocked has not failed, and is never tried again unasked."""
    return one.outcome not in (ScanOutcome.FOUND, ScanOutcome.BLOCKED)
