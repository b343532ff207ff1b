"""Tensors at aligned addresses, so that the same numbers always meet the same kernels.

safetensors maps weights where they are in the file, after a header of any length, and numpy aligns arrays to 16 bytes.
MKL picks another kernel where an address is not a multiple of 64, and that kernel sums in another order. The same
weights from another file would change the last bits of a render.
"""

from __future__ import annotations

from typing import Any, TypeVar

import torch
from torch import Tensor, nn

ALIGNMENT = 64  # bytes: what MKL needs for equal results between runs, what torch uses for new tensors, a cache line

Model = TypeVar("Model", bound=nn.Module)


def aligned(tensor: Tensor) -> Tensor:
    """The same numbers at an address that is a multiple of 64 bytes. Copies only where it must. Shape: kept.

    >>> shifted = torch.arange(9.0)[1:]
    >>> shifted.data_ptr() % ALIGNMENT, aligned(shifted).data_ptr() % ALIGNMENT
    (4, 0)
    """
    if tensor.device.type != "cpu" or tensor.data_ptr() % ALIGNMENT == 0:
        return tensor
    return tensor.clone()


def aligned_tensor(array: Any) -> Tensor:
    """A numpy array for a network. Shape: kept."""
    return aligned(torch.from_numpy(array))


def align_weights(model: Model) -> Model:
    """Move every weight and buffer of a model to an aligned address; returns the model."""
    with torch.no_grad():
        for one in (*model.parameters(), *model.buffers()):
            one.data = aligned(one.data)
    return model
