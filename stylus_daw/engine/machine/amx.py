"""Whether the processor has AMX that can be used. No torch: it must be known before oneDNN's first operation.

Some virtual machines announce AMX (CPUID leaf 7, XCR0) and have no tiles (CPUID leaf 1Dh is all zeros). oneDNN 3.12
looks at the announcement only, and its first bfloat16 product then ends the process with an illegal instruction.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
import sys
from collections.abc import MutableMapping
from functools import lru_cache

LIMIT, BELOW_AMX = "ONEDNN_MAX_CPU_ISA", "AVX512_CORE_FP16"
# push rbx; mov eax, 1Dh; mov ecx, 1; cpuid; mov eax, ebx; pop rbx; ret
READ_PALETTE = bytes.fromhex("53 b81d000000 b901000000 0fa2 89d8 5b c3")


@lru_cache(maxsize=1)
def has_amx() -> bool:
    """True if tiles are announced and present. Linux on x86-64 only; elsewhere no gain is known."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return False
    try:
        return _is_announced() and _tile_count() > 0
    except OSError:
        return False


def has_bf16_products() -> bool:
    """True if bfloat16 products are quick: AMX, or AVX512_BF16 (Zen 4, Cooper Lake). Halves a training step."""
    try:
        return has_amx() or "avx512_bf16" in _flags()
    except OSError:
        return False


def keep_off_broken_amx(environment: MutableMapping[str, str]) -> None:
    """Keep oneDNN below AMX unless it can be used; a limit that the user has set stays."""
    if not has_amx():
        environment.setdefault(LIMIT, BELOW_AMX)


def _is_announced() -> bool:
    return "amx_bf16" in _flags()


def _flags() -> list[str]:
    """Of the first processor. Linux only."""
    with open("/proc/cpuinfo") as lines:  # noqa: PTH123 - a file of the kernel's
        return next((line for line in lines if line.startswith("flags")), "").split()


def _tile_count() -> int:
    """Tiles of palette 1, by CPUID leaf 1Dh: eight on every processor that has any."""
    with mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC) as page:
        page.write(READ_PALETTE)
        start = ctypes.c_ubyte.from_buffer(page)
        try:
            return ctypes.CFUNCTYPE(ctypes.c_uint32)(ctypes.addressof(start))() >> 16
        finally:
            del start
