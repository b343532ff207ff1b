"""Which way things point: read from the imports, not from anybody's memory."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMPOSITION = {f"stylus_daw/{name}.py" for name in ("app", "cli", "__main__", "alignment", "rehearsal")}


def imported(path: Path) -> Iterator[str]:
    """Full names of all modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def offenders(folder: str, forbidden: set[str], *, but: tuple[str, ...] = ()) -> list[str]:
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name in COMPOSITION or name.startswith(but):
            continue
        found += [f"{name} imports {module}" for module in imported(path) if any(_within(module, f) for f in forbidden)]
    return found


def _within(module: str, forbidden: str) -> bool:
    return module == forbidden or module.startswith(f"{forbidden}.")


@pytest.mark.parametrize(
    ("folder", "forbidden", "but"),
    [
        ("stylus_daw", {"PySide6", "pythonosc", "stylus_ui", "stylus_bridge"}, ("stylus_daw/commands/",)),
        ("stylus_daw", {"torch", "diffusers", "transformers"}, ("stylus_daw/engine/", "stylus_daw/commands/doctor")),
        ("stylus_daw", {"training", "bench"}, ()),
        ("stylus_daw/audio", {"stylus_daw.engine", "stylus_daw.chain", "stylus_daw.presets", "stylus_daw.jobs"}, ()),
        ("stylus_daw/engine", {"stylus_daw.chain", "stylus_daw.presets", "stylus_daw.jobs"}, ()),
        ("stylus_daw/chain", {"stylus_daw.engine", "stylus_daw.presets", "stylus_daw.jobs"}, ()),
        (
            "stylus_daw/jobs",
            {"stylus_daw.chain", "stylus_daw.presets", "stylus_daw.engine.local", "stylus_daw.engine.transfer"},
            (),
        ),
        ("bridge", {"PySide6", "torch", "stylus_ui", "stylus_daw.chain", "stylus_daw.app"}, ()),
        ("ui", {"torch", "pythonosc"}, ()),
        (
            "ui/stylus_ui/presenters",
            {
                "PySide6",
                "shiboken6",
                "pyqtgraph",
                "stylus_ui.panels",
                "stylus_ui.dialogs",
                "stylus_ui.kit",
            },
            (),
        ),
    ],
)
def test_no_arrow_points_back(folder: str, forbidden: set[str], but: tuple[str, ...]) -> None:
    assert offenders(folder, forbidden, but=but) == []


@pytest.mark.parametrize(
    "module", ["stylus_daw", "stylus_daw.app", "stylus_daw.cli", "stylus_bridge.server", "stylus_bridge.client.client"]
)
def test_importing_it_never_imports_torch(module: str) -> None:
    code = f"import sys, {module}; sys.exit('torch' in sys.modules or 'PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
