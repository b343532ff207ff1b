"""The standalone bundle for the system that this runs on, into ``out/bundle``.

    python -m release.bundle

The wheel goes into a fresh environment with what the window and a farm need, and PyInstaller makes a folder of it that
needs no Python. What other environments have installed cannot get in. The folder is packed for the system: ``tar.xz``
with a script that installs it for one user (Linux), ``zip`` (Windows, macOS).
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
EXTRAS = "gui,farm"
SPEC = ROOT / "release" / "stylus-daw.spec"
XZ_OPTIONS = "-6 -T0"  # on all cores; 9 takes three times as long for 3 % less
NEVER_LOADED = (
    "platformthemes/*gtk3*",
    "egldeviceintegrations/*",
    "generic/*",
    *(f"platforms/*{name}*" for name in ("eglfs", "linuxfb", "minimal", "vkkhr", "vnc")),
)
"""Qt's plugins for devices without a desktop; and GTK's looks, which would bring this machine's GTK along."""
SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}


def main() -> None:
    """Build it, and say where it is and how large."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--wheel", type=Path, help="default: the one that `make dist` made")
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "bundle")
    parser.add_argument("--environment", type=Path, help="one that has everything already; for trying")
    parser.add_argument("--unpacked", action="store_true", help="leave it a folder")
    asked = parser.parse_args()
    wheel = asked.wheel or newest_wheel()
    asked.out.mkdir(parents=True, exist_ok=True)
    python = python_in(asked.environment or fresh_environment(asked.out / "environment", wheel))
    made = freeze(python, asked.out)
    folder = laid_out(made, asked.out, version_of(wheel))
    print(f"{folder}: {size_of(folder) / 1e6:.0f} MB")
    if not asked.unpacked:
        packed = pack(folder)
        print(f"{packed}: {packed.stat().st_size / 1e6:.0f} MB")


def newest_wheel() -> Path:
    """Of ``dist/``.

    Raises:
        SystemExit: there is none.
    """
    wheels = sorted((ROOT / "dist").glob("stylus_daw-*.whl"), key=lambda path: path.stat().st_mtime)
    if not wheels:
        raise SystemExit("There is no wheel in dist/. Make it with: make dist")
    return wheels[-1]


def version_of(wheel: Path) -> str:
    """As the wheel's name says.

    >>> version_of(Path("dist/stylus_daw-0.1.0-py3-none-any.whl"))
    '0.1.0'
    """
    return wheel.name.split("-")[1]


def fresh_environment(folder: Path, wheel: Path) -> Path:
    """A new environment with the wheel, its extras and PyInstaller, in the versions of ``constraints.txt``."""
    venv.create(folder, clear=True, with_pip=True, symlinks=os.name != "nt")
    pip = [str(python_in(folder)), "-m", "pip", "install", "--quiet", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*pip, f"{wheel.resolve()}[{EXTRAS}]", "pyinstaller", "setuptools"], check=True)
    plugins = "lib/*/site-packages/PySide6/Qt/plugins"
    for plugin in [path for pattern in NEVER_LOADED for path in folder.glob(f"{plugins}/{pattern}")]:
        plugin.unlink()
    return folder


def python_in(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def freeze(python: Path, out: Path) -> Path:
    """Run PyInstaller; returns its folder, or the ``.app`` on macOS."""
    places = ["--distpath", str(out / "made"), "--workpath", str(out / "work")]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run(
        [str(python), "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, str(SPEC)],
        check=True,
        cwd=out,
        env=clean,
    )
    return out / "made" / ("Stylus.app" if sys.platform == "darwin" else "stylus-daw")


def laid_out(made: Path, out: Path, version: str) -> Path:
    """What users see when they unpack it: the program, the licence, and on Linux a script that installs it."""
    folder = out / f"stylus-daw-{version}-{SYSTEMS[platform.system()]}-{platform.machine().lower()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.move(made, folder / made.name)
    shutil.copy(ROOT / "LICENSE", folder)
    if sys.platform == "linux":
        shutil.copy(ROOT / "release" / "linux" / "install.sh", folder)
    return folder


def pack(folder: Path) -> Path:
    """One file beside the folder."""
    if sys.platform != "linux":
        return Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))
    packed = folder.with_name(f"{folder.name}.tar.xz")
    command = ["tar", "--create", "--xz", "--file", str(packed), "--directory", str(folder.parent), folder.name]
    subprocess.run(command, check=True, env={**os.environ, "XZ_OPT": XZ_OPTIONS})
    return packed


def size_of(folder: Path) -> int:
    """Bytes of all files below; links count nothing."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


if __name__ == "__main__":
    main()
