"""RowList: what the lists of presets and of jobs have in common: rows that are painted, and files that leave."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView


class RowList(QListView):
    """A list that scrolls by pixels, lets rows be dragged out, and has a menu for each of them."""

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self.open_menu)

    def open_menu(self, at: QPoint) -> None:
        """The menu of the row that is there."""
        raise NotImplementedError

    def drag_file(self, path: Path) -> None:
        """Drag a file out of the window that was made for it, if the button is still held."""
        if QApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            drag = QDrag(self)
            drag.setMimeData(mime_of(path))
            drag.exec(Qt.DropAction.CopyAction)
        self.setState(QAbstractItemView.State.NoState)


def mime_of(path: Path) -> QMimeData:
    """A file, as DAWs and file managers take it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime
