"""Which way things point: read from the imports, not from anybody's memory."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {
    "stylus_daw": ROOT / "stylus_daw",
    "stylus_bridge": ROOT / "bridge" / "stylus_bridge",
    "stylus_ui": ROOT / "ui" / "stylus_ui",
}
"""Where each package that is installed lies."""

FLOORS = (
    {
        "stylus_daw",
        "stylus_daw.errors",
        "stylus_daw.atomic",
        "stylus_daw.atomic_inside",
        "stylus_daw.settings",
        "stylus_daw.chain_plan",
        "stylus_daw.only_one",
        "stylus_daw.own_program",
        "stylus_daw.plain_text",
        "stylus_daw.regular_file",
        "stylus_daw.sqlite_file",
        "stylus_daw.supervision",
    },
    {"stylus_daw.audio"},
    {"stylus_daw.engine", "stylus_daw.chain", "stylus_daw.exchange"},
    {"stylus_daw.jobs"},
    {"stylus_daw.presets", "stylus_daw.batch", "stylus_daw.farm", "stylus_daw.housekeeping", "stylus_daw.desktop"},
    {"stylus_bridge"},
    {"stylus_daw.app", "stylus_daw.rehearsal"},
    {"stylus_daw.alignment"},
    {"stylus_ui"},
    {"stylus_daw.commands"},
    {"stylus_daw.cli"},
    {"stylus_daw.__main__"},
)
"""From the ground up: what stands on a floor knows itself and the floors below, and nothing beside or above it."""

QT = {"PySide6", "shiboken6"}
HEAVY = {"torch", "diffusers", "transformers"}
APART = [
    ("stylus_daw", {"PySide6", "pythonosc"}, ("stylus_daw.commands",)),
    ("stylus_daw", {"training", "bench", "website"}, ()),
    ("stylus_daw", {"dask", "distributed", "tornado", "cryptography"}, ("stylus_daw.farm",)),
    ("stylus_daw", HEAVY, ("stylus_daw.engine", "stylus_daw.commands.doctor")),
    ("stylus_daw.engine.knobs", {"typer", "numpy", "stylus_daw.audio", *HEAVY}, ()),
    ("stylus_daw.jobs", {"stylus_daw.chain", "stylus_daw.engine.local", "stylus_daw.engine.transfer"}, ()),
    ("stylus_bridge", {"PySide6", "stylus_daw.chain", *HEAVY}, ()),
    ("stylus_ui", {"pythonosc", *HEAVY}, ()),
    ("stylus_ui.presenters", {*QT, "stylus_ui.panels", "stylus_ui.dialogs", "stylus_ui.kit"}, ()),
    ("stylus_ui.workspace", QT, ()),
]
"""Package, what it must not know besides, and the parts of it that may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """``source`` imports ``target``, both full module names."""

    source: str
    target: str
    is_for_types_only: bool


@cache
def modules() -> Mapping[str, Path]:
    """Every module of ours, by its full name."""
    found = {}
    for package, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*.py")):
            parts = (package, *path.relative_to(folder).with_suffix("").parts)
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def arrows() -> tuple[Arrow, ...]:
    """Every import in every module, wherever in it."""
    return tuple(
        Arrow(source=name, target=target, is_for_types_only=is_for_types_only)
        for name, path in modules().items()
        for written, is_for_types_only in _imports(ast.parse(path.read_text("utf-8")), False)
        for target in _targets(written, name if path.name == "__init__.py" else name.rpartition(".")[0])
    )


def _imports(node: ast.AST, is_for_types_only: bool) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, is_for_types_only
        else:
            is_typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            yield from _imports(child, is_for_types_only or is_typing)


