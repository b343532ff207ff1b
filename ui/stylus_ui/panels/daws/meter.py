"""MeterView: processor and memory, in the bar."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import label, picture, row, set_state
from stylus_ui.presenters.setup.meter import Meter, MeterShown

EVERY_MS = 3_000
"""Often enough to see a render, and next to no work."""


class MeterView(QWidget):
    """A few figures; it looks only while it is seen."""

    def __init__(self, context: UiContext, meter: Meter | None = None) -> None:
        super().__init__()
        self.presenter = meter or Meter(context)
        self._said = label("", "small")
        self._said.setMinimumWidth(self._said.fontMetrics().horizontalAdvance("100 % · 00.0 GB"))
        self._picture = picture(context, "cpu", "faint", size=MEASURES.small + 1)
        self.setLayout(row(self._picture, self._said, spacing=MEASURES.half))
        self._ticks = QTimer(self, interval=EVERY_MS)
        self._ticks.timeout.connect(self.presenter.look)
        bind(self, self.presenter.shown, self._show)

    def _show(self, shown: MeterShown) -> None:
        self._picture.setVisible(bool(shown.said))
        self._said.setText(shown.said)
        set_state(self._said, "busy" if shown.is_short else "")
        self.setToolTip(shown.meant)
        self.setAccessibleName(shown.meant)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.presenter.look()
        self._ticks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticks.stop()
