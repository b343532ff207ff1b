"""Chooses where the model runs, and says why. The only module that knows device names."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from stylus_daw.engine.memory import free_main_memory
from stylus_daw.errors import RequestError

KINDS = ("auto", "cpu", "cuda", "mps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A place to run.

    Attributes:
        torch: torch's device.
        compute: what autocast uses; float32 = no autocast.
        reason: one sentence for people.
    """

    torch: torch.device
    compute: torch.dtype
    reason: str

    @property
    def stored(self) -> torch.dtype:
        """The precision that weights are kept in."""
        return torch.float32 if self.torch.type == "cpu" else self.compute

    def free_bytes(self) -> int | None:
        """Memory that could be had there now; None where the system does not tell."""
        if self.torch.type == "cuda":
            return torch.cuda.mem_get_info(self.torch)[0]
        if self.torch.type == "mps":
            return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
        return free_main_memory()

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.torch.type, dtype=self.compute, enabled=self.compute is not torch.float32)


def choose_device(wish: str = "auto") -> Device:
    """The best device for a wish.

    Args:
        wish: ``auto``, ``cpu``, ``cuda`` (NVIDIA, and AMD through ROCm), ``cuda:1``, ``mps``.

    Raises:
        RequestError: unknown, or not there; names what is.
    """
    kind = wish.partition(":")[0]
    if kind not in KINDS:
        raise RequestError("device.unknown", f"Device {wish!r} is not known; allowed: {', '.join(KINDS)}.")
    if kind == "auto":
        kind = wish = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if kind == "cuda":
        return _cuda(wish)
    if kind == "mps":
        return _mps()
    return _cpu()


def _cuda(wish: str) -> Device:
    if not torch.cuda.is_available():
        raise RequestError(
            "device.absent", f"Device {wish!r} was asked for, but torch sees no NVIDIA or AMD GPU. Use 'cpu'."
        )
    index = int(wish.partition(":")[2] or 0)
    if index >= torch.cuda.device_count():
        raise RequestError(
            "device.absent", f"Device {wish!r}: only {torch.cuda.device_count()} GPUs are here, from cuda:0."
        )
    compute = torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    name = torch.cuda.get_device_name(index)
    return Device(torch=torch.device("cuda", index), compute=compute, reason=f"GPU {name}, {_short(compute)}")


def _mps() -> Device:
    if not torch.backends.mps.is_available():
        raise RequestError("device.absent", "Device 'mps' was asked for, but this is no Apple GPU. Use 'cpu'.")
    return Device(torch=torch.device("mps"), compute=torch.float32, reason="Apple GPU, float32")


def _cpu() -> Device:
    fast = bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()) if torch.backends.mkldnn.is_available() else False
    compute = torch.bfloat16 if fast else torch.float32
    return Device(
        torch=torch.device("cpu"), compute=compute, reason=f"CPU, {torch.get_num_threads()} threads, {_short(compute)}"
    )


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
