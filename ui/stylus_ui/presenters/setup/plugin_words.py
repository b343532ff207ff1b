"""What the list says of a plugin. No Qt."""

from __future__ import annotations

from stylus_daw.chain.plugins.cache import ScanOutcome
from stylus_ui.presenters.setup.plugins import PluginRow, ScanProgress
from stylus_ui.state.text import Text, later

STATES = {
    ScanOutcome.FOUND: (later("Ready"), "good"),
    ScanOutcome.CRASHED: (later("Crashed"), "bad"),
    ScanOutcome.HUNG: (later("Did not answer"), "bad"),
    ScanOutcome.REFUSED: (later("Does not load"), "busy"),
    ScanOutcome.BLOCKED: (later("Blocked"), "busy"),
}


def state_said(text: Text, row: PluginRow) -> tuple[str, str]:
    """A word or two, and the state that it is."""
    if row.is_well and not row.is_effect:
        return text("Instrument"), ""
    said, state = STATES[row.outcome]
    return text(said), state


def about_said(text: Text, row: PluginRow | None) -> str:
    """A sentence on the chosen one."""
    if row is None:
        return ""
    if row.is_well and not row.is_effect:
        return text("Instruments make sound of their own and cannot be used in a chain.")
    return str(row.path) if row.is_well else text(row.reason)


def found_said(text: Text, count: int, folders: int) -> str:
    """What a scan that is over has found, of so many folders.

    >>> found_said(Text("en"), 0, 3)
    'No plugins were found in 3 folders. Add the folder that yours are in.'
    """
    if not count:
        return text("No plugins were found in {count} folders. Add the folder that yours are in.", count=folders)
    return text.count("{count} plugin is known.", "{count} plugins are known.", count)


def scan_said(text: Text, progress: ScanProgress) -> str:
    """How far a scan is."""
    if not progress.total:
        return text("Looking for plugins…")
    return text(
        "Loading {name}, {number} of {total} …", name=progress.name, number=progress.done + 1, total=progress.total
    )
