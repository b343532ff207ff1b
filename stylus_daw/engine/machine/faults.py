"""Out of memory: how each device reports it, and how the memory is freed."""

from __future__ import annotations

import gc
import sys
import traceback

from stylus_daw.engine.machine.place import Place
from stylus_daw.errors import EngineError

SAID = ("not enough memory", "out of memory", "can't allocate memory", "failed to allocate")
"""CPU, CUDA and MPS, CPU of another build, oneDNN; all of them as RuntimeError."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether this error means out of memory.

    >>> is_out_of_memory(RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate 8 bytes."))
    True
    """
    if isinstance(error, MemoryError) or ("torch" in sys.modules and _is_torchs(error)):
        return True
    return isinstance(error, RuntimeError) and any(said in str(error).lower() for said in SAID)


def _is_torchs(error: BaseException) -> bool:
    import torch

    return isinstance(error, torch.OutOfMemoryError)


def let_go(error: BaseException, device: Place) -> None:
    """Free what the failed call held: its frames keep tensors alive as long as the error exists."""
    traceback.clear_frames(error.__traceback__)
    gc.collect()
    device.empty_cache()


def out_of_memory(name: str, device: Place, tried: str, *, hears_quality: bool = True) -> EngineError:
    """The error for when nothing smaller is left to try.

    Args:
        name: of the model.
        device: where it ran.
        tried: the least that was tried.
        hears_quality: draft quality makes this model's renders smaller. Of those that it does not, none is smaller.
    """
    ways = ["close other programs"]
    ways += ["choose draft quality or a smaller model"] if hears_quality else []
    ways += ["use the device 'cpu'"] if device.kind != "cpu" else []
    advice = f"{', '.join(ways[:-1])}, or {ways[-1]}" if len(ways) > 1 else f"{ways[0]} and render again"
    text = f"{name} ran out of memory on {device.reason}, even with {tried}. {advice[0].upper()}{advice[1:]}."
    return EngineError("engine.memory", text)