def _targets(written: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """The modules that an import in a package names; ``from . import name`` may name one, too."""
    if isinstance(written, ast.Import):
        yield from (alias.name for alias in written.names)
        return
    above = package.split(".")[: len(package.split(".")) - written.level + 1] if written.level else []
    base = ".".join([*above, *([written.module] if written.module else [])])
    for alias in written.names:
        inner = f"{base}.{alias.name}"
        yield inner if inner in modules() else base


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def floor_of(module: str) -> int:
    """The floor whose room holds the module; a room's name is the longest that fits."""
    fitting = [(len(room), floor) for floor, rooms in enumerate(FLOORS) for room in rooms if within(module, room)]
    return max(fitting)[1]


def room_of(module: str) -> str:
    """The folder of a module; where folders stand beside it, the module is a room of its own."""
    package = module if modules()[module].name == "__init__.py" else module.rpartition(".")[0]
    is_shared = any(other != package and within(other, package) for other in packages())
    return module if is_shared else package


@cache
def packages() -> frozenset[str]:
    return frozenset(module.rpartition(".")[0] for module in modules()) - {""}


def circles(targets: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of names that reach each other (Tarjan's strongly connected components of more than one name)."""
    found: list[list[str]] = []
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_names: list[str] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        open_names.append(name)
        for target in targets.get(name, ()):
            if target not in order:
                visit(target)
            if target in open_names:
                lowest[name] = min(lowest[name], lowest[target])
        if lowest[name] == order[name]:
            start = open_names.index(name)
            group = open_names[start:]
            del open_names[start:]
            if len(group) > 1:
                found.append(sorted(group))

    for name in targets:
        if name not in order:
            visit(name)
    return found


def ours() -> Iterator[tuple[str, str]]:
    """The arrows between our own modules that are followed when the program runs."""
    for arrow in arrows():
        if arrow.target in modules() and arrow.target != arrow.source and not arrow.is_for_types_only:
            yield arrow.source, arrow.target


def grouped(pairs: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    targets: dict[str, set[str]] = {}
    for source, target in pairs:
        targets.setdefault(source, set()).add(target)
    return targets


def test_every_module_has_a_floor() -> None:
    named = {room for rooms in FLOORS for room in rooms}
    top = {".".join(module.split(".")[: 2 if within(module, "stylus_daw") else 1]) for module in modules()}
    assert top == named


def test_every_arrow_points_down() -> None:
    def is_upward(arrow: Arrow) -> bool:
        source, target = floor_of(arrow.source), floor_of(arrow.target)
        is_beside = source == target and top_room(arrow.source) != top_room(arrow.target)
        return source < target or (is_beside and source > 0)

    known = [arrow for arrow in arrows() if arrow.target in modules()]
    assert [f"{arrow.source} imports {arrow.target}" for arrow in known if is_upward(arrow)] == []


def top_room(module: str) -> str:
    return max((room for rooms in FLOORS for room in rooms if within(module, room)), key=len)


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles(grouped(ours())) == []


def test_no_rooms_stand_in_a_circle() -> None:
    rooms = ((room_of(source), room_of(target)) for source, target in ours())
    assert circles(grouped((source, target) for source, target in rooms if source != target)) == []


@pytest.mark.parametrize(("package", "forbidden", "but"), APART)
def test_a_package_does_not_know_what_it_should_not(package: str, forbidden: set[str], but: tuple[str, ...]) -> None:
    offenders = [
        f"{arrow.source} imports {arrow.target}"
        for arrow in arrows()
        if within(arrow.source, package)
        and not any(within(arrow.source, part) for part in but)
        and any(within(arrow.target, name) for name in forbidden)
    ]
    assert offenders == []


def test_the_circle_finder_finds_circles() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]
    assert circles({"a": {"b", "c"}, "b": {"c"}, "d": {"a"}}) == []


@pytest.mark.parametrize(
    "module", ["stylus_daw", "stylus_daw.app", "stylus_daw.cli", "stylus_bridge.server", "stylus_bridge.client.client"]
)
def test_importing_it_never_imports_torch_or_qt(module: str) -> None:
    code = f"import sys, {module}; sys.exit('torch' in sys.modules or 'PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_command_line_imports_bridge_and_window_when_a_command_needs_them() -> None:
    code = "import sys, stylus_daw.cli; sys.exit('stylus_bridge' in sys.modules or 'stylus_ui' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
