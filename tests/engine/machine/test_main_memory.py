"""How much main memory is free: asked of the system that runs the tests, and read from what the others say."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from pathlib import Path

import pytest

from stylus_daw.engine.machine import main_memory
from stylus_daw.engine.machine.main_memory import free_main_memory, of_meminfo, of_vm_stat

VM_STAT = """Mach Virtual Memory Statistics: (page size of 16384 bytes)
Pages free:                               12345.
Pages active:                            300000.
Pages inactive:                          290000.
Pages speculative:                         1234.
Pages throttled:                              0.
Pages wired down:                        110000.
Pages purgeable:                           2000.
"""


@pytest.mark.skipif(sys.platform not in {"linux", "darwin", "win32"}, reason="no way to ask this system")
def test_this_system_tells_and_less_is_free_than_there_is() -> None:
    free = free_main_memory()
    assert free is not None
    assert free > 10_000_000
    if hasattr(os, "sysconf"):
        assert free < os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def test_macos_gives_what_is_free_inactive_or_speculative() -> None:
    assert of_vm_stat(VM_STAT) == 16_384 * (12_345 + 290_000 + 1_234)


def test_windows_fills_a_structure_of_64_bytes() -> None:
    """MEMORYSTATUSEX: two DWORDs and seven DWORDLONGs."""
    assert ctypes.sizeof(main_memory._MemoryStatus) == 64
    assert main_memory._MemoryStatus.available.offset == 16


@pytest.mark.parametrize("text", ["", "MemTotal: 16 kB\n", VM_STAT.replace("inactive", "idle")])
def test_what_is_not_understood_is_no_number(text: str) -> None:
    for parse in (of_meminfo, of_vm_stat):
        with pytest.raises(ValueError, match=r"no MemAvailable|an unexpected format"):
            parse(text)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_system_that_does_not_tell_is_none_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Path, "read_text", lambda *arguments: "")
    with caplog.at_level(logging.WARNING):
        assert free_main_memory() is None
    assert "free memory is unknown" in caplog.text
