"""Hashes of weights and of sounds, for provenance and for caches."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from stylus_daw.audio.sound import Sound, pieces
from stylus_daw.regular_file import open_regular


def sha256_of_files(paths: Iterable[Path]) -> str:
    """One SHA-256 over the contents of all files, in order."""
    total = hashlib.sha256()
    for path in paths:
        with open_regular(path) as source:
            while block := source.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def sha256_of_sound(sound: Sound) -> str:
    """Hash of the samples, the rate and the number of channels."""
    total = hashlib.sha256(f"{sound.rate} {sound.channels} ".encode())
    for samples in pieces(sound):
        total.update(samples.tobytes())
    return total.hexdigest()
