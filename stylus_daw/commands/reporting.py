"""How a command ends: its exit code, and its errors in words or as JSON. Imports neither typer nor rich.

====  =====================================================
code  meaning
====  =====================================================
0     done
1     failed: the engine, the bridge, a check, a bug
2     refused: the caller can fix it (:class:`RequestError`)
3     partly done: some files of a batch have no stem
130   interrupted with Ctrl-C
====  =====================================================
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from typing import Any

from stylus_daw.errors import RequestError, StylusError, quoted

DONE, FAILED, REFUSED, PARTLY, INTERRUPTED = 0, 1, 2, 3, 130  # exit codes; 130 is the shell's for Ctrl-C

logger = logging.getLogger(__name__)


def reported(body: Callable[[], int | None], *, as_json: bool) -> int:
    """Run a command; returns its exit code. Every error is told once, never as a bare traceback."""
    try:
        return body() or DONE
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
        logger.exception("A bug")
        text = f"A fault in stylus-daw ({type(error).__name__}: {error}). Please report it with the lines above."
        return _told("bug", text, FAILED, as_json=as_json)


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
        tell_error(code, message, as_json=as_json)
    except BrokenPipeError:
        _let_go_of_stdout()
    return exit_code


def _let_go_of_stdout() -> None:
    """Whoever read us has gone (``| head``): Python's flush at exit must not complain."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
