"""DropFrame: a panel that takes files, and shows while they hover that it will."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from stylus_ui.kit.parts import set_state
from stylus_ui.panels.shared.drop_zone import paths_of


class DropFrame(QFrame):
    """Its state is "over" while files hover that it would take."""

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)

    def may_take(self, event: QDragEnterEvent) -> bool:
        """Whether what hovers is of use here; quick enough for a drag that only passes."""
        raise NotImplementedError

    def take(self, paths: Sequence[Path]) -> None:
        """They were dropped."""
        raise NotImplementedError

    def show_over(self, is_over: bool) -> None:
        """Files hover over it, or no longer."""
        set_state(self, "over" if is_over else "")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.may_take(event):
            event.acceptProposedAction()
            self.show_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.show_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.show_over(False)
        event.acceptProposedAction()
        self.take(paths_of(event.mimeData()))
