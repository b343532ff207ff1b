"""The file type on Windows: values in the user's part of the registry. Written and never run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.own_program import is_bundled, own_command

CLASSES = r"Software\Classes"
TYPE, SUFFIX = "StylusDAW.Preset", ".styluspreset"
ICON = Path(__file__).parent / "icons" / "stylus-daw.ico"
_ASSOCIATIONS_CHANGED = 0x0800_0000  # SHCNE_ASSOCCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryValue:
    """One text below ``HKEY_CURRENT_USER``.

    Attributes:
        key: path of the key.
        name: of the value; empty: the key's default.
        text: the value.
    """

    key: str
    name: str
    text: str


def wanted_values() -> tuple[RegistryValue, ...]:
    """The type, what opens it, and the suffix that has it."""
    own = rf"{CLASSES}\{TYPE}"
    return (
        RegistryValue(key=own, name="", text="Stylus preset"),
        RegistryValue(key=rf"{own}\DefaultIcon", name="", text=f'"{ICON}"'),
        RegistryValue(key=rf"{own}\shell\open\command", name="", text=opening_command()),
        RegistryValue(key=rf"{CLASSES}\{SUFFIX}\OpenWithProgids", name=TYPE, text=""),
        RegistryValue(key=rf"{CLASSES}\{SUFFIX}", name="", text=TYPE),
    )


def opening_command() -> str:
    """The window with one file, started without a terminal."""
    program, *arguments = own_command("ui")
    path = Path(program)
    quiet = path.with_name("Stylus.exe" if is_bundled() else "pythonw.exe")
    return subprocess.list2cmdline([str(quiet if quiet.exists() else path), *arguments]) + ' "%1"'


if sys.platform == "win32":
    import ctypes
    import winreg

    def register(*, is_dry: bool = False) -> tuple[str, ...]:
        """Write the values; returns their keys. ``is_dry``: return them only.

        Raises:
            OSError: the registry refuses.
        """
        values = wanted_values()
        for value in () if is_dry else values:
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, value.key) as key:
                winreg.SetValueEx(key, value.name, 0, winreg.REG_SZ, value.text)
        if not is_dry:
            _tell_explorer()
        return tuple(value.key for value in values)

    def unregister(*, is_dry: bool = False) -> tuple[str, ...]:
        """Remove our type, and the suffix where it is still ours; returns the keys that were there."""
        own = rf"{CLASSES}\{TYPE}"
        subkeys = (rf"{own}\shell\open\command", rf"{own}\shell\open", rf"{own}\shell", rf"{own}\DefaultIcon", own)
        suffix = rf"{CLASSES}\{SUFFIX}"
        theirs = _text(suffix) not in (None, TYPE)
        wanted = (*subkeys, *(() if theirs else (rf"{suffix}\OpenWithProgids", suffix)))
        there = tuple(key for key in wanted if _text(key) is not None)
        for key in () if is_dry else there:
            winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
        if not is_dry:
            _tell_explorer()
        return there

    def is_registered() -> bool:
        """A double-click starts this program."""
        return _text(rf"{CLASSES}\{TYPE}\shell\open\command") == opening_command()

    def _text(key: str) -> str | None:
        try:
            return winreg.QueryValue(winreg.HKEY_CURRENT_USER, key)
        except OSError:
            return None

    def _tell_explorer() -> None:
        ctypes.windll.shell32.SHChangeNotify(_ASSOCIATIONS_CHANGED, 0, None, None)
