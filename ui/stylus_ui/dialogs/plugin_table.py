"""PluginTable: name, maker, version, format, state; arrows choose."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import listen
from stylus_ui.presenters.setup.plugins import PluginRow
from stylus_ui.state.text import later

COLUMNS = (later("Name"), later("Maker"), later("Version"), later("Format"), later("State"))
WIDTHS = (208, 144, 72, 72, 120)


class PluginTable(QTableWidget):
    """Rows as they are given.

    Attributes:
        chosen: another row was chosen.
    """

    chosen = Signal()

    def __init__(self, context: UiContext) -> None:
        super().__init__(0, len(COLUMNS))
        self._context = context
        self._rows: tuple[PluginRow, ...] = ()
        self._states: Sequence[tuple[str, str]] = ()
        self.setAccessibleName(context.text("Plugins"))
        self.setHorizontalHeaderLabels([context.text(name) for name in COLUMNS])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(MEASURES.control)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        for number, width in enumerate(WIDTHS):
            self.setColumnWidth(number, width)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.itemSelectionChanged.connect(self.chosen)
        listen(self, context.theme.palette.changed, lambda _: self._colour())

    @property
    def chosen_row(self) -> PluginRow | None:
        """The chosen one."""
        at = self.currentRow()
        return self._rows[at] if 0 <= at < len(self._rows) and self.selectedItems() else None

    def show_rows(self, rows: tuple[PluginRow, ...], states: Sequence[tuple[str, str]]) -> None:
        """Other rows; what was chosen stays chosen if it is still there."""
        before = self.chosen_row
        self.blockSignals(True)
        self._rows, self._states = rows, states
        self.setRowCount(len(rows))
        for number, (one, (said, _)) in enumerate(zip(rows, states, strict=True)):
            for at, value in enumerate((one.name, one.maker, one.version, one.format, said)):
                self.setItem(number, at, QTableWidgetItem(value))
        same = [n for n, one in enumerate(rows) if before and (one.path, one.name) == (before.path, before.name)]
        self.clearSelection()
        if same:
            self.selectRow(same[0])
        self.blockSignals(False)
        self._colour()

    def _colour(self) -> None:
        """States in their colours, the rest quieter than the name."""
        theme = self._context.theme
        for number, (_, state) in enumerate(self._states):
            for at in range(1, len(COLUMNS)):
                if (item := self.item(number, at)) is not None:
                    item.setForeground(QColor(theme.colour(state if state and at == len(COLUMNS) - 1 else "muted")))
