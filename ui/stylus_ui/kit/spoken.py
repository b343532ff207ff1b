"""What a screen reader says of a value that is painted by hand."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def speak(widget: QWidget, said: str, *, aloud: bool = True) -> None:
    """Another value, told at once where the widget has the keyboard.

    Args:
        widget: that shows it.
        said: the value in words.
        aloud: False if the screen reader tells it by itself.
    """
    if said != widget.accessibleDescription():
        widget.setAccessibleDescription(said)
        if aloud and widget.hasFocus():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, said))
