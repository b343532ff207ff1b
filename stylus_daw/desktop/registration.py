"""The desktop of the system at hand: whether it knows this program, and telling it."""

from __future__ import annotations

import sys

from stylus_daw.desktop import linux
from stylus_daw.errors import RequestError, quoted

if sys.platform == "win32":
    from stylus_daw.desktop import windows

MAC = "Put Stylus.app into Applications: macOS then opens presets with it. It comes with the standalone bundle."


def can_register() -> bool:
    """False on macOS, where only an application bundle can say what it opens, and says it itself."""
    return sys.platform != "darwin"


def register(*, has_window: bool, is_dry: bool = False) -> tuple[str, ...]:
    """Entry, icon and file type for this user; may be repeated. Returns what was written, for people.

    Args:
        has_window: what is opened is the window; else presets are imported in a terminal.
        is_dry: only say what would be written.

    Raises:
        RequestError: ``install.desktop``: the system does it another way, or a folder cannot be written.
    """
    _refuse_mac()
    try:
        if sys.platform == "win32":
            return windows.register(is_dry=is_dry)
        return tuple(map(str, linux.register(has_window=has_window, is_dry=is_dry)))
    except OSError as error:
        raise _refused(error) from error


def unregister(*, is_dry: bool = False) -> tuple[str, ...]:
    """Undo it, or only say what that would remove; returns what was removed.

    Raises:
        RequestError: as :func:`register`.
    """
    _refuse_mac()
    try:
        if sys.platform == "win32":
            return windows.unregister(is_dry=is_dry)
        return tuple(map(str, linux.unregister(is_dry=is_dry)))
    except OSError as error:
        raise _refused(error) from error


def is_registered() -> bool:
    """The desktop starts this program for presets, and not another installation of it."""
    if sys.platform == "win32":
        return windows.is_registered()
    return can_register() and linux.is_registered()


def _refuse_mac() -> None:
    if not can_register():
        raise RequestError("install.desktop", MAC)


def _refused(error: OSError) -> RequestError:
    place = quoted(error.filename) if error.filename else "The user's settings"
    return RequestError("install.desktop", f"{place} cannot be written: {error}. Allow it and try again.")
