"""Signal and Property: how presenters tell views what changed. No Qt.

>>> volume = Property(0.5)
>>> heard = []
>>> forget = volume.observe(heard.append)
>>> volume.value = 0.8
>>> volume.value = 0.8
>>> forget()
>>> volume.value = 0.1
>>> heard
[0.5, 0.8]
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, TypeVarTuple

Value = TypeVar("Value")
Arguments = TypeVarTuple("Arguments")
Forget = Callable[[], None]
"""Ends a subscription; calling it twice does nothing."""


class Signal(Generic[*Arguments]):
    """Calls its listeners, in the order in which they came. For one thread (see ``kit.mainthread`` for others)."""

    def __init__(self) -> None:
        self._listeners: tuple[Callable[[*Arguments], object], ...] = ()

    def connect(self, listener: Callable[[*Arguments], object]) -> Forget:
        """Call ``listener`` at every emission from now on; the result ends that."""
        self._listeners = (*self._listeners, listener)
        return lambda: self._forget(listener)

    def emit(self, *arguments: *Arguments) -> None:
        """Call all listeners; what they raise is the emitter's to see."""
        for listener in self._listeners:
            if listener in self._listeners:
                listener(*arguments)

    def _forget(self, listener: Callable[[*Arguments], object]) -> None:
        self._listeners = tuple(known for known in self._listeners if known is not listener)


class Property(Generic[Value]):
    """A value that says when it becomes another one."""

    def __init__(self, value: Value) -> None:
        self._value = value
        self.changed: Signal[Value] = Signal()

    @property
    def value(self) -> Value:
        return self._value

    @value.setter
    def value(self, value: Value) -> None:
        if value != self._value:
            self._value = value
            self.changed.emit(value)

    def observe(self, listener: Callable[[Value], object]) -> Forget:
        """Call ``listener`` with the value now and with every later one."""
        forget = self.changed.connect(listener)
        listener(self._value)
        return forget
