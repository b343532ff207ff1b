"""A window's world for tests: a context with a folder of its own, and threads that do everything at once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from stylus_daw.settings import Settings
from stylus_ui.context import UiContext
from stylus_ui.shell.composition import Composition
from stylus_ui.state.notices import Notice

Result = TypeVar("Result")


class AtOnce:
    """Dispatcher and Background without threads: what is asked for is done before the call returns."""

    def post(self, call: Callable[[], object], *, key: Hashable | None = None) -> None:
        call()

    def run(
        self,
        work: Callable[[], Result],
        *,
        done: Callable[[Result], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Callable[[], None]:
        try:
            result = work()
        except Exception as error:
            if failed is None:
                raise
            failed(error)
        else:
            if done is not None:
                done(result)
        return lambda: None


@contextmanager
def ui_world(home: Path, *, language: str = "en") -> Iterator[tuple[UiContext, list[Notice]]]:
    """A context in a state folder, and the notices that were shown."""
    home.mkdir(parents=True, exist_ok=True)
    at_once = AtOnce()
    notices: list[Notice] = []
    world = Composition(
        Settings(home=home, port=0), dispatcher=at_once, background=at_once, notify=notices.append, language=language
    )
    try:
        yield world.context, notices
    finally:
        world.close()
