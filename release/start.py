"""Where the program of a standalone bundle begins."""

from __future__ import annotations

import multiprocessing
import os

LIBRARIES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""Point into the bundle. Its own libraries are found by now; the system's programs that we start must find theirs."""
BEGINS_ANEW = "PYINSTALLER_RESET_ENVIRONMENT"
"""Lets the bundle's loader set these again in processes of our own, which inherit what we have restored."""


def _leave_libraries_to_the_system() -> None:
    """Restore what the bundle's loader has changed and kept under another name."""
    os.environ[BEGINS_ANEW] = "1"
    for name in LIBRARIES:
        os.environ.pop(name, None)
        if (before := os.environ.pop(f"{name}_ORIG", None)) is not None:
            os.environ[name] = before


if __name__ == "__main__":
    _leave_libraries_to_the_system()
    multiprocessing.freeze_support()  # the render and plugin processes begin here too, and go no further
    from stylus_daw.cli import main

    main()
