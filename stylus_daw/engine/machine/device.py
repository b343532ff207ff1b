"""Chooses where and how a torch model runs, and says why. What is shipped runs without: see ``runtime``.

Environment variables can override the choice: see :class:`Wishes`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from torch import nn

from stylus_daw.engine.machine.aligned import align_weights
from stylus_daw.engine.machine.amx import has_amx
from stylus_daw.engine.machine.asked import asked_precision, kind_and_index
from stylus_daw.engine.machine.compiling import compile_blocks
from stylus_daw.engine.machine.main_memory import free_main_memory
from stylus_daw.errors import RequestError, check_range

DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}
# Tiles of 64 x 64 latents in one call of a UNet beyond which it only takes more memory; cuda and mps are unmeasured.
MOST_TOGETHER = {"cpu": 4, "cuda": 16, "mps": 4}
TILE_LATENTS = 64 * 64  # latents of a tile of Stable Diffusion 1.x
KEPT_MAIN_BYTES = 500_000_000  # bytes kept between renders in main memory, which belongs to the session
KEPT_SHARE = 0.25  # of a GPU's free memory kept between renders

Model = TypeVar("Model", bound=nn.Module)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the environment requests.

    Attributes:
        precision: ``STYLUS_PRECISION``: bf16, fp16 or fp32; empty: the device decides.
        memory_gb: ``STYLUS_MEMORY_GB``: upper limit, to leave room for other programs; None: everything that is free.
        agrees: ``STYLUS_JOIN=latents``: overlapping tiles agree on their latents at every step (decision 0047).
        compiles: ``STYLUS_COMPILE=1``: the UNet's blocks go through torch.compile; takes minutes in every process.
    """

    precision: str = ""
    memory_gb: float | None = None
    agrees: bool = False
    compiles: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Wishes:
        """Read them.

        Raises:
            RequestError: a value that is not allowed.
        """
        return cls(
            precision=asked_precision(environment),
            memory_gb=_gigabytes(environment.get("STYLUS_MEMORY_GB", "")),
            agrees=_joins_latents(environment.get("STYLUS_JOIN", "")),
            compiles=environment.get("STYLUS_COMPILE", "") not in {"", "0"},
        )


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
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def kind(self) -> str:
        """``cpu``, ``cuda`` or ``mps``."""
        return self.torch.type

    @property
    def number_bytes(self) -> int:
        """Bytes of a number of the weights."""
        return self.stored.itemsize

    @property
    def stored(self) -> torch.dtype:
        """The precision in which weights are kept."""
        return torch.float32 if self.torch.type == "cpu" else self.compute

    def most_tiles(self, latents: int = TILE_LATENTS) -> int:
        """The most tiles of this many latents in one call of a UNet."""
        return max(1, MOST_TOGETHER[self.torch.type] * TILE_LATENTS // latents)

    @property
    def layout(self) -> torch.memory_format:
        """Memory layout of images. Tensor cores and oneDNN compute with channels last; for Metal it does not matter."""
        return torch.contiguous_format if self.torch.type == "mps" else torch.channels_last

    @property
    def circumstances(self) -> dict[str, str]:
        """What decides the last digits of a result, for provenance."""
        told = {"device": self.torch.type, "precision": str(self.compute).removeprefix("torch.")}
        told |= {"join": "latents"} if self.wishes.agrees else {}
        return told | ({"compiled": "yes"} if self.wishes.compiles else {})

    def free_bytes(self) -> int | None:
        """Memory that is available now, within the requested limit; None if the system does not say."""
        free = self._free()
        if self.wishes.memory_gb is None:
            return free
        left = max(0, int(self.wishes.memory_gb * 1e9) - self.held_bytes())
        return left if free is None else min(free, left)

    def held_bytes(self) -> int:
        """Memory that this process's tensors take there; 0 for main memory, where it is not counted."""
        if self.torch.type == "cuda":
            return torch.cuda.memory_allocated(self.torch)
        return torch.mps.current_allocated_memory() if self.torch.type == "mps" else 0

    def keeping_bytes(self) -> int:
        """How much may be kept there between renders."""
        if self.torch.type == "cpu":
            return KEPT_MAIN_BYTES
        return int(KEPT_SHARE * (self.free_bytes() or 0))

    def empty_cache(self) -> None:
        """Return torch's cached memory to the system."""
        if self.torch.type == "cuda":
            torch.cuda.empty_cache()
        elif self.torch.type == "mps":
            torch.mps.empty_cache()

    def synchronize(self) -> None:
        """Wait until all its work is done, for measurements of time."""
        if self.torch.type == "cuda":
            torch.cuda.synchronize(self.torch)
        elif self.torch.type == "mps":
            torch.mps.synchronize()

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.torch.type, dtype=self.compute, enabled=self.compute is not torch.float32)

    def placed(self, model: Model) -> Model:
        """The model on the device, ready for inference."""
        model.to(self.torch)
        model.to(memory_format=self.layout)  # type: ignore[call-overload]
        return align_weights(model).eval().requires_grad_(False)

    def compiled(self, model: Model) -> Model:
        """The model, with its blocks compiled at their first call if that was requested.

        Raises:
            RequestError: the compiler is not installed.
        """
        if self.wishes.compiles:
            compile_blocks(model, self.torch.type)
        return model

    def _free(self) -> int | None:
        if self.torch.type == "cuda":
            idle = torch.cuda.memory_reserved(self.torch) - torch.cuda.memory_allocated(self.torch)
            return torch.cuda.mem_get_info(self.torch)[0] + idle
        if self.torch.type == "mps":
            return torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory()
        return free_main_memory()


