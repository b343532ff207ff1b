"""StatusPanel: which DAW is there, in the top bar; a click tells more."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from stylus_ui.context import UiContext
from stylus_ui.drawing.theme import MEASURES
from stylus_ui.kit.binding import bind
from stylus_ui.kit.parts import button, row
from stylus_ui.panels.daws.status_popover import StatusPopover
from stylus_ui.presenters.daws.status import Bridge, BridgeState, DawStatus
from stylus_ui.presenters.daws.status_words import bar_words, sentence

TICK_MS = 1000
DOT = 8
COLOURS = {
    BridgeState.STARTING: "busy",
    BridgeState.READY: "muted",
    BridgeState.CONNECTED: "good",
    BridgeState.FAILED: "bad",
}


class StatusPanel(QWidget):
    """One button.

    Attributes:
        presenter: what it shows.
        popover: what a click opens.
    """

    def __init__(self, context: UiContext, presenter: DawStatus | None = None) -> None:
        super().__init__()
        self._context = context
        self.presenter = presenter or DawStatus(context)
        self.button = button("", self.open, role="flat")
        self.button.setIconSize(QSize(MEASURES.icon, MEASURES.icon))
        self.setLayout(row(self.button, spacing=0))
        self.popover = StatusPopover(context, self.presenter, self)
        bind(self, self.presenter.bridge, self._show)
        bind(self, context.theme.palette, lambda _: self._show(self.presenter.bridge.value))
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self.presenter.tick)
        self._ticks.start()
        status = self.presenter
        self.destroyed.connect(lambda *_: status.close())

    def open(self) -> None:
        """The popover, below the button and inside the window's right edge."""
        self.presenter.look()
        self.popover.fit()
        corner = self.button.mapToGlobal(QPoint(self.button.width(), self.button.height() + MEASURES.half))
        self.popover.move(corner - QPoint(self.popover.width(), 0))
        self.popover.show()

    def _show(self, bridge: Bridge) -> None:
        text = self._context.text
        self.button.setText(bar_words(text, bridge))
        self.button.setIcon(self._dot(COLOURS[bridge.state]))
        said = sentence(text, bridge)
        self.button.setToolTip(said)
        self.button.setAccessibleName(text("DAW status"))
        self.button.setAccessibleDescription(f"{bar_words(text, bridge)}. {said}")

    def _dot(self, colour: str) -> QIcon:
        ratio, size = self.devicePixelRatioF(), MEASURES.icon
        picture = QPixmap(round(size * ratio), round(size * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._context.theme.colour(colour)))
        painter.drawEllipse(QRectF((size - DOT) / 2, (size - DOT) / 2, DOT, DOT))
        painter.end()
        return QIcon(picture)
