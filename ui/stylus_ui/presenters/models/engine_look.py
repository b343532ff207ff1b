"""EngineLook: on what device the engine runs and why, and what fits in its memory, asked of a process of its own.

Only the engine's own library knows devices; it takes seconds to import and never enters the window's process. No Qt.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stylus_daw.errors import EngineError
from stylus_daw.own_program import own_command
from stylus_ui.context import UiContext
from stylus_ui.state.observable import Property
from stylus_ui.state.wishes import DEVICE, MEMORY, MEMORY_VARIABLE, PRECISION, PRECISION_VARIABLE, wished_environment

logger = logging.getLogger(__name__)

TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryNeed:
    """What a model takes there, in bytes; ``fits`` is None if unknown."""

    needed: int
    fits: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSeen:
    """What the look gave.

    Attributes:
        is_looking: not finished yet.
        reason: where the engine runs and why; empty: not known.
        problem: why it cannot run as it was wished.
        memory: by the model's name.
    """

    is_looking: bool = False
    reason: str = ""
    problem: str = ""
    memory: Mapping[str, MemoryNeed] = field(default_factory=dict)


class EngineLook:
    """Asks, and remembers the answer.

    Attributes:
        seen: what is known.
    """

    def __init__(self, context: UiContext) -> None:
        self._context = context
        self._forget = lambda: None
        self.seen: Property[EngineSeen] = Property(EngineSeen())

    def look(self) -> None:
        """Ask again, with the device, precision and memory that the settings say now."""
        self._forget()
        before, home, chosen = self.seen.value, self._context.settings.home, self._chosen()
        self.seen.value = EngineSeen(is_looking=True, reason=before.reason, memory=before.memory)
        device, environment = chosen
        self._forget = self._context.background.run(
            lambda: seen_by(home, device, environment), done=self._show, failed=self._fail
        )

    def _chosen(self) -> tuple[str, dict[str, str]]:
        preferences = self._context.preferences
        names = {PRECISION: preferences.get(PRECISION, ""), MEMORY: preferences.get(MEMORY, 0)}
        return preferences.get(DEVICE, "") or self._context.settings.device, wished_environment(names)

    def _show(self, seen: EngineSeen) -> None:
        self.seen.value = seen

    def _fail(self, error: Exception) -> None:
        logger.error("The engine could not be looked at", exc_info=error)
        self.seen.value = EngineSeen(problem=self._context.text(str(error)))


def seen_by(home: Path, device: str, environment: Mapping[str, str]) -> EngineSeen:
    """What ``stylus-daw models list`` says. Takes as long as the engine's library takes to load.

    Raises:
        EngineError: ``engine.look``: it gave no answer.
    """
    own = {name: value for name, value in os.environ.items() if name not in (PRECISION_VARIABLE, MEMORY_VARIABLE)}
    command = own_command("models", "list", "--json", "--device", device, "--state-dir", str(home))
    try:
        said = subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            check=False,
            env=own | dict(environment),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError("engine.look", f"The engine does not answer: {error}. Try again.") from error
    lines = [json.loads(line) for line in said.stdout.decode("utf-8", "replace").splitlines() if line.startswith("{")]
    if not lines:
        end = said.stderr.decode("utf-8", "replace").strip()[-300:]
        raise EngineError(
            "engine.look", f"The engine does not answer ({end or said.returncode}). Reinstall stylus-daw."
        )
    memory = {one["name"]: MemoryNeed(**_need(one["memory"])) for one in lines if "memory" in one}
    problem = next((one["problem"] for one in lines if str(one.get("code", "")).startswith("device.")), "")
    return EngineSeen(
        reason=next((one["device"] for one in lines if "device" in one), ""), problem=problem, memory=memory
    )


def _need(memory: Mapping[str, object]) -> dict:
    return {name: memory[name] for name in ("needed", "fits")}
