"""Recorded music that anybody may fetch: free music in Debian's game packages, unpacked into a cache."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from stylus_daw.audio.clip import Clip
from stylus_daw.audio.files import probe, read
from stylus_daw.errors import RequestError


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A Debian package and the licence that its copyright file names for the music."""

    name: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A stretch of a recording.

    Attributes:
        file: end of its path in the package.
        kind: what is to be heard.
    """

    package: Package
    file: str
    start_s: float
    kind: str

    @property
    def title(self) -> str:
        return f"{Path(self.file).stem} ({self.kind})"


LINCITY = Package(name="lincity-ng-data", licence="GPL-2+")
TUXRACER = Package(name="extremetuxracer-data", licence="GPL-2+")
WARZONE = Package(name="warzone2100-music", licence="GPL-2+")
PACKAGES = (LINCITY, TUXRACER, WARZONE)

BLUES = Excerpt(package=LINCITY, file="City Blues.ogg", start_s=60, kind="band")
CITY = Excerpt(package=LINCITY, file="pronobozo - lincity.ogg", start_s=60, kind="electronic")
RACE = Excerpt(package=TUXRACER, file="race1-jt.ogg", start_s=10, kind="fast")
CALM = Excerpt(package=TUXRACER, file="calmrace-ks.ogg", start_s=30, kind="calm, 48 kHz")
FIRST = Excerpt(package=WARZONE, file="original_soundtrack/track1.opus", start_s=90, kind="ambient, 48 kHz")
SECOND = Excerpt(package=WARZONE, file="original_soundtrack/track2.opus", start_s=120, kind="ambient, 48 kHz")
PAIRS = ((BLUES, FIRST), (FIRST, BLUES), (RACE, SECOND), (CALM, CITY), (CITY, CALM), (SECOND, RACE))


def fetch(package: Package, cache: Path) -> Path:
    """The folder in which the package is unpacked; downloads it once.

    Raises:
        RequestError: no apt-get or dpkg here, or the download failed.
    """
    folder = cache / package.name
    if folder.exists():
        return folder
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise RequestError("bench.apt", "There is no apt-get here; the music comes from Debian's packages.")
    cache.mkdir(parents=True, exist_ok=True)
    _run(["apt-get", "download", package.name], cache)
    archive = next(cache.glob(f"{package.name}_*.deb"))
    unfinished = cache / f"{package.name}.tmp"
    _run(["dpkg", "-x", archive.name, unfinished.name], cache)
    archive.unlink()
    return unfinished.rename(folder)


def excerpt(piece: Excerpt, cache: Path, seconds: float) -> Clip:
    """The stretch, from the cache.

    Raises:
        RequestError: the package could not be fetched or has no such file.
    """
    folder = fetch(piece.package, cache)
    found = [path for path in folder.rglob("*") if str(path).endswith(piece.file)]
    if not found:
        raise RequestError("bench.music", f"{piece.package.name} holds no {piece.file}: another version.")
    rate = probe(found[0]).rate
    return read(found[0], first=round(piece.start_s * rate), length=round(seconds * rate))


def _run(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=600)
    except (subprocess.SubprocessError, OSError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise RequestError("bench.apt", f"{' '.join(command)} failed: {said[-1] if said else error}") from error
