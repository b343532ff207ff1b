"""StyleCache: inverted styles on disk, so that a style is inverted only once per model and settings.

One safetensors file per entry, named by its key, written to a temporary file and renamed. Any number of
processes may use the folder at once; at worst, one inverts what another is just writing. The least recently
used entries are deleted when the folder exceeds its limit. An entry that cannot be read, or whose content
does not match its hash, is deleted and made again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from stylus_daw.atomic import remove_leftovers, write_bytes_atomic
from stylus_daw.engine.layouts.header import LENGTH_BYTES
from stylus_daw.engine.machine.aligned import aligned

log = logging.getLogger(__name__)

MOST_BYTES = 1_000_000_000  # bytes of all entries: 300 styles of one tile at 50 steps on Stable Diffusion 1.x
FORMAT = 1  # of an entry; part of its key, so that older entries are not found
SUFFIX = ".safetensors"


class StyleCache:
    """A folder of inverted latents.

    Args:
        folder: created with the first entry.
        most_bytes: limit for all entries together.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._most_bytes = folder, most_bytes

    def get(self, key: str) -> Tensor | None:
        """The entry, or None. Shape: as it was put, on the CPU."""
        path = self._path(key)
        try:
            stations = _parsed(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
            log.warning("%s is deleted and made again: %s", path, error)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # least recently used goes first
        return stations

    def put(self, key: str, stations: Tensor) -> None:
        """Write an entry and delete the oldest ones over the limit. A disk error costs time, not the render.

        Shape: any.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_bytes_atomic(self._path(key), _written(stations))
            self._trim()
        except OSError as error:
            log.warning("%s cannot be written (%s); the style will be inverted again", self._path(key), error)

    def _trim(self) -> None:
        remove_leftovers(self._folder)
        entries = sorted(self._entries(), key=lambda entry: entry[1].st_mtime_ns, reverse=True)
        total = 0
        for path, seen in entries:
            total += seen.st_size
            if total > self._most_bytes:
                with contextlib.suppress(OSError):  # another process was faster, or is reading it (Windows)
                    path.unlink(missing_ok=True)

    def _entries(self) -> list[tuple[Path, os.stat_result]]:
        found = []
        for path in self._folder.glob(f"*{SUFFIX}"):
            with contextlib.suppress(FileNotFoundError):
                found.append((path, path.stat()))
        return found

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}{SUFFIX}"


def key_of(content: Any, **settings: object) -> str:
    """A name for an inversion, from the array that was inverted and everything else that decides the outcome.

    >>> import numpy as np
    >>> key_of(np.zeros(3), steps=4) == key_of(np.zeros(3), steps=5)
    False
    """
    total = hashlib.sha256(json.dumps([FORMAT, content.shape, settings], sort_keys=True).encode())
    total.update(content.tobytes())
    return total.hexdigest()


def _written(stations: Tensor) -> bytes:
    """The entry's file. Shape: any."""
    tensors = {"stations": stations.detach().to("cpu", torch.float32).contiguous()}
    return safetensors.torch.save(tensors, {"sha256": _sha256(tensors)})


def _parsed(content: bytes) -> Tensor:
    """The entry of a file. Shape: as it was put."""
    tensors = safetensors.torch.load(content)
    length = int.from_bytes(content[:LENGTH_BYTES], "little")
    header = json.loads(content[LENGTH_BYTES : LENGTH_BYTES + length])
    if header["__metadata__"]["sha256"] != _sha256(tensors):
        raise ValueError("its hash is wrong")
    return aligned(tensors["stations"])


def _sha256(tensors: dict[str, Tensor]) -> str:
    return hashlib.sha256(tensors["stations"].numpy().tobytes()).hexdigest()
