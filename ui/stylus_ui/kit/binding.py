"""bind: ties a widget to a Property or Signal for as long as the widget lives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from stylus_ui.state.observable import Forget, Property, Signal

Value = TypeVar("Value")


def bind(owner: QObject, source: Property[Value], listener: Callable[[Value], object]) -> Forget:
    """Call ``listener`` with the value now and at every change, until ``owner`` is destroyed."""
    return _until_destroyed(owner, source.observe(listener))


def listen(owner: QObject, source: Signal[*tuple[Any, ...]], listener: Callable[..., object]) -> Forget:
    """Call ``listener`` at every emission until ``owner`` is destroyed."""
    return _until_destroyed(owner, source.connect(listener))


def _until_destroyed(owner: QObject, forget: Forget) -> Forget:
    owner.destroyed.connect(lambda *_: forget())
    return forget
