"""FirstDaws: the DAWs of this machine in the first run, and putting our scripts into them. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_bridge.daws.host import Machine, this_machine
from stylus_bridge.daws.registry import host_named
from stylus_daw.errors import StylusError
from stylus_ui.presenters.daws.daw_scripts import DawLine, ScriptState, daw_lines, install_scripts
from stylus_ui.state.observable import Property

if TYPE_CHECKING:
    from stylus_ui.context import UiContext


@dataclass(frozen=True, slots=True, kw_only=True)
class DawRow:
    """A DAW that there are scripts for.

    Attributes:
        name: for code. title: for people.
        is_here: it has been run on this machine.
        is_installed: our scripts are in it as they should be.
        steps: what to click in the DAW afterwards.
        is_busy: they are being installed.
        problem: why they were not.
    """

    name: str
    title: str
    is_here: bool = False
    is_installed: bool = False
    steps: tuple[str, ...] = ()
    is_busy: bool = False
    problem: str = ""


class FirstDaws:
    """What the first run shows of DAWs.

    Attributes:
        daws: those that are here first; None: not looked at yet.
    """

    def __init__(self, context: UiContext, machine: Machine | None = None) -> None:
        self._context, self._machine = context, machine or this_machine()
        self.daws: Property[tuple[DawRow, ...] | None] = Property(None)

    def refresh(self) -> None:
        """Look at the folders."""
        home = self._context.settings.home
        self._context.background.run(lambda: _rows(home, self._machine), done=self._show)

    def install(self, name: str) -> None:
        """Put the scripts into every place of a DAW; nothing of the user's is touched."""
        self._change(name, is_busy=True, problem="")
        self._context.background.run(
            lambda: install_scripts(name, self._context.settings.home, self._machine),
            done=lambda _: self.refresh(),
            failed=lambda error: self._fail(name, error),
        )

    def _show(self, daws: tuple[DawRow, ...]) -> None:
        self.daws.value = daws

    def _fail(self, name: str, error: Exception) -> None:
        said = error.message if isinstance(error, StylusError) else f"{type(error).__name__}: {error}"
        self._change(name, is_busy=False, problem=self._context.text(said))

    def _change(self, name: str, **changes: bool | str) -> None:
        rows = self.daws.value or ()
        self.daws.value = tuple(replace(row, **changes) if row.name == name else row for row in rows)


def _rows(home: Path, machine: Machine) -> tuple[DawRow, ...]:
    rows = [_row(line) for line in daw_lines(home, machine) if line.has_installer]
    return tuple(sorted(rows, key=lambda row: not row.is_here))


def _row(line: DawLine) -> DawRow:
    return DawRow(
        name=line.name,
        title=line.title,
        is_here=line.scripts is not ScriptState.NO_DAW,
        is_installed=line.scripts is ScriptState.INSTALLED,
        steps=host_named(line.name).steps,
    )
