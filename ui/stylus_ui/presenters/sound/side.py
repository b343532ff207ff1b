"""SideColumn: which parts of the right column are unfolded, with room for both or for one. No Qt."""

from __future__ import annotations

from stylus_ui.context import UiContext
from stylus_ui.state.observable import Property

CONTROLS, CHAIN = "controls", "chain"
PARTS = (CONTROLS, CHAIN)
OPEN = "side.open"


class SideColumn:
    """Folds and unfolds controls and chain; one of them is always unfolded.

    Attributes:
        open: the parts that are unfolded. Where there is room for one only, it is the one that was asked for last.
    """

    def __init__(self, context: UiContext) -> None:
        self._preferences = context.preferences
        kept = [name for name in context.preferences.get(OPEN, [CHAIN, CONTROLS]) if name in PARTS]
        self._wanted: list[str] = kept or [CONTROLS]
        self._has_room = True
        self.open: Property[frozenset[str]] = Property(frozenset(self._wanted))
        self._forget = context.shortcuts.on("chain", lambda: self.toggle(CHAIN))

    def close(self) -> None:
        """Hear the key no more."""
        self._forget()

    def give_room(self, has_room: bool) -> None:
        """Whether both parts fit without being crowded."""
        self._has_room = has_room
        self._show()

    def toggle(self, name: str) -> None:
        """Fold a part, or unfold it; where nothing would be left, the other part unfolds."""
        (other,) = (part for part in PARTS if part != name)
        is_open = name in self.open.value
        if not is_open:
            self._want(name)
        elif not self._has_room:
            self._want(other)
        else:
            self._wanted = [part for part in self._wanted if part != name] or [other]
        self._preferences.set(OPEN, list(self._wanted))
        self._show()

    def _want(self, name: str) -> None:
        self._wanted = [*(part for part in self._wanted if part != name), name]

    def _show(self) -> None:
        self.open.value = frozenset(self._wanted if self._has_room else self._wanted[-1:])
