"""Modesty: a render gives way to the DAW that plays, to the window, and to the thread that answers hosts."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys

NICE = 5
"""Steps below the app's own priority, on Linux and macOS. Where others want the processor, a render gets a third of
what they get (Linux: weight 335 against 1,024); where nobody does, all of it."""
HEAPS, _ARENA_MAX = 2, -8
"""glibc gives every thread a heap of its own and keeps what was freed there (``M_ARENA_MAX`` of ``mallopt``)."""
_BELOW_NORMAL = 0x4000  # BELOW_NORMAL_PRIORITY_CLASS of Windows


def give_way() -> None:
    """Lower the priority of this process and of those that it will start. Where the system refuses, nothing changes."""
    if sys.platform == "win32":
        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        with contextlib.suppress(OSError):
            os.nice(NICE)


def keep_few_heaps() -> None:
    """Have all threads of this process share two heaps; changes nothing where the C library is not glibc."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another libc has no mallopt
            ctypes.CDLL(None).mallopt(_ARENA_MAX, HEAPS)
