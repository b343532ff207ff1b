"""Cached SHA-256 of weights: gigabytes are read again only when a file has changed. Does not import torch."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path

from stylus_daw.atomic import write_bytes_atomic
from stylus_daw.engine.fingerprint import sha256_of_files

log = logging.getLogger(__name__)


class HashMemory:
    """A JSON file of hashes; an entry is valid while paths, sizes and modification times are the same.

    Two processes may use it at once; at worst, a hash is computed twice.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def sha256(self, files: Sequence[Path], *, afresh: bool = False) -> str:
        """The hash over all files in order; with ``afresh`` they are always read."""
        key, stamp = "\n".join(str(file) for file in files), _stamp(files)
        known = self._read()
        if not afresh and key in known and known[key].get("stamp") == stamp:
            return known[key]["sha256"]
        log.info("hashing %d files of weights", len(files))
        sha256 = sha256_of_files(files)
        self._write({**self._read(), key: {"stamp": stamp, "sha256": sha256}})
        return sha256

    def _read(self) -> dict[str, dict]:
        try:
            content = json.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read (%s); hashes are computed again", self._path, error)
            return {}
        return content if isinstance(content, dict) else {}

    def _write(self, known: dict[str, dict]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes_atomic(self._path, json.dumps(known, indent=1).encode())
        except OSError as error:
            log.warning("%s cannot be written (%s); hashes will be computed again", self._path, error)


def _stamp(files: Sequence[Path]) -> list[list[int]]:
    seen = [file.stat() for file in files]
    return [[one.st_size, one.st_mtime_ns] for one in seen]
