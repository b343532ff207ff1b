"""What presenters may ask of threads, as Protocols: `mainthread` and `background` are real. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")
MOST = 64
"""Events that a gathering listener gets in one go."""


class Dispatcher(Protocol):
    """Brings calls from any thread to the window's thread."""

    def post(self, call: Callable[[], object], *, key: Hashable | None = None) -> None:
        """Run ``call`` on the window's thread, soon. Of several with the same key, only the last is run."""
        ...


class Background(Protocol):
    """Runs what would hold up the window."""

    def run(
        self,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Callable[[], None]:
        """Run ``work`` on another thread, then ``done`` or ``failed`` on the window's.

        Calling what is returned drops the outcome: neither ``done`` nor ``failed`` is called then.
        """
        ...


def on_window_thread(
    dispatcher: Dispatcher, listener: Callable[..., object], *, key: Callable[..., Hashable] | None = None
) -> Callable[..., None]:
    """A listener for other threads that runs ``listener`` on the window's.

    Args:
        dispatcher: of the context.
        listener: gets the same arguments.
        key: of the arguments; what comes with the same key is coalesced to the last. Other listeners have other keys.
    """

    scope = object()

    def forwarded(*arguments: Any) -> None:
        dispatcher.post(lambda: listener(*arguments), key=(scope, key(*arguments)) if key else None)

    return forwarded


def gathered_on_window_thread(
    dispatcher: Dispatcher, listener: Callable[[Sequence[Any]], object], *, key: Callable[[Any], Hashable]
) -> Callable[[Any], None]:
    """A listener for other threads; ``listener`` gets on the window's all that has come since, many in one go.

    Two hundred jobs that are queued at once are one change of a list then, not two hundred.

    Args:
        dispatcher: of the context.
        listener: gets at most `MOST` events at a time, clicks and paints come in between.
        key: of an event; of several with the same, only the last is delivered.
    """
    lock, waiting = threading.Lock(), dict[Hashable, Any]()

    def forwarded(event: Any) -> None:
        with lock:
            is_first = not waiting
            waiting.pop(key(event), None)
            waiting[key(event)] = event
        if is_first:
            dispatcher.post(deliver)

    def deliver() -> None:
        with lock:
            events = [waiting.pop(name) for name in list(waiting)[:MOST]]
            is_more = bool(waiting)
        if is_more:
            dispatcher.post(deliver)
        listener(events)

    return forwarded
