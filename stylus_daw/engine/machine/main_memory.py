"""How much main memory is available, on Linux, Windows and macOS. Imports nothing beyond Python."""

from __future__ import annotations

import ctypes
import logging
import re
import subprocess
import sys
from pathlib import Path

log = logging.getLogger(__name__)

VM_STAT_SECONDS = 5.0  # s: it answers in milliseconds; a render must not hang on it
COUNTED_PAGES = ("Pages free", "Pages inactive", "Pages speculative")
"""What macOS can give at once: empty, used by nobody lately, and read ahead."""


class _MemoryStatus(ctypes.Structure):
    """``MEMORYSTATUSEX`` of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("load_percent", ctypes.c_uint32),
        ("total", ctypes.c_uint64),
        ("available", ctypes.c_uint64),
        ("total_page_file", ctypes.c_uint64),
        ("available_page_file", ctypes.c_uint64),
        ("total_virtual", ctypes.c_uint64),
        ("available_virtual", ctypes.c_uint64),
        ("available_extended", ctypes.c_uint64),
    )


def free_main_memory() -> int | None:
    """Bytes available without swapping; None if the system does not say."""
    try:
        if sys.platform == "win32":
            return _windows()
        return _macos() if sys.platform == "darwin" else of_meminfo(Path("/proc/meminfo").read_text("ascii"))
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        log.warning("free memory is unknown: %s", error)
        return None


def of_meminfo(text: str) -> int:
    """From Linux's ``/proc/meminfo``.

    Raises:
        ValueError: it does not have the line.

    >>> of_meminfo("MemTotal: 16000 kB\\nMemAvailable:    8000 kB\\n")
    8192000
    """
    found = re.search(r"^MemAvailable:\s+(\d+) kB", text, re.MULTILINE)
    if not found:
        raise ValueError("/proc/meminfo has no MemAvailable")
    return int(found[1]) * 1024


def of_vm_stat(text: str) -> int:
    """From macOS's ``vm_stat``.

    Raises:
        ValueError: the page size or a count is missing.

    >>> of_vm_stat("(page size of 4096 bytes)\\nPages free:  10.\\nPages inactive: 20.\\nPages speculative:  5.\\n")
    143360
    """
    size = re.search(r"page size of (\d+) bytes", text)
    pages = [re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE) for name in COUNTED_PAGES]
    if not size or not all(pages):
        raise ValueError("vm_stat has an unexpected format")
    return int(size[1]) * sum(int(one[1]) for one in pages if one)


def _macos() -> int:
    told = subprocess.run(["/usr/bin/vm_stat"], capture_output=True, text=True, check=True, timeout=VM_STAT_SECONDS)
    return of_vm_stat(told.stdout)


def _windows() -> int:
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):  # type: ignore[attr-defined]
        raise ctypes.WinError()  # type: ignore[attr-defined]
    return int(status.available)
