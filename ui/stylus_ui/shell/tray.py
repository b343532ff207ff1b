"""The tray icon: Stylus keeps serving the DAW while its window is closed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from stylus_ui.context import UiContext
from stylus_ui.kit.brand import window_icon
from stylus_ui.state.notices import Notice

SHOWN_MS = 8_000


class Tray(QObject):
    """Icon, menu and the desktop's notifications.

    Args:
        context: of the window.
        on_show: brings the window to the front.
        on_quit: ends the program.
    """

    def __init__(self, context: UiContext, *, on_show: Callable[[], object], on_quit: Callable[[], object]) -> None:
        super().__init__()
        text = context.text
        self._on_show = on_show
        self._menu = QMenu()
        self._menu.addAction(text("Open Stylus")).triggered.connect(lambda: on_show())
        self._menu.addSeparator()
        self._menu.addAction(text("Quit")).triggered.connect(lambda: on_quit())
        self._icon = QSystemTrayIcon(window_icon())
        self._icon.setToolTip("Stylus")
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._activated)
        self._icon.messageClicked.connect(lambda: on_show())
        if self.is_available:
            self._icon.show()

    @property
    def is_available(self) -> bool:
        """Whether the desktop has a place for it."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def tell(self, notice: Notice) -> None:
        """Show a notice as a notification of the desktop."""
        if self.is_available:
            self._icon.showMessage("Stylus", notice.text, window_icon(), SHOWN_MS)

    def close(self) -> None:
        self._icon.hide()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self._on_show()
