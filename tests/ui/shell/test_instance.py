"""Files that come from outside: macOS says in an event what was opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from stylus_ui.shell.instance import OpenedByMac


def test_a_file_that_macos_opens_is_taken_and_other_events_are_left_alone(qapp: QApplication, tmp_path: Path) -> None:
    opened: list[Path] = []
    heard = OpenedByMac(qapp, opened.extend)
    try:
        bundle = tmp_path / "Glass Vibes.styluspreset"
        assert QApplication.sendEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(bundle))))
        QApplication.sendEvent(qapp, QEvent(QEvent.Type.User))
        QApplication.sendEvent(qapp, QFileOpenEvent(QUrl("https://example.org/")))
        assert opened == [bundle]
    finally:
        qapp.removeEventFilter(heard)
        heard.deleteLater()
