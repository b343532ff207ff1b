"""Finding plugins: every file is loaded in a process of its own, with a time limit; what fails harms only itself."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stylus_daw.chain.plugins.cache import FileStamp, PluginCache, ScannedFile, ScanOutcome
from stylus_daw.chain.plugins.process import PluginCrash, PluginHang, PluginProcess, Timeouts
from stylus_daw.errors import ChainError

SUFFIXES = (".vst3", ".component") if sys.platform == "darwin" else (".vst3",)
AT_ONCE = 2  # files scanned together: more would disturb the session


def plugin_folders() -> tuple[Path, ...]:
    """Where plugins are installed on this system, the user's own folders first."""
    home = Path.home()
    if sys.platform == "darwin":
        inside = ("Library/Audio/Plug-Ins/VST3", "Library/Audio/Plug-Ins/Components")
        return tuple(root / one for root in (home, Path("/")) for one in inside)
    if sys.platform == "win32":
        shared = os.environ.get("COMMONPROGRAMFILES", r"C:\Program Files\Common Files")
        own = os.environ.get("LOCALAPPDATA", str(home / "AppData" / "Local"))
        return (Path(own, "Programs", "Common", "VST3"), Path(shared, "VST3"))
    return (home / ".vst3", Path("/usr/local/lib/vst3"), Path("/usr/lib/vst3"))


def plugin_files(folders: Iterable[Path]) -> tuple[Path, ...]:
    """Plugin files and bundles in the folders, at any depth, absolute; what is inside a bundle is not one."""
    absolute = (Path(os.path.abspath(folder.expanduser())) for folder in folders)  # noqa: PTH100, links are kept
    return tuple(dict.fromkeys(path for folder in absolute for path in _inside(folder)))


def scan_file(path: Path, timeouts: Timeouts | None = None) -> ScannedFile:
    """Load one plugin file in a process of its own. Never raises for what the plugin does.

    Raises:
        OSError: the file is not there.
    """
    stamp = FileStamp.of(path)
    try:
        with PluginProcess(path.stem, str(path)) as process:
            found = process.ask("scan", (timeouts or Timeouts()).scan_s, path=str(path))
    except PluginCrash as error:
        return ScannedFile(path=path, stamp=stamp, outcome=ScanOutcome.CRASHED, reason=error.message)
    except PluginHang as error:
        return ScannedFile(path=path, stamp=stamp, outcome=ScanOutcome.HUNG, reason=error.message)
    except ChainError as error:
        return ScannedFile(path=path, stamp=stamp, outcome=ScanOutcome.REFUSED, reason=error.message)
    return ScannedFile(path=path, stamp=stamp, outcome=ScanOutcome.FOUND, plugins=tuple(found))


def scan(
    cache: PluginCache,
    files: Iterable[Path],
    *,
    timeouts: Timeouts | None = None,
    on_scanned: Callable[[ScannedFile], None] | None = None,
) -> tuple[ScannedFile, ...]:
    """Scan what the cache does not know; returns all the files, known or new, in their order.

    Args:
        cache: what is known; every file is put there as soon as it is scanned.
        files: of `plugin_files`.
        timeouts: for each file.
        on_scanned: called with each file that was loaded.
    """
    wanted = tuple(files)
    known = {path: cache.known(path) for path in wanted}
    new = [path for path, found in known.items() if found is None]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="scan") as pool:
        for scanned in pool.map(lambda path: scan_file(path, timeouts), new):
            cache.put([scanned])
            known[scanned.path] = scanned
            if on_scanned is not None:
                on_scanned(scanned)
    return tuple(found for found in known.values() if found is not None)


def _inside(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        bundles = [one for one in folders if one.lower().endswith(SUFFIXES)]
        folders[:] = sorted(set(folders) - set(bundles))
        single = [one for one in files if one.lower().endswith(SUFFIXES)]
        yield from (Path(parent, one) for one in sorted((*bundles, *single)))
