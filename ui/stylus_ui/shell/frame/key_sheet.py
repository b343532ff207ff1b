"""The sheet under ``?``: every key that does something now, and those of the panels."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.keys import key_text
from stylus_ui.kit.look import font
from stylus_ui.kit.parts import column, label, row
from stylus_ui.state.shortcuts import ACTIONS, EDIT, LANE, LISTEN, PANEL_KEYS, ROWS, WINDOW, WORK, Action

COLUMNS = ((LISTEN, EDIT, LANE, ROWS), (WORK, WINDOW))


class KeySheet(QDialog):
    """Two columns of groups; any key or click closes it."""

    def __init__(self, context: UiContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle(context.text("All keys"))
        metrics = QFontMetrics(font(MEASURES.small))
        widest = max(metrics.horizontalAdvance(key_text(action)) for action in (*ACTIONS, *PANEL_KEYS))
        self._key_width = widest + 4 * MEASURES.grid  # one for all groups: their words stand below each other
        columns = (column(*(self._group(name) for name in names), 1, spacing=24) for names in COLUMNS)
        self.setLayout(row(*columns, spacing=48, margin=32))

    def _group(self, name: str) -> QWidget:
        group, text = QWidget(), self._context.text
        grid = QGridLayout(group)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(MEASURES.grid)
        grid.addWidget(label(text(name), "section"), 0, 0, 1, 2)
        shown = [action for action in (*ACTIONS, *PANEL_KEYS) if action.group == name and self._is_of_use(action)]
        for line, action in enumerate(shown, start=1):
            grid.addWidget(label(key_text(action), "key"), line, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(label(text(action.label)), line, 1)
        grid.setColumnMinimumWidth(0, self._key_width)
        grid.setColumnStretch(1, 1)
        group.setVisible(bool(shown))
        return group

    def _is_of_use(self, action: Action) -> bool:
        """It has words, and somebody does it; a panel's key is the panel's."""
        return bool(action.label) and (action in PANEL_KEYS or self._context.shortcuts.is_taken(action.name))
