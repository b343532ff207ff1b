"""PluginProcess: third-party code, called over a pipe with a time limit; killed and named when it fails."""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Self

from stylus_daw.errors import ChainError

REAP_S = 5.0  # s to wait for a killed process


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """Seconds that a plugin may take.

    Attributes:
        scan_s: to be loaded and described, from the start of its process; so for each plugin file.
        open_s: to be loaded and set for a render, or for saving.
        block_s: for 8,192 samples.
    """

    scan_s: float = 30.0
    open_s: float = 60.0
    block_s: float = 30.0


class PluginCrash(ChainError):
    """The plugin took its process down."""


class PluginHang(ChainError):
    """The plugin did not answer in time."""


class PluginProcess:
    """One process for one plugin. Use as a context manager; its end is a kill, so a plugin cannot refuse it.

    Args:
        plugin: the plugin's name, for messages.
        path: its file.
    """

    def __init__(self, plugin: str, path: str) -> None:
        from stylus_daw.chain.plugins.child import run_child

        self._plugin, self._path = plugin, path
        context = multiprocessing.get_context("spawn")
        self._connection, far_end = context.Pipe()
        self._process = context.Process(target=run_child, args=(far_end,), name="stylus-plugin", daemon=True)
        try:
            self._process.start()
        except OSError as error:
            text = f'No process can be started for the plugin "{plugin}": {error}. Close other programs and try again.'
            raise ChainError("chain.no_process", text) from error
        finally:
            far_end.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id."""
        return self._process.pid

    def ask(self, verb: str, timeout_s: float | None, **arguments: Any) -> Any:
        """The plugin process's answer.

        Args:
            verb: a method of ``plugin_child``'s child.
            timeout_s: None waits for ever: for windows.
            arguments: of that method.

        Raises:
            PluginHang: no answer in time (``chain.plugin_timeout``).
            PluginCrash: the process died (``chain.plugin_crashed``).
            ChainError: the plugin refused.
        """
        try:
            self._connection.send((verb, arguments, timeout_s))
            answer = self._receive(verb, timeout_s)
        except (EOFError, OSError) as error:
            raise self._crashed(verb) from error
        if answer[0] == "ok":
            return answer[1]
        raise ChainError(answer[1], self._sentence(answer[1], answer[2]))

    def close(self) -> None:
        """Kill the process. Safe to call twice."""
        self._process.kill()
        self._process.join(REAP_S)
        with contextlib.suppress(OSError):
            self._connection.close()

    def _receive(self, verb: str, timeout_s: float | None) -> tuple[Any, ...]:
        ready = wait([self._connection, self._process.sentinel], timeout_s)
        if self._connection in ready or self._connection.poll(0):
            return self._connection.recv()
        if ready:
            raise self._crashed(verb)  # a process of the plugin's own may hold the pipe open
        self.close()
        text = (
            f'The plugin "{self._plugin}" ({self._path}) was {_WORDS[verb]} and did not answer within {timeout_s:g} s. '
            "It was stopped. Bypass it, or try another version of it."
        )
        raise PluginHang("chain.plugin_timeout", text)

    def _crashed(self, verb: str) -> PluginCrash:
        self._process.join(REAP_S)
        how = _how_it_ended(self._process.exitcode)
        self.close()
        text = (
            f'The plugin "{self._plugin}" ({self._path}) crashed ({how}) when it was {_WORDS[verb]}. '
            "Bypass it, or try another version of it."
        )
        return PluginCrash("chain.plugin_crashed", text)

    def _sentence(self, code: str, said: str) -> str:
        if code == "chain.plugin_channels":
            return said
        if code == "chain.plugin_parameter" and said.startswith("has no"):
            return f'The plugin "{self._plugin}" {said}'
        if code == "chain.no_display":
            return f'The window of the plugin "{self._plugin}" cannot be shown: {said} Start the app on a screen.'
        if code == "chain.no_editor":
            return f'The plugin "{self._plugin}" has no window of its own. Set its parameters by name.'
        return f'The plugin "{self._plugin}" ({self._path}) failed: {said.rstrip(".")}. Bypass it, or set it up again.'


_WORDS = {
    "scan": "loaded",
    "open": "loaded and set",
    "capture": "loaded and set",
    "edit": "to show its window",
    "block": "processing the sound",
}


def _how_it_ended(exitcode: int | None) -> str:
    if exitcode is None:
        return "it closed its pipe"
    try:
        return signal.Signals(-exitcode).name
    except ValueError:
        return f"exit code {exitcode}"
