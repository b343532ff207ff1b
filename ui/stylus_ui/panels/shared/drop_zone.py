"""DropZone: the whole window takes files; while they hover, it says what will become of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QWidget

from stylus_ui.context import UiContext
from stylus_ui.kit.parts import EmptyPlace, column
from stylus_ui.workspace.dropped import may_help

MARGIN = 16


class DropZone(QObject):
    """Takes what panels do not take for themselves.

    Args:
        context: of the window.
        window: that takes drops.
        take: gets the files.
    """

    def __init__(self, context: UiContext, window: QWidget, take: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(window)
        self._window, self._take = window, take
        self._hint = QFrame(window)
        self._hint.setProperty("role", "dropping")
        text = context.text
        said = text("Audio is restyled, several files one after the other. Presets go into the library.")
        self._hint.setLayout(column(EmptyPlace(context, icon="download", title=text("Drop it here"), said=said)))
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # panels below it get their own drops
        self._hint.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            return self._enter(event)
        if event.type() is QEvent.Type.Drop and isinstance(event, QDropEvent):
            return self._drop(event)
        if event.type() is QEvent.Type.DragLeave:
            self._hint.hide()
        return False

    def _enter(self, event: QDragEnterEvent) -> bool:
        if event.source() is not None or not may_help(paths_of(event.mimeData())):
            return False
        self._hint.setGeometry(self._window.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
        self._hint.raise_()
        self._hint.show()
        event.acceptProposedAction()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self._hint.hide()
        event.acceptProposedAction()
        self._take(paths_of(event.mimeData()))
        return True


def paths_of(mime: QMimeData) -> list[Path]:
    """The local files of a drag."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
