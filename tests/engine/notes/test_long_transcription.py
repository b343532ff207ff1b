"""Ten minutes of sound, in a process of its own: memory must not grow with length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("long_transcription.py")
MOST_GROWTH_MB = 60.0


@pytest.mark.slow
def test_ten_minutes_take_no_more_memory_than_twenty_seconds() -> None:
    done = subprocess.run([sys.executable, str(PROGRAM), "10"], capture_output=True, text=True, check=True)
    assert float(done.stdout) < MOST_GROWTH_MB
