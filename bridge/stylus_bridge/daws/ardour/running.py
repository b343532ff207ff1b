"""Whether an Ardour runs that would write over its configuration when it ends. Known on Linux only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")


def is_running(config: Path) -> bool:
    """An Ardour runs whose configuration is beside or in ``config``; False if that cannot be known."""
    return any(folder.resolve() == config.parent.resolve() for folder in _config_homes())


def _config_homes() -> Iterator[Path]:
    for process in _PROCESSES.glob("[0-9]*"):
        try:
            if (process / "exe").readlink().name.startswith("ardour"):  # its main thread calls itself otherwise
                yield _config_home((process / "environ").read_bytes())
        except OSError:  # it has ended, or is another user's
            continue


def _config_home(environment: bytes) -> Path:
    """The folder for configurations, from a process's environment.

    >>> _config_home(b"A=b\\0HOME=/home/me\\0").as_posix()
    '/home/me/.config'
    """
    pairs = (entry.partition("=") for entry in environment.decode("utf-8", "replace").split("\0"))
    values = {name: value for name, _, value in pairs}
    return Path(values.get("XDG_CONFIG_HOME") or values.get("HOME", "/") + "/.config")
