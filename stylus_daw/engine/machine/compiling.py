"""torch.compile on request (``STYLUS_COMPILE=1``), for the blocks that a UNet repeats.

The whole UNet takes many minutes to compile, because the swap breaks it up. Its transformer blocks are of few kinds.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from typing import Any

from stylus_daw.errors import RequestError

COMPILERS = ("g++", "clang++", "c++", "cl")


def compile_blocks(model: Any, kind: str) -> None:
    """Have the repeated blocks of a diffusers model compiled at their first call.

    Args:
        model: from diffusers.
        kind: kind of device: ``cpu``, ``cuda`` or ``mps``.

    Raises:
        RequestError: ``device.compile``: the compiler for that device is not installed.
    """
    if kind == "cuda" and importlib.util.find_spec("triton") is None:
        raise _refused("Triton, which compiles for this GPU, is not installed")
    if kind == "cpu" and not any(shutil.which(name) for name in (os.environ.get("CXX", ""), *COMPILERS) if name):
        raise _refused(f"no C++ compiler was found (looked for: {', '.join(COMPILERS)}; CXX names another)")
    model.compile_repeated_blocks()


def _refused(why: str) -> RequestError:
    return RequestError("device.compile", f"STYLUS_COMPILE is set, but {why}. Install it, or unset STYLUS_COMPILE.")
