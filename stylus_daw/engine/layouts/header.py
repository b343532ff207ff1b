"""The header of a safetensors file: names, shapes and types of its tensors. Reads no weights, imports no torch."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

from stylus_daw.errors import CheckpointError
from stylus_daw.regular_file import open_regular

GIT_LFS = b"version "  # how a Git-LFS pointer begins, as long as the length of a header
LENGTH_BYTES = 8  # at the start of the file: the length of the header
LONGEST_HEADER = 100_000_000  # bytes: the limit of the safetensors library


@dataclass(frozen=True, slots=True)
class Tensor:
    """One entry: its type as safetensors writes it (``F16``) and its shape."""

    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """All tensors of a file, and what its maker wrote about it."""

    tensors: Mapping[str, Tensor]
    metadata: Mapping[str, str]

    def has(self, prefix: str) -> bool:
        return any(name.startswith(prefix) for name in self.tensors)

    def parameters(self, prefix: str = "") -> int:
        """How many numbers all tensors under ``prefix`` hold."""
        return sum(prod(tensor.shape) for name, tensor in self.tensors.items() if name.startswith(prefix))


def read_header(path: Path) -> Header:
    """The header; the format is 8 bytes of length and then JSON.

    Raises:
        CheckpointError: missing, or no safetensors file, or cut off.
    """
    try:
        with open_regular(path) as file:
            beginning = file.read(LENGTH_BYTES)
            if beginning == GIT_LFS:
                raise _pointer(path)
            length = int.from_bytes(beginning, "little")
            if not 2 <= length <= LONGEST_HEADER:
                raise ValueError("its header has no possible length")
            content = json.loads(file.read(length))
            return _parsed(content, os.fstat(file.fileno()).st_size - LENGTH_BYTES - length)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        text = f"{path} is not a complete safetensors file ({error}). Download it again."
        raise CheckpointError("checkpoint.broken", text) from error


def _pointer(path: Path) -> CheckpointError:
    text = f"{path} is a Git-LFS pointer, not the weights. In its folder, run: git lfs pull"
    return CheckpointError("checkpoint.lfs_pointer", text)


def _parsed(content: dict, size: int) -> Header:
    metadata = content.pop("__metadata__", {})
    end = max((entry["data_offsets"][1] for entry in content.values()), default=0)
    if end != size:
        raise ValueError(f"it has {size} bytes of weights, but should have {end}")
    tensors = {name: Tensor(entry["dtype"], tuple(entry["shape"])) for name, entry in content.items()}
    return Header(tensors, {str(key): str(value) for key, value in metadata.items()})
