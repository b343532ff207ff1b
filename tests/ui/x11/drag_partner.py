"""Another program on the same screen: a file can be dragged out of it, and what is dropped on it is written down.

python drag_partner.py FILE_TO_DRAG FILE_FOR_WHAT_WAS_DROPPED
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel


class Partner(QLabel):
    """A small window."""

    def __init__(self, given: Path, taken: Path) -> None:
        super().__init__("drag from here\ndrop here")
        self._given, self._taken = given, taken
        self.setAcceptDrops(True)
        self.setWindowTitle("Partner")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            mime = QMimeData()
            mime.setUrls([QUrl.fromLocalFile(str(self._given))])
            drag = QDrag(self)
            drag.setMimeData(mime)
            drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._taken.write_text("\n".join(url.toLocalFile() for url in event.mimeData().urls()))


if __name__ == "__main__":
    application = QApplication(sys.argv)
    partner = Partner(Path(sys.argv[1]), Path(sys.argv[2]))
    partner.setGeometry(1400, 20, 180, 180)
    partner.show()
    application.exec()
