"""A file on the system's clipboard, as a file: paste it into the DAW or a file manager."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from stylus_daw.errors import RequestError

TIMEOUT_S = 20.0  # s for the system's clipboard tool
PATH_VARIABLE = "STYLUS_CLIPBOARD_FILE"

Which = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipboardCall:
    """One call of the system's own tool.

    Attributes:
        arguments: the tool and its arguments.
        stdin: what it reads.
        environment: variables that it gets besides our own.
    """

    arguments: tuple[str, ...]
    stdin: bytes = b""
    environment: Mapping[str, str] = field(default_factory=dict)


def clipboard_call(system: str, path: Path, environment: Mapping[str, str], which: Which) -> ClipboardCall:
    """How to put a file on the clipboard.

    Args:
        system: ``Darwin``, ``Windows`` or ``Linux``, as ``platform.system()`` says; others count as Linux.
        path: absolute.
        environment: environment variables.
        which: finds a program, as ``shutil.which`` does.

    Raises:
        RequestError: ``export.clipboard``; there is no screen, or the tool is missing.
    """
    if system == "Darwin":
        script = ("on run argv", "set the clipboard to POSIX file (item 1 of argv)", "end run")
        lines = tuple(word for line in script for word in ("-e", line))
        return ClipboardCall(arguments=(_found("osascript", which), *lines, str(path)))
    if system == "Windows":
        # PowerShell 7 has no -LiteralPath there; and a path in a variable needs no quotes.
        command = f"Set-Clipboard -LiteralPath $env:{PATH_VARIABLE} -ErrorAction Stop"
        options = ("-NoProfile", "-NonInteractive", "-Command", command)
        return ClipboardCall(
            arguments=(_found("powershell.exe", which), *options), environment={PATH_VARIABLE: str(path)}
        )
    return _linux_call(path, environment, which)


def put_on_clipboard(path: Path, system: str, environment: Mapping[str, str]) -> None:
    """Put a file on the clipboard; it has to stay where it is until it is pasted.

    Raises:
        RequestError: ``export.clipboard``.
    """
    call = clipboard_call(system, path, environment, shutil.which)
    tool = Path(call.arguments[0]).name
    # On Linux the tool stays behind to serve the clipboard and keeps what it inherits: hence a file, not a pipe.
    with tempfile.TemporaryFile() as said:
        try:
            ended = subprocess.run(
                call.arguments,
                input=call.stdin,
                stdout=subprocess.DEVNULL,
                stderr=said,
                check=False,
                env={**environment, **call.environment},
                timeout=TIMEOUT_S,
                start_new_session=True,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RequestError("export.clipboard", f"{tool} does not work: {error}. {_BESIDES}") from error
        said.seek(0)
        complaint = said.read(500).decode("utf-8", "replace").strip()
    if ended.returncode:
        text = f"{tool} could not reach the clipboard: {complaint or f'exit code {ended.returncode}'}. {_BESIDES}"
        raise RequestError("export.clipboard", text)


_BESIDES = "Without --clipboard, export writes a file that you can drag."


def _linux_call(path: Path, environment: Mapping[str, str], which: Which) -> ClipboardCall:
    """Both tools can offer one form at a time: ``text/uri-list``, which DAWs and file managers read."""
    wayland, x11 = bool(environment.get("WAYLAND_DISPLAY")), bool(environment.get("DISPLAY"))
    if not (wayland or x11):
        text = f"There is no screen here (neither WAYLAND_DISPLAY nor DISPLAY is set), and so no clipboard. {_BESIDES}"
        raise RequestError("export.clipboard", text)
    uris = path.as_uri().encode("ascii") + b"\r\n"
    if wayland and (tool := which("wl-copy")):
        return ClipboardCall(arguments=(tool, "--type", "text/uri-list"), stdin=uris)
    if x11 and (tool := which("xclip")):
        return ClipboardCall(arguments=(tool, "-selection", "clipboard", "-t", "text/uri-list", "-i"), stdin=uris)
    package = "wl-clipboard" if wayland else "xclip"
    text = f"The clipboard needs {'wl-copy' if wayland else 'xclip'}: install the package {package}. {_BESIDES}"
    raise RequestError("export.clipboard", text)


def _found(tool: str, which: Which) -> str:
    found = which(tool)
    if found is None:
        text = f"The clipboard needs {tool}, which belongs to the system but is not on the PATH. {_BESIDES}"
        raise RequestError("export.clipboard", text)
    return found
