"""How a machine's devices and cores are shared among its workers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from stylus_daw.errors import RequestError
from stylus_daw.own_program import own_command

THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What the libraries below torch and numpy read, when a render process starts."""


def devices_here() -> tuple[str, ...]:
    """One name per accelerator of this machine, or the CPU. Another process is asked, for torch is heavy."""
    asked = subprocess.run(own_command("farm", "devices"), capture_output=True, text=True, check=False)
    if asked.returncode:
        raise RequestError(
            "farm.devices", f"The devices cannot be listed: {asked.stderr.strip()[-300:]}. Name --device."
        )
    return tuple(asked.stdout.split()) or ("cpu",)


def share_cores(devices: Sequence[str], threads: int) -> None:
    """Give each render process its share of the cores, unless it is alone on them."""
    on_cpu = sum(device == "cpu" for device in devices)
    share = threads or (max(1, (os.cpu_count() or 1) // on_cpu) if on_cpu > 1 else 0)
    if share:
        os.environ.update(dict.fromkeys(THREADS, str(share)))
