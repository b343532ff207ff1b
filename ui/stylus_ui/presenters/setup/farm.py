"""Farm: the machines that render for this one: which farm is used, who is there, what each does now. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_daw.engine.request import DEFAULT_CHECKPOINT
from stylus_daw.errors import StylusError
from stylus_daw.farm.farm_settings import FarmSettings, keep_farm, read_farm
from stylus_daw.farm.worker_said import WorkerSaid
from stylus_ui.state.observable import Property, Signal

if TYPE_CHECKING:
    from stylus_daw.farm.client.connection import FarmConnection
    from stylus_ui.context import UiContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the page says, whether it can be used or not. An empty address: this machine renders."""

    address: str = ""
    certificates: Path | None = None
    shared: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FarmSeen:
    """What a look gave. ``workers`` is None where there is nothing to look at, or nobody answers."""

    is_looking: bool = False
    workers: tuple[WorkerSaid, ...] | None = None
    problem: Exception | None = None


class Farm:
    """Keeps every change that can be used, and asks the workers.

    Attributes:
        chosen: what is set.
        seen: who is there.
        is_changed: what is kept now takes effect at the next start.
        problem: emits why a change was not kept; None: it was.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._connection: FarmConnection | None = None
        self._forget: Callable[[], object] = lambda: None
        self.chosen: Property[Chosen] = Property(Chosen())
        self.seen: Property[FarmSeen] = Property(FarmSeen())
        self.is_changed = Property(False)
        self.problem: Signal[Exception | None] = Signal()

    def read(self) -> None:
        """What is kept."""
        home = self._context.settings.home
        self._context.background.run(lambda: read_farm(home), done=self._take_kept, failed=self.problem.emit)

    def _take_kept(self, kept: FarmSettings | None) -> None:
        if kept is not None:
            self.chosen.value = Chosen(address=kept.scheduler, certificates=kept.certificates, shared=kept.shared)
        self.look()

    def set_address(self, address: str) -> None:
        self._set(replace(self.chosen.value, address=address.strip()))

    def set_certificates(self, folder: Path | None) -> None:
        self._set(replace(self.chosen.value, certificates=folder))

    def set_shared(self, folder: Path | None) -> None:
        self._set(replace(self.chosen.value, shared=folder))

    def look(self) -> None:
        """Ask every worker; while an answer is awaited, nothing is asked."""
        if self.seen.value.is_looking:
            return
        try:
            settings = self._settings()
        except StylusError:
            settings = None  # said when it was set
        if settings is None:
            self.seen.value = FarmSeen()
            return
        self.seen.value = replace(self.seen.value, is_looking=True)
        self._forget = self._context.background.run(
            lambda: self._asked(settings), done=self._show, failed=self._show_problem
        )

    def close(self) -> None:
        """Nobody looks any more."""
        self._forget()
        self._disconnect()

    def _set(self, chosen: Chosen) -> None:
        if chosen == self.chosen.value:
            return
        self.chosen.value = chosen
        self._forget()
        self._disconnect()
        self.seen.value = FarmSeen()
        try:
            keep_farm(self._context.settings.home, self._settings())
        except StylusError as error:
            self.problem.emit(error)
            return
        self.problem.emit(None)
        self.is_changed.value = True
        self.look()

    def _settings(self) -> FarmSettings | None:
        """What can be used.

        Raises:
            FarmRefusedError: it cannot.
        """
        chosen = self.chosen.value
        if not chosen.address:
            return None
        return FarmSettings(scheduler=chosen.address, certificates=chosen.certificates, shared=chosen.shared)

    def _asked(self, settings: FarmSettings) -> tuple[WorkerSaid, ...]:
        """In the background; Dask is imported here at the earliest."""
        from stylus_daw.farm.client.connection import FarmConnection

        if self._connection is None or not self._connection.is_open:
            self._connection = FarmConnection(settings)
        self._connection.forget_workers()
        return self._connection.workers(DEFAULT_CHECKPOINT)

    def _show(self, workers: tuple[WorkerSaid, ...]) -> None:
        self.seen.value = FarmSeen(workers=workers)

    def _show_problem(self, error: Exception) -> None:
        self.seen.value = FarmSeen(problem=error)

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            self._context.background.run(connection.close, done=lambda _: None, failed=lambda _: None)