def choose_device(wish: str = "auto", wishes: Wishes | None = None) -> Device:
    """The best device for a request.

    Args:
        wish: ``auto``, ``cpu``, ``cuda`` (NVIDIA, and AMD through ROCm), ``cuda:1``, ``mps``.
        wishes: how it runs; default: what the environment requests.

    Raises:
        RequestError: unknown or missing; the message names those that exist.
    """
    kind, _ = kind_and_index(wish)
    asked = Wishes.of(os.environ) if wishes is None else wishes
    if kind == "auto":
        kind = wish = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    if kind == "cuda":
        return _cuda(wish, asked)
    return _mps(asked) if kind == "mps" else _cpu(asked)


def accelerators() -> tuple[str, ...]:
    """The name of each accelerator of this machine, as :func:`choose_device` takes it."""
    if torch.cuda.is_available():
        return tuple(f"cuda:{index}" for index in range(torch.cuda.device_count()))
    return ("mps",) if torch.backends.mps.is_available() else ()


def _cuda(wish: str, wishes: Wishes) -> Device:
    if not torch.cuda.is_available():
        raise RequestError(
            "device.absent", f"Device {wish!r} was requested, but torch sees no NVIDIA or AMD GPU. Use 'cpu'."
        )
    _, index = kind_and_index(wish)
    if index >= torch.cuda.device_count():
        raise RequestError(
            "device.absent",
            f"Device {wish!r} does not exist: there are {torch.cuda.device_count()}, from cuda:0.",
        )
    has_bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
    why = "" if has_bf16 else " (no bfloat16 on this GPU)"
    platform = "AMD GPU, ROCm" if torch.version.hip else "NVIDIA GPU"
    name = f"{platform} {torch.cuda.get_device_name(index)}"
    return _device(torch.device("cuda", index), torch.bfloat16 if has_bf16 else torch.float16, name, why, wishes)


def _mps(wishes: Wishes) -> Device:
    if not torch.backends.mps.is_available():
        raise RequestError("device.absent", "Device 'mps' was requested, but there is no Apple GPU here. Use 'cpu'.")
    why = " (half precision is untested there: STYLUS_PRECISION=fp16)"
    return _device(torch.device("mps"), torch.float32, "Apple GPU", why, wishes)


def _cpu(wishes: Wishes) -> Device:
    """bfloat16 only with AMX: without it float32 is faster (``bench/speed/precision.md``)."""
    name = f"CPU, {torch.get_num_threads()} threads"
    return _device(torch.device("cpu"), torch.bfloat16 if has_amx() else torch.float32, name, "", wishes)


def _device(place: torch.device, best: torch.dtype, name: str, why: str, wishes: Wishes) -> Device:
    """The device with the requests applied and named in the reason."""
    compute = DTYPES.get(wishes.precision, best)
    said = [name, str(compute).removeprefix("torch.") + (" as asked" if wishes.precision else why)]
    if wishes.memory_gb is not None:
        said.append(f"at most {wishes.memory_gb:g} GB")
    if wishes.compiles:
        said.append("compiled")
    return Device(torch=place, compute=compute, reason=", ".join(said), wishes=wishes)


def _joins_latents(written: str) -> bool:
    if written not in {"", "images", "latents"}:
        raise RequestError("device.join", f"STYLUS_JOIN is {written!r}; allowed: images, latents.")
    return written == "latents"


def _gigabytes(written: str) -> float | None:
    if not written:
        return None
    try:
        size = float(written)
    except ValueError as error:
        text = f"STYLUS_MEMORY_GB is {written!r}; write a number of gigabytes, such as 4."
        raise RequestError("device.memory", text) from error
    check_range("STYLUS_MEMORY_GB", size, 0.5, 1_000, code="device.memory")
    return size
