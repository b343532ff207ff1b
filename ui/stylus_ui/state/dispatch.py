"""What presenters may ask of threads, as Protocols: `mainthread` and `background` are real. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

Result = TypeVar("Result")


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
