"""UndoStack: the values that a state had, back and forth. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

LEAST = 500
Value = TypeVar("Value")


class UndoStack(Generic[Value]):
    """Keeps the last values. Edits of one gesture (a drag) count as one.

    >>> stack = UndoStack(1)
    >>> stack.push(2, gesture="drag"); stack.push(3, gesture="drag"); stack.push(4)
    >>> stack.undo(), stack.undo(), stack.redo()
    (3, 1, 3)
    """

    def __init__(self, value: Value, *, depth: int = LEAST) -> None:
        self._past: list[Value] = []
        self._future: list[Value] = []
        self._gesture: str = ""
        self._depth = depth
        self._offered: Callable[[], object] | None = None
        self.value = value

    @property
    def can_undo(self) -> bool:
        return bool(self._past) or self._offered is not None

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def push(self, value: Value, *, gesture: str = "") -> None:
        """Add a value. Consecutive pushes with the same ``gesture`` (not empty) are one step."""
        if value == self.value:
            return
        self._offered = None
        if not (gesture and gesture == self._gesture):
            self._past = [*self._past[1 - self._depth :], self.value]
        self._future.clear()
        self._gesture, self.value = gesture, value

    def end_gesture(self) -> None:
        """The next push is a step of its own."""
        self._gesture = ""

    def offer(self, call: Callable[[], object]) -> Callable[[], None]:
        """Let the next undo do ``call`` instead of a step back, unless a push comes first.

        >>> stack, done = UndoStack(1), []
        >>> stack.push(2); once = stack.offer(lambda: done.append("it"))
        >>> stack.undo(), done, once(), done, stack.undo()
        (2, ['it'], None, ['it'], 1)

        Returns:
            Does it at once, unless undo has.
        """
        left = [call]

        def once() -> None:
            if self._offered is once:
                self._offered = None
            if left:
                left.pop()()

        self._offered = once
        return once

    def undo(self) -> Value:
        """One step back; at the first value nothing happens."""
        if self._offered is not None:
            self._offered()
        elif self._past:
            self._future.append(self.value)
            self.value = self._past.pop()
        self._gesture = ""
        return self.value

    def redo(self) -> Value:
        """One step forward; at the last value nothing happens."""
        if self._future:
            self._past.append(self.value)
            self.value = self._future.pop()
        self._gesture = ""
        return self.value
