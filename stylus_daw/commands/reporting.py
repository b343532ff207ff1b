"""How a command ends: its exit code, and its errors in words or as JSON. Imports neither typer nor rich.

====  =====================================================
code  meaning
====  =====================================================
0     done
1     failed: the engine, the bridge, a check, a bug
2     refused: the caller can fix it (:class:`RequestError`)
3     partly done: some files of a batch have no stem
130   interrupted with Ctrl-C; ``render`` also by SIGTERM or the terminal's end
====  =====================================================
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from io import TextIOWrapper
from typing import Any

from stylus_daw.errors import DISK_FULL, RequestError, StylusError, quoted

DONE, FAILED, REFUSED, PARTLY, INTERRUPTED = 0, 1, 2, 3, 130  # exit codes; 130 is the shell's for Ctrl-C

logger = logging.getLogger(__name__)


def reported(body: Callable[[], int | None], *, as_json: bool) -> int:
    """Run a command; returns its exit code. Every error is told once, never as a bare traceback."""
    try:
        exit_code = body() or DONE
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _told("cli.interrupted", "Interrupted.", INTERRUPTED, as_json=as_json)
    except BrokenPipeError:
        _let_go_of_stdout()
        return FAILED
    except StylusError as error:
        code = REFUSED if isinstance(error, RequestError) else FAILED
        return _told(error.code, error.message, code, as_json=as_json)
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            text = f"{quoted(error.filename or 'A name')} is longer than the file system allows. Shorten it."
            return _told("cli.name", text, REFUSED, as_json=as_json)
        if isinstance(error, OSError) and error.errno in DISK_FULL:
            where = quoted(error.filename) if error.filename else "What was to be written (a file, or this output)"
            text = f"{where} did not fit: {error.strerror}. Free some space, or write to another disk."
            return _told("cli.disk_full", text, FAILED, as_json=as_json)
        logger.exception("A bug")
        text = f"A fault in stylus-daw ({type(error).__name__}: {error}). Please report it with the lines above."
        return _told("bug", text, FAILED, as_json=as_json)
    return exit_code


def tell_error(code: str, message: str, *, as_json: bool) -> None:
    """An error: for machines ``{"code", "message"}`` on stdout, for people a line on stderr."""
    if as_json:
        say_json({"code": code, "message": message})
    else:
        print(f"stylus-daw: {message} [{code}]", file=sys.stderr)


def say_json(content: Mapping[str, Any]) -> None:
    """One line of JSON on stdout; pure ASCII, so that every terminal and every file name survives."""
    print(json.dumps(content, default=str), flush=True)


def print_anything() -> None:
    """Let stdout and stderr write what their encoding lacks as ``\\x..`` instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _told(code: str, message: str, exit_code: int, *, as_json: bool) -> int:
    try:
        sys.stdout.flush()
        tell_error(code, message, as_json=as_json)
    except OSError as error:
        _let_go_of_stdout()
        if not isinstance(error, BrokenPipeError):  # no reader has gone: the disk under stdout is full
            with contextlib.suppress(OSError):
                tell_error(code, message, as_json=False)
    return exit_code


@contextlib.contextmanager
def ended_like_ctrl_c() -> Iterator[None]:
    """Within the block, SIGTERM and the terminal's end leave as little behind as Ctrl-C does. A second one kills."""
    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, _: object) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise KeyboardInterrupt


def _let_go_of_stdout() -> None:
    """Nobody reads us (``| head``), or nothing more fits: Python's flush at exit must not complain."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
