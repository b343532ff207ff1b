"""Shortcuts: every key of the window in one table, and the actions that panels give them. No Qt.

`kit.keys` makes Qt shortcuts of them. A panel does ``context.shortcuts.on("play", self._toggle)``; the name must
stand in ``ACTIONS``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stylus_ui.state.observable import Forget
from stylus_ui.state.text import later

Call = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that a key does.

    Attributes:
        name: for code.
        keys: as Qt writes them: ``Ctrl+S`` (⌘S on a Mac); the first is shown.
        label: English; translated where it is shown. Empty: another one speaks for it.
        group: heading in the sheet.
    """

    name: str
    keys: tuple[str, ...]
    label: str
    group: str


LISTEN, WORK, EDIT, WINDOW = later("Listen"), later("Work"), later("Edit"), later("Window")
ACTIONS = (
    Action(name="play", keys=("Space",), label=later("Play or pause"), group=LISTEN),
    Action(name="hear_original", keys=("A",), label=later("Hear the original"), group=LISTEN),
    Action(name="hear_result", keys=("B",), label=later("Hear the result"), group=LISTEN),
    Action(name="hear_difference", keys=("D",), label=later("Hear the difference"), group=LISTEN),
    Action(name="loop", keys=("L",), label=later("Loop"), group=LISTEN),
    Action(name="to_start", keys=("Home",), label=later("To the beginning"), group=LISTEN),
    Action(name="back", keys=("Left",), label=later("A little back"), group=LISTEN),
    Action(name="forward", keys=("Right",), label=later("A little forward"), group=LISTEN),
    Action(name="render", keys=("Return", "Enter"), label=later("Render"), group=WORK),
    Action(name="cancel", keys=("Esc",), label=later("Close what is open, else cancel a render"), group=WORK),
    Action(name="cancel_all", keys=("Shift+Esc",), label=later("Cancel all renders"), group=WORK),
    Action(name="open", keys=("Ctrl+O",), label=later("Open audio…"), group=WORK),
    Action(name="export", keys=("Ctrl+E",), label=later("Export the result…"), group=WORK),
    Action(name="save_preset", keys=("Ctrl+S",), label=later("Save as a preset"), group=WORK),
    Action(name="previous_take", keys=("Ctrl+Up",), label=later("Previous take"), group=WORK),
    Action(name="next_take", keys=("Ctrl+Down",), label=later("Next take"), group=WORK),
    Action(name="swap_takes", keys=("X",), label=later("The take before this one, and back"), group=WORK),
    *(
        Action(
            name=f"take_{number}",
            keys=(str(number),),
            label=later("Take 1; so on to 9") if number == 1 else "",
            group=WORK,
        )
        for number in range(1, 10)
    ),
    Action(name="undo", keys=("Ctrl+Z",), label=later("Undo"), group=EDIT),
    Action(name="redo", keys=("Ctrl+Shift+Z", "Ctrl+Y"), label=later("Redo"), group=EDIT),
    Action(name="envelope", keys=("E",), label=later("Strength over time"), group=EDIT),
    Action(name="new_seed", keys=("R",), label=later("Another seed"), group=EDIT),
    Action(name="chain", keys=("C",), label=later("Fold or unfold the chain"), group=WINDOW),
    Action(name="spectrum", keys=("M",), label=later("Waveform or spectrum"), group=WINDOW),
    Action(name="zoom_in", keys=("+", "="), label=later("Zoom in"), group=WINDOW),
    Action(name="zoom_out", keys=("-",), label=later("Zoom out"), group=WINDOW),
    Action(name="zoom_all", keys=("0",), label=later("Show all of it"), group=WINDOW),
    Action(name="search", keys=("Ctrl+F", "/"), label=later("Search presets"), group=WINDOW),
    Action(name="theme", keys=("Ctrl+T",), label=later("Light or dark"), group=WINDOW),
    Action(name="settings", keys=("Ctrl+,",), label=later("Settings"), group=WINDOW),
    Action(name="help", keys=("?", "F1"), label=later("All keys"), group=WINDOW),
    Action(name="quit", keys=("Ctrl+Q",), label=later("Quit"), group=WINDOW),
)
LANE, ROWS = later("In the upper lane"), later("In the list of jobs")
PANEL_KEYS = (
    Action(name="", keys=("[",), label=later("The part begins at the playhead"), group=LANE),
    Action(name="", keys=("]",), label=later("The part ends at the playhead"), group=LANE),
    Action(name="", keys=("Shift+Return",), label=later("Compare with its original"), group=ROWS),
    Action(name="", keys=("Ctrl+C",), label=later("Copy the stem"), group=ROWS),
    Action(name="", keys=("F2",), label=later("Rename"), group=ROWS),
    Action(name="", keys=("Del",), label=later("Cancel it, or put it away"), group=ROWS),
)
"""What a panel does by itself while it has the keyboard; for the sheet alone."""


class Shortcuts:
    """Which call an action has now.

    >>> shortcuts = Shortcuts()
    >>> played = []
    >>> forget = shortcuts.on("play", lambda: played.append("it"))
    >>> shortcuts.trigger("play"), played
    (True, ['it'])
    """

    def __init__(self) -> None:
        self._calls: dict[str, list[Call]] = {action.name: [] for action in ACTIONS}

    def on(self, name: str, call: Call) -> Forget:
        """Bind ``call`` to the action; of several, the one bound last wins. Calling what is returned unbinds it."""
        self._calls[name].append(call)
        return lambda: self._calls[name].remove(call) if call in self._calls[name] else None

    def trigger(self, name: str) -> bool:
        """Call what is bound to the action; returns whether anything is."""
        if not self._calls[name]:
            return False
        self._calls[name][-1]()
        return True

    def is_taken(self, name: str) -> bool:
        """Whether anything is bound to the action."""
        return bool(self._calls[name])


def action_named(name: str) -> Action:
    """The action of that name.

    Raises:
        KeyError: there is no such action.
    """
    return {action.name: action for action in ACTIONS}[name]
