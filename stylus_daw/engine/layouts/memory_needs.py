"""How much memory a model will take, and how much there is. An estimate, to be told before anything is loaded.

On the device lie the UNet in the precision that it computes in, and the VAE in float32; a text encoder is
freed once it has encoded the empty prompt. On top comes the larger of what the VAE needs for one image
and what the UNet needs for one batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stylus_daw.engine.layouts.file_layout import LDM_UNET, LDM_VAE
from stylus_daw.engine.layouts.header import Header, read_header
from stylus_daw.engine.layouts.layout import Kind, Layout, read_config

FLOAT32_BYTES = 4
# Measured at 512 x 512 in float32: the VAE's decoder takes 1.03 GB on top of its weights; the UNet 0.23 GB per tile,
# and the recorded projections 0.07 GB.
VAE_BYTES_PER_PIXEL = 4_000
UNET_NUMBERS_PER_PIXEL = 300
TILES = 5
MINI_WORKING_BYTES = 400_000_000
FRACTION_TO_SPARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryEstimate:
    """What a model takes on a device, in bytes.

    Attributes:
        weights: as long as it is loaded.
        working: on top while it renders.
        free: what the device has now; None where that is not told.
    """

    weights: int
    working: int
    free: int | None

    @property
    def needed(self) -> int:
        return self.weights + self.working

    @property
    def fits(self) -> bool | None:
        """None where nobody knows."""
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
    """How many numbers its files hold, text encoders included."""
    return sum(read_header(file).parameters() for file in layout.weights)


def _parameters(layout: Layout) -> tuple[int, int]:
    """Of the UNet and of the VAE."""
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
