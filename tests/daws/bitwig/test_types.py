"""The controller script against Bitwig's published types (typed-bitwig-api from npm, made from Bitwig's own API)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.needs import go_without, needs

ROOT = Path(__file__).parents[3]
SCRIPT = ROOT / "bridge" / "stylus_bridge" / "daws" / "bitwig" / "Stylus.control.js"
MODULES = ROOT / "out" / "npm" / "node_modules"
CHECKS = ("--noEmit", "--allowJs", "--checkJs", "--strict", "--lib", "es5", "--types", "typed-bitwig-api")

pytestmark = needs("node")


@pytest.fixture
def compiler() -> Path:
    if not (MODULES / "typed-bitwig-api").is_dir() or not (MODULES / "typescript").is_dir():
        why = "typescript and typed-bitwig-api are not in out/npm; run: make test-daw"
        go_without(why, could_be_installed=shutil.which("npm") is not None)
    return MODULES / "typescript" / "bin" / "tsc"


def complaints(compiler: Path, script: Path) -> str:
    """What the types say against a script; empty where all is well."""
    command = ["node", str(compiler), *CHECKS, "--typeRoots", str(MODULES), str(script)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stdout


def test_the_script_calls_what_bitwig_has(compiler: Path) -> None:
    assert complaints(compiler, SCRIPT) == ""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(".hasContent()", ".hasContents()"), ("insertFile(path)", "insertFile(1)"), ("track.", "trak.")],
)
def test_the_types_find_a_mistake(compiler: Path, tmp_path: Path, right: str, wrong: str) -> None:
    bent = tmp_path / SCRIPT.name
    bent.write_text(SCRIPT.read_text("utf-8").replace(right, wrong), "utf-8")
    assert "error TS" in complaints(compiler, bent)
