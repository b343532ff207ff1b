"""How much memory a model will take, and how much there is: an estimate, made before anything is loaded.

The device holds the UNet in the precision that it computes in, and the VAE in float32. A text encoder is
freed once it has encoded the empty prompt. Added to that is the larger of what the VAE needs for one image
and what the UNet needs for one batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stylus_daw.engine.layouts.file_layout import LDM_UNET, LDM_VAE
from stylus_daw.engine.layouts.header import Header, read_header
from stylus_daw.engine.layouts.layout import Kind, Layout, read_config
from stylus_daw.engine.notes.weights import read_facts

FLOAT32_BYTES = 4  # bytes per number
# Measured at 512 x 512 in float32: the VAE's decoder takes 1.03 GB besides its weights, the UNet 0.23 GB per tile, and
# the recorded projections 0.07 GB.
VAE_BYTES_PER_PIXEL = 4_000  # bytes: 1.03 GB
UNET_NUMBERS_PER_PIXEL = 300  # numbers per tile: 0.30 GB in float32
TILES = 5  # in a batch: four of the content and one of a style
MINI_WORKING_BYTES = 400_000_000  # bytes besides the weights, measured on the CPU (`bench/speed/memory.md`)
FRACTION_TO_SPARE = 0.1  # of what is needed: a tight fit counts as too large


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryEstimate:
    """What a model takes on a device, in bytes.

    Attributes:
        weights: while it is loaded.
        working: in addition while it renders.
        free: available on the device now; None if unknown.
    """

    weights: int
    working: int
    free: int | None

    @property
    def needed(self) -> int:
        return self.weights + self.working

    @property
    def fits(self) -> bool | None:
        """None if free memory is unknown."""
        return None if self.free is None else self.needed * (1 + FRACTION_TO_SPARE) <= self.free


def estimate(layout: Layout, *, compute_bytes: int, free: int | None) -> MemoryEstimate:
    """The estimate for a model.

    Args:
        layout: the model; its headers are read.
        compute_bytes: of one number in the precision that the UNet computes in (2 for half precision).
        free: bytes that the device has.
    """
    unet, vae = _parameters(layout)
    weights = unet * compute_bytes + vae * FLOAT32_BYTES
    return MemoryEstimate(weights=weights, working=_working(layout, compute_bytes), free=free)


def parameters(layout: Layout) -> int:
    """Count of numbers in its files, text encoders included."""
    if layout.has_no_net:
        return int(read_facts(layout.weights[0].parent)["parameters"])
    return sum(read_header(file).parameters() for file in layout.weights)


def _parameters(layout: Layout) -> tuple[int, int]:
    """Parameters of the UNet and of the VAE."""
    if layout.kind in {Kind.MINI, Kind.LORA}:
        return parameters(layout), 0
    headers = {file: read_header(file) for file in layout.weights}
    if layout.kind is Kind.FILE:
        (header,) = headers.values()
        return header.parameters(LDM_UNET), header.parameters(LDM_VAE)
    return _under("unet", headers), _under("vae", headers)


def _under(part: str, headers: dict[Path, Header]) -> int:
    return sum(header.parameters() for file, header in headers.items() if file.parent.name == part)


def _working(layout: Layout, compute_bytes: int) -> int:
    if layout.kind is Kind.LORA:
        return 0
    if layout.kind is Kind.MINI:
        return MINI_WORKING_BYTES
    side = 8 * int(read_config(layout.configs / "unet" / "config.json")["sample_size"])
    return side * side * max(VAE_BYTES_PER_PIXEL, TILES * UNET_NUMBERS_PER_PIXEL * compute_bytes)
