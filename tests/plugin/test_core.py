"""The core's own tests, in C++."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.plugin


def test_the_core_passes_its_tests(unit_tests: Path) -> None:
    done = subprocess.run([unit_tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
