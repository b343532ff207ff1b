"""The main window before `body` fills it. It imports next to nothing, so that it is on the screen at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QVBoxLayout, QWidget

from stylus_ui.kit.brand import window_icon

SIZE = (1360, 840)
LEAST = (960, 600)
BAR = 48


class MainWindow(QMainWindow):
    """The frame: title, icon, size, and its name in the bar until `Body` fills it.

    Args:
        geometry: as ``LayoutMemory`` keeps it.
    """

    def __init__(self, geometry: str = "") -> None:
        super().__init__()
        self.on_close: Callable[[], bool] = lambda: True
        """Asked when the user closes the window; True: it may go."""
        self._is_leaving = False
        self.setWindowTitle("Stylus")
        self.setWindowIcon(window_icon())
        self.setMinimumSize(*LEAST)
        self.resize(*SIZE)
        self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "ignore")))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCentralWidget(_opening())

    def bring_to_front(self) -> None:
        """Shown, not minimised, active."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def close_for_good(self) -> None:
        """Close it without asking anybody."""
        self._is_leaving = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self._is_leaving or self.on_close())


def _opening() -> QWidget:
    """The bar with its name, as it will be."""
    bar, name = QWidget(), QLabel("Stylus")
    name.setProperty("role", "title")
    name.setContentsMargins(16, 0, 0, 0)
    name.setFixedHeight(BAR)
    layout = QVBoxLayout(bar)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    bar.setProperty("role", "panel")
    return bar
