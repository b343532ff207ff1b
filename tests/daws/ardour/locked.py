"""Folders that nobody may write to, not even root."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """``folder`` is read-only inside the block; the test is skipped where root cannot have that."""
    if os.geteuid() == 0:
        if not _change_attribute("+i", folder):
            pytest.skip("root, and a file system without immutable folders")
        try:
            yield
        finally:
            _change_attribute("-i", folder)
        return
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    try:
        yield
    finally:
        folder.chmod(mode)


def _change_attribute(change: str, folder: Path) -> bool:
    try:
        return subprocess.run(["chattr", change, str(folder)], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
