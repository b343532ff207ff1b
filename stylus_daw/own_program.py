"""How this program is started again: as a module of its Python, or as the program of a standalone bundle.

In a bundle (see ``release/``) ``sys.executable`` is stylus-daw itself: it takes neither ``-m`` nor ``-c``, and nothing
can be installed into it.
"""

from __future__ import annotations

import sys
from pathlib import Path


def is_bundled() -> bool:
    """This is a standalone bundle."""
    return bool(getattr(sys, "frozen", False))


def own_command(*arguments: str) -> list[str]:
    """The command line that runs ``stylus-daw`` with these arguments, from any folder and without ``PATH``."""
    return [sys.executable, *(() if is_bundled() else ("-m", "stylus_daw")), *arguments]


def how_to_add(extra: str, prefix: str = sys.prefix, *, is_bundle: bool | None = None) -> str:
    """The command that brings one of our extras, for the way in which stylus-daw itself was installed.

    Args:
        extra: its name in ``pyproject.toml``.
        prefix: where its Python has its packages.
        is_bundle: whether it is the program that needs no Python, which cannot take more packages; default: this one.

    >>> how_to_add("farm", "/home/kim/.local/share/pipx/venvs/stylus-daw", is_bundle=False)
    "pipx install --force 'stylus-daw[farm]'"
    >>> how_to_add("farm", "/home/kim/.local/share/uv/tools/stylus-daw", is_bundle=False)
    "uv tool install --force 'stylus-daw[farm]'"
    """
    parts, package = Path(prefix).parts, f"'stylus-daw[{extra}]'"
    if is_bundled() if is_bundle is None else is_bundle:
        return f"pip install {package}, beside this program, which cannot take it"
    if "pipx" in parts:
        return f"pipx install --force {package}"
    if "uv" in parts and "tools" in parts:
        return f"uv tool install --force {package}"
    return f"{_quoted(sys.executable)} -m pip install {package}"


def _quoted(path: str) -> str:
    return f'"{path}"' if " " in path else path
