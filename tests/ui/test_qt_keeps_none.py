"""PySide6 6.12.0 on Python 3.11 loses a reference to None at every call that gives none, and kills the process."""

from __future__ import annotations

import sys

from PySide6.QtGui import QColor, QImage


def test_a_call_of_qt_that_gives_nothing_loses_no_reference_to_none() -> None:
    image, colour = QImage(8, 8, QImage.Format.Format_RGB32), QColor("#123456")
    before = sys.getrefcount(None)
    for _ in range(1000):
        image.fill(colour)
    assert sys.getrefcount(None) > before - 500
