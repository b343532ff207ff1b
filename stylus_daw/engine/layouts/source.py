"""Where the parts of a Stable Diffusion come from, whatever is on disk."""

from __future__ import annotations

from typing import Protocol

from diffusers.models.autoencoders.autoencoder_kl import AutoencoderKL
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from stylus_daw.engine.inverting.prompt import PromptSource
from stylus_daw.engine.layouts.file_source import FileSource
from stylus_daw.engine.layouts.folder_source import FolderSource
from stylus_daw.engine.layouts.layout import Kind, Layout
from stylus_daw.engine.machine.device import Device


class Source(PromptSource, Protocol):
    """The parts, each loaded when asked for, on the CPU."""

    def unet(self, device: Device) -> UNet2DConditionModel:
        """In the precision that ``device`` computes in."""
        ...

    def vae(self) -> AutoencoderKL:
        """In float32: half precision overflows in XL's."""
        ...


def source_of(layout: Layout) -> Source:
    """The source for a folder or a file."""
    return FileSource(layout) if layout.kind is Kind.FILE else FolderSource(layout)
