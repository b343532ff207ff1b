"""How Pro Tools wants to be told of files and folders."""

from __future__ import annotations

from pathlib import Path, PurePath, PurePosixPath

VOLUMES = Path("/Volumes")


def startup_volume(volumes: Path = VOLUMES) -> str:
    """The name of the disk that macOS runs from: the link in ``/Volumes`` that leads to the root."""
    try:
        links = [entry for entry in volumes.iterdir() if entry.is_symlink() and entry.resolve() == Path("/")]
    except OSError:
        links = []
    return links[0].name if links else "Macintosh HD"


def folder_for_export(folder: PurePath, system: str, volume: str = "") -> str:
    """A folder as ``export_clips_as_files`` expects it: on macOS with colons, the disk first and a colon at the end.

    >>> folder_for_export(PurePosixPath("/Users/me/jobs"), "Darwin", "Macintosh HD")
    'Macintosh HD:Users:me:jobs:'
    >>> folder_for_export(PurePosixPath("/Volumes/Audio/a:b"), "Darwin", "Macintosh HD")
    'Audio:a/b:'
    """
    if system != "Darwin":
        return f"{folder}\\"
    parts = list(PurePosixPath(folder).parts[1:])
    if parts[:1] == ["Volumes"] and len(parts) > 1:
        parts = parts[1:]
    else:
        parts.insert(0, volume or startup_volume())
    return "".join(part.replace(":", "/") + ":" for part in parts)


def file_for_import(path: PurePath) -> str:
    """A file as ``Import`` expects it: with slashes on both systems."""
    return path.as_posix()
