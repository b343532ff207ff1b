"""Reason: why nothing can be heard, in the room that is left."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class Reason(QLabel):
    """A sentence that gives way to the rest of its line; all of it is in the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        self.setProperty("role", "muted")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, said: str, details: str) -> None:
        """In a few words, and in a sentence."""
        self._said = said
        self.setToolTip(details)
        self.setAccessibleName(details)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._said, Qt.TextElideMode.ElideRight, self.width()))
