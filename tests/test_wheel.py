"""What is published: an sdist with the whole source, and a wheel of four names of our own that needs no checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.support.needs import needs

ROOT = Path(__file__).parent.parent
ROOMS = ("stylus_daw", "bridge", "ui", "presets", "training", "bench", "release", "website", "docs", "tests")
LOOSE = (
    "pyproject.toml",
    "MANIFEST.in",
    "Makefile",
    "constraints.txt",
    *(path.name for path in ROOT.glob("*.md")),
    "LICENSE",
)
NOT_SOURCE = (".ci/", ".github/", ".gitignore", ".pre-commit-config.yaml")
"""What only a checkout needs."""
NAMES = {"stylus_daw", "stylus_bridge", "stylus_ui", "stylus_presets"}
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


def run(*command: object, cwd: Path, environment: dict[str, str] | None = None) -> str:
    words = [str(word) for word in command]
    ended = subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy of the sources: building writes beside them."""
    copy = tmp_path_factory.mktemp("sources")
    unwanted = shutil.ignore_patterns("__pycache__", "*.egg-info", "runs")
    for name in ROOMS:
        shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
    for name in LOOSE:
        shutil.copy(ROOT / name, copy)
    run(sys.executable, "-c", "from setuptools.build_meta import build_sdist; build_sdist('dist')", cwd=copy)
    (built,) = (copy / "dist").glob("*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist, as `make dist` does: what the sdist lacks, the wheel lacks, too."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder, sdist, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment of its own, which sees what ours has installed, but not our checkout."""
    folder = tmp_path_factory.mktemp("somebody") / "venv"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths("venv", {"base": str(folder), "platbase": str(folder)})
    (Path(paths["purelib"]) / "ours.pth").write_text(sysconfig.get_path("purelib"))
    python = Path(paths["scripts"]) / ("python.exe" if os.name == "nt" else "python")
    run(*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=folder)
    return Path(paths["scripts"])


@needs("git")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a checkout knows which files are tracked")
def test_the_sdist_holds_every_tracked_file(sdist: Path) -> None:
    tracked = run("git", "ls-files", cwd=ROOT).splitlines()
    with tarfile.open(sdist) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert [name for name in tracked if name not in held and not name.startswith(NOT_SOURCE)] == []


def test_the_sdist_holds_nothing_that_was_made(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    assert [name for name in names if "__pycache__" in name or name.endswith((".pyc", ".tmp", ".o", ".so"))] == []


def test_the_wheel_holds_our_names_and_no_other(wheel: Path) -> None:
    files = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in files}
    assert {top for top in tops if not top.endswith(".dist-info")} == NAMES
    for name in NAMES - {"stylus_presets"}:
        assert f"{name}/py.typed" in files
    assert not [name for name in files if "test" in name.lower() or "__pycache__" in name]


def test_everything_that_is_tracked_in_the_packages_is_in_the_wheel(wheel: Path) -> None:
    folders = {"stylus_daw": ROOT, "stylus_bridge": ROOT / "bridge", "stylus_ui": ROOT / "ui"}
    folders["stylus_presets"] = ROOT / "presets"
    there = {
        path.relative_to(top).as_posix()
        for name, top in folders.items()
        for path in (top / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert there - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_the_demo_runs_where_no_checkout_is(installed: Path, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    environment |= {"STYLUS_HOME": str(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"}
    where = "import stylus_daw, stylus_bridge, stylus_ui; print(stylus_daw.__file__, stylus_bridge.__file__)"
    files = run(installed / "python", "-c", where, cwd=tmp_path, environment=environment).split()
    assert all(Path(file).is_relative_to(installed.parent) for file in files), files
    told = run(installed / "stylus-daw", "demo", "--json", "--out", "out", cwd=tmp_path, environment=environment)
    assert [json.loads(line) for line in told.splitlines()]
    assert {path.suffix for path in (tmp_path / "out").iterdir()} >= {".wav", ".png"}
