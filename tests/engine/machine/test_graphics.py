"""What NVIDIA's driver tells of a card, asked of a driver of our own: its header's types, laid out by a C compiler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stylus_daw.engine.machine.graphics import LIBRARY, GraphicsLoad, GraphicsSeen, is_own_process
from tests.support.needs import need

DRIVER = """
typedef struct { unsigned int pid; unsigned long long used; unsigned int gi; unsigned int ci; } process;
typedef struct { unsigned long long total, free, used; } memory;
typedef struct { unsigned int gpu, memory; } utilization;
static int cards[2] = {0, 1};
int nvmlInit_v2(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned int *count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned int at, void **card) { *card = &cards[at]; return 0; }
int nvmlDeviceGetComputeRunningProcesses_v3(void *card, unsigned int *count, process *found) {
    if (*count < 2) return 7;
    found[0] = (process){11, 1ull << 33, 0, 0};
    found[1] = (process){*(int *)card ? 22u : 12u, 5, 0, 0};
    *count = *(int *)card ? 2 : 1;
    return REFUSED;
}
int nvmlDeviceGetMemoryInfo(void *card, memory *seen) {
    *seen = (memory){24ull << 30, 20ull << 30, 4ull << 30};
    seen->free -= *(int *)card;
    return 0;
}
int nvmlDeviceGetUtilizationRates(void *card, utilization *seen) { *seen = (utilization){63, 9}; return 0; }
"""


def driver(folder: Path, *, refused: int = 0) -> str:
    need("cc")
    source, library = folder / "driver.c", folder / "driver.so"
    source.write_text(DRIVER)
    command = ["cc", "-shared", "-fPIC", "-nostdlib", f"-DREFUSED={refused}", "-o", str(library), str(source)]
    subprocess.run(command, check=True)
    return str(library)


def test_the_card_that_works_for_us_is_seen_and_no_other(tmp_path: Path) -> None:
    load = GraphicsLoad(driver(tmp_path))
    assert load.look({11}.__contains__) == GraphicsSeen(share=0.63, free=20 << 30, total=24 << 30)
    assert load.look({22, 99}.__contains__) == GraphicsSeen(share=0.63, free=(20 << 30) - 1, total=24 << 30)
    assert load.look({12}.__contains__) is None, "beyond what the driver has counted nothing is read"
    assert load.look(set().__contains__) is None


def test_a_driver_that_refuses_is_not_asked_again(tmp_path: Path) -> None:
    load = GraphicsLoad(driver(tmp_path, refused=3))
    assert load.look({11}.__contains__) is None
    assert load._opened() is None


@pytest.mark.parametrize("library", ["libthere-is-none.so.1", LIBRARY])
def test_without_a_driver_nothing_is_seen(library: str) -> None:
    assert GraphicsLoad(library).look(is_own_process) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_what_this_process_has_started_is_its_own() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert is_own_process(child.pid)
        assert child.stdin is not None
        child.stdin.close()
    assert is_own_process(os.getpid())
    assert not is_own_process(os.getppid())
    assert not is_own_process(2**30)
