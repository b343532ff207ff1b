"""What a test needs besides Python: without it the test is skipped, and fails where it could have been installed.

That is so where ``CI`` is set: in continuous integration, and in the make targets that install what their tests need.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

TABLE = Path(__file__).parent / "debian-packages"
PIP = {
    "basic_pitch": "basic-pitch",
    "dawdreamer": "dawdreamer",
    "librosa": "librosa",
    "matplotlib": "matplotlib",
    "onnx": "onnx",
    "openvino": "openvino",
    "PySide6": "PySide6-Essentials",
    "ptsl": "py-ptsl",
    "torch": "torch",
    "tinysoundfont": "tinysoundfont",
    "vita": "vita",
}
"""Modules that `make setup` installs, and what they are called on PyPI."""


def read_table(table: Path = TABLE) -> dict[str, str]:
    """The Debian package that brings each tool."""
    lines = (line.split() for line in table.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {line[1]: line[2] for line in lines if line}


DEBIAN = read_table()


def needs(*tools: str) -> pytest.MarkDecorator:
    """Marks tests that need commands or files; see :func:`need`."""
    return pytest.mark.needs(*tools)


def need(*tools: str) -> None:
    """Skip, or fail, unless all of these commands and files are here. For fixtures and for tops of modules."""
    __tracebackhide__ = True
    if why := lacking(*tools):
        go_without(why)


def lacking(*tools: str) -> str:
    """What is missing, and how to get it; empty where all is here.

    Raises:
        KeyError: a tool that the table does not name.
    """
    packages = {tool: DEBIAN[tool] for tool in tools}
    missing = [tool for tool in tools if not is_here(tool)]
    wanted = " ".join(sorted({packages[tool] for tool in missing}))
    return f"{', '.join(missing)} missing; Debian and Ubuntu: apt-get install {wanted}" if missing else ""


def need_module(*names: str) -> None:
    """Skip, or fail, unless all of these Python packages are installed."""
    __tracebackhide__ = True
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        wanted = " ".join(PIP[name] for name in missing)
        go_without(f"{wanted} not installed; run: make setup")


def is_here(tool: str) -> bool:
    return Path(tool).exists() if tool.startswith("/") else shutil.which(tool) is not None


def must_be_here() -> bool:
    """Somebody has promised to install what the tests need."""
    return bool(os.environ.get("CI"))


def go_without(why: str, *, could_be_installed: bool = True) -> NoReturn:
    """Skip; fail where it must be here."""
    __tracebackhide__ = True
    if could_be_installed and must_be_here():
        pytest.fail(f"{why}. Nothing that can be installed is skipped where CI is set.", pytrace=False)
    pytest.skip(why, allow_module_level=True)
