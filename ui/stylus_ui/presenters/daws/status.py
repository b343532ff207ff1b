"""DawStatus: whether the bridge is up, which DAWs are heard, what is installed in them. No Qt."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from stylus_bridge.client.endpoint import ENDPOINT_FILE
from stylus_bridge.daws.host import Machine, this_machine
from stylus_daw.errors import StylusError
from stylus_ui.context import UiContext
from stylus_ui.presenters.daws.daw_scripts import DawLine, Installed, daw_lines, install_scripts
from stylus_ui.state.failures import tell
from stylus_ui.state.observable import Forget, Property

if TYPE_CHECKING:
    from stylus_daw.alignment import Alignment

RECENT_S = 3600.0
"""A DAW that was heard within that time counts as connected."""


class BridgeState(StrEnum):
    """Where the bridge stands."""

    STARTING = "starting"
    READY = "ready"
    CONNECTED = "connected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """What the top bar shows.

    Attributes:
        state: of the bridge.
        port: in use; 0: none.
        taken_port: the port that was wanted and that another program has; 0: none.
        daws: titles of those that were heard lately.
        problem: why it failed.
    """

    state: BridgeState = BridgeState.STARTING
    port: int = 0
    taken_port: int = 0
    daws: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of something that was asked for: nothing yet, at work, well, or not."""

    is_running: bool = False
    text: str = ""
    is_good: bool = True
    steps: tuple[str, ...] = ()


class DawStatus:
    """Follows the core.

    Attributes:
        bridge: for the bar.
        daws: for the list; empty until `look` has been called.
        told: what the last installation did, by name of the DAW.
        alignment: of the self-test.

    Args:
        context: of the window.
        machine: whose DAWs; left out, this one's.
        measure: gives the alignment; left out, the real way.
        now: seconds since 1970.
    """

    def __init__(
        self,
        context: UiContext,
        *,
        machine: Machine | None = None,
        measure: Callable[[], Alignment] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._context, self._text, self._now = context, context.text, now
        self._machine, self._measure = machine or this_machine(), measure or _measured
        self._began, self._seen, self._is_looking = now(), (-1, -1), False
        self.bridge: Property[Bridge] = Property(Bridge())
        self.daws: Property[tuple[DawLine, ...]] = Property(())
        self.told: Property[dict[str, Told]] = Property({})
        self.alignment: Property[Told] = Property(Told())
        self._forget: list[Forget] = [
            context.app_ready.observe(lambda _: self._show()),
            context.core_problem.observe(lambda _: self._show()),
        ]

    def close(self) -> None:
        """Hear nothing more."""
        for forget in self._forget:
            forget()

    @property
    def token_file(self) -> Path:
        """Where hosts find port and token."""
        return self._context.settings.home / ENDPOINT_FILE

    @property
    def may_test(self) -> bool:
        return self._context.app is not None and not self.alignment.value.is_running

    def tick(self) -> None:
        """Look again if a message passed or a host was noted; costs nothing else. The view calls it every second."""
        app = self._context.app
        if app is None or self._is_looking:
            return
        heard = app.server.traffic.last, app.server.visitors.noted
        if heard != self._seen:
            self._seen = heard
            self.look()

    def look(self) -> None:
        """Read what is installed and who was heard."""
        if not self._is_looking:
            self._is_looking = True
            home, machine = self._context.settings.home, self._machine
            self._context.background.run(lambda: daw_lines(home, machine), done=self._seen_daws, failed=self._not_seen)

    def install(self, name: str, folder: Path | None = None) -> None:
        """Install the scripts for a DAW; ``told`` says what came of it."""
        self._tell(name, Told(is_running=True, text=self._text("Installing…")))
        home, machine = self._context.settings.home, self._machine
        self._context.background.run(
            lambda: install_scripts(name, home, machine, folder),
            done=lambda done: self._installed(name, done),
            failed=lambda error: self._tell(name, Told(text=self._sentence(error), is_good=False)),
        )

    def test_alignment(self) -> None:
        """Send clicks through the whole way, in an app of its own, and measure their lag."""
        if self.may_test:
            said = self._text("Sending clicks all the way round. This takes about half a minute.")
            self.alignment.value = Told(is_running=True, text=said)
            self._context.background.run(
                self._measure,
                done=self._measured,
                failed=lambda error: self._set_alignment(Told(text=self._sentence(error), is_good=False)),
            )

    # Results

    def _show(self) -> None:
        app, problem = self._context.app, self._context.core_problem.value
        if app is None:
            state = BridgeState.FAILED if problem else BridgeState.STARTING
            self.bridge.value = Bridge(state=state, problem=problem)
            return
        wanted, port = self._context.settings.port, app.server.port
        daws = tuple(line.title for line in self.daws.value if self._is_connected(line))
        state = BridgeState.CONNECTED if daws else BridgeState.READY
        self.bridge.value = Bridge(
            state=state, port=port, taken_port=wanted if wanted not in (0, port) else 0, daws=daws
        )

    def _is_connected(self, line: DawLine) -> bool:
        """UDP knows no connections: heard in this run, and not long ago."""
        return line.heard_at >= max(self._began, self._now() - RECENT_S)

    def _seen_daws(self, lines: tuple[DawLine, ...]) -> None:
        self._is_looking = False
        self.daws.value = lines
        self._show()

    def _not_seen(self, error: Exception) -> None:
        self._is_looking = False
        tell(self._context, error)

    def _installed(self, name: str, done: Installed) -> None:
        if done.written:
            said = self._text.count("{count} file installed.", "{count} files installed.", done.written)
        else:
            said = self._text("Everything was already installed.")
        self._tell(name, Told(text=f"{said} {self._text('Then:')}", steps=done.steps))
        self.look()

    def _tell(self, name: str, told: Told) -> None:
        self.told.value = {name: told}

    def _measured(self, found: Alignment) -> None:
        if found.is_exact:
            told = Told(text=self._text("Exact to the sample: the stem begins and ends where its region does."))
        else:
            said = self._text(
                "The stem is {lag} samples off, or differs from its region in position or length.",
                lag=found.lag_samples,
            )
            told = Told(text=said, is_good=False)
        self._set_alignment(told)

    def _set_alignment(self, told: Told) -> None:
        self.alignment.value = told

    def _sentence(self, error: Exception) -> str:
        return self._text(error.message) if isinstance(error, StylusError) else f"{type(error).__name__}: {error}"


def _measured() -> Alignment:
    from stylus_daw.alignment import measured_alignment

    return measured_alignment()
